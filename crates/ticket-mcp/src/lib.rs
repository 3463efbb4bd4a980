#![doc = include_str!("../README.md")]

mod arguments;
mod cursor;
mod error;
mod fence;
mod helpdesks;
mod page;
mod server;
mod tools;

pub use helpdesks::{Explanation, Failure, Helpdesks, SourceName};
pub use server::{ServerOptions, serve};
pub use tools::definitions;

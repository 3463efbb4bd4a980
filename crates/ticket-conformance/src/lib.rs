#![doc = include_str!("../README.md")]

mod pinned;
mod proof;

pub use pinned::pinned;
pub use proof::{Case, prove_mapping};

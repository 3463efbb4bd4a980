#![doc = include_str!("../README.md")]

mod pattern;
mod pinned;
mod proof;
mod tree;

pub use pinned::pinned;
pub use proof::{Case, Fault, Observations, prove_mapping};

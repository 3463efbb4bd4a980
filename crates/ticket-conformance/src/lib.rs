#![doc = include_str!("../README.md")]

mod pinned;
mod proof;
mod survival;

pub use pinned::pinned;
pub use proof::{Case, prove_mapping};
pub use survival::{broken_promises, broken_promises_of_telling, mutated, survive_mutations};

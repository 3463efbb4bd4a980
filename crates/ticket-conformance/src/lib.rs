#![doc = include_str!("../README.md")]

mod leaves;
mod mapping;
mod pinned;

pub use leaves::{Leaf, leaves};
pub use mapping::every_leaf_counts;
pub use pinned::pinned;

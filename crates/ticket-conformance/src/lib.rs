#![cfg_attr(feature = "promises", doc = include_str!("../README.md"))]
// The examples of that page fetch; without the feature there is nothing to fetch with.
#![cfg_attr(
    not(feature = "promises"),
    doc = "What the reading of a response promises, as functions that tests call."
)]

mod pinned;
#[cfg(feature = "promises")]
pub mod promise;
mod proof;
#[cfg(feature = "promises")]
mod subject;
mod survival;

pub use pinned::pinned;
#[cfg(feature = "promises")]
pub use promise::{Broken, Promise, Verdict, keep_all, promises, verdicts};
pub use proof::{Case, prove_mapping};
#[cfg(feature = "promises")]
pub use subject::Subject;
pub use survival::{broken_promises, broken_promises_of_telling, mutated, survive_mutations};
#[cfg(feature = "promises")]
pub use ticket_sandbox::{Reply, Route};

//! The contract tests, run against a correct source and against defective ones.
#![cfg(feature = "contract")]

mod defects;
mod helpdesk;
mod memory;
mod memory_list;

#![cfg_attr(feature = "contract", doc = include_str!("../README.md"))]
// The examples of the README fetch over HTTP.
#![cfg_attr(not(feature = "contract"), doc = "Tests of decoders of helpdesk tickets.")]

#[cfg(feature = "contract")]
mod contract;
mod mapping;
mod memory;
mod mutation;
mod snapshot;
#[cfg(feature = "contract")]
mod source_under_test;

#[cfg(feature = "contract")]
pub use contract::{ContractTest, TestOutcome, Violation, contract_tests, run_contract_tests};
pub use mapping::{SampleResponse, verify_mapping};
pub use memory::InMemorySource;
pub use mutation::{check_mutated_responses, decode_violations, explain_violations, mutated_body};
#[cfg(feature = "contract")]
pub use scripted_server::{Reply, Route};
pub use snapshot::snapshot;
#[cfg(feature = "contract")]
pub use source_under_test::{ConversationUnderTest, ListUnderTest, SourceUnderTest};

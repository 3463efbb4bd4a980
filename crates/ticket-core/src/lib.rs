#![doc = include_str!("../README.md")]

mod call_stats;
pub mod capabilities;
pub mod decode;
mod decoder;
mod diagnostic;
pub mod drift;
mod error;
pub mod explain;
mod id;
pub mod inconsistencies;
pub mod pattern;
mod request;
mod retry_after;
mod rules;
mod secret;
mod source;
#[cfg(feature = "http")]
pub mod transport;
pub mod tree;
mod vocabulary;

pub use async_trait::async_trait;
pub use bytes::Bytes;
pub use call_stats::CallStats;
pub use decoder::{Decoded, Decoder};
pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use error::{Error, ErrorKind};
pub use id::TicketId;
pub use request::{BaseUrl, Request};
pub use rules::{DocConflict, Rule, RuleKind};
pub use secret::Secret;
pub use source::{Origin, Record, Response, TicketSource, TicketSourceExt};
pub use ticket_model as model;
pub use vocabulary::VocabularyOverrides;

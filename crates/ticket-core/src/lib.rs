#![doc = include_str!("../README.md")]

mod call_stats;
pub mod decode;
mod decoder;
mod diagnostic;
mod error;
mod id;
pub mod mapping;
mod quote;
mod request;
mod response;
mod secret;
mod source;
#[cfg(feature = "http")]
pub mod transport;
mod vocabulary;

pub use async_trait::async_trait;
pub use bytes::Bytes;
pub use call_stats::CallStats;
pub use decoder::{Decoded, Decoder};
pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use error::{Error, ErrorKind};
pub use id::TicketId;
pub use request::{BaseUrl, Request};
pub use response::Response;
pub use secret::Secret;
pub use source::{Origin, Record, TicketSource, TicketSourceExt};
pub use ticket_model as model;
pub use vocabulary::VocabularyOverrides;

#![doc = include_str!("../README.md")]

pub mod capabilities;
pub mod decode;
mod dialect;
pub mod drift;
mod effort;
mod error;
pub mod explain;
pub mod findings;
mod id;
pub mod pattern;
mod reading;
mod report;
mod request;
mod retry_after;
mod rules;
mod secret;
mod source;
#[cfg(feature = "http")]
pub mod transport;
pub mod tree;

pub use async_trait::async_trait;
pub use bytes::Bytes;
pub use dialect::{Decoded, Dialect};
pub use effort::Effort;
pub use error::{Error, ErrorKind};
pub use id::TicketId;
pub use reading::Reading;
pub use report::{Finding, Remark, Report};
pub use request::{BaseUrl, Request};
pub use rules::{Contradiction, Rule, RuleKind};
pub use secret::Secret;
pub use source::{Answer, Origin, Record, TicketSource, TicketSourceExt};
pub use ticket_model as model;

#![doc = include_str!("../README.md")]

mod account;
mod call_stats;
pub mod decode;
mod decoder;
mod diagnostic;
mod error;
mod fetch_all;
mod file;
mod id;
mod list;
pub mod mapping;
mod quote;
mod request;
mod response;
pub mod saved;
mod secret;
mod source;
#[cfg(feature = "http")]
pub mod transport;
mod vocabulary;

pub use account::Account;
pub use async_trait::async_trait;
pub use bytes::Bytes;
pub use call_stats::CallStats;
pub use decoder::{Decoded, Decoder};
pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use error::{Error, ErrorKind};
pub use fetch_all::TicketSourceExt;
pub use file::{FileContent, FileRequest, FileSource};
pub use http::HeaderMap;
pub use id::TicketId;
pub use list::{
    FutureRange, InvalidMoment, ListCapabilities, ListFilter, ListItem, ListItems, ListPage,
    ListQuery, ListReader, ListReceipt, Moment, PageToken, RangeRule, TicketList, TicketRows,
    TimeRange, TotalRule,
};
pub use request::{BaseUrl, Request};
pub use response::Response;
pub use secret::Secret;
pub use source::{FetchOptions, Origin, Record, TicketSource};
pub use ticket_model as model;
pub use vocabulary::VocabularyOverrides;

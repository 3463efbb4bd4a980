#![doc = include_str!("../README.md")]

mod anonymize;
mod check;
mod error;
mod files;
mod find;
mod forget;
mod hexadecimal;
mod history;
mod json;
mod lock;
mod mirror;
mod remap;
mod snapshot;
mod source;
mod sql;
mod status;
mod store;
mod sync;
mod table;
mod terms;
mod time;

pub use anonymize::{Anonymizer, Masked, ShortKey};
pub use check::{CheckReport, DifferentWindow};
pub use error::MirrorError;
pub use files::StoredFile;
pub use find::{FoundTicket, Selection, Sighting, excerpt};
pub use history::{Change, TicketVersion};
pub use json::ticket_json;
pub use mirror::{Mirror, SCHEMA_VERSION};
pub use remap::RemapReport;
pub use snapshot::{Snapshot, StoredTicket, Value};
pub use source::SourceIdentity;
pub use sql::{SqlValue, sql_keys};
pub use status::{MirrorStatus, SourceStatus};
pub use sync::{
    FailedFile, FailedTicket, FileOptions, FilesReceipt, Receipt, ReceiptWindow, SyncJob,
    SyncOptions, SyncOutcome, SyncProgress, SyncScope,
};
pub use table::{Column, ColumnClass, ColumnType, Table};

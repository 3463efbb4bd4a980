#![doc = include_str!("../README.md")]

mod bag;
mod csv;
mod error;
mod export;
mod files;
mod format;
mod json;
mod pages;
mod parquet;
mod payload;
mod receipt;
mod verify;
mod xlsx;

pub use csv::spreadsheet_cell;
pub use error::ExportError;
pub use export::{ExportOptions, ExportSummary, export};
pub use files::ExportedFiles;
pub use format::Format;
pub use receipt::{ExportReceipt, FileRows};
pub use verify::{BagReport, verify};

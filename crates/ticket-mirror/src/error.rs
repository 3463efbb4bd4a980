//! Why an operation on a mirror failed.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why an operation on a mirror failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MirrorError {
    /// There is no file.
    #[error("there is no mirror at {}", .0.display())]
    Missing(PathBuf),
    /// Another program writes to the file.
    #[error("another program is writing to {}", .0.display())]
    Busy(PathBuf),
    /// Another program reads the file, and what is removed would stay in it.
    #[error("another program is reading {}", .0.display())]
    Reading(PathBuf),
    /// The file is not a mirror.
    #[error("{} is not a mirror", .0.display())]
    NotAMirror(PathBuf),
    /// A newer version of this library wrote the file.
    #[error("{} has the schema {found}; this program knows up to {known}", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The newest version that this library knows.
        known: i64,
    },
    /// An older version of this library wrote the file, and it is opened only to read.
    #[error("{} has the schema {found}; this program reads {known}", .path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The version that this library reads.
        known: i64,
    },
    /// The name of the source belongs to another account.
    #[error("{} knows {name} as another account: {known}; this one is {found}", .path.display())]
    OtherAccount {
        /// The file.
        path: PathBuf,
        /// The name of the source.
        name: String,
        /// The account in the mirror.
        known: String,
        /// The account that was given.
        found: String,
    },
    /// The mirror has several sources of the provider.
    #[error("the mirror has several sources of {provider}")]
    AmbiguousSource {
        /// The name of the provider.
        provider: String,
        /// The names of its sources.
        names: Vec<String>,
    },
    /// The mirror has no such source.
    #[error("the mirror has no source {name}")]
    UnknownSource {
        /// The name.
        name: String,
        /// The file of the mirror.
        path: PathBuf,
    },
    /// The mirror has no such ticket.
    #[error("the mirror has no ticket {0}")]
    UnknownTicket(String),
    /// The disk is full.
    #[error("the disk is full; what was written before is complete")]
    DiskFull,
    /// The system cannot read or write the file.
    #[error("the mirror cannot be read or written: {0}; what was written before is complete")]
    Disk(rusqlite::Error),
    /// The query is not valid.
    #[error("{0}")]
    Query(String),
    /// The query writes.
    #[error("only queries that read are allowed, such as SELECT")]
    QueryWrites,
    /// The query took too long.
    #[error("the query took longer than {0} s")]
    QueryTimeout(u64),
    /// A call failed, a stored response cannot be decoded, or the source has nothing to read.
    #[error(transparent)]
    Source(#[from] ticket_core::Error),
    /// The file cannot be opened or created.
    #[error("{} cannot be opened or created: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The database reports another error.
    #[error("the database reports: {0}")]
    Database(rusqlite::Error),
    /// A stored value is damaged.
    #[error("the mirror is damaged: {0}")]
    Damaged(String),
}

impl From<rusqlite::Error> for MirrorError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::SystemIoFailure) => Self::Disk(error),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

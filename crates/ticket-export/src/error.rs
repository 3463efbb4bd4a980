//! Why an export or its check failed.

use std::io;
use std::path::{Path, PathBuf};

use ticket_mirror::MirrorError;

/// Why an export or its check failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The folder exists.
    #[error("{} exists already; an export never overwrites anything", .0.display())]
    Exists(PathBuf),
    /// The folder is not an export.
    #[error("{} is not an export: {reason}", .path.display())]
    NotABag {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A table cannot have so many columns.
    #[error("the tickets would have {count} columns; a table has at most {max}")]
    TooManyColumns {
        /// The columns of the table.
        count: usize,
        /// The most that a table has.
        max: usize,
    },
    /// The mirror cannot be read.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl ExportError {
    /// Returns a function that names the file of an error.
    pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |source| Self::Io { path: path.to_owned(), source }
    }
}

//! The files of tickets, each once, named by the hash of their bytes.

use std::fs;
use std::path::Path;

use serde::Serialize;
use ticket_mirror::Snapshot;

use crate::error::ExportError;

/// The folder of the files, below `data`.
pub(crate) const FILES: &str = "files";

/// The files of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExportedFiles {
    /// How many different files there are.
    pub count: u64,
    /// Their size.
    pub bytes: u64,
}

/// Writes the files of the tickets.
pub(crate) fn write(data: &Path, snapshot: &Snapshot<'_>) -> Result<ExportedFiles, ExportError> {
    let folder = data.join(FILES);
    let mut written = ExportedFiles::default();
    snapshot.files(|name, bytes| {
        if written.count == 0 {
            fs::create_dir(&folder).map_err(ExportError::at(&folder))?;
        }
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(ExportError::at(&path))?;
        written.count += 1;
        written.bytes += bytes.len() as u64;
        Ok::<_, ExportError>(())
    })?;
    Ok(written)
}

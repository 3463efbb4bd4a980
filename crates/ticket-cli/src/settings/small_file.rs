//! Reads small regular files.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// The maximum size in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads a regular file of at most 1 MiB, and returns its content and metadata.
///
/// # Errors
/// If the file cannot be read, is not a regular file, or is larger.
pub(super) fn read(path: &Path) -> io::Result<(Vec<u8>, Metadata)> {
    // Opening a pipe would wait for a writer.
    check(&fs::metadata(path)?)?;
    // The path may lead to another file by now, so the open file is checked again.
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok((bytes, metadata))
}

fn check(metadata: &Metadata) -> io::Result<()> {
    match metadata.len() {
        _ if !metadata.is_file() => Err(io::Error::other("not a regular file")),
        ..=MAX_BYTES => Ok(()),
        _ => Err(io::Error::other("larger than 1 MiB")),
    }
}

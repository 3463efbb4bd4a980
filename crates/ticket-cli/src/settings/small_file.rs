//! Reads small files.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// The maximum size in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads a regular file of at most 1 MiB, and returns its content and metadata.
///
/// # Errors
/// If the file cannot be read, is not a regular file, or is larger.
pub(crate) fn read(path: &Path) -> io::Result<(Vec<u8>, Metadata)> {
    // Opening a pipe would wait for a writer.
    check(&fs::metadata(path)?)?;
    // The path may lead to another file by now, so the open file is checked again.
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata)?;
    Ok((read_to_end(file)?, metadata))
}

/// Reads a pipe that this process was started with, at most 1 MiB; `None` if the path is something else.
///
/// A pipe with a name of its own is not read: opening it would wait for a writer.
///
/// # Errors
/// If the pipe cannot be read, or gives more.
pub(super) fn read_pipe(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let is_inherited = ["/dev/fd", "/dev/stdin", "/proc/self/fd"];
    let is_inherited = is_inherited.iter().any(|folder| path.starts_with(folder));
    if is_inherited && is_pipe(&fs::metadata(path)?) {
        read_to_end(File::open(path)?).map(Some)
    } else {
        Ok(None)
    }
}

/// Reads at most 1 MiB.
///
/// # Errors
/// If the source cannot be read, or gives more.
pub(super) fn read_to_end(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES { Err(too_large()) } else { Ok(bytes) }
}

/// Returns whether other users may read or write a file.
pub(crate) fn others_may_read(metadata: &Metadata) -> bool {
    mode(metadata).is_none_or(|mode| mode & 0o077 != 0)
}

/// Returns the permissions of a file; `None` if this system has others.
pub(super) fn mode(metadata: &Metadata) -> Option<u32> {
    #[cfg(unix)]
    let mode = Some(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777);
    #[cfg(not(unix))]
    let mode = Some(metadata).and(None);
    mode
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

fn check(metadata: &Metadata) -> io::Result<()> {
    match metadata.len() {
        _ if !metadata.is_file() => Err(io::Error::other("not a regular file")),
        ..=MAX_BYTES => Ok(()),
        _ => Err(too_large()),
    }
}

fn too_large() -> io::Error {
    io::Error::other("larger than 1 MiB")
}

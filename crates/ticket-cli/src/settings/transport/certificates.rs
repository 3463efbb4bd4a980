//! Files with certificates to trust.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use ticket_core::ErrorKind;
use ticket_core::transport::RootCertificates;

use crate::outcome::Failure;

/// The largest file in bytes: more than all certificates of a system.
const LARGEST: u64 = 1024 * 1024;

/// Reads the certificates of a PEM file.
///
/// # Errors
/// If the file cannot be read, is too large, or has no certificate.
pub(super) fn load(file: &Path) -> Result<RootCertificates, Failure> {
    let bytes = bytes(file).map_err(|error| unusable(file, &format!("cannot be read: {error}")))?;
    RootCertificates::from_pem(&bytes).map_err(|error| unusable(file, &error.to_string()))
}

/// Reads the certificates of all files of a directory.
///
/// # Errors
/// If the directory cannot be read, or no file has a certificate.
pub(super) fn load_directory(directory: &Path) -> Result<RootCertificates, Failure> {
    let found = RootCertificates::from_directory(directory)
        .map_err(|error| unusable(directory, &format!("cannot be read: {error}")))?;
    if found.is_empty() {
        return Err(unusable(directory, "has no file with a certificate"));
    }
    Ok(found)
}

fn unusable(path: &Path, problem: &str) -> Failure {
    Failure::new(ErrorKind::Configuration, format!("{} {problem}", path.display()))
        .with_hint("use PEM files of at most 1 MiB")
}

fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    let check = |about: fs::Metadata| match about.len() {
        _ if !about.is_file() => Err(io::Error::other("not a regular file")),
        ..=LARGEST => Ok(()),
        _ => Err(io::Error::other("larger than 1 MiB")),
    };
    // Opening a pipe would wait for a writer.
    check(fs::metadata(file)?)?;
    let file = File::open(file)?;
    check(file.metadata()?)?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

//! Files with certificates to trust.

use std::path::Path;

use ticket_core::ErrorKind;
use ticket_core::transport::RootCertificates;

use crate::outcome::Failure;
use crate::settings::small_file;
use crate::view::copyable;

/// Reads the certificates of a PEM file.
///
/// # Errors
/// If the file cannot be read, is too large, or has no certificate.
pub(super) fn load(file: &Path) -> Result<RootCertificates, Failure> {
    let (bytes, _) = small_file::read(file)
        .map_err(|error| unusable(file, &format!("cannot be read: {error}")))?;
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
    Failure::new(ErrorKind::Configuration, format!("{} {problem}", copyable::path(path)))
        .with_hint("use PEM files of at most 1 MiB")
}

//! The file with the certificates that are trusted besides the usual ones.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use ticket_core::ErrorKind;
use ticket_core::transport::RootCertificate;

use crate::outcome::Failure;

/// More than all certificates of a system together.
const LARGEST: u64 = 1024 * 1024;
/// What begins a certificate.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// The certificates of a PEM file.
///
/// # Errors
/// Where it cannot be read, is too large, or has none.
pub(super) fn load(file: &Path) -> Result<RootCertificate, Failure> {
    let unusable = |problem: &str| {
        let message = format!("{} {problem}", file.display());
        Failure::new(ErrorKind::Configuration, message).with_hint(format!(
            "it is a file of 1 MiB at most with certificates in PEM, each after {BEGIN}"
        ))
    };
    let text = text(file).map_err(|error| unusable(&format!("cannot be read: {error}")))?;
    if text.contains(BEGIN) {
        Ok(RootCertificate(text.into_bytes()))
    } else {
        Err(unusable("has no certificate"))
    }
}

fn text(file: &Path) -> io::Result<String> {
    let check = |about: fs::Metadata| match about.len() {
        _ if !about.is_file() => Err(io::Error::other("it is no file")),
        ..=LARGEST => Ok(()),
        _ => Err(io::Error::other("it is larger than 1 MiB")),
    };
    // Opening a pipe would wait for somebody who writes into it.
    check(fs::metadata(file)?)?;
    let file = File::open(file)?;
    check(file.metadata()?)?;
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text)?;
    Ok(text)
}

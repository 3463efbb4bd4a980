//! The way out: the proxy, and whose certificates are trusted.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use ticket_core::transport::RootCertificate;
use ticket_core::{ErrorKind, Secret};
use url::Url;

use crate::outcome::Failure;

/// More than all certificates of a system together.
const LARGEST: u64 = 1024 * 1024;
/// What begins a certificate.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// The address of a proxy, where it is one. It may hold a password, so no fault repeats it.
pub(super) fn proxy(text: &str) -> Option<Secret> {
    // What a reader of addresses would silently leave out.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let url = Url::parse(text).ok().filter(|_| is_plain)?;
    let is_bare = url.path().trim_matches('/').is_empty()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.has_host();
    let is_proxy = matches!(url.scheme(), "http" | "https") && is_bare;
    is_proxy.then(|| Secret::from(String::from(url)))
}

/// Whether somebody's name or password stands in it.
pub(super) fn has_password(address: &Secret) -> bool {
    let url = Url::parse(address.expose());
    url.is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}

/// Where it leads, and nothing else of it.
pub(super) fn host(address: &Secret) -> String {
    let url = Url::parse(address.expose()).ok();
    let host = url.as_ref().and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
    host.map(|(host, port)| format!("{host}:{port}")).unwrap_or_default()
}

/// The certificates of a PEM file.
///
/// # Errors
/// Where it cannot be read, is too large, or has none.
pub(super) fn certificates(file: &Path) -> Result<RootCertificate, Failure> {
    let unusable = |problem: &str| {
        let message = format!("{} {problem}", file.display());
        Failure::new(ErrorKind::Configuration, message).with_hint(format!(
            "it is a file of 1 MiB at most with certificates in PEM, each after {BEGIN}"
        ))
    };
    let text = read(file).map_err(|error| unusable(&format!("cannot be read: {error}")))?;
    if text.contains(BEGIN) {
        Ok(RootCertificate(text.into_bytes()))
    } else {
        Err(unusable("has no certificate"))
    }
}

fn read(file: &Path) -> io::Result<String> {
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

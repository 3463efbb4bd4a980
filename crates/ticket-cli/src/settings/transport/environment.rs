//! Reads the environment variables for proxies and certificates.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use ticket_core::BaseUrl;
use ticket_core::transport::{NO_PROXY_VARIABLES, Proxy, TransportConfig};

use super::TransportEntry;
use crate::outcome::Failure;
use crate::setting::SettingsOrigin;

/// The variable that names a PEM file with the certificates to trust.
const CERTIFICATE_FILE: &str = "SSL_CERT_FILE";
/// The variable that names directories with PEM files.
const CERTIFICATE_DIRECTORIES: &str = "SSL_CERT_DIR";

/// Completes the settings from the environment, for calls to this base URL.
///
/// # Errors
/// If a variable in use has no usable value.
pub(super) fn complete(settings: &mut TransportConfig, base_url: &BaseUrl) -> Result<(), Failure> {
    if settings.proxy.is_none() && !base_url.is_loopback() {
        let proxy = Proxy::from_variables(env::var_os);
        settings.proxy = proxy.map_err(|error| Failure::of(&error))?;
    }
    if base_url.as_str().starts_with("https:") {
        certificates(settings)?;
    }
    Ok(())
}

/// Trusts the certificates that the environment names instead of those of the system.
fn certificates(settings: &mut TransportConfig) -> Result<(), Failure> {
    let (file, directories) = (set(CERTIFICATE_FILE), set(CERTIFICATE_DIRECTORIES));
    settings.system_certificates = file.is_none() && directories.is_none();
    if let Some(file) = file {
        let found = super::certificates::load(Path::new(&file));
        settings.root_certificates.push(found.map_err(|it| it.about(CERTIFICATE_FILE))?);
    }
    for directory in directories.iter().flat_map(env::split_paths) {
        if directory.as_os_str().is_empty() {
            continue;
        }
        let found = super::certificates::load_directory(&directory);
        settings.root_certificates.push(found.map_err(|it| it.about(CERTIFICATE_DIRECTORIES))?);
    }
    Ok(())
}

/// Returns the variables in use for calls to this base URL.
pub(crate) fn described(settings: &TransportConfig, base_url: &BaseUrl) -> Vec<TransportEntry> {
    let mut found = Vec::new();
    let proxy = settings.proxy.as_ref();
    if let Some((proxy, name)) = proxy.and_then(|proxy| Some((proxy, proxy.variable()?))) {
        found.push((name, proxy.address()));
        found.extend(NO_PROXY_VARIABLES.into_iter().find_map(shown));
    }
    if base_url.as_str().starts_with("https:") {
        found.extend([CERTIFICATE_FILE, CERTIFICATE_DIRECTORIES].into_iter().filter_map(shown));
    }
    let origin = SettingsOrigin::Environment.to_string();
    let described =
        |(name, value)| TransportEntry { name, value, origin: origin.clone(), is_used: true };
    found.into_iter().map(described).collect()
}

/// Returns the value of a variable, unless it is blank.
fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.to_string_lossy().trim().is_empty())
}

/// Returns a variable with its value for display, unless it is blank.
fn shown(name: &'static str) -> Option<(&'static str, String)> {
    Some((name, set(name)?.to_string_lossy().trim().to_owned()))
}

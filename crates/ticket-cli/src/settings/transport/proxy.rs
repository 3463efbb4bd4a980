//! The address of a proxy, which may have a password in it.

use ticket_core::Secret;
use url::Url;

/// The address of a proxy, where it is one. It may hold a password, so no fault repeats it.
pub(super) fn read(text: &str) -> Option<Secret> {
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
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    match url.as_ref().and_then(Url::port_or_known_default).filter(|_| !host.is_empty()) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

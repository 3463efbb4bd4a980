//! What the HTTP client takes from the environment by itself: the way out, and the certificates to trust.

use std::env;

use ticket_core::Secret;
use url::{Host, Url};

use super::{Told, proxy};
use crate::settings::Place;

/// The ways out, of which the first one that is set counts, each also in small letters.
const PROXIES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
/// Where no proxy is used.
const DIRECT: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// Where certificates are.
const CERTIFICATES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// What counts of it for calls to this address; the proxies do not beside one of the settings.
pub(crate) fn told(base_url: &str, has_proxy: bool) -> Vec<Told> {
    if is_of_this_computer(base_url) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if !has_proxy && let Some((name, address)) = PROXIES.into_iter().find_map(first) {
        found.push((name, shown(&address)));
        found.extend(first(DIRECT));
    }
    // The system's own store is asked there.
    if !cfg!(any(windows, target_os = "macos")) {
        found.extend(CERTIFICATES.into_iter().filter_map(|name| first([name])));
    }
    let place = Place::Environment.to_string();
    let told = |(name, value)| Told { name, value, place: place.clone(), is_used: true };
    found.into_iter().map(told).collect()
}

/// The first of these that is set, unless it is empty.
fn first<const N: usize>(names: [&'static str; N]) -> Option<(&'static str, String)> {
    let mut set = names.into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
    let (name, value) = set.next()?;
    Some((name, value.to_string_lossy().into_owned())).filter(|(_, value)| !value.is_empty())
}

/// Where a proxy is, and nothing else of it: a name and a password may stand in its address.
fn shown(address: &str) -> String {
    let is_whole = address.contains("://");
    let whole = if is_whole { address.to_owned() } else { format!("http://{address}") };
    match proxy::host(&Secret::from(whole)) {
        host if host.is_empty() => "no address of a proxy".into(),
        host => host,
    }
}

/// Whether no proxy is ever used for this address, and mostly no certificate.
fn is_of_this_computer(base_url: &str) -> bool {
    let url = Url::parse(base_url).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_of_this_computer, shown};

    #[test]
    fn of_a_proxy_only_its_host_and_port_are_shown() {
        for (address, expected) in [
            ("http://proxy.example:3128", "proxy.example:3128"),
            ("https://user:s3cret@proxy.example", "proxy.example:443"),
            ("user:s3cret@proxy.example:3128", "proxy.example:3128"),
            ("socks5h://user:s3cret@proxy.example", "proxy.example"),
            ("proxy.example", "proxy.example:80"),
            ("http://user:s3cret@", "no address of a proxy"),
            ("user:s3cret@a b", "no address of a proxy"),
        ] {
            assert_eq!(shown(address), expected);
        }
    }

    #[test]
    fn this_computer_is_told_from_others() {
        for (base_url, expected) in [
            ("http://127.0.0.1:4000", true),
            ("http://[::1]:4000", true),
            ("http://localhost", true),
            ("https://open.feishu.cn", false),
            ("https://localhost.example", false),
        ] {
            assert_eq!(is_of_this_computer(base_url), expected, "{base_url}");
        }
    }
}

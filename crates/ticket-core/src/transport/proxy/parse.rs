//! Parses the address of a proxy. An ambiguous address is an error.

use std::fmt;

use http::Uri;
use url::Host;

use super::{Exceptions, Proxy, ProxyCredentials, ProxyScheme};
use crate::Secret;

/// The longest user name or password of SOCKS 5 (RFC 1929), in bytes.
const LONGEST_SOCKS: usize = 255;

/// The reason why an address is not usable. `Display` continues a sentence that begins with the name of the setting.
///
/// It never repeats the address, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidProxy(&'static str);

impl fmt::Display for InvalidProxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for InvalidProxy {}

pub(super) fn parse(address: &str) -> Result<Proxy, InvalidProxy> {
    let address = address.trim();
    if address.is_empty() {
        return Err(InvalidProxy("is empty"));
    }
    if is_quoted(address) {
        return Err(InvalidProxy("is in quotes: remove them"));
    }
    if address.contains(char::is_control) {
        return Err(InvalidProxy("has a control character"));
    }
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (self::scheme(scheme).ok_or(UNSUPPORTED)?, rest),
        None if address.split_once(':').is_some_and(|(word, _)| scheme(word).is_some()) => {
            return Err(InvalidProxy("needs two slashes after the scheme, as in http://HOST:PORT"));
        }
        None => (ProxyScheme::Http, address),
    };
    // A password may contain an `@`, a host may not.
    let (credentials, authority) = match rest.rsplit_once('@') {
        Some((credentials, authority)) => (self::credentials(credentials, scheme)?, authority),
        None => (None, rest),
    };
    let (host, port) = host_and_port(authority.strip_suffix('/').unwrap_or(authority))?;
    let port = port.unwrap_or(match scheme {
        ProxyScheme::Http => 80,
        ProxyScheme::Https => 443,
        ProxyScheme::Socks5 | ProxyScheme::Socks5h => 1080,
    });
    let exceptions = Exceptions::default();
    Ok(Proxy { scheme, host, port, credentials, exceptions, variable: None })
}

const UNSUPPORTED: InvalidProxy =
    InvalidProxy("has an unsupported scheme: use http, https, socks5 or socks5h");

fn scheme(word: &str) -> Option<ProxyScheme> {
    ProxyScheme::ALL.into_iter().find(|scheme| scheme.as_str().eq_ignore_ascii_case(word))
}

fn is_quoted(text: &str) -> bool {
    ['"', '\'', '`'].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote))
}

/// Parses the text before the last `@`. Returns `None` if it is empty.
fn credentials(text: &str, scheme: ProxyScheme) -> Result<Option<ProxyCredentials>, InvalidProxy> {
    if text.is_empty() {
        return Ok(None);
    }
    // These characters may also begin a path, a query or a fragment, so the password is ambiguous.
    if text.contains(['/', '?', '#']) {
        return Err(InvalidProxy(
            "has a `/`, `?` or `#` in its user name or password: percent-encode it as %2F, %3F or %23",
        ));
    }
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    let (user, password) = (percent_decoded(user)?, percent_decoded(password)?);
    match scheme {
        ProxyScheme::Http | ProxyScheme::Https if user.expose().contains(':') => {
            Err(InvalidProxy("has a `:` in its user name, which HTTP cannot send"))
        }
        ProxyScheme::Socks5 | ProxyScheme::Socks5h
            if ![&user, &password]
                .iter()
                .all(|text| (1..=LONGEST_SOCKS).contains(&text.expose().len())) =>
        {
            Err(InvalidProxy("needs a user name and a password of 1 to 255 bytes each for SOCKS"))
        }
        _ => Ok(Some(ProxyCredentials { user, password })),
    }
}

fn percent_decoded(text: &str) -> Result<Secret, InvalidProxy> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
        let code = digit().zip(digit()).map(|(high, low)| high * 16 + low);
        let code = code.and_then(|code| u8::try_from(code).ok()).ok_or(InvalidProxy(
            "has a `%` without two hexadecimal digits in its user name or password: write a `%` as %25",
        ))?;
        decoded.push(code);
    }
    let text = String::from_utf8(decoded).map_err(|_| {
        InvalidProxy("has a user name or password that is not UTF-8 once percent-decoded")
    })?;
    if text.contains(char::is_control) {
        return Err(InvalidProxy("has a control character in its user name or password"));
    }
    Ok(Secret::from(text))
}

fn host_and_port(authority: &str) -> Result<(Host, Option<u16>), InvalidProxy> {
    if authority.contains(',') {
        return Err(InvalidProxy("names several proxies: give one"));
    }
    if authority.contains(['/', '?', '#']) {
        return Err(InvalidProxy("has something after its host and port: remove it"));
    }
    // An IPv6 address is in brackets, and its colons with it.
    let colon = authority.rfind(':').filter(|colon| !authority[*colon..].contains(']'));
    let (host, port) = match colon {
        Some(colon) => (&authority[..colon], Some(&authority[colon + 1..])),
        None => (authority, None),
    };
    let port = port.map(port_number).transpose()?;
    if host.is_empty() {
        return Err(InvalidProxy("has no host"));
    }
    // `Host::parse` drops invisible characters. A name that looks like another one is an error instead.
    let host = Some(host).filter(|host| host.bytes().all(|byte| byte.is_ascii_graphic()));
    let host = host.and_then(|host| Host::parse(host).ok());
    // A placeholder such as `{host}` parses as a host, but no address can contain it.
    let host = host.filter(|host| format!("http://{host}:65535").parse::<Uri>().is_ok());
    let host = host.ok_or(InvalidProxy("has an invalid host: write it in ASCII, as HOST:PORT"))?;
    Ok((host, port))
}

fn port_number(text: &str) -> Result<u16, InvalidProxy> {
    let port = text.parse().ok().filter(|port| *port > 0);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    port.filter(|_| is_number).ok_or(InvalidProxy("has an invalid port: use 1 to 65535"))
}

#[cfg(test)]
mod tests {
    use super::super::{Proxy, ProxyScheme};

    #[test]
    fn parses_scheme_host_and_port() {
        use ProxyScheme::{Http, Https, Socks5, Socks5h};
        for (address, scheme, expected) in [
            ("http://proxy.example:8080", Http, "proxy.example:8080"),
            ("http://proxy.example:8080/", Http, "proxy.example:8080"),
            (" http://proxy.example:8080\r\n", Http, "proxy.example:8080"),
            ("\tproxy.example:8080", Http, "proxy.example:8080"),
            ("proxy.example", Http, "proxy.example:80"),
            ("HTTP://Proxy.Example", Http, "proxy.example:80"),
            ("https://proxy.example", Https, "proxy.example:443"),
            ("socks5://proxy.example", Socks5, "proxy.example:1080"),
            ("socks5h://127.0.0.1:9050", Socks5h, "127.0.0.1:9050"),
            ("http://[2001:db8::1]:8080", Http, "[2001:db8::1]:8080"),
            ("http://[2001:db8::1]", Http, "[2001:db8::1]:80"),
            ("http://xn--bcher-kva.example", Http, "xn--bcher-kva.example:80"),
        ] {
            let proxy = Proxy::parse(address).unwrap_or_else(|error| panic!("{address}: {error}"));
            assert_eq!((proxy.scheme, proxy.address().as_str()), (scheme, expected), "{address}");
            assert!(!proxy.has_credentials(), "{address}");
        }
    }

    #[test]
    fn splits_credentials_at_the_last_at_sign_and_decodes_them() {
        for (userinfo, user, password) in [
            ("joe:secret", "joe", "secret"),
            ("joe", "joe", ""),
            (":secret", "", "secret"),
            ("joe:p@ss", "joe", "p@ss"),
            ("joe:p:ss", "joe", "p:ss"),
            ("joe:p%40ss%2F%23%25%3F", "joe", "p@ss/#%?"),
            ("joe:pässwörd", "joe", "pässwörd"),
            ("joe:p%C3%A4ss", "joe", "päss"),
            ("joe:pass word", "joe", "pass word"),
            ("CORP\\joe:secret", "CORP\\joe", "secret"),
            ("joe@corp.example:secret", "joe@corp.example", "secret"),
            ("joe:a,b+c", "joe", "a,b+c"),
        ] {
            let address = format!("http://{userinfo}@proxy.example:80");
            let proxy = Proxy::parse(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
            assert_eq!(proxy.address(), "proxy.example:80", "{address}");
            let credentials = proxy.credentials.unwrap();
            assert_eq!(credentials.user.expose(), user, "{address}");
            assert_eq!(credentials.password.expose(), password, "{address}");
        }
        assert!(!Proxy::parse("http://@proxy.example").unwrap().has_credentials());
    }

    #[test]
    fn refuses_ambiguous_and_incomplete_addresses() {
        for (address, expected) in [
            ("  ", "is empty"),
            ("'http://host:80'", "is in quotes: remove them"),
            ("\"http://host:80\"", "is in quotes: remove them"),
            ("http:/host:80", "needs two slashes"),
            ("http:host:80", "needs two slashes"),
            ("socks5:host", "needs two slashes"),
            ("ftp://host:80", "has an unsupported scheme"),
            ("socks://host:80", "has an unsupported scheme"),
            ("socks4://host:80", "has an unsupported scheme"),
            ("://host:80", "has an unsupported scheme"),
            ("\"http://host:80", "has an unsupported scheme"),
            ("\u{feff}http://host:80", "has an unsupported scheme"),
            ("http://host:80,http://other:80", "names several proxies"),
            ("host:80, other:80", "names several proxies"),
            ("http://joe:a/b@host:80", "percent-encode it"),
            ("http://joe:a#b@host:80", "percent-encode it"),
            ("http://joe:a?b@host:80", "percent-encode it"),
            ("http://joe:100%@host:80", "write a `%` as %25"),
            ("http://joe:%zz@host:80", "write a `%` as %25"),
            ("http://joe:%ff@host:80", "is not UTF-8"),
            ("http://joe:a%0d%0ab@host:80", "has a control character"),
            ("http://joe:a\nb@host:80", "has a control character"),
            ("http://a%3Ab:c@host:80", "has a `:` in its user name"),
            ("socks5://joe@host", "1 to 255 bytes"),
            ("http://joe:secret@", "has no host"),
            ("http://", "has no host"),
            ("http://:80", "has no host"),
            ("http://host:", "has an invalid port"),
            ("http://host:0", "has an invalid port"),
            ("http://host:+80", "has an invalid port"),
            ("http://host:99999", "has an invalid port"),
            ("http://host:80\u{200b}", "has an invalid port"),
            ("http://host:80 http://other:80", "has something after"),
            ("http://host:80/path", "has something after"),
            ("http://host:80?a=b", "has something after"),
            ("http://host name:80", "has an invalid host"),
            ("http://{host}:80", "has an invalid host"),
            ("http://ho\"st:80", "has an invalid host"),
            ("http://ho\u{200b}st:80", "has an invalid host"),
            ("http://bücher.example:80", "has an invalid host"),
            ("http://ho\\st:80", "has an invalid host"),
            ("2001:db8::1", "has an invalid host"),
            ("http://[::1", "has an invalid host"),
        ] {
            let error = Proxy::parse(address).map(drop).unwrap_err().to_string();
            assert!(error.contains(expected), "{address:?}: {error}");
        }
    }
}

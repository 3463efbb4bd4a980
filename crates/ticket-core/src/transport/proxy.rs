//! The proxy through which requests leave the machine.
//!
//! The library does not read the environment. A program that supports the usual variables passes them to
//! [`Proxy::from_variables`].

mod parse;

use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::{Host, Url};

pub use self::parse::InvalidProxy;
use crate::request::is_loopback;
use crate::{Error, ErrorKind, Secret};

/// The variables that name a proxy for https. The first one that is not blank is used.
pub const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The variables that name the hosts to reach without a proxy. The first one that is not blank is used.
pub const NO_PROXY_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy, and the hosts to reach without it.
///
/// Loopback addresses are always reached without it.
///
/// ```
/// use ticket_core::transport::{Proxy, TransportConfig};
///
/// let proxy = Proxy::parse("http://joe:s3cret@proxy.example:3128")?.except("intern.example, 10.0.0.0/8");
/// assert_eq!(proxy.address(), "proxy.example:3128");
/// assert!(!format!("{proxy:?}").contains("s3cret"));
/// let settings = TransportConfig { proxy: Some(proxy), ..TransportConfig::default() };
/// # Ok::<(), ticket_core::transport::InvalidProxy>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    scheme: ProxyScheme,
    host: Host,
    port: u16,
    credentials: Option<ProxyCredentials>,
    exceptions: Exceptions,
    variable: Option<&'static str>,
}

/// The protocol that a proxy speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProxyScheme {
    /// HTTP CONNECT.
    Http,
    /// HTTP CONNECT over TLS.
    Https,
    /// SOCKS 5; this machine resolves the name of the service.
    Socks5,
    /// SOCKS 5; the proxy resolves the name of the service.
    Socks5h,
}

impl ProxyScheme {
    pub(super) const ALL: [Self; 4] = [Self::Http, Self::Https, Self::Socks5, Self::Socks5h];

    /// Returns the scheme as it is in an address.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }
}

/// The user name and password for a proxy, percent-decoded.
#[derive(Clone)]
pub(super) struct ProxyCredentials {
    pub(super) user: Secret,
    pub(super) password: Secret,
}

/// The hosts to reach without a proxy.
#[derive(Clone, Default)]
struct Exceptions(Option<Arc<Matcher>>);

impl Proxy {
    /// Parses the address of a proxy: `[SCHEME://][USER[:PASSWORD]@]HOST[:PORT]`.
    ///
    /// The scheme is `http` (the default), `https`, `socks5` or `socks5h`. White space around the address is ignored. User name and
    /// password end at the last `@` and are percent-decoded.
    ///
    /// # Errors
    /// If the address is ambiguous or incomplete. The error never repeats the address, which may hold a password.
    pub fn parse(address: &str) -> Result<Self, InvalidProxy> {
        parse::parse(address)
    }

    /// Returns the proxy for https that the environment names; `read` returns the value of a variable.
    ///
    /// Uses the first of [`PROXY_VARIABLES`] that is not blank. The first of [`NO_PROXY_VARIABLES`] that is not blank names the
    /// [exceptions](Self::except).
    ///
    /// ```
    /// use ticket_core::transport::Proxy;
    ///
    /// let proxy = Proxy::from_variables(|name| std::env::var_os(name))?;
    /// # Ok::<(), ticket_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) if that variable has no usable address. The error names the variable
    /// and never repeats its value.
    pub fn from_variables(
        read: impl Fn(&'static str) -> Option<OsString>,
    ) -> Result<Option<Self>, Error> {
        let Some((name, address)) = first(PROXY_VARIABLES, &read)? else { return Ok(None) };
        let exceptions = first(NO_PROXY_VARIABLES, &read)?;
        let mut proxy = Self::parse(&address).map_err(|error| {
            Error::new(ErrorKind::Configuration, format!("{name} {error}")).with_hint(format!(
                "{name} names a proxy, such as http://proxy.example:3128; unset it to connect directly"
            ))
        })?;
        proxy.variable = Some(name);
        Ok(Some(match exceptions {
            Some((_, rules)) => proxy.except(&rules),
            None => proxy,
        }))
    }

    /// Reaches these hosts without the proxy: names (with all names below them), IP addresses and networks such as `10.0.0.0/8`,
    /// separated by commas; `*` means every host.
    #[must_use]
    pub fn except(mut self, rules: &str) -> Self {
        // For the matcher, `*` means every name but no address, and `*.desk.example` has no meaning while `.desk.example` does.
        let rules = rules.split(',').map(|rule| match rule.trim() {
            "*" => "*,0.0.0.0/0,::/0",
            rule => rule.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(rule),
        });
        let rules = rules.collect::<Vec<_>>().join(",");
        // The address does not matter: the matcher only decides whether to use a proxy.
        let matcher = Matcher::builder().https("http://proxy").no(rules).build();
        self.exceptions = Exceptions(Some(Arc::new(matcher)));
        self
    }

    /// Returns whether requests to this address go through the proxy.
    pub fn covers(&self, url: &Url) -> bool {
        !is_loopback(url) && !self.exceptions.contain(url)
    }

    /// Returns `HOST:PORT`, without the user name and the password.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Returns the host without the brackets of an IPv6 address.
    pub(super) fn host(&self) -> String {
        self.host.to_string().trim_matches(['[', ']']).to_owned()
    }

    /// Returns the protocol to speak with the proxy.
    pub(super) fn scheme(&self) -> ProxyScheme {
        self.scheme
    }

    /// Returns the credentials for the proxy.
    pub(super) fn credentials(&self) -> Option<&ProxyCredentials> {
        self.credentials.as_ref()
    }

    /// Returns whether the address has a user name or a password.
    pub fn has_credentials(&self) -> bool {
        self.credentials.is_some()
    }

    /// Returns the variable that the proxy was [read from](Self::from_variables), if any.
    pub fn variable(&self) -> Option<&'static str> {
        self.variable
    }
}

impl Exceptions {
    fn contain(&self, url: &Url) -> bool {
        let Some(matcher) = &self.0 else { return false };
        let uri = url.as_str().parse::<Uri>();
        uri.is_ok_and(|uri| matcher.intercept(&uri).is_none())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Proxy({})", self.address())
    }
}

/// Returns the first variable that is not blank.
fn first<const N: usize>(
    names: [&'static str; N],
    read: impl Fn(&'static str) -> Option<OsString>,
) -> Result<Option<(&'static str, String)>, Error> {
    for name in names {
        let Some(value) = read(name) else { continue };
        let value = value.into_string().map_err(|_| {
            Error::new(ErrorKind::Configuration, format!("{name} is not valid UTF-8"))
        })?;
        if !value.trim().is_empty() {
            return Ok(Some((name, value)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use url::Url;

    use super::Proxy;
    use crate::{Error, ErrorKind};

    fn proxy(variables: &[(&str, &str)]) -> Result<Option<Proxy>, Error> {
        Proxy::from_variables(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn uses_the_first_variable_that_is_not_blank() {
        let all = [
            ("HTTPS_PROXY", "http://a:1"),
            ("https_proxy", "http://b:2"),
            ("ALL_PROXY", "http://c:3"),
            ("all_proxy", "http://d:4"),
        ];
        for (hidden, address) in [(0, "a:1"), (1, "b:2"), (2, "c:3"), (3, "d:4")] {
            for blank in ["", " ", "\r\n"] {
                let mut variables = all;
                variables.iter_mut().take(hidden).for_each(|variable| variable.1 = blank);
                let found = proxy(&variables).unwrap().unwrap();
                assert_eq!(found.address(), address);
                assert_eq!(found.variable(), Some(all[hidden].0));
            }
        }
        assert!(proxy(&[]).unwrap().is_none());
        let others =
            [("HTTP_PROXY", "http://a:1"), ("http_proxy", "http://a:1"), ("NO_PROXY", "*")];
        assert!(proxy(&others).unwrap().is_none());
    }

    #[test]
    fn refuses_a_variable_without_repeating_its_value() {
        let later = ("ALL_PROXY", "http://good.example:1");
        for value in ["'http://joe:s3cret@a:1'", "ftp://s3cret", "s3cret:s3cret"] {
            let error = proxy(&[("https_proxy", value), later]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.message().starts_with("https_proxy "), "{error}");
            assert!(!format!("{error:?} {:?}", error.hint()).contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn reaches_loopback_and_exceptions_without_the_proxy() {
        let rules =
            "intern.example, .dot.example,*.star.example , 10.0.0.0/8, 2001:db8::/32,192.0.2.7";
        let named = Proxy::parse("proxy.example:3128").unwrap();
        let all = named.clone().except("*");
        let none = named.clone().except(" , ");
        let named = named.except(rules);
        for (url, is_covered) in [
            ("https://open.feishu.cn", true),
            ("https://intern.example", false),
            ("https://desk.intern.example/path", false),
            ("https://notintern.example", true),
            ("https://dot.example", false),
            ("https://a.dot.example", false),
            ("https://a.star.example", false),
            ("https://astar.example", true),
            ("https://10.1.2.3", false),
            ("https://11.1.2.3", true),
            ("https://[2001:db8::1]", false),
            ("https://192.0.2.7:8443", false),
            ("https://192.0.2.8", true),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(named.covers(&url), is_covered, "{url}");
            assert!(none.covers(&url) && !all.covers(&url), "{url}");
        }
        for url in ["https://localhost", "https://127.0.0.1:8443", "http://[::1]"] {
            assert!(!none.covers(&Url::parse(url).unwrap()), "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn refuses_a_variable_that_is_not_utf_8() {
        use std::os::unix::ffi::OsStringExt;
        for broken in ["HTTPS_PROXY", "NO_PROXY"] {
            let error = Proxy::from_variables(|name| match name {
                name if name == broken => Some(OsString::from_vec(vec![0xff])),
                "HTTPS_PROXY" => Some("http://a:1".into()),
                _ => None,
            });
            let error = error.unwrap_err();
            assert_eq!(error.message(), format!("{broken} is not valid UTF-8"));
        }
    }
}

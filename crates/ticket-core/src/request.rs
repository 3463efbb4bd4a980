//! Requests and base URLs as values, without an HTTP client.

use std::fmt;
use std::net::IpAddr;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::{Host, Url};

use crate::{Error, ErrorKind};

/// The validated base URL of a provider's API.
///
/// It is `https`, or `http` to a loopback address, and has no user name, query or fragment.
///
/// ```
/// use ticket_core::BaseUrl;
///
/// let base = BaseUrl::new("https://open.feishu.cn")?;
/// let url = base.join(&["open-apis", "helpdesk", "v1", "tickets", "6626871355780366331"])?;
/// assert_eq!(url.as_str(), "https://open.feishu.cn/open-apis/helpdesk/v1/tickets/6626871355780366331");
/// assert!(BaseUrl::new("http://open.feishu.cn").is_err(), "credentials would travel in the clear");
/// # Ok::<(), ticket_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Validates a base URL.
    ///
    /// # Errors
    /// - [`ErrorKind::Configuration`]: the text is not a URL to which credentials may be sent.
    pub fn new(text: &str) -> Result<Self, Error> {
        // The message does not repeat the text: it may contain a password.
        let refuse = |problem: &str| {
            Error::new(ErrorKind::Configuration, format!("the base URL {problem}"))
                .with_hint("use a URL like https://open.feishu.cn")
        };
        let url = Url::parse(text.trim()).map_err(|error| match error {
            url::ParseError::RelativeUrlWithoutBase => refuse("does not begin with https://"),
            error => refuse("cannot be parsed").with_source(error),
        })?;
        // A placeholder such as `{region}` parses as a host, but is not one.
        if url.as_str().parse::<http::Uri>().is_err() {
            return Err(refuse("cannot be parsed"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("must not contain a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("must not contain a query or a fragment"));
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(refuse(
                "must be https: http sends credentials unencrypted and is only allowed to a loopback address",
            )),
            other => Err(refuse(&format!("must be https, not {other}"))),
        }
    }

    /// Returns the URL of these path segments below the base URL.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidRequest`]: a segment would change the URL instead of extending it.
    pub fn join(&self, segments: &[&str]) -> Result<Url, Error> {
        let mut url = self.0.clone();
        let base = self.0.path().trim_end_matches('/');
        url.set_path(base);
        url.path_segments_mut()
            .expect("http and https URLs have a path")
            .pop_if_empty()
            .extend(segments);
        // The path must be what was pushed: the parser drops `.`, `..`, tabs and line breaks.
        let expected = segments.iter().fold(base.to_owned(), |path, segment| path + "/" + segment);
        if url.path() == expected {
            Ok(url)
        } else {
            Err(Error::new(ErrorKind::InvalidRequest, "a path segment would change the URL"))
        }
    }

    /// Returns the URL as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns whether the address can only mean this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl AsRef<Url> for BaseUrl {
    fn as_ref(&self) -> &Url {
        &self.0
    }
}

/// Returns whether the URL leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

/// A request to a provider, without credentials.
///
/// `Debug` shows the size of the body instead of the body: that of a token request is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The operation, in the provider's terms; [`Response::operation`](crate::Response::operation) repeats it.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// Headers that are not secret.
    pub headers: HeaderMap,
    /// The body, if there is one.
    pub body: Option<Bytes>,
    /// Whether it is idempotent: only then is it sent again after a failure.
    pub is_repeatable: bool,
    /// The rules for the download of a file; `None` for a call of the API.
    pub(crate) download: Option<Download>,
}

/// The rules for the download of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Download {
    /// The most bytes of a response.
    pub(crate) max_bytes: usize,
    /// Whether to connect to public addresses only.
    pub(crate) only_public: bool,
}

impl Request {
    /// Returns a GET request without a body.
    pub fn get(operation: &'static str, url: Url) -> Self {
        let headers = HeaderMap::new();
        let (method, body, download) = (Method::GET, None, None);
        Self { operation, method, url, headers, body, is_repeatable: true, download }
    }

    /// Returns a POST request with a JSON body. It is not retried unless it is [`repeatable`](Self::repeatable).
    pub fn post_json(operation: &'static str, url: Url, body: impl Into<Bytes>) -> Self {
        let (method, body, download) = (Method::POST, Some(body.into()), None);
        let headers = HeaderMap::new();
        Self { operation, method, url, headers, body, is_repeatable: false, download }
            .with_header("content-type", "application/json; charset=utf-8")
    }

    /// Marks it as idempotent.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    /// Adds a header that is not secret; its name is in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("url", &self.url.as_str())
            .field("headers", &self.headers)
            .field("bytes", &self.body.as_ref().map_or(0, Bytes::len))
            .field("is_repeatable", &self.is_repeatable)
            .field("download", &self.download)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;
    use crate::ErrorKind;

    #[test]
    fn accepts_only_https_and_loopback_as_base_url() {
        for good in [
            "https://open.feishu.cn",
            "https://open.larksuite.com/",
            "https://proxy.example:8443/feishu/",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:8080",
            "http://localhost:3000",
        ] {
            assert!(BaseUrl::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "open.feishu.cn",
            "http://open.feishu.cn",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "https://user:password@open.feishu.cn",
            "https://open.feishu.cn/?x=1",
            "https://open.feishu.cn/#x",
            "https://{region}.desk.example",
        ] {
            let error = BaseUrl::new(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{bad}");
            assert!(!format!("{error:?}").contains("password@"), "{error:?}");
            let has_no_scheme = matches!(bad, "" | "open.feishu.cn");
            assert_eq!(error.message().contains("does not begin with https://"), has_no_scheme);
        }
    }

    #[test]
    fn refuses_segments_that_would_change_the_url() {
        let base = BaseUrl::new("https://desk.example/prefix/").unwrap();
        assert_eq!(base.join(&["a", "b:1"]).unwrap().as_str(), "https://desk.example/prefix/a/b:1");
        for slashes in ["https://desk.example/prefix//", "https://desk.example/prefix///"] {
            let base = BaseUrl::new(slashes).unwrap();
            assert_eq!(base.join(&["a"]).unwrap().as_str(), "https://desk.example/prefix/a");
        }
        for segment in ["..", ".", ".\t.", "a\nb", "a/b", "%2e%2e", "a b", "?x", "#x", "工"] {
            let error = base.join(&["tickets", segment]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{segment:?}");
        }
    }
}

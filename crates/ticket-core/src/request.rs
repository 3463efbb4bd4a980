//! A question to a provider, as a value: no connection is needed to build one.

use std::fmt;
use std::net::IpAddr;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::{Host, Url};

use crate::{Error, ErrorKind};

/// The address under which a provider's API lies, checked once.
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
    /// Checks the address and keeps it.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] where it is none to which credentials may be sent.
    pub fn new(text: &str) -> Result<Self, Error> {
        // The text is not repeated: somebody may have put a password into it.
        let refuse = |problem: &str| {
            Error::new(ErrorKind::Configuration, format!("the base URL {problem}"))
                .with_hint("a base URL looks like https://open.feishu.cn")
        };
        let url =
            Url::parse(text.trim()).map_err(|error| refuse("cannot be read").with_source(error))?;
        // What stands in a documentation for something else, such as `{region}`, is no host although it parses as one.
        if url.as_str().parse::<http::Uri>().is_err() {
            return Err(refuse("cannot be read"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("must not hold a user name or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("must not hold a query or a fragment"));
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(refuse(
                "must be https: over http the credentials would travel in the clear (only a loopback address may be http)",
            )),
            other => Err(refuse(&format!("must be https, not {other}"))),
        }
    }

    /// The address of these path segments under the base.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] where a segment would change the address instead of extending it.
    pub fn join(&self, segments: &[&str]) -> Result<Url, Error> {
        let mut url = self.0.clone();
        let base = self.0.path().trim_end_matches('/');
        url.set_path(base);
        url.path_segments_mut()
            .expect("http and https addresses have a path")
            .pop_if_empty()
            .extend(segments);
        // What was pushed must be what stands there: the parser drops `.`, `..`, tabs and line breaks.
        let expected = segments.iter().fold(base.to_owned(), |path, segment| path + "/" + segment);
        if url.path() == expected {
            Ok(url)
        } else {
            Err(Error::new(
                ErrorKind::InvalidRequest,
                "a part of the address would lead to another address",
            ))
        }
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Whether the address can only mean this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

/// A question to a provider.
///
/// Its credentials are no part of it, but for the question that asks for a token, whose body is one. So `Debug` shows the
/// size of the body, not the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// What is asked, in the provider's terms; [`Response::operation`](crate::Response::operation) repeats it.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Headers that are no secret.
    pub headers: HeaderMap,
    /// The body, where there is one.
    pub body: Option<Bytes>,
    /// Whether sending it twice does no more than sending it once.
    pub is_repeatable: bool,
}

impl Request {
    /// A GET without a body.
    pub fn get(operation: &'static str, url: Url) -> Self {
        let headers = HeaderMap::new();
        Self { operation, method: Method::GET, url, headers, body: None, is_repeatable: true }
    }

    /// A POST of a JSON body, which is not sent a second time unless it is said to be [`repeatable`](Self::repeatable).
    pub fn post_json(operation: &'static str, url: Url, body: impl Into<Bytes>) -> Self {
        let body = Some(body.into());
        let headers = HeaderMap::new();
        Self { operation, method: Method::POST, url, headers, body, is_repeatable: false }
            .with_header("content-type", "application/json; charset=utf-8")
    }

    /// Says that sending it twice does no more than sending it once.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    /// Adds a header that is no secret; its name is in lower case.
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
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;
    use crate::ErrorKind;

    #[test]
    fn https_and_loopback_may_be_a_base_and_nothing_else() {
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
        }
    }

    #[test]
    fn segments_extend_the_address_or_are_refused() {
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

//! A request, and how it is parsed.

use super::Reply;

/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 64 * 1024;
/// The largest body of a request, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// The most headers of a request.
const MAX_HEADERS: usize = 128;

/// A request.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path as it was sent, not decoded.
    pub path: String,
    /// The query as it was sent, not decoded.
    pub query: String,
    /// Names and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the client wants to reuse the connection.
    pub keep_alive: bool,
}

impl Request {
    /// Returns the value of a header; `None` if it was sent more than once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Returns whether only the head of the reply is requested.
    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// Returns the whole request as text.
    pub(crate) fn to_text(&self) -> String {
        let Self { method, path, query, headers, body, keep_alive: _ } = self;
        let separator = if query.is_empty() { "" } else { "?" };
        let mut text = format!("{method} {path}{separator}{query} HTTP/1.1\r\n");
        for (name, value) in headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        text + "\r\n" + &String::from_utf8_lossy(body)
    }
}

/// Why a request cannot be parsed. The connection is closed after the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestError {
    Malformed,
    Timeout,
    LengthRequired,
    BodyTooLarge,
    HeadTooLarge,
    Version,
}

impl RequestError {
    pub(crate) fn reply(self) -> Reply {
        match self {
            Self::Malformed => Reply::text(400, "malformed request"),
            Self::Timeout => Reply::text(408, "the request took too long to arrive"),
            Self::LengthRequired => {
                Reply::text(411, "a body needs Content-Length; chunked requests are not supported")
            }
            Self::BodyTooLarge => Reply::text(413, "the body is larger than 1 MiB"),
            Self::HeadTooLarge => {
                Reply::text(431, "the head is larger than 64 KiB or has more than 128 headers")
            }
            Self::Version => Reply::text(505, "not HTTP/1.1"),
        }
    }
}

/// The parsed head of a request.
#[derive(Debug)]
pub(crate) struct Head {
    /// The request, with an empty body.
    pub(crate) request: Request,
    /// The length of the head in bytes.
    pub(crate) length: usize,
    /// The length of the body in bytes.
    pub(crate) body_length: usize,
    /// Whether the client waits for `100 Continue`.
    pub(crate) expects_continue: bool,
}

/// Parses the head at the start of `bytes`; `None` if it is incomplete.
pub(crate) fn parse_head(bytes: &[u8]) -> Result<Option<Head>, RequestError> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length <= MAX_HEAD => length,
        Ok(httparse::Status::Partial) if bytes.len() < MAX_HEAD => return Ok(None),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => return Err(RequestError::HeadTooLarge),
        Err(httparse::Error::Version) => return Err(RequestError::Version),
        Err(_) => return Err(RequestError::Malformed),
    };
    // A complete head has all three.
    let (Some(method), Some(target), Some(version)) = (parsed.method, parsed.path, parsed.version)
    else {
        return Err(RequestError::Malformed);
    };
    let (path, query) = split(target)?;
    let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let headers =
        parsed.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
    let mut request = Request { method, path, query, headers, ..Request::default() };
    let connection = request.header("Connection").unwrap_or_default();
    request.keep_alive = version == 1 && !connection.eq_ignore_ascii_case("close");
    let expects_continue =
        request.header("Expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue"));
    let body_length = body_length(&request)?;
    Ok(Some(Head { request, length, body_length, expects_continue }))
}

/// Splits a target into path and query. An absolute URL, as sent to proxies, loses its host.
fn split(target: &str) -> Result<(&str, &str), RequestError> {
    let path = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => target,
    };
    if !path.starts_with('/') {
        return Err(RequestError::Malformed);
    }
    Ok(path.split_once('?').unwrap_or((path, "")))
}

fn body_length(request: &Request) -> Result<usize, RequestError> {
    let is_sent =
        |name: &str| request.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    if is_sent("Transfer-Encoding") {
        return Err(RequestError::LengthRequired);
    }
    if !is_sent("Content-Length") {
        return Ok(0);
    }
    // Two lengths allow request smuggling.
    let length = request.header("Content-Length").ok_or(RequestError::Malformed)?;
    if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RequestError::Malformed);
    }
    length.parse().ok().filter(|length| *length <= MAX_BODY).ok_or(RequestError::BodyTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Head {
        parse_head(text.as_bytes()).expect("a valid head").expect("a complete head")
    }

    #[test]
    fn parses_head() {
        let head = parse(
            "POST /a/b?c=d&e HTTP/1.1\r\nHost: h\r\ncontent-length: 3\r\nExpect: 100-continue\r\n\r\nabc",
        );
        let request = &head.request;
        assert_eq!(
            (request.method.as_str(), request.path.as_str(), request.query.as_str()),
            ("POST", "/a/b", "c=d&e")
        );
        assert_eq!(request.header("HOST"), Some("h"));
        assert_eq!((head.length, head.body_length), (78, 3));
        assert!(request.keep_alive && head.expects_continue);
    }

    #[test]
    fn accepts_absolute_url_as_target() {
        for (target, path) in
            [("http://h:1/a?b", "/a"), ("http://h", "/"), ("/http://h", "/http://h")]
        {
            assert_eq!(parse(&format!("GET {target} HTTP/1.1\r\n\r\n")).request.path, path);
        }
    }

    #[test]
    fn keep_alive_depends_on_version_and_header() {
        for (head, keep_alive) in [
            ("GET / HTTP/1.1\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", false),
            ("GET / HTTP/1.0\r\n\r\n", false),
        ] {
            assert_eq!(parse(head).request.keep_alive, keep_alive, "{head}");
        }
    }

    #[test]
    fn header_sent_twice_is_ignored() {
        let head = parse("GET / HTTP/1.1\r\nA: 1\r\na: 2\r\n\r\n");
        assert_eq!(head.request.header("A"), None);
    }

    #[test]
    fn incomplete_head_is_not_an_error() {
        for text in ["", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: b\r\n"] {
            assert!(parse_head(text.as_bytes()).expect("no error yet").is_none(), "{text}");
        }
    }

    #[test]
    fn rejects_invalid_heads() {
        let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "b".repeat(MAX_HEAD));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MAX_HEADERS + 1));
        for (text, error) in [
            ("\u{1} garbage\r\n\r\n", RequestError::Malformed),
            ("GET nowhere HTTP/1.1\r\n\r\n", RequestError::Malformed),
            ("OPTIONS * HTTP/1.1\r\n\r\n", RequestError::Malformed),
            ("GET / HTTP/2.0\r\n\r\n", RequestError::Version),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", RequestError::Malformed),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", RequestError::LengthRequired),
            ("POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\n", RequestError::Malformed),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
                RequestError::Malformed,
            ),
            ("POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", RequestError::BodyTooLarge),
            (
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                RequestError::BodyTooLarge,
            ),
            (&long, RequestError::HeadTooLarge),
            (&long[..MAX_HEAD], RequestError::HeadTooLarge),
            (&many, RequestError::HeadTooLarge),
        ] {
            assert_eq!(parse_head(text.as_bytes()).expect_err(text), error, "{text:.80}");
        }
        assert_eq!(
            parse("POST / HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n").body_length,
            MAX_BODY
        );
    }
}

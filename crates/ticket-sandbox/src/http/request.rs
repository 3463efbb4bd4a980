//! A request, and how it is read out of the bytes of a connection.

use crate::http::Response;

/// How long the head of a request may be, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// How long the body of a request may be, in bytes.
const LONGEST_BODY: usize = 1024 * 1024;
/// How many headers a request may have.
const MOST_HEADERS: usize = 128;

/// A whole request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path as it was sent, nothing decoded.
    pub(crate) path: String,
    /// What follows the question mark, nothing decoded.
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the client would like to go on with this connection.
    pub(crate) keep_alive: bool,
}

impl Request {
    /// The value of a header that was sent once; a header that was sent twice says nothing.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Whether only the head of a response is asked for.
    pub(crate) fn is_for_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// The request as a text, with everything that stands in it.
    pub(crate) fn to_text(&self) -> String {
        let Self { method, path, query, headers, body, keep_alive: _ } = self;
        let question = if query.is_empty() { "" } else { "?" };
        let mut text = format!("{method} {path}{question}{query} HTTP/1.1\r\n");
        for (name, value) in headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        text + "\r\n" + &String::from_utf8_lossy(body)
    }
}

/// Why a request cannot be read; the connection ends after the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Malformed,
    TooSlow,
    LengthRequired,
    BodyTooLong,
    HeadTooLong,
    Version,
}

impl Refusal {
    pub(crate) fn response(self) -> Response {
        match self {
            Self::Malformed => Response::text(400, "malformed request"),
            Self::TooSlow => Response::text(408, "the request took too long to arrive"),
            Self::LengthRequired => {
                Response::text(411, "a body needs a Content-Length; chunks are not read")
            }
            Self::BodyTooLong => Response::text(413, "the body is longer than 1 MiB"),
            Self::HeadTooLong => {
                Response::text(431, "the head is longer than 64 KiB or has more than 128 headers")
            }
            Self::Version => Response::text(505, "not HTTP/1.1"),
        }
    }
}

/// The head of a request, and what it says about what follows.
#[derive(Debug)]
pub(crate) struct Head {
    /// The request, its body still empty.
    pub(crate) request: Request,
    /// How many bytes the head takes.
    pub(crate) length: usize,
    /// How many bytes of body follow.
    pub(crate) body_length: usize,
    /// Whether the client waits to be asked for the body.
    pub(crate) expects_continue: bool,
}

/// Reads a head off the front of `bytes`; `None` means that it is not whole yet.
pub(crate) fn head(bytes: &[u8]) -> Result<Option<Head>, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length <= LONGEST_HEAD => length,
        Ok(httparse::Status::Partial) if bytes.len() < LONGEST_HEAD => return Ok(None),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => return Err(Refusal::HeadTooLong),
        Err(httparse::Error::Version) => return Err(Refusal::Version),
        Err(_) => return Err(Refusal::Malformed),
    };
    // A whole head has all three; the parser just cannot say so in its types.
    let (Some(method), Some(target), Some(version)) = (parsed.method, parsed.path, parsed.version)
    else {
        return Err(Refusal::Malformed);
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

/// Splits a target into path and query; a whole URL, as proxies get it, loses its host.
fn split(target: &str) -> Result<(&str, &str), Refusal> {
    let path = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => target,
    };
    if !path.starts_with('/') {
        return Err(Refusal::Malformed);
    }
    Ok(path.split_once('?').unwrap_or((path, "")))
}

fn body_length(request: &Request) -> Result<usize, Refusal> {
    let is_sent =
        |name: &str| request.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    if is_sent("Transfer-Encoding") {
        return Err(Refusal::LengthRequired);
    }
    if !is_sent("Content-Length") {
        return Ok(0);
    }
    // Two lengths are no length: the old way to slip one request into another.
    let length = request.header("Content-Length").ok_or(Refusal::Malformed)?;
    if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Malformed);
    }
    length.parse().ok().filter(|length| *length <= LONGEST_BODY).ok_or(Refusal::BodyTooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Head {
        head(text.as_bytes()).expect("a sound head").expect("a whole head")
    }

    #[test]
    fn a_head_is_taken_apart() {
        let head = whole(
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
    fn a_target_may_be_a_whole_url() {
        for (target, path) in
            [("http://h:1/a?b", "/a"), ("http://h", "/"), ("/http://h", "/http://h")]
        {
            assert_eq!(whole(&format!("GET {target} HTTP/1.1\r\n\r\n")).request.path, path);
        }
    }

    #[test]
    fn who_wants_to_go_on_says_so_by_version_and_header() {
        for (head, keep_alive) in [
            ("GET / HTTP/1.1\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", false),
            ("GET / HTTP/1.0\r\n\r\n", false),
        ] {
            assert_eq!(whole(head).request.keep_alive, keep_alive, "{head}");
        }
    }

    #[test]
    fn a_header_sent_twice_says_nothing() {
        let head = whole("GET / HTTP/1.1\r\nA: 1\r\na: 2\r\n\r\n");
        assert_eq!(head.request.header("A"), None);
    }

    #[test]
    fn a_head_that_is_not_whole_is_waited_for() {
        for text in ["", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: b\r\n"] {
            assert!(head(text.as_bytes()).expect("nothing wrong yet").is_none(), "{text}");
        }
    }

    #[test]
    fn unsound_heads_are_refused() {
        let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "b".repeat(LONGEST_HEAD));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MOST_HEADERS + 1));
        for (text, refusal) in [
            ("\u{1} garbage\r\n\r\n", Refusal::Malformed),
            ("GET nowhere HTTP/1.1\r\n\r\n", Refusal::Malformed),
            ("OPTIONS * HTTP/1.1\r\n\r\n", Refusal::Malformed),
            ("GET / HTTP/2.0\r\n\r\n", Refusal::Version),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", Refusal::Malformed),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Refusal::LengthRequired),
            ("POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\n", Refusal::Malformed),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
                Refusal::Malformed,
            ),
            ("POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", Refusal::BodyTooLong),
            (
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                Refusal::BodyTooLong,
            ),
            (&long, Refusal::HeadTooLong),
            (&long[..LONGEST_HEAD], Refusal::HeadTooLong),
            (&many, Refusal::HeadTooLong),
        ] {
            assert_eq!(head(text.as_bytes()).expect_err(text), refusal, "{text:.80}");
        }
        assert_eq!(
            whole("POST / HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n").body_length,
            LONGEST_BODY
        );
    }
}

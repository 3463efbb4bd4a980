//! A reply, and how it is written to a connection.

use std::fmt::Write as _;

use serde::Serialize;

use super::Request;

/// A reply: status, headers and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    is_chunked: bool,
    is_template: bool,
}

impl Reply {
    /// Creates a reply with a JSON body.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json; charset=utf-8", body)
    }

    /// Creates a reply whose body is the JSON of a value.
    ///
    /// # Panics
    /// If the value cannot be serialized, such as a map whose keys are not strings.
    pub fn json_of(status: u16, value: &impl Serialize) -> Self {
        Self::json(status, serde_json::to_vec(value).expect("the value can be serialized"))
    }

    /// Creates a reply with one line of plain text.
    pub fn text(status: u16, line: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{line}\n"))
    }

    /// Creates a reply with the HTML error page of a gateway.
    pub fn gateway_page(status: u16) -> Self {
        error_page(status, "The service cannot be reached")
    }

    /// Creates a reply with a body of any media type.
    pub fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::empty(status).with_header("Content-Type", media_type) }
    }

    /// Creates a reply without body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            is_chunked: false,
            is_template: false,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Replaces the body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the body with `Transfer-Encoding: chunked` and without `Content-Length`.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.is_chunked = true;
        self
    }

    /// Fills placeholders in body and headers from the request: `{request}` (all of it, with its credentials), `{body}`
    /// and `{header NAME}` (name in lower case). In the body the text is escaped as in a JSON string; in a header it is
    /// one line.
    #[must_use]
    pub fn templated(mut self) -> Self {
        self.is_template = true;
        self
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Returns the body, with its placeholders.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Fills the placeholders of a [template](Self::templated).
    pub(crate) fn filled(&self, request: &Request) -> Self {
        let mut reply = self.clone();
        if !self.is_template {
            return reply;
        }
        for (placeholder, text) in placeholders(request) {
            let quoted = serde_json::Value::from(text.as_str()).to_string();
            let body = String::from_utf8_lossy(&reply.body);
            reply.body = body.replace(&placeholder, &quoted[1..quoted.len() - 1]).into_bytes();
            let line = text.replace(char::is_control, " ");
            for (_, value) in &mut reply.headers {
                *value = value.replace(&placeholder, line.trim());
            }
        }
        reply
    }

    /// Writes the head, and the body unless `head_only`.
    pub(crate) fn to_bytes(&self, keep_alive: bool, head_only: bool) -> Vec<u8> {
        let length = self.body.len();
        let framing =
            if self.is_chunked { Framing::Chunks } else { Framing::Length(length as u64) };
        let mut bytes = self.head(framing, keep_alive);
        if head_only {
            return bytes;
        }
        if self.is_chunked && length > 0 {
            bytes.extend(format!("{length:x}\r\n").bytes());
            bytes.extend_from_slice(&self.body);
            bytes.extend_from_slice(b"\r\n");
        } else {
            bytes.extend_from_slice(&self.body);
        }
        if self.is_chunked {
            bytes.extend_from_slice(b"0\r\n\r\n");
        }
        bytes
    }

    /// Writes the head.
    pub(crate) fn head(&self, framing: Framing, keep_alive: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            write_header(&mut head, name, value);
        }
        match framing {
            Framing::Length(length) => {
                write_header(&mut head, "Content-Length", &length.to_string());
            }
            Framing::Chunks => write_header(&mut head, "Transfer-Encoding", "chunked"),
        }
        write_header(&mut head, "Connection", if keep_alive { "keep-alive" } else { "close" });
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// How the client finds the end of the body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Framing {
    /// By `Content-Length`.
    Length(u64),
    /// By the last chunk.
    Chunks,
}

/// Creates a reply with an HTML page.
pub(crate) fn error_page(status: u16, text: &str) -> Reply {
    let page = format!("<!DOCTYPE html>\n<title>{status}</title>\n<h1>{text}</h1>\n");
    Reply::new(status, "text/html; charset=utf-8", page)
}

/// Lists the placeholders and what replaces them.
fn placeholders(request: &Request) -> Vec<(String, String)> {
    let header = |(name, value): &(String, String)| {
        (format!("{{header {}}}", name.to_ascii_lowercase()), value.clone())
    };
    let mut placeholders: Vec<_> = request.headers.iter().map(header).collect();
    placeholders.push(("{body}".to_owned(), String::from_utf8_lossy(&request.body).into_owned()));
    placeholders.push(("{request}".to_owned(), request.to_text()));
    placeholders
}

fn write_header(head: &mut String, name: &str, value: &str) {
    write!(head, "{name}: {value}\r\n").expect("writing to a String cannot fail");
}

/// Returns the reason phrase of the statuses that the server itself sends.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_head_and_body_with_content_length() {
        let reply = Reply::json(429, "{}").with_header("X-Tt-Logid", "A1");
        let text = String::from_utf8(reply.to_bytes(true, false)).expect("text");
        assert_eq!(
            text,
            "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json; charset=utf-8\r\n\
             X-Tt-Logid: A1\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"
        );
    }

    #[test]
    fn chunked_reply_has_no_content_length() {
        for (body, chunks) in [("{}", "2\r\n{}\r\n0\r\n\r\n"), ("", "0\r\n\r\n")] {
            let reply = Reply::json(200, body).chunked();
            let text = String::from_utf8(reply.to_bytes(true, false)).expect("text");
            let (head, sent) = text.split_once("\r\n\r\n").expect("a head");
            assert!(
                head.contains("Transfer-Encoding: chunked") && !head.contains("Length"),
                "{head}"
            );
            assert_eq!(sent, chunks);
        }
    }

    #[test]
    fn head_only_keeps_the_length_of_the_body() {
        let text = String::from_utf8(Reply::text(405, "no").to_bytes(false, true)).expect("text");
        assert!(
            text.contains("Content-Length: 3\r\n") && text.ends_with("Connection: close\r\n\r\n"),
            "{text}"
        );
    }

    #[test]
    fn template_repeats_the_request_as_json_text_and_header_line() {
        let request = Request {
            method: "GET".to_owned(),
            path: "/x".to_owned(),
            headers: vec![("Authorization".to_owned(), "Basic a\"b".to_owned())],
            ..Request::default()
        };
        let reply = Reply::json(403, r#"{"message": "no: {request}"}"#)
            .with_header("X-Request-Id", "{request}");
        assert_eq!(reply.filled(&request), reply, "only a template is filled");

        let filled = reply.templated().filled(&request);
        let body: serde_json::Value = serde_json::from_slice(&filled.body).expect("JSON");
        assert_eq!(body["message"], "no: GET /x HTTP/1.1\r\nAuthorization: Basic a\"b\r\n\r\n");
        let (_, header) = filled.headers.last().expect("a header");
        assert_eq!(header, "GET /x HTTP/1.1  Authorization: Basic a\"b");

        let parts = Reply::json(403, r#"{"a": "{header authorization}", "b": "{body}"}"#);
        let body = parts.templated().filled(&request).body;
        assert_eq!(body, br#"{"a": "Basic a\"b", "b": ""}"#);
    }
}

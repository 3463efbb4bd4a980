//! A response, and the one place that turns it into bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Serialize;

/// A status, headers and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) body: Cow<'static, [u8]>,
    /// Whether the body comes in chunks, its length not told ahead.
    pub(crate) in_chunks: bool,
}

impl Response {
    /// Responds with JSON that is there already.
    pub(crate) fn json(status: u16, body: impl Into<Cow<'static, [u8]>>) -> Self {
        Self::new(status, "application/json; charset=utf-8", body)
    }

    /// Responds with a value as JSON.
    pub(crate) fn json_of(status: u16, body: &impl Serialize) -> Self {
        Self::json(
            status,
            serde_json::to_vec(body).expect("the bodies of this crate have text as keys"),
        )
    }

    /// Responds with a line of plain text.
    pub(crate) fn text(status: u16, line: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{line}\n").into_bytes())
    }

    /// Responds with nothing but a head.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Cow::Borrowed(b""), in_chunks: false }
    }

    pub(crate) fn new(status: u16, media_type: &str, body: impl Into<Cow<'static, [u8]>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".into(), media_type.to_owned())],
            body: body.into(),
            in_chunks: false,
        }
    }

    /// Responds with the page of a gateway that stands before the service.
    pub(crate) fn page(status: u16, words: &str) -> Self {
        let page = format!("<!DOCTYPE html>\n<title>{status}</title>\n<h1>{words}</h1>\n");
        Self::new(status, "text/html; charset=utf-8", page.into_bytes())
    }

    pub(crate) fn with_header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Writes it out: the head, and the body unless only the head was asked for.
    pub(crate) fn to_bytes(&self, keep_alive: bool, head_only: bool) -> Vec<u8> {
        let framing =
            if self.in_chunks { Framing::Chunks } else { Framing::Length(self.body.len() as u64) };
        let mut bytes = self.head(framing, keep_alive);
        if head_only {
            return bytes;
        }
        if self.in_chunks && !self.body.is_empty() {
            bytes.extend(format!("{:x}\r\n", self.body.len()).bytes());
        }
        bytes.extend_from_slice(&self.body);
        if self.in_chunks {
            let end: &[u8] = if self.body.is_empty() { b"0\r\n\r\n" } else { b"\r\n0\r\n\r\n" };
            bytes.extend_from_slice(end);
        }
        bytes
    }

    /// Writes the head, which says how the body ends.
    pub(crate) fn head(&self, framing: Framing, keep_alive: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            writeln(&mut head, name, value);
        }
        match framing {
            Framing::Length(length) => writeln(&mut head, "Content-Length", &length.to_string()),
            Framing::Chunks => writeln(&mut head, "Transfer-Encoding", "chunked"),
        }
        writeln(&mut head, "Connection", if keep_alive { "keep-alive" } else { "close" });
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// How the end of a body is told.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Framing {
    /// By its length in bytes, ahead of it.
    Length(u64),
    /// By a last chunk.
    Chunks,
}

fn writeln(head: &mut String, name: &str, value: &str) {
    write!(head, "{name}: {value}\r\n").expect("a text takes all that is written to it");
}

/// The words beside a status, for those that this server sends.
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
    fn a_response_is_written_with_its_length() {
        let response = Response::json(429, &b"{}"[..]).with_header("X-Tt-Logid", "A1");
        let text = String::from_utf8(response.to_bytes(true, false)).expect("text");
        assert_eq!(
            text,
            "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json; charset=utf-8\r\n\
             X-Tt-Logid: A1\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"
        );
    }

    #[test]
    fn a_response_in_chunks_does_not_tell_its_length_ahead() {
        for (body, chunks) in [("{}", "2\r\n{}\r\n0\r\n\r\n"), ("", "0\r\n\r\n")] {
            let response = Response { in_chunks: true, ..Response::json(200, body.as_bytes()) };
            let text = String::from_utf8(response.to_bytes(true, false)).expect("text");
            let (head, sent) = text.split_once("\r\n\r\n").expect("a head");
            assert!(
                head.contains("Transfer-Encoding: chunked") && !head.contains("Length"),
                "{head}"
            );
            assert_eq!(sent, chunks);
        }
    }

    #[test]
    fn a_head_keeps_the_length_of_the_body_that_it_leaves_out() {
        let text =
            String::from_utf8(Response::text(405, "no").to_bytes(false, true)).expect("text");
        assert!(
            text.contains("Content-Length: 3\r\n") && text.ends_with("Connection: close\r\n\r\n"),
            "{text}"
        );
    }
}

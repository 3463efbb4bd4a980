//! A response as input: `STATUS CONTENT-TYPE` in its first line, where it has one, and the body below.

use ticket_core::{Bytes, Response};

/// A longer first line is the body's.
const LONGEST_HEAD: usize = 80;

/// The response that these bytes are. Without a line of the right length before it the body is a saved one.
pub fn response(operation: &'static str, input: &[u8]) -> Response {
    let (head, body) = first_line(input);
    let head = String::from_utf8_lossy(head);
    let (status, kind) = head.split_once(' ').unwrap_or((&head, ""));
    let mut response = Response::saved(operation, Bytes::copy_from_slice(body));
    response.http_status = status.parse().ok();
    if let Ok(kind) = kind.parse() {
        response.headers.insert("content-type", kind);
    }
    response
}

/// What stands before the first line break and what stands behind it; without a short first line, nothing and all.
pub fn first_line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (&[], input),
    }
}

//! Parses an input as a response: optionally `STATUS CONTENT-TYPE` in the first line, then the body.

use ticket_core::{Bytes, Response};

/// The longest first line in bytes; a longer one belongs to the body.
const LONGEST_HEAD: usize = 80;

/// Returns an input as a response. Without a status in the first line, the whole input is the body of a saved response.
pub fn response(operation: &'static str, input: &[u8]) -> Response {
    let (head, rest) = first_line(input);
    let head = String::from_utf8_lossy(head);
    let (status, content_type) = head.split_once(' ').unwrap_or((&head, ""));
    let status = status.parse().ok();
    let body = if status.is_some() { rest } else { input };
    let mut response = Response::saved(operation, Bytes::copy_from_slice(body));
    response.http_status = status;
    if let Some(content_type) = status.and_then(|_| content_type.parse().ok()) {
        response.headers.insert("content-type", content_type);
    }
    response
}

/// Splits an input after its first line. Without a short first line, returns an empty line and the whole input.
pub fn first_line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (&[], input),
    }
}

//! A response as input: `STATUS CONTENT-TYPE` in its first line, if it has such a line, and the body below.

use ticket_core::{Bytes, Response};

/// A longer first line belongs to the body.
const LONGEST_HEAD: usize = 80;

/// Makes a response of an input. Without a status in the first line, all of it is the body of a saved response.
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

/// Splits at the first line break; without a short first line, returns nothing and all.
pub fn first_line(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (&[], input),
    }
}

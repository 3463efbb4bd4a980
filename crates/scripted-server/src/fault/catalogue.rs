//! The list of faults: one row each, for the parser, command lines and documentation.

use super::{Fault, PageFault, gzip_bomb, text};

/// The description of a fault.
#[derive(Debug)]
#[non_exhaustive]
pub struct FaultInfo {
    /// The name.
    pub name: &'static str,
    /// The syntax: values are in capitals, optional parts in brackets.
    pub usage: &'static str,
    /// A complete example.
    pub example: &'static str,
    /// The effect, in one sentence.
    pub about: &'static str,
    /// Parses the text after the name.
    pub(super) parse: fn(&str) -> Option<Fault>,
}

const fn entry(
    name: &'static str,
    usage: &'static str,
    example: &'static str,
    parse: fn(&str) -> Option<Fault>,
    about: &'static str,
) -> FaultInfo {
    FaultInfo { name, usage, example, about, parse }
}

/// A fault without values.
macro_rules! plain {
    ($name:literal, $fault:expr, $about:literal) => {
        entry($name, $name, $name, |rest| rest.is_empty().then_some($fault), $about)
    };
}

/// All faults: of the service, of timing, of the connection, of HTTP, of the body.
#[rustfmt::skip]
pub(super) const CATALOGUE: &[FaultInfo] = &[
    entry("status", "status STATUS [code CODE] [with NAME: VALUE; …]", "status 429 code 99991400 with x-ogw-ratelimit-reset: 0.5", text::parse_status, "Sends another HTTP status, with an HTML page or with an error code of the service."),
    plain!("expire", Fault::Expire, "All tokens expire before the request is answered."),
    plain!("revoke", Fault::Revoke, "All tokens are revoked before the request is answered."),
    plain!("spoil", Fault::Spoil, "All tokens are rejected from now on, but still handed out by the token call."),
    entry("delay", "delay TIME", "delay 200ms", |rest| text::parse_time(rest).map(Fault::Delay), "Sends the correct reply after TIME."),
    plain!("silence", Fault::Silence, "Sends nothing and keeps the connection open."),
    plain!("stall", Fault::Stall, "Sends half of the body and keeps the connection open."),
    entry("drip", "drip TIME", "drip 100ms", |rest| text::parse_time(rest).map(Fault::Drip), "Sends the correct reply byte by byte, with a pause of TIME before each."),
    plain!("cut", Fault::Cut, "Closes the connection within the body."),
    plain!("cut-chunk", Fault::CutChunk, "Sends the body in chunks and closes the connection within one."),
    plain!("close", Fault::Close, "Closes the connection without a reply."),
    plain!("reset", Fault::Reset, "Resets the connection without a reply."),
    plain!("garbage", Fault::Garbage, "Sends the greeting of a mail server instead of HTTP."),
    entry("length", "length +N|-N", "length -20", |rest| rest.parse().ok().map(Fault::Length), "Sends a Content-Length that is wrong by N bytes, and keeps the connection open."),
    plain!("gzip-garbage", Fault::GzipGarbage, "Sends the correct body with Content-Encoding: gzip, but not compressed."),
    entry("gzip-bomb", "gzip-bomb SIZE", "gzip-bomb 256MiB", |rest| text::parse_size(rest).filter(|size| *size <= gzip_bomb::MAX_SIZE).map(Fault::GzipBomb), "Sends a small gzip body that inflates to SIZE zeros, at most 1GiB."),
    entry("redirect", "redirect STATUS [to ORIGIN]", "redirect 307 to http://127.0.0.1:4000", text::parse_redirect, "Redirects to another path of this origin, or to the same path of another origin."),
    plain!("html", Fault::Html, "Sends HTTP 200 with an HTML page."),
    plain!("empty", Fault::Empty, "Sends HTTP 200 with an empty body."),
    plain!("null", Fault::Null, "Sends HTTP 200 with the body `null`."),
    plain!("another-ticket", Fault::AnotherTicket, "Sends HTTP 200 with another ticket than the requested one."),
    plain!("empty-page", Fault::Page(PageFault::Empty), "Sends a page of a list without rows; the total is correct."),
    plain!("repeated-page", Fault::Page(PageFault::Repeated), "Sends the page before the requested one again."),
    plain!("shifted-rows", Fault::Page(PageFault::Shifted), "Starts a page one row early (the first: late), so that a row comes twice and one is missed."),
    plain!("lost-row", Fault::Page(PageFault::LostRow), "Leaves out the row in the middle of a list, on whatever page; the total counts it."),
    plain!("zero-based-pages", Fault::Page(PageFault::ZeroBased), "Counts pages from 0: page 1 is the second one."),
    entry("nested", "nested DEPTH", "nested 100000", |rest| rest.parse().ok().map(Fault::Nested), "Sends HTTP 200 with a body of DEPTH nested lists."),
    entry("nested-field", "nested-field DEPTH", "nested-field 100000", |rest| rest.parse().ok().map(Fault::NestedField), "Sends the correct reply with DEPTH nested lists in an unknown field."),
    entry("huge", "huge SIZE", "huge 64MiB", |rest| text::parse_size(rest).map(Fault::Huge), "Sends HTTP 200 with SIZE spaces and Content-Length."),
    entry("huge-chunked", "huge-chunked SIZE", "huge-chunked 64MiB", |rest| text::parse_size(rest).map(Fault::HugeChunked), "Sends HTTP 200 with SIZE spaces in chunks."),
    entry("echo", "echo STATUS [code CODE]", "echo 502", text::parse_echo, "Repeats the whole request with its credentials, in a page or in an error of the service."),
];

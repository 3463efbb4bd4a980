//! The list of faults: one line for each, from which the parser, the command line and the pages are fed.

use super::{Fault, text};

/// What there is to know of a fault.
#[derive(Debug)]
#[non_exhaustive]
pub struct CatalogueEntry {
    /// The word by which it is called.
    pub name: &'static str,
    /// How it is written: what is in capitals is to be replaced, what is in brackets may be left out.
    pub usage: &'static str,
    /// One that can be used as it stands.
    pub example: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// Reads what stands behind the name.
    pub(super) read: fn(&str) -> Option<Fault>,
}

const fn entry(
    name: &'static str,
    usage: &'static str,
    example: &'static str,
    read: fn(&str) -> Option<Fault>,
    about: &'static str,
) -> CatalogueEntry {
    CatalogueEntry { name, usage, example, about, read }
}

/// A fault that is its name and nothing else.
macro_rules! plain {
    ($name:literal, $fault:expr, $about:literal) => {
        entry($name, $name, $name, |rest| rest.is_empty().then_some($fault), $about)
    };
}

/// Every fault, those of the service first, then those of time, of the connection, of HTTP, of the body.
#[rustfmt::skip]
pub(super) const CATALOGUE: &[CatalogueEntry] = &[
    entry("status", "status STATUS [code CODE] [with NAME: VALUE; …]", "status 429 code 99991400 with x-ogw-ratelimit-reset: 0.5", text::read_status, "Another HTTP status, with the page of a gateway, or with a code in the service's envelope."),
    plain!("expire", Fault::Expire, "All Feishu tokens reach their end before the request is answered."),
    plain!("revoke", Fault::Revoke, "All Feishu tokens are revoked before the request is answered."),
    plain!("spoil", Fault::Spoil, "From this request on all Feishu tokens are refused, and handed out again all the same."),
    entry("delay", "delay TIME", "delay 200ms", |rest| text::read_time(rest).map(Fault::Delay), "The right response comes so much later."),
    plain!("silence", Fault::Silence, "Nothing is ever sent, and the connection stays open."),
    plain!("stall", Fault::Stall, "Half of the body is sent and then nothing, and the connection stays open."),
    entry("drip", "drip TIME", "drip 100ms", |rest| text::read_time(rest).map(Fault::Drip), "The right response comes byte by byte, with so much time before each."),
    plain!("cut", Fault::Cut, "The connection ends in the middle of the body."),
    plain!("cut-chunk", Fault::CutChunk, "The body comes in chunks, and the connection ends in the middle of one."),
    plain!("close", Fault::Close, "The connection ends without a response."),
    plain!("reset", Fault::Reset, "The connection is reset without a response."),
    plain!("garbage", Fault::Garbage, "What is sent is no HTTP: the greeting of a mail server."),
    entry("length", "length +N|-N", "length -20", |rest| rest.parse().ok().map(Fault::Length), "The announced length is wrong by so many bytes, and the connection stays open."),
    plain!("gzip-garbage", Fault::GzipGarbage, "The right body is said to be gzip, which it is not."),
    entry("gzip-bomb", "gzip-bomb SIZE", "gzip-bomb 256MiB", |rest| text::read_size(rest).filter(|size| *size <= super::bomb::LARGEST).map(Fault::GzipBomb), "A small body of gzip that inflates to so many zeros, 1GiB at most."),
    entry("redirect", "redirect STATUS [to ORIGIN]", "redirect 307 to http://127.0.0.1:4000", text::read_redirect, "A redirect to another path of this origin, or to the same path of another one."),
    plain!("html", Fault::Html, "HTTP 200 with the page of a gateway."),
    plain!("empty", Fault::Empty, "HTTP 200 with an empty body."),
    plain!("null", Fault::Null, "HTTP 200 with the body `null`."),
    plain!("another-ticket", Fault::AnotherTicket, "HTTP 200 with another ticket than the one asked for."),
    entry("nested", "nested DEPTH", "nested 100000", |rest| rest.parse().ok().map(Fault::Nested), "HTTP 200 with a body of so many lists, one in the other."),
    entry("nested-field", "nested-field DEPTH", "nested-field 100000", |rest| rest.parse().ok().map(Fault::NestedField), "The right response with so many lists, one in the other, in a field that nobody knows."),
    entry("huge", "huge SIZE", "huge 64MiB", |rest| text::read_size(rest).map(Fault::Huge), "HTTP 200 with a body of so many spaces, whose length is announced."),
    entry("huge-chunked", "huge-chunked SIZE", "huge-chunked 64MiB", |rest| text::read_size(rest).map(Fault::HugeChunked), "HTTP 200 with a body of so many spaces in chunks, whose length is not announced."),
    entry("echo", "echo STATUS [code CODE]", "echo 502", text::read_echo, "Repeats the whole request, credentials and all: in a page, or with a code in the envelope."),
];

//! The table.

use ticket_core::ErrorKind::{
    Connection, InvalidRequest, InvalidResponse, NotFound, PermissionDenied, QuotaExhausted,
    RateLimited, Rejected, TicketMismatch, Timeout, Unauthenticated, Unavailable,
};

use crate::{Cell, Row};

/// All operations alike.
const fn all(fault: &'static str, meaning: &'static str, cell: Cell) -> Row {
    each(fault, meaning, [Some(cell); 4])
}

/// A code that only Feishu has.
const fn feishu(fault: &'static str, meaning: &'static str, cell: Cell) -> Row {
    each(fault, meaning, [None, Some(cell), Some(cell), Some(cell)])
}

const fn each(fault: &'static str, meaning: &'static str, cells: [Option<Cell>; 4]) -> Row {
    Row { fault, meaning, cells, runs_out: false }
}

/// A deadline ends each attempt.
const fn late(fault: &'static str, meaning: &'static str) -> Row {
    Row { runs_out: true, ..all(fault, meaning, Cell::repeated(Timeout)) }
}

const FINE: Cell = Cell::UNHARMED;
const RENEWED: Cell = Cell::ANOTHER_TOKEN;
/// Every operation but those that take a token have nothing to lose with one.
const TOKENS: [Option<Cell>; 4] = [Some(FINE), Some(RENEWED), Some(FINE), Some(RENEWED)];
const LIMITED: Cell = Cell::repeated(RateLimited);
const BROKEN: Cell = Cell::repeated(Connection);
const DOWN: Cell = Cell::repeated(Unavailable);
const UNREADABLE: Cell = Cell::last(InvalidResponse);

/// Every fault, in the order of the catalogue of the stand-in.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    all("status 500", "the service fails", DOWN),
    all("status 502", "a gateway finds no service", DOWN),
    all("status 503 with Retry-After: 1", "the service is being maintained, and says until when", DOWN),
    all("status 504", "a gateway waits in vain", DOWN),
    all("status 408", "the service is tired of waiting", Cell::repeated(Timeout)),
    all("status 429", "too many requests, and no word of when to come back", LIMITED),
    all("status 429 with Retry-After: 1", "the same, with seconds", LIMITED),
    all("status 429 with Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", "the same, with a date, which is past", LIMITED),
    all("status 429 with Retry-After: soon", "the same, with nonsense", LIMITED),
    all("status 429 with Retry-After: 200", "the same, with more than is left of the call", Cell::last(RateLimited)),
    all("status 429 with Retry-After: 4000", "the same, with more than five minutes, which counts as nonsense", LIMITED),
    feishu("status 400 code 99991400 with x-ogw-ratelimit-reset: 0.05", "Feishu's own way to say it", LIMITED),
    feishu("status 400 code 99991400 with x-ogw-ratelimit-reset: NaN", "the same, with nonsense", LIMITED),
    feishu("status 429 code 99991403", "the quota of the month", Cell::last(QuotaExhausted)),
    feishu("status 200 code 155000", "an inner failure of the helpdesk, with HTTP 200", DOWN),
    feishu("status 400 code 99991672", "the app lacks a scope", Cell::last(PermissionDenied)),
    all("status 400", "a page of a gateway", Cell::last(InvalidRequest)),
    all("status 401", "credentials that are refused", Cell::last(Unauthenticated)),
    all("status 403", "a firewall, or credentials that do not suffice", Cell::last(PermissionDenied)),
    all("status 404", "another address: no word of a ticket", UNREADABLE),
    all("status 404 code 154004", "no such ticket", Cell::last(NotFound)),
    all("status 200 code 7", "a code that nobody knows", Cell::last(Rejected)),
    all("status 503 code 7", "the same, of a service that fails", DOWN),
    each("expire", "the token ends earlier than it was said to", TOKENS),
    each("revoke", "somebody revokes the token", TOKENS),
    each("spoil", "the token is refused, and handed out again", [Some(FINE), Some(Cell::last(Unauthenticated)), Some(FINE), Some(Cell::last(Unauthenticated))]),
    all("delay 100ms", "a slow service", FINE),
    late("delay 1000s", "a service that is slower than the deadline of an attempt"),
    late("silence", "a connection that died unnoticed"),
    late("stall", "the same, within the body"),
    all("drip 0ms", "a body that comes byte by byte", FINE),
    late("drip 1s", "the same, more slowly than the deadline"),
    all("cut", "a connection that ends within the body", BROKEN),
    all("cut-chunk", "the same, within a chunk", BROKEN),
    all("close", "a connection that ends before the response", BROKEN),
    all("reset", "a connection that is reset", BROKEN),
    all("garbage", "another service at the port", BROKEN),
    late("length +20", "a body that is shorter than announced"),
    all("length -20", "a body that is longer than announced", UNREADABLE),
    all("gzip-garbage", "compression that was not asked for, and is none", UNREADABLE),
    all("gzip-bomb 16MiB", "compression that was not asked for, and is a trap", UNREADABLE),
    all("redirect 301", "another path", Cell::last(Rejected)),
    all("redirect 302", "a page to log in", Cell::last(Rejected)),
    all("redirect 307 to http://127.0.0.1:4000", "another host, which would get the credentials", Cell::last(Rejected)),
    all("redirect 308 to http://127.0.0.1:4000", "the same, for good", Cell::last(Rejected)),
    all("html", "a page to sign in to the network", UNREADABLE),
    all("empty", "nothing", UNREADABLE),
    all("null", "nothing, as JSON", UNREADABLE),
    each("another-ticket", "a cache that mixes up its responses", [Some(Cell::last(TicketMismatch)), Some(Cell::last(TicketMismatch)), Some(FINE), Some(FINE)]),
    all("nested 100000", "a body that overflows the stack of careless readers", UNREADABLE),
    all("nested-field 100000", "the same, in a field that nobody knows", FINE),
    all("huge 64MiB", "a body beyond the limit, announced", UNREADABLE),
    all("huge-chunked 64MiB", "a body beyond the limit, not announced", UNREADABLE),
    all("echo 502", "a page that repeats the credentials", DOWN),
    all("echo 403", "the same, of a firewall", Cell::last(PermissionDenied)),
    each("echo 400 code 7", "an envelope that repeats the credentials", [Some(Cell::last(InvalidRequest)), Some(Cell::last(Rejected)), Some(Cell::last(Rejected)), Some(Cell::last(Rejected))]),
];

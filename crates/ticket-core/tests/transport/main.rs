//! Tests the transport against raw sockets: requests, and responses that a well-behaved server would not send.
#![cfg(feature = "http")]

mod deadlines;
mod downloads;
mod fake_provider;
mod limits;
mod observe;
mod proxies;
mod raw;
mod requests;
mod responses;
mod retries;
mod tls;

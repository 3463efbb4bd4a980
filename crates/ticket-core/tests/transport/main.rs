//! The transport against raw sockets: what it sends, and what it makes of responses that no decent server gives.
#![cfg(feature = "http")]

mod deadlines;
mod desk;
mod limits;
mod observe;
mod proxies;
mod raw;
mod repetition;
mod requests;
mod responses;
mod tls;

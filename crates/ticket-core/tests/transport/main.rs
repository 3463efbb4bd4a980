//! The transport against raw sockets: what it sends, and what it makes of answers that no decent server gives.
#![cfg(feature = "http")]

mod answers;
mod deadlines;
mod desk;
mod limits;
mod observe;
mod raw;
mod repetition;
mod requests;
mod tls;

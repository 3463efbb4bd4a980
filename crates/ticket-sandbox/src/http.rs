//! HTTP/1.1 as far as a stand-in needs it: requests in, responses out, both as values.

mod connection;
mod request;
mod response;

pub(crate) use connection::{After, Connection, Step};
pub(crate) use request::{Refusal, Request};
pub(crate) use response::{Framing, Response};

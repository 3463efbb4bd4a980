//! HTTP/1.1 as far as a stand-in needs it: requests in, answers out, both as values.

mod answer;
mod connection;
mod request;

pub(crate) use answer::{Answer, Framing};
pub(crate) use connection::{After, Connection, Step};
pub(crate) use request::{Refusal, Request};

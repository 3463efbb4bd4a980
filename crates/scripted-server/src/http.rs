//! HTTP/1.1 as far as a test server needs it.

mod connection;
mod reply;
mod request;

pub(crate) use connection::{Connection, NextStep, Step};
pub use reply::Reply;
pub(crate) use reply::{Framing, error_page};
pub use request::Request;
pub(crate) use request::RequestError;

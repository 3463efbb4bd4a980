//! A response of a provider, with its exact bytes.

mod retry_after;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use secrecy::zeroize::Zeroize;

use crate::{Error, ErrorKind};

/// The longest request id, in bytes: a service may send anything.
const MAX_REQUEST_ID: usize = 200;

/// A response of a provider, with its exact bytes.
///
/// `Debug` shows the size of the body instead of the body, which may be a ticket or a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The operation that was called, in the provider's terms: `get_ticket`, `list_tickets`, …
    pub operation: &'static str,
    /// The HTTP status; `None` for a saved response.
    pub http_status: Option<u16>,
    /// The headers; empty for a saved response.
    pub headers: HeaderMap,
    /// The body, exactly as it was sent.
    pub body: Bytes,
    /// When the response had arrived completely; `None` for a saved response.
    pub received_at: Option<Timestamp>,
}

impl Response {
    /// Returns a response that was saved earlier, without its status and headers.
    pub fn saved(operation: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            operation,
            http_status: None,
            headers: HeaderMap::new(),
            body: body.into(),
            received_at: None,
        }
    }

    /// Returns the responses of this operation, in order.
    pub fn all<'a>(responses: &'a [Self], operation: &str) -> impl Iterator<Item = &'a Self> {
        responses.iter().filter(move |response| response.operation == operation)
    }

    /// Returns the first response of this operation.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidRequest`]: none of the responses is of this operation.
    pub fn first<'a>(responses: &'a [Self], operation: &str) -> Result<&'a Self, Error> {
        responses.iter().find(|response| response.operation == operation).ok_or_else(|| {
            let message = format!("no response of the operation `{operation}`");
            Error::new(ErrorKind::InvalidRequest, message)
        })
    }

    /// Returns whether the HTTP status is 2xx or unknown.
    pub fn is_success(&self) -> bool {
        self.http_status.is_none_or(|status| (200..300).contains(&status))
    }

    /// Returns the first of these headers that was sent and is text.
    pub fn header(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.headers.get(*name)?.to_str().ok())
    }

    /// Returns the id by which the provider's support finds the request, shortened to 200 bytes.
    pub fn request_id(&self) -> Option<&str> {
        let id = self.header(&["x-tt-logid", "x-request-id"])?;
        id.get(..MAX_REQUEST_ID).or(Some(id))
    }

    /// Returns how long the service asks to wait: the larger of `Retry-After` and `x-ogw-ratelimit-reset`.
    ///
    /// `Retry-After` is in seconds or a date, the other in seconds. A value that is not a number, is negative, or is more than
    /// five minutes is ignored. A date counts from [`received_at`](Self::received_at), and is ignored without it.
    pub fn retry_after(&self) -> Option<Duration> {
        let reset = self.header(&["x-ogw-ratelimit-reset"]).and_then(retry_after::seconds);
        let after = self.header(&["retry-after"]).and_then(|text| {
            retry_after::seconds(text).or_else(|| retry_after::until(text, self.received_at?))
        });
        reset.max(after)
    }

    /// Adds what the response knows to an error about it: the HTTP status, the request id, and how long to wait.
    pub fn complete(&self, error: Error) -> Error {
        error.about(self.http_status, self.request_id(), self.retry_after())
    }

    /// Overwrites the body, which held a secret, with zeros. A body that is still shared stays as it is.
    pub fn zeroize(self) {
        if let Ok(mut body) = self.body.try_into_mut() {
            body.as_mut().zeroize();
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("operation", &self.operation)
            .field("http_status", &self.http_status)
            .field("bytes", &self.body.len())
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderValue;

    use super::Response;

    fn response(headers: &[(&'static str, &'static str)]) -> Response {
        let mut response = Response::saved("get_ticket", "");
        response.received_at = Some("2015-10-21T07:27:30Z".parse().unwrap());
        for (name, value) in headers {
            response.headers.insert(*name, HeaderValue::from_static(value));
        }
        response
    }

    #[test]
    fn reads_retry_after_from_either_header_and_ignores_invalid_values() {
        let reset = "x-ogw-ratelimit-reset";
        for (headers, milliseconds) in [
            (vec![], None),
            (vec![(reset, "7")], Some(7_000)),
            (vec![(reset, "0.25")], Some(250)),
            (vec![("retry-after", "3")], Some(3_000)),
            (vec![("retry-after", "3"), (reset, "7")], Some(7_000)),
            (vec![("retry-after", "9"), (reset, "7")], Some(9_000)),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], Some(30_000)),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT")], Some(0)),
            (vec![("retry-after", "Wed, 21 Oct 2035 07:28:00 GMT")], None),
            (vec![(reset, "NaN")], None),
            (vec![(reset, "-1")], None),
            (vec![(reset, "1e30")], None),
            (vec![(reset, "301")], None),
            (vec![(reset, "soon")], None),
            (vec![("retry-after", "soon"), (reset, "1")], Some(1_000)),
        ] {
            let wait = response(&headers).retry_after();
            assert_eq!(wait, milliseconds.map(Duration::from_millis), "{headers:?}");
        }
    }

    #[test]
    fn ignores_a_date_without_the_time_of_the_response() {
        let mut response = response(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")]);
        response.received_at = None;
        assert_eq!(response.retry_after(), None);
    }
}

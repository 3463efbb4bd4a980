//! One request and its whole response.

use std::error::Error as StdError;
use std::io;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, LOCATION};
use jiff::Timestamp;
use tokio::time::timeout;
use url::Url;

use super::{Authorization, Transport};
use crate::{Error, ErrorKind, Request, Response};

impl Transport {
    /// Sends the request once and reads the response to its end.
    pub(super) async fn attempt(
        &self,
        request: &Request,
        authorization: &Authorization,
    ) -> Result<Response, Error> {
        let settings = &self.0.settings;
        let client = self.0.clients.get(&request.url, settings)?;
        let mut headers = request.headers.clone();
        for (name, value) in authorization.headers() {
            headers.insert(name, value.clone());
        }
        let mut builder =
            client.request(request.method.clone(), request.url.clone()).headers(headers);
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let exchange = async {
            let mut response =
                builder.send().await.map_err(|error| failed(error, "no response came"))?;
            if response.status().is_redirection() && response.headers().contains_key(LOCATION) {
                return Err(redirected(&request.url, response.headers().get(LOCATION))
                    .with_http_status(response.status().as_u16()));
            }
            let http_status = response.status().as_u16();
            let headers = std::mem::take(response.headers_mut());
            if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
                return Err(Error::new(
                    ErrorKind::InvalidResponse,
                    "the response is compressed, which was not asked for",
                )
                .with_http_status(http_status));
            }
            let body = whole_body(response, settings.max_body_bytes).await?;
            Ok(Response {
                operation: request.operation,
                http_status: Some(http_status),
                headers,
                body,
                received_at: Some(Timestamp::now()),
            })
        };
        timeout(settings.attempt_timeout, exchange).await.unwrap_or_else(|_| {
            let limit = settings.attempt_timeout.as_secs_f64();
            Err(Error::new(ErrorKind::Timeout, format!("no whole response came within {limit} s")))
        })
    }
}

/// The body to its end, unless it is larger than allowed.
async fn whole_body(mut response: reqwest::Response, limit: usize) -> Result<Bytes, Error> {
    let status = response.status().as_u16();
    let too_large = || {
        Error::new(ErrorKind::InvalidResponse, format!("the response is larger than {limit} bytes"))
            .with_http_status(status)
    };
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0));
    loop {
        // A failure here is one of the connection, however the client words it: the bytes are not read yet.
        let chunk = response.chunk().await.map_err(|error| {
            failed(error, "the response was cut short").with_http_status(status)
        })?;
        match chunk {
            None => return Ok(body.freeze()),
            Some(chunk) if body.len() + chunk.len() > limit => return Err(too_large()),
            Some(chunk) => body.extend_from_slice(&chunk),
        }
    }
}

/// A failure below HTTP. The address stays out of it: it may hold what nobody should read.
fn failed(error: reqwest::Error, message: &str) -> Error {
    if is_untrusted(&error) {
        // Time does not mend it, and whoever responds there may be somebody else.
        return Error::new(
            ErrorKind::Configuration,
            "nobody vouches for the service's certificate",
        )
        .with_hint("check the base URL; a certificate of your own has to be among those to trust")
        .with_source(error.without_url());
    }
    let (kind, message) = match (error.is_connect(), error.is_timeout()) {
        (true, true) => (ErrorKind::Timeout, "no connection could be made in time"),
        (true, false) => (ErrorKind::Connection, "no connection could be made"),
        (false, true) => (ErrorKind::Timeout, message),
        (false, false) => (ErrorKind::Connection, message),
    };
    Error::new(kind, message).with_source(error.without_url())
}

/// Whether it failed because of the certificate of whoever answered.
fn is_untrusted(error: &(dyn StdError + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return matches!(error, rustls::Error::InvalidCertificate(_));
    }
    // An error of the system does not name as its source what it is made of.
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let inner = inner.map(|inner| inner as &(dyn StdError + 'static));
    inner.or(error.source()).is_some_and(is_untrusted)
}

/// A redirect is never followed, since the credentials would travel with it.
fn redirected(from: &Url, location: Option<&http::HeaderValue>) -> Error {
    let target =
        location.and_then(|location| from.join(location.to_str().ok()?).ok()).and_then(|url| {
            let host = url.host_str()?;
            Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
        });
    let target = target.as_deref().unwrap_or("an address that cannot be read");
    Error::new(
        ErrorKind::Rejected,
        format!("the service redirects to {target}, which is not followed"),
    )
    .with_hint("check the base URL: credentials are sent to no other address than that one")
}

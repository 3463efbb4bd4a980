//! Sends one request and reads the whole response.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_ENCODING, LOCATION, USER_AGENT};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use jiff::Timestamp;
use tokio::time::timeout;
use url::Url;

use super::connect::{causes, deepest, is_timeout};
use super::{Authorization, Transport, TransportConfig, client};
use crate::{Error, ErrorKind, Request, Response};

const REDIRECT_HINT: &str =
    "check the base URL: credentials are sent to no other address than that one";

/// How many redirects within one origin a download follows.
const MAX_REDIRECTS: u32 = 3;

/// Returns how long one attempt may take. A file has the time of the whole call.
pub(super) fn attempt_timeout(request: &Request, settings: &TransportConfig) -> Duration {
    if request.download.is_some() { settings.call_timeout } else { settings.attempt_timeout }
}

impl Transport {
    /// Sends the request once and reads the whole response.
    pub(super) async fn attempt(
        &self,
        request: &Request,
        authorization: &Authorization,
    ) -> Result<Response, Error> {
        let settings = &self.0.settings;
        let client = self.0.clients.get(request, settings)?;
        let time = attempt_timeout(request, settings);
        let size = request.download.map_or(settings.max_body_bytes, |download| download.max_bytes);
        let exchange = async {
            let mut url = request.url.clone();
            let mut redirects = if request.download.is_some() { MAX_REDIRECTS } else { 0 };
            let mut response = loop {
                let user_agent = client::user_agent(settings)?;
                let message = message(request, &url, authorization, user_agent)?;
                let response = client.request(message).await;
                let response = response.map_err(|error| failed(&error, "no response came"))?;
                let location = response.headers().get(LOCATION);
                let Some(location) = location.filter(|_| response.status().is_redirection()) else {
                    break response;
                };
                let target = location.to_str().ok().and_then(|location| url.join(location).ok());
                match target.filter(|target| target.origin() == url.origin()) {
                    Some(target) if redirects > 0 => url = target,
                    _ => {
                        let status = response.status().as_u16();
                        let error = redirected(&url, Some(location)).with_http_status(status);
                        let is_call = request.download.is_none();
                        return Err(if is_call { error.with_hint(REDIRECT_HINT) } else { error });
                    }
                }
                redirects -= 1;
            };
            let http_status = response.status().as_u16();
            let headers = std::mem::take(response.headers_mut());
            if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
                return Err(Error::new(
                    ErrorKind::InvalidResponse,
                    "the response is compressed, which was not requested",
                )
                .with_http_status(http_status));
            }
            let body = whole_body(response, size).await?;
            Ok(Response {
                operation: request.operation,
                http_status: Some(http_status),
                headers,
                body,
                received_at: Some(Timestamp::now()),
            })
        };
        timeout(time, exchange).await.unwrap_or_else(|_| {
            let limit = time.as_secs_f64();
            Err(Error::new(ErrorKind::Timeout, format!("no complete response within {limit} s")))
        })
    }
}

/// Converts the request for the HTTP client, with the address to which it was redirected.
fn message(
    request: &Request,
    url: &Url,
    authorization: &Authorization,
    user_agent: HeaderValue,
) -> Result<http::Request<Full<Bytes>>, Error> {
    let body = Full::new(request.body.clone().unwrap_or_default());
    let mut message = http::Request::builder()
        .method(request.method.clone())
        .uri(url.as_str())
        .body(body)
        .map_err(|error| {
            Error::new(ErrorKind::InvalidRequest, "the address of the request is invalid")
                .with_source(error)
        })?;
    let headers = message.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(USER_AGENT, user_agent);
    headers.extend(request.headers.clone());
    headers.extend(authorization.headers().clone());
    Ok(message)
}

/// Reads the whole body, up to the limit.
async fn whole_body(response: http::Response<Incoming>, limit: usize) -> Result<Bytes, Error> {
    let status = response.status().as_u16();
    let mut body = response.into_body();
    let too_large = || {
        Error::new(ErrorKind::InvalidResponse, format!("the response is larger than {limit} bytes"))
            .with_http_status(status)
    };
    let announced = body.size_hint().exact().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut bytes = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            failed(&error, "the response was cut short").with_http_status(status)
        })?;
        // Trailers are ignored.
        let Ok(chunk) = frame.into_data() else { continue };
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Converts a failure below HTTP, with its deepest cause. An error of the connector is returned as it is.
fn failed(error: &(dyn StdError + 'static), message: &str) -> Error {
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<Error>()) {
        return error.clone();
    }
    let hyper = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    let message = match hyper {
        Some(error) if error.is_parse() => "what came is not HTTP",
        _ => message,
    };
    let kind = if is_timeout(error) { ErrorKind::Timeout } else { ErrorKind::Connection };
    Error::new(kind, format!("{message}: {}", deepest(error)))
}

/// Returns the error for a redirect. A call never follows one, because it would carry the credentials to another host.
fn redirected(from: &Url, location: Option<&HeaderValue>) -> Error {
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
}

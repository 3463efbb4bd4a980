//! A provider without a mapping, and clients that call it with one secret.

use std::time::Duration;

use ticket_core::mapping::{Capabilities, DocConflict, Limit, MappingDescription, Operation, Rule};
use ticket_core::transport::{ApiClient, Authorization, ClientConfig, Transport, TransportConfig};
use ticket_core::{
    BaseUrl, Decoded, Decoder, Error, ErrorKind, Response, Secret, VocabularyOverrides,
};

use crate::observe::install_global_subscriber;
use crate::raw::{After, RawServer};

pub(crate) const CANARY: &str = "canary-5f3a";

struct FakeProvider(&'static Capabilities);

impl Decoder for FakeProvider {
    fn provider(&self) -> &'static str {
        "fake"
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, _: &Response, _: &VocabularyOverrides) -> Result<Decoded, Error> {
        unreachable!("each test passes its own closure")
    }
}

impl MappingDescription for FakeProvider {
    fn title(&self) -> &'static str {
        "A fake provider"
    }

    fn rules(&self) -> &'static [Rule] {
        &[]
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.0
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        &[]
    }
}

pub(crate) fn credentials() -> Authorization {
    let name = "x-lark-helpdesk-authorization";
    Authorization::default().with(name, &Secret::from(CANARY)).unwrap()
}

/// Returns a client without a rate limit.
pub(crate) fn client(transport: &Transport) -> ApiClient {
    open(transport, &[])
}

/// Returns a client whose calls share a rate limit.
pub(crate) fn limited(transport: &Transport, limit: Limit) -> ApiClient {
    let limits = Box::leak(Box::new([limit]));
    let operation = Operation { name: "get_ticket", request: "", is_used: true, limits, note: "" };
    open(transport, Box::leak(Box::new([operation])))
}

fn open(transport: &Transport, operations: &'static [Operation]) -> ApiClient {
    let config = ClientConfig { transport: transport.clone(), ..ClientConfig::default() };
    set_up(config, operations, Some("https://desk.example")).unwrap()
}

/// Returns a client of the service at this base URL.
pub(crate) fn client_of(base: &BaseUrl, transport: &Transport) -> ApiClient {
    let base_url = Some(base.as_str().to_owned());
    let config = ClientConfig { transport: transport.clone(), base_url, ..ClientConfig::default() };
    set_up(config, &[], None).unwrap()
}

/// Builds a client for a service that documents no base URL, without setting one.
pub(crate) fn without_base_url() -> Result<ApiClient, Error> {
    set_up(ClientConfig::default(), &[], None)
}

fn set_up(
    config: ClientConfig,
    operations: &'static [Operation],
    documented: Option<&str>,
) -> Result<ApiClient, Error> {
    install_global_subscriber();
    let capabilities =
        Box::leak(Box::new(Capabilities { operations, list: None, limitations: &[] }));
    let decoder = Box::leak(Box::new(FakeProvider(capabilities)));
    config.client(decoder, documented, |_| Ok(credentials()))
}

pub(crate) fn settings() -> TransportConfig {
    TransportConfig {
        connect_timeout: Duration::from_millis(500),
        attempt_timeout: Duration::from_millis(500),
        max_body_bytes: 1_000,
        max_attempts: 1,
        ..TransportConfig::default()
    }
}

pub(crate) fn one_attempt() -> Transport {
    Transport::new(settings())
}

/// Accepts only HTTP 200. Derives the error from any other status, with the body as message and code.
pub(crate) fn check(response: &Response) -> Result<(), Error> {
    match response.http_status {
        Some(200) => Ok(()),
        status => {
            let text = String::from_utf8_lossy(&response.body).into_owned();
            let kind = ErrorKind::of_http_status(status.unwrap_or(0));
            Err(Error::new(kind, text.clone()).with_code(text))
        }
    }
}

pub(crate) async fn call(transport: &Transport, server: &RawServer) -> Result<Response, Error> {
    client(transport).call(&server.request(), |_| Ok(())).await.map(|((), response, _)| response)
}

/// Returns the error of a call with one attempt, for these bytes as response.
pub(crate) async fn failure(bytes: impl Into<Vec<u8>>, after: After) -> Error {
    let server = RawServer::start(bytes, after).await;
    let error = call(&one_attempt(), &server).await.unwrap_err();
    assert_eq!(error.stats().attempts, 1);
    assert!(!format!("{error:?} {error}").contains(CANARY));
    error
}

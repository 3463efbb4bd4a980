//! A desk of which nothing is known but its limits, asked with one secret.

use std::time::Duration;

use ticket_core::mapping::{Capabilities, DocConflict, Limit, MappingDescription, Operation, Rule};
use ticket_core::transport::{ApiClient, Authorization, ClientConfig, Transport, TransportConfig};
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, Secret, VocabularyOverrides};

use crate::observe::listen_always;
use crate::raw::{After, Raw};

pub(crate) const CANARY: &str = "canary-5f3a";

struct Desk(&'static Capabilities);

impl Decoder for Desk {
    fn provider(&self) -> &'static str {
        "desk"
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, _: &Response, _: &VocabularyOverrides) -> Result<Decoded, Error> {
        unreachable!("each test reads its responses itself")
    }
}

impl MappingDescription for Desk {
    fn title(&self) -> &'static str {
        "A desk"
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

/// A client without any limit.
pub(crate) fn client(transport: &Transport) -> ApiClient {
    open(transport, &[])
}

/// A client whose calls share a limit.
pub(crate) fn limited(transport: &Transport, limit: Limit) -> ApiClient {
    let limits = Box::leak(Box::new([limit]));
    let operation = Operation { name: "get_ticket", request: "", is_used: true, limits, note: "" };
    open(transport, Box::leak(Box::new([operation])))
}

fn open(transport: &Transport, operations: &'static [Operation]) -> ApiClient {
    let config = ClientConfig { transport: transport.clone(), ..ClientConfig::default() };
    set_up(config, operations, Some("https://desk.example")).unwrap()
}

/// What comes of a service with an address for each customer, of which none was said.
pub(crate) fn without_address() -> Result<ApiClient, Error> {
    set_up(ClientConfig::default(), &[], None)
}

fn set_up(
    config: ClientConfig,
    operations: &'static [Operation],
    documented: Option<&str>,
) -> Result<ApiClient, Error> {
    listen_always();
    let capabilities = Box::leak(Box::new(Capabilities { operations, caps: &[] }));
    let desk = Box::leak(Box::new(Desk(capabilities)));
    config.client(desk, documented, |_| Ok(credentials()))
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

pub(crate) fn quick() -> Transport {
    Transport::new(settings())
}

/// A success is 200; anything else is what its status says, with the body as its message and its code.
pub(crate) fn judge(response: &Response) -> Result<(), Error> {
    match response.http_status {
        Some(200) => Ok(()),
        status => {
            let text = String::from_utf8_lossy(&response.body).into_owned();
            let kind = ErrorKind::of_http_status(status.unwrap_or(0));
            Err(Error::new(kind, text.clone()).with_code(text))
        }
    }
}

pub(crate) async fn call(transport: &Transport, server: &Raw) -> Result<Response, Error> {
    client(transport).call(&server.request(), |_| Ok(())).await.map(|((), response)| response)
}

/// The failure behind these bytes, from one attempt.
pub(crate) async fn failure(bytes: impl Into<Vec<u8>>, after: After) -> Error {
    let server = Raw::start(bytes, after).await;
    let error = call(&quick(), &server).await.unwrap_err();
    assert_eq!(error.stats().attempts, 1);
    assert!(!format!("{error:?} {error}").contains(CANARY));
    error
}

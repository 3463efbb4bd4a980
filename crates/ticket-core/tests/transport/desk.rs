//! A desk of which nothing is known but its limits, asked with one secret.

use std::time::Duration;

use ticket_core::capabilities::{Capabilities, Limit, Operation};
use ticket_core::transport::{Authorization, Session, Settings, Setup, Transport};
use ticket_core::{
    Answer, Contradiction, Decoded, Dialect, Error, ErrorKind, Reading, Rule, Secret,
};

use crate::observe::listen_always;
use crate::raw::{After, Raw};

pub(crate) const CANARY: &str = "canary-5f3a";

struct Desk(&'static Capabilities);

impl Dialect for Desk {
    fn provider(&self) -> &'static str {
        "desk"
    }

    fn title(&self) -> &'static str {
        "A desk"
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, _: &Answer, _: &Reading) -> Result<Decoded, Error> {
        unreachable!("each test reads its answers itself")
    }

    fn rules(&self) -> &'static [Rule] {
        &[]
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.0
    }

    fn contradictions(&self) -> &'static [Contradiction] {
        &[]
    }
}

pub(crate) fn credentials() -> Authorization {
    let name = "x-lark-helpdesk-authorization";
    Authorization::default().with(name, &Secret::from(CANARY)).unwrap()
}

/// A session without any limit.
pub(crate) fn session(transport: &Transport) -> Session {
    open(transport, &[])
}

/// A session whose calls share a limit.
pub(crate) fn limited(transport: &Transport, limit: Limit) -> Session {
    let limits = Box::leak(Box::new([limit]));
    let operation = Operation { name: "get_ticket", request: "", is_used: true, limits, note: "" };
    open(transport, Box::leak(Box::new([operation])))
}

fn open(transport: &Transport, operations: &'static [Operation]) -> Session {
    let setup = Setup { transport: transport.clone(), ..Setup::default() };
    set_up(setup, operations, Some("https://desk.example")).unwrap()
}

/// What comes of a service with an address for each customer, of which none was said.
pub(crate) fn without_address() -> Result<Session, Error> {
    set_up(Setup::default(), &[], None)
}

fn set_up(
    setup: Setup,
    operations: &'static [Operation],
    documented: Option<&str>,
) -> Result<Session, Error> {
    listen_always();
    let capabilities = Box::leak(Box::new(Capabilities { operations, caps: &[] }));
    let desk = Box::leak(Box::new(Desk(capabilities)));
    setup.session(desk, documented, |_| Ok(credentials()))
}

pub(crate) fn settings() -> Settings {
    Settings {
        connect_timeout: Duration::from_millis(500),
        attempt_timeout: Duration::from_millis(500),
        max_body_bytes: 1_000,
        attempts: 1,
        ..Settings::default()
    }
}

pub(crate) fn quick() -> Transport {
    Transport::new(settings())
}

/// A success is 200; anything else is what its status says, with the body as its message and its code.
pub(crate) fn judge(answer: &Answer) -> Result<(), Error> {
    match answer.http_status {
        Some(200) => Ok(()),
        status => {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            let kind = ErrorKind::of_http_status(status.unwrap_or(0));
            Err(Error::new(kind, text.clone()).with_code(text))
        }
    }
}

pub(crate) async fn call(transport: &Transport, server: &Raw) -> Result<Answer, Error> {
    session(transport).call(&server.request(), |_| Ok(())).await.map(|((), answer)| answer)
}

/// The failure behind these bytes, from one attempt.
pub(crate) async fn failure(bytes: impl Into<Vec<u8>>, after: After) -> Error {
    let server = Raw::start(bytes, after).await;
    let error = call(&quick(), &server).await.unwrap_err();
    assert_eq!(error.effort().attempts, 1);
    assert!(!format!("{error:?} {error}").contains(CANARY));
    error
}

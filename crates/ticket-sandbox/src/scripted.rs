//! A server for any service: its routes and its responses are values, and it can do wrong all that the stand-in can.

mod reply;
mod route;
mod script;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

pub use reply::Reply;
pub use route::Route;
pub use script::Received;

use crate::log::Log;
use crate::server::{Server, Stage};
use crate::{Rule, RuleError, Seen, StartError};
use script::Script;

/// A connection that is silent for so long is closed.
const IDLE: Duration = Duration::from_secs(30);

/// A running server that responds as its routes say; it ends when this value is dropped.
///
/// It knows no service: whoever tests the client of one says here what the service responds. Any [`Fault`](crate::Fault) can strike;
/// those that end tokens do nothing, since it knows of none.
///
/// ```
/// use ticket_sandbox::{Reply, Route, Scripted};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tickets = Route::get("ticket", "/api/tickets/{id}")
///     .response("42", Reply::json(200, r#"{"id": 42, "subject": "A jam"}"#))
///     .otherwise(Reply::json(404, r#"{"error": "no such ticket"}"#));
/// let server = Scripted::start([tickets]).await?;
/// server.inject("ticket 2: cut".parse()?)?;
///
/// let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
/// let response = client.get(format!("{}/api/tickets/42", server.base_url())).send().await?;
/// assert!(response.text().await?.contains("A jam"));
/// assert_eq!(server.received()[0].id.as_deref(), Some("42"));
/// # Ok(())
/// # }
/// ```
pub struct Scripted {
    stage: Arc<Stage<Script>>,
    server: Server,
}

impl Scripted {
    /// Starts on a free port of 127.0.0.1; of several routes that a request belongs to the first responds, and where there is none
    /// the response is 404.
    ///
    /// # Errors
    /// [`StartError::Bind`] when there is no free port.
    ///
    /// # Panics
    /// Outside of a tokio runtime with IO and time enabled.
    pub async fn start(routes: impl IntoIterator<Item = Route>) -> Result<Self, StartError> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let stage = Arc::new(Stage::new(Script::new(routes.into_iter().collect()), Log::default()));
        let server = Server::start(address, Arc::clone(&stage), Some(IDLE)).await?;
        Ok(Self { stage, server })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The base URL, such as `http://127.0.0.1:40123`, without a slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The requests that were answered, oldest first; of very many, the last 10,000.
    pub fn requests(&self) -> Vec<Seen> {
        self.stage.log.list()
    }

    /// What came in, word for word, oldest first; of very many, the last 10,000.
    pub fn received(&self) -> Vec<Received> {
        self.stage.service.received()
    }

    /// How many requests of a route came in.
    pub fn count(&self, route: &str) -> usize {
        self.received().iter().filter(|received| received.route == Some(route)).count()
    }

    /// How many connections are open now.
    ///
    /// A connection whose client has left is open until the server has noticed it: at its next word to it, or when it listens.
    pub fn open_connections(&self) -> usize {
        self.stage.open()
    }

    /// How many requests wait for the end of their response, on connections that are open.
    pub fn unanswered(&self) -> usize {
        self.stage.unanswered()
    }

    /// How many connections there have been, the open ones included.
    pub fn connections(&self) -> usize {
        self.stage.accepted()
    }

    /// Lets faults strike from now on, and counts requests for it from now on; rules that came
    /// earlier go first.
    ///
    /// # Errors
    /// [`RuleError`] where there is no such route.
    pub fn inject(&self, rule: Rule) -> Result<(), RuleError> {
        self.stage.inject(rule)
    }

    /// Takes back all rules; what struck already goes on, such as a silence.
    pub fn clear_faults(&self) {
        self.stage.rules.clear();
    }

    /// Ends the server, and returns when every connection is closed and the port is free.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Scripted").field("address", &self.address()).finish_non_exhaustive()
    }
}

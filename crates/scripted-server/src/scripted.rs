//! A server whose routes and replies are values.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::history::History;
use crate::{Reply, Request, Route, Server, ServerConfig, Service, StartError};

/// A server that responds as its [routes](Route) say. It stops when it is dropped.
///
/// Faults about tokens have no effect: the server knows no tokens.
///
/// ```
/// use scripted_server::{Reply, Route, ScriptedServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tickets = Route::get("ticket", "/api/tickets/{id}")
///     .reply("42", Reply::json(200, r#"{"id": 42, "subject": "Paper jam"}"#))
///     .default_reply(Reply::json(404, r#"{"error": "no such ticket"}"#));
/// let server = ScriptedServer::start([tickets]).await?;
/// server.inject("ticket 2: cut".parse()?)?;
///
/// let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
/// let response = client.get(format!("{}/api/tickets/42", server.base_url())).send().await?;
/// assert!(response.text().await?.contains("Paper jam"));
/// assert_eq!(server.received()[0].id.as_deref(), Some("42"));
/// # Ok(())
/// # }
/// ```
pub type ScriptedServer = Server<Script>;

impl ScriptedServer {
    /// Starts on a free port of 127.0.0.1. The first route that matches a request responds to it; without a match the reply
    /// is HTTP 404.
    ///
    /// # Errors
    /// [`StartError::Bind`] if no port is free.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn start(routes: impl IntoIterator<Item = Route>) -> Result<Self, StartError> {
        Self::start_with(routes, ServerConfig::default()).await
    }

    /// Starts with a configuration.
    ///
    /// # Errors
    /// [`StartError`], as for [`Server::with_config`].
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn start_with(
        routes: impl IntoIterator<Item = Route>,
        config: ServerConfig,
    ) -> Result<Self, StartError> {
        Self::with_config(Script::new(routes.into_iter().collect()), config).await
    }

    /// Returns the last 10,000 requests with headers and bodies, oldest first.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.service().received.list()
    }

    /// Returns the number of received requests of a route.
    pub fn count(&self, route: &str) -> usize {
        self.received().iter().filter(|received| received.route == Some(route)).count()
    }
}

/// A complete request, with all secrets that it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The name of the route; `None` if no route matched.
    pub route: Option<&'static str>,
    /// The requested id, decoded.
    pub id: Option<String>,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The whole request: request line, headers and body.
    pub text: String,
}

/// The routes of a [`ScriptedServer`], and what it received.
#[derive(Debug)]
pub struct Script {
    routes: Vec<Route>,
    names: Vec<&'static str>,
    /// The number of requests of each route that were answered by its replies.
    counts: Mutex<HashMap<&'static str, u64>>,
    received: History<ReceivedRequest>,
}

impl Script {
    fn new(routes: Vec<Route>) -> Self {
        let names = routes.iter().map(Route::name).collect();
        Self { routes, names, counts: Mutex::default(), received: History::default() }
    }

    /// Returns the route of a request, and the requested id.
    fn find(&self, request: &Request) -> Option<(&Route, Option<String>)> {
        self.routes.iter().find_map(|route| Some((route, route.matches(request)?)))
    }
}

impl Service for Script {
    fn routes(&self) -> &[&'static str] {
        &self.names
    }

    fn route(&self, request: &Request) -> Option<&'static str> {
        self.find(request).map(|(route, _)| route.name())
    }

    fn record(&self, request: &Request) {
        let found = self.find(request);
        self.received.push(ReceivedRequest {
            route: found.as_ref().map(|(route, _)| route.name()),
            id: found.and_then(|(_, id)| id),
            path: request.path.clone(),
            text: request.to_text(),
        });
    }

    fn reply(&self, request: &Request) -> Reply {
        let Some((route, id)) = self.find(request) else {
            return Reply::text(404, "404 page not found");
        };
        let number = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(route.name()).or_default();
            *count += 1;
            *count
        };
        route.select(number, id.as_deref()).filled(request)
    }

    fn reply_about_another_ticket(&self, request: &Request) -> Reply {
        let found = self.find(request);
        let other = found.as_ref().and_then(|(route, id)| route.select_other(id.as_deref()));
        other.map_or_else(|| self.reply(request), |reply| reply.filled(request))
    }

    fn error_reply(&self, _: &Request, status: u16, code: i64, message: &str) -> Reply {
        Reply::json_of(status, &serde_json::json!({"code": code, "message": message}))
    }
}

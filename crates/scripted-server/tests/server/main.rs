//! The server as its clients see it.

mod client;
mod connections;
mod faults;
mod http;
mod routes;

use scripted_server::{Reply, Route, ScriptedServer, ServerConfig};

/// The body of the one ticket that [`ticket`] serves.
const BODY: &str =
    r#"{"id": 1, "subject": "Paper jam", "description": "The tray of printer 7 is stuck."}"#;

/// The route `ticket` with two tickets.
fn ticket() -> Route {
    Route::get("ticket", "/tickets/{id}")
        .reply("1", Reply::json(200, BODY))
        .reply("2", Reply::json(200, r#"{"id": 2}"#))
}

/// Starts a server with the route of [`ticket`].
async fn start() -> ScriptedServer {
    ScriptedServer::start([ticket()]).await.expect("a free port")
}

/// Starts the same server with a fault rule, and without timers, so that a paused clock advances for faults only.
async fn start_with_fault(rule: &str) -> ScriptedServer {
    let faults = vec![rule.parse().expect(rule)];
    let config = ServerConfig { idle_timeout: None, faults, ..ServerConfig::default() };
    ScriptedServer::start_with([ticket()], config).await.expect("a free port")
}

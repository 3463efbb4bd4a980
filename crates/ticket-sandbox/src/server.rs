//! The tasks: one that accepts, one for each connection, all of which end together.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::desk::Desk;
use crate::http::Connection;

/// A handle to the tasks; they end when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    accepting: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(
        listener: TcpListener,
        desk: Arc<Desk>,
        patience: Option<Duration>,
    ) -> Self {
        Self { accepting: tokio::spawn(accept(listener, desk, patience)) }
    }

    /// Ends the tasks, and returns when they have ended.
    pub(crate) async fn stop(mut self) {
        self.accepting.abort();
        // The task was told to end, which is the error that it ends with.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Accepts connections until the task ends; the set of connections ends with it.
async fn accept(listener: TcpListener, desk: Arc<Desk>, patience: Option<Duration>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&desk), patience));
                }
                // Too many open files, say: by and by other connections close theirs.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            // Connections that are over are forgotten.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers the requests of one connection, one after the other.
async fn serve(stream: TcpStream, desk: Arc<Desk>, patience: Option<Duration>) {
    let mut connection = Connection::new(stream, patience);
    loop {
        match connection.read().await {
            Ok(Some(request)) => {
                let answer = desk.answer(&request);
                desk.remember(Some(&request), &answer);
                let head_only = request.method == "HEAD";
                let written = connection.write(&answer, request.keep_alive, head_only).await;
                if written.is_err() || !request.keep_alive {
                    break;
                }
            }
            Ok(None) => break,
            Err(refusal) => {
                let answer = refusal.answer();
                desk.remember(None, &answer);
                // A client that does not take its refusal gets no other.
                let _ = connection.write(&answer, false, false).await;
                break;
            }
        }
    }
    connection.close().await;
}

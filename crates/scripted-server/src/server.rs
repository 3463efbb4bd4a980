//! The server: one task accepts connections, one task serves each of them. All end together.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::fault::{ActiveRules, FaultRule, FaultRuleError, plan};
use crate::history::History;
use crate::http::{Connection, NextStep, Request, Step};
use crate::log::LoggedRequest;
use crate::service::Service;

/// Is called with each request before its reply is sent.
type Observer = Arc<dyn Fn(&LoggedRequest) + Send + Sync>;

/// How a server starts.
#[derive(Clone)]
pub struct ServerConfig {
    /// The loopback address to listen on; port 0 is any free port. Default: port 0 of 127.0.0.1.
    pub address: SocketAddr,
    /// Closes an idle connection after this time. Default: 30 seconds.
    ///
    /// Use `None` if tokio's clock is paused: the paused clock does not advance, because no timer is pending.
    pub idle_timeout: Option<Duration>,
    /// The initial fault rules. Default: none.
    pub faults: Vec<FaultRule>,
    /// Is called with each request before its reply is sent, and must be fast. Default: none.
    pub on_request: Option<Observer>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            idle_timeout: Some(Duration::from_secs(30)),
            faults: Vec::new(),
            on_request: None,
        }
    }
}

impl fmt::Debug for ServerConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerConfig")
            .field("address", &self.address)
            .field("idle_timeout", &self.idle_timeout)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can be reached from other machines.
    #[error("{0} is not a loopback address; use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// A rule names an unknown route.
    #[error(transparent)]
    FaultRule(#[from] FaultRuleError),
    /// The operating system refuses to listen on the address.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
}

/// A running server. It stops when it is dropped.
pub struct Server<S> {
    state: Arc<State<S>>,
    address: SocketAddr,
    accept_task: JoinHandle<()>,
    /// Dropping it stops the tasks.
    stop: Option<oneshot::Sender<()>>,
}

/// What all connections share.
struct State<S> {
    service: S,
    rules: ActiveRules,
    log: History<LoggedRequest>,
    on_request: Option<Observer>,
    open: AtomicUsize,
    accepted: AtomicUsize,
    unanswered: AtomicUsize,
}

impl<S: Service> Server<S> {
    /// Starts a server.
    ///
    /// # Errors
    /// [`StartError`] if the address is not a loopback address or is in use, or if a rule names an unknown route.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time enabled.
    pub async fn with_config(service: S, config: ServerConfig) -> Result<Self, StartError> {
        let ServerConfig { address, idle_timeout, faults, on_request } = config;
        if !address.ip().is_loopback() {
            return Err(StartError::NotLoopback(address));
        }
        let state = Arc::new(State {
            service,
            rules: ActiveRules::default(),
            log: History::default(),
            on_request,
            open: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
            unanswered: AtomicUsize::new(0),
        });
        for rule in faults {
            state.rules.add(rule, state.service.routes())?;
        }
        let bind_error = |source| StartError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind_error)?;
        let address = listener.local_addr().map_err(bind_error)?;
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let accept_task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            tokio::select! {
                () = accept(&listener, &shared, idle_timeout, &mut connections) => {}
                _ = stopped => {}
            }
            drop(listener);
            connections.shutdown().await;
        });
        Ok(Self { state, address, accept_task, stop: Some(stop) })
    }

    /// Returns the address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base URL, such as `http://127.0.0.1:40123`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the service.
    pub fn service(&self) -> &S {
        &self.state.service
    }

    /// Returns the log of the last 10,000 answered requests, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state.log.list()
    }

    /// Returns the number of open connections.
    ///
    /// The server notices a closed connection when it next reads from it or writes to it.
    pub fn open_connections(&self) -> usize {
        self.state.open.load(Ordering::SeqCst)
    }

    /// Returns the number of connections so far, open ones included.
    pub fn connections(&self) -> usize {
        self.state.accepted.load(Ordering::SeqCst)
    }

    /// Returns the number of requests whose reply is not complete, on open connections.
    pub fn unanswered(&self) -> usize {
        self.state.unanswered.load(Ordering::SeqCst)
    }

    /// Adds a fault rule; earlier rules take precedence. Its requests are counted from now on.
    ///
    /// # Errors
    /// [`FaultRuleError`] if the route is unknown.
    pub fn inject(&self, rule: FaultRule) -> Result<(), FaultRuleError> {
        self.state.rules.add(rule, self.state.service.routes())
    }

    /// Removes all fault rules. Faults that have begun, such as a silence, go on.
    pub fn clear_faults(&self) {
        self.state.rules.clear();
    }

    /// Stops the server, and returns when all connections are closed and the port is free.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        // The task fails only by a panic, which was reported already.
        let _ = (&mut self.accept_task).await;
    }
}

impl<S> Drop for Server<S> {
    fn drop(&mut self) {
        self.accept_task.abort();
    }
}

impl<S> fmt::Debug for Server<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl<S: Service> State<S> {
    /// Records and logs a request, and returns the steps of its response.
    fn steps(&self, request: &Request) -> Vec<Step> {
        self.service.record(request);
        let route = self.service.route(request);
        let fault = self.rules.next_fault(route.unwrap_or_default());
        let plan = plan(fault.as_ref(), request, &self.service);
        let fault = fault.map(|fault| fault.name());
        self.log(LoggedRequest { route, fault, ..LoggedRequest::new(Some(request), plan.status) });
        plan.steps
    }

    fn log(&self, request: LoggedRequest) {
        if let Some(on_request) = &self.on_request {
            on_request(&request);
        }
        self.log.push(request);
    }
}

/// Accepts connections forever.
async fn accept<S: Service>(
    listener: &TcpListener,
    state: &Arc<State<S>>,
    timeout: Option<Duration>,
    connections: &mut JoinSet<()>,
) {
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let open = OpenConnection::new(Arc::clone(state));
                    connections.spawn(serve(open, stream, timeout));
                }
                // Too many open files, for example: some may be closed soon.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            // Forgets connections that are closed.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Counts a connection until it is dropped, also if its task is aborted.
struct OpenConnection<S>(Arc<State<S>>);

impl<S> OpenConnection<S> {
    fn new(state: Arc<State<S>>) -> Self {
        state.open.fetch_add(1, Ordering::SeqCst);
        state.accepted.fetch_add(1, Ordering::SeqCst);
        Self(state)
    }
}

impl<S> Drop for OpenConnection<S> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Counts a request until it is answered, also if its task is aborted.
struct Unanswered<'a>(&'a AtomicUsize);

impl<'a> Unanswered<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Responds to the requests of one connection.
async fn serve<S: Service>(open: OpenConnection<S>, stream: TcpStream, timeout: Option<Duration>) {
    let OpenConnection(state) = &open;
    let mut connection = Connection::new(stream, timeout);
    loop {
        match connection.read().await {
            Ok(Some(request)) => {
                let unanswered = Unanswered::new(&state.unanswered);
                let next = connection.perform(&state.steps(&request)).await;
                drop(unanswered);
                match next {
                    NextStep::NextRequest if request.keep_alive => {}
                    NextStep::NextRequest | NextStep::Close => break,
                    NextStep::Drop => return,
                }
            }
            Ok(None) => break,
            Err(error) => {
                let reply = error.reply();
                state.log(LoggedRequest::new(None, reply.status()));
                // The connection is closed in any case.
                connection.perform(&[Step::Send(reply.to_bytes(false, false))]).await;
                break;
            }
        }
    }
    connection.close().await;
}

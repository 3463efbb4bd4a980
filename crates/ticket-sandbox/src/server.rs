//! The tasks: one that accepts, one for each connection, all of which end together.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::StartError;
use crate::fault::{Rule, RuleError, Rules, Service, script};
use crate::http::{After, Connection, Request, Step};
use crate::log::{Log, Seen};

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Stage<S> {
    pub(crate) service: S,
    pub(crate) rules: Rules,
    pub(crate) log: Log,
    open: AtomicUsize,
    accepted: AtomicUsize,
    unanswered: AtomicUsize,
}

impl<S: Service> Stage<S> {
    pub(crate) fn new(service: S, log: Log) -> Self {
        let [open, accepted, unanswered] = [0; 3].map(AtomicUsize::new);
        Self { service, rules: Rules::default(), log, open, accepted, unanswered }
    }

    /// Lets faults strike from now on, at a route that there is.
    pub(crate) fn inject(&self, rule: Rule) -> Result<(), RuleError> {
        self.rules.add(rule, self.service.routes())
    }

    /// How many connections are open now.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// How many requests wait for the end of their response.
    pub(crate) fn unanswered(&self) -> usize {
        self.unanswered.load(Ordering::SeqCst)
    }

    /// How many connections there have been, the open ones included.
    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Counts a request, remembers it, and says what is done to respond it.
    fn steps(&self, request: &Request) -> Vec<Step> {
        self.service.came(request);
        let route = self.service.route(request);
        let fault = self.rules.strike(route.unwrap_or_default());
        let script = script(fault.as_ref(), request, &self.service);
        let fault = fault.map(|fault| fault.name());
        self.log.push(Seen { route, fault, ..Seen::of(Some(request), script.status) });
        script.steps
    }
}

/// A handle to the tasks; they end when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
    /// Dropped or used, it ends the tasks.
    stop: Option<oneshot::Sender<()>>,
}

impl Server {
    /// Listens on an address; port 0 is any free one.
    ///
    /// # Errors
    /// [`StartError::Bind`] where the system does not let it.
    pub(crate) async fn start<S: Service>(
        address: SocketAddr,
        stage: Arc<Stage<S>>,
        patience: Option<Duration>,
    ) -> Result<Self, StartError> {
        let bind_error = |source| StartError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind_error)?;
        let address = listener.local_addr().map_err(bind_error)?;
        let (stop, stopped) = oneshot::channel();
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            tokio::select! {
                () = accept(&listener, &stage, patience, &mut connections) => {}
                _ = stopped => {}
            }
            drop(listener);
            connections.shutdown().await;
        });
        Ok(Self { address, accepting, stop: Some(stop) })
    }

    /// The address that it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the tasks, whatever they are at, and returns when they have ended.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        // A task that is ended cannot fail in another way than by a panic, which was told already.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Accepts connections for ever.
async fn accept<S: Service>(
    listener: &TcpListener,
    stage: &Arc<Stage<S>>,
    patience: Option<Duration>,
    connections: &mut JoinSet<()>,
) {
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let open = Open::new(Arc::clone(stage));
                    connections.spawn(serve(open, stream, patience));
                }
                // Too many open files, say: by and by other connections close theirs.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            // Connections that are over are forgotten.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// One of the connections that are counted.
struct Open<S>(Arc<Stage<S>>);

impl<S> Open<S> {
    fn new(stage: Arc<Stage<S>>) -> Self {
        stage.open.fetch_add(1, Ordering::SeqCst);
        stage.accepted.fetch_add(1, Ordering::SeqCst);
        Self(stage)
    }
}

impl<S> Drop for Open<S> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One of those that are counted, for as long as it lives.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Responds to the requests of one connection, one after the other.
async fn serve<S: Service>(open: Open<S>, stream: TcpStream, patience: Option<Duration>) {
    let Open(stage) = &open;
    let mut connection = Connection::new(stream, patience);
    loop {
        match connection.read().await {
            Ok(Some(request)) => {
                let unanswered = Counted::new(&stage.unanswered);
                let after = connection.perform(&stage.steps(&request)).await;
                drop(unanswered);
                match after {
                    After::Next if request.keep_alive => {}
                    After::Next | After::Over => break,
                    After::Reset => return,
                }
            }
            Ok(None) => break,
            Err(refusal) => {
                let response = refusal.response();
                stage.log.push(Seen::of(None, response.status));
                // A client that does not take its refusal gets no other.
                connection.perform(&[Step::Send(response.to_bytes(false, false))]).await;
                break;
            }
        }
    }
    connection.close().await;
}

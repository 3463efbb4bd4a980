//! Answers the requests of Feishu at once, and reads the tickets again afterwards.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use feishu_provider::event::{Event, EventVerifier, Incoming, SeenEvents, Signature};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use ticket_core::{TicketId, TicketSource};
use ticket_mirror::{Mirror, MirrorError, SourceIdentity, SyncJob, SyncOptions};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

/// The largest body, in bytes. Events have a few kilobytes.
const MAX_BODY: usize = 1 << 20;
/// How long a request may take to arrive. Feishu waits three seconds for the response.
const ARRIVAL: Duration = Duration::from_secs(2);
/// How many requests are handled at a time.
const MAX_CONNECTIONS: usize = 64;
/// How many tickets wait to be read. If there are more, Feishu has to send the event again.
const QUEUE: usize = 10_000;
/// How many tickets are read in one run.
const TOGETHER: usize = 100;

/// Verifies requests and queues their tickets.
pub(crate) struct Receiver {
    verifier: EventVerifier,
    /// An app receives the events of all its helpdesks.
    helpdesk_id: String,
    seen: Mutex<SeenEvents>,
    queue: mpsc::Sender<TicketId>,
}

impl Receiver {
    /// Creates a receiver, and the queue of tickets that [`update`] reads.
    pub(crate) fn new(
        verifier: EventVerifier,
        helpdesk_id: String,
    ) -> (Self, mpsc::Receiver<TicketId>) {
        let (queue, tickets) = mpsc::channel(QUEUE);
        let seen = Mutex::new(SeenEvents::default());
        (Self { verifier, helpdesk_id, seen, queue }, tickets)
    }

    /// Returns the status and the body of the response. It does not wait for anything.
    pub(crate) fn respond(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> (StatusCode, String) {
        let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let signature = header("x-lark-signature").map(|signature| Signature {
            timestamp: header("x-lark-request-timestamp").unwrap_or_default(),
            nonce: header("x-lark-request-nonce").unwrap_or_default(),
            signature,
        });
        match self.verifier.receive(signature.as_ref(), body, now) {
            Ok(Incoming::Challenge(reply)) => (StatusCode::OK, reply),
            Ok(Incoming::Event(event)) => (self.accept(event, now), "{}".into()),
            Err(error) => {
                eprintln!("refused: {error}");
                let status = StatusCode::from_u16(error.http_status());
                (status.unwrap_or(StatusCode::BAD_REQUEST), "{}".into())
            }
        }
    }

    fn accept(&self, event: Event, now: Timestamp) -> StatusCode {
        let is_other = event.helpdesk_id.is_some_and(|helpdesk| helpdesk != self.helpdesk_id);
        let Some(ticket) = event.ticket_id.filter(|_| !is_other) else {
            return StatusCode::OK;
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.insert(&event.id, now) && self.queue.try_send(ticket).is_err() {
            // Feishu sends it again, and then there may be room.
            seen.remove(&event.id);
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        StatusCode::OK
    }
}

/// Serves requests until the future is dropped.
pub(crate) async fn serve(listener: TcpListener, receiver: Arc<Receiver>) {
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(permit) = permits.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files: some will be closed.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let receiver = receiver.clone();
        tokio::spawn(async move {
            let _permit = permit;
            let service = service_fn(|request| handle(&receiver, request));
            let mut server = http1::Builder::new();
            server.timer(TokioTimer::new()).header_read_timeout(ARRIVAL).keep_alive(false);
            // A client that goes away is no concern of ours.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn handle(
    receiver: &Receiver,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, text) = if request.method() == Method::POST {
        let (head, body) = request.into_parts();
        match timeout(ARRIVAL, Limited::new(body, MAX_BODY).collect()).await {
            Ok(Ok(body)) => receiver.respond(&head.headers, &body.to_bytes(), Timestamp::now()),
            Ok(Err(_)) => (StatusCode::PAYLOAD_TOO_LARGE, String::new()),
            Err(_) => (StatusCode::REQUEST_TIMEOUT, String::new()),
        }
    } else {
        (StatusCode::METHOD_NOT_ALLOWED, String::new())
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Reads the queued tickets into the mirror, until no receiver is left.
///
/// Events may be lost while this program does not run: also run `ticket sync` from time to time.
pub(crate) async fn update<S: TicketSource>(
    mirror: &mut Mirror,
    source: &S,
    mut tickets: mpsc::Receiver<TicketId>,
) -> Result<(), MirrorError> {
    let identity = SourceIdentity::new("feishu", &source.account());
    let mut ids = Vec::new();
    while tickets.recv_many(&mut ids, TOGETHER).await > 0 {
        let options = SyncOptions { conversation: true, ..SyncOptions::default() };
        let mut job = SyncJob::new(mirror, source, &identity, options)?;
        // From here on the mirror knows what to read: a run that fails is continued by the next one.
        job.request(ids.drain(..))?;
        let outcome = job.run(|_| {}).await?;
        println!("tickets read: {}, failed: {}", outcome.receipt.fetched, outcome.receipt.failures);
        if let Some(error) = outcome.error {
            eprintln!("the next event continues: {error}");
        }
    }
    Ok(())
}

//! One call while it goes on: how much time it has left, what it took so far, and what an observer is told of it.
//!
//! An observer is told names, numbers and the service's codes: never a word of a ticket, and no secret.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{Level, Span, debug, enabled, info, info_span, warn};

use super::retry::Failures;
use super::{Authorization, Transport};
use crate::{CallStats, Error, ErrorKind, Request, Response};

/// Where all that is told comes from, so that it can be chosen or left out.
const TARGET: &str = "ticket_core::transport";

/// The span of a call: all that is told of it is told within.
pub(super) fn span(provider: &'static str, request: &Request, ticket: Option<&str>) -> Span {
    info_span!(target: TARGET, "call", provider, operation = request.operation, ticket)
}

/// What is known of a call while it goes on. When it is dropped, its stats goes into that of the transport.
pub(super) struct Call<'a> {
    transport: &'a Transport,
    pub(super) stats: CallStats,
    pub(super) failures: Failures,
    /// The last failure, which is told where the time runs out.
    pub(super) last: Option<Error>,
    began: Instant,
    /// When the time for the whole call is over.
    pub(super) deadline: Instant,
    attempt_began: Instant,
    has_ended: bool,
}

impl<'a> Call<'a> {
    pub(super) fn begin(transport: &'a Transport) -> Self {
        let began = Instant::now();
        let deadline = began + transport.0.settings.call_timeout;
        let stats = CallStats::default();
        Self {
            transport,
            stats,
            failures: Failures::default(),
            last: None,
            began,
            deadline,
            attempt_began: began,
            has_ended: false,
        }
    }

    /// What is left of the time for the whole call.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The failure of a call whose time has run out: the last one there was.
    pub(super) fn out_of_time(&mut self) -> Error {
        let limit = self.transport.0.settings.call_timeout.as_secs_f64();
        let message = format!("the call did not end within {limit} s");
        self.last.take().unwrap_or_else(|| Error::new(ErrorKind::Timeout, message))
    }

    /// Waits for something, and counts the wait.
    pub(super) async fn wait<T>(&mut self, what: &str, ready: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let mut ready = pin!(ready);
        // What is ready at once is no wait, however long the program takes to look.
        if let Poll::Ready(value) = poll_fn(|task| Poll::Ready(ready.as_mut().poll(task))).await {
            return value;
        }
        let value = ready.await;
        let waited = began.elapsed();
        self.stats.waits += 1;
        self.stats.waited += waited;
        debug!(target: TARGET, r#for = what, wait_ms = milliseconds(waited), "waited");
        value
    }

    /// Waits before another attempt.
    pub(super) async fn back_off(&mut self, error: Error, wait: Duration) {
        warn!(
            target: TARGET,
            attempt = self.stats.attempts,
            kind = error.kind().as_str(),
            http_status = error.http_status(),
            code = error.code(),
            request_id = error.request_id(),
            wait_ms = milliseconds(wait),
            "trying again"
        );
        let what = if error.retry_after().is_some() { "named" } else { "backoff" };
        self.last = Some(error);
        self.wait(what, sleep(wait)).await;
    }

    /// Another attempt begins.
    pub(super) fn attempt(&mut self) {
        self.stats.attempts += 1;
        self.attempt_began = Instant::now();
    }

    /// The attempt was a success.
    pub(super) fn succeeded(&self, response: &Response, authorization: &Authorization) {
        if !enabled!(target: TARGET, Level::DEBUG) {
            return;
        }
        // A proxy may respond with any header that it was sent.
        let request_id = response.request_id().map(|id| authorization.redacted_text(id));
        debug!(
            target: TARGET,
            attempt = self.stats.attempts,
            http_status = response.http_status,
            request_id = request_id.as_deref(),
            bytes = response.body.len(),
            duration_ms = milliseconds(self.attempt_began.elapsed()),
            "attempt"
        );
    }

    /// The attempt was a failure; the error is free of secrets.
    pub(super) fn failed(&mut self, error: &Error) {
        self.failures.count(error);
        debug!(
            target: TARGET,
            attempt = self.stats.attempts,
            kind = error.kind().as_str(),
            http_status = error.http_status(),
            code = error.code(),
            request_id = error.request_id(),
            duration_ms = milliseconds(self.attempt_began.elapsed()),
            "attempt"
        );
    }

    /// The credentials were refused, and there are newer ones.
    pub(super) fn renewed(&mut self, error: Error) {
        info!(target: TARGET, code = error.code(), request_id = error.request_id(), "renewed");
        self.last = Some(error);
    }

    /// The call is over.
    pub(super) fn end<T>(&mut self, outcome: &Result<T, Error>) {
        self.has_ended = true;
        let CallStats { attempts, waited, .. } = self.stats;
        let (waited_ms, duration_ms) = (milliseconds(waited), milliseconds(self.began.elapsed()));
        match outcome {
            Ok(_) => info!(target: TARGET, attempts, waited_ms, duration_ms, "done"),
            Err(error) => warn!(
                target: TARGET,
                kind = error.kind().as_str(),
                http_status = error.http_status(),
                code = error.code(),
                request_id = error.request_id(),
                attempts,
                waited_ms,
                duration_ms,
                "failed"
            ),
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.transport.spend(self.stats);
        if !self.has_ended {
            let duration_ms = milliseconds(self.began.elapsed());
            info!(target: TARGET, attempts = self.stats.attempts, duration_ms, "given up");
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

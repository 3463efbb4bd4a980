//! A call in progress: its deadline, its statistics and its events.
//!
//! Events have names, numbers and the service's codes, never text of a ticket or a secret.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{Level, Span, debug, enabled, info, info_span, warn};

use super::retry::Failures;
use super::{Authorization, Transport};
use crate::{CallStats, Error, ErrorKind, Request, Response, TicketId};

/// The target of all events, for filters.
const TARGET: &str = "ticket_core::transport";

/// Returns the span of a call outside of a fetch.
pub(super) fn span(provider: &'static str, request: &Request) -> Span {
    info_span!(target: TARGET, "call", provider, operation = request.operation)
}

/// Returns the span of a fetch.
pub(super) fn fetch_span(provider: &'static str, id: &TicketId) -> Span {
    info_span!(target: TARGET, "fetch", provider, ticket = id.as_str())
}

/// Returns the span of a call of a fetch.
pub(super) fn nested_span(fetch: &Span, request: &Request) -> Span {
    info_span!(target: TARGET, parent: fetch, "call", operation = request.operation)
}

/// A call in progress. When it is dropped, its statistics are added to those of the transport.
pub(super) struct Call<'a> {
    transport: &'a Transport,
    pub(super) stats: CallStats,
    pub(super) failures: Failures,
    /// The last error, returned at the deadline.
    pub(super) last: Option<Error>,
    began: Instant,
    /// The deadline of the call.
    pub(super) deadline: Instant,
    attempt_began: Instant,
    has_ended: bool,
}

impl<'a> Call<'a> {
    pub(super) fn begin(transport: &'a Transport, deadline: Instant) -> Self {
        let began = Instant::now();
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

    /// Returns the time until the deadline.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Returns the error of a call that reached its deadline: the last one, if there was one.
    pub(super) fn out_of_time(&mut self) -> Error {
        let limit = self.transport.0.settings.call_timeout.as_secs_f64();
        let message = format!("the call did not end within {limit} s");
        self.last.take().unwrap_or_else(|| Error::new(ErrorKind::Timeout, message))
    }

    /// Waits for a future and counts the wait.
    pub(super) async fn wait<T>(&mut self, what: &str, ready: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let mut ready = pin!(ready);
        // A future that is ready at once is not counted as a wait.
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

    /// Waits before the next attempt.
    pub(super) async fn back_off(&mut self, error: Error, wait: Duration) {
        warn!(
            target: TARGET,
            attempt = self.stats.attempts,
            kind = error.kind().as_str(),
            http_status = error.http_status(),
            code = error.code(),
            request_id = error.request_id(),
            wait_ms = milliseconds(wait),
            "retrying"
        );
        let what = if error.retry_after().is_some() { "retry_after" } else { "backoff" };
        self.last = Some(error);
        self.wait(what, sleep(wait)).await;
    }

    /// Counts the start of an attempt.
    pub(super) fn attempt(&mut self) {
        self.stats.attempts += 1;
        self.attempt_began = Instant::now();
    }

    /// Logs a successful attempt.
    pub(super) fn succeeded(&self, response: &Response, authorization: &Authorization) {
        if !enabled!(target: TARGET, Level::DEBUG) {
            return;
        }
        // A proxy may echo any header of the request.
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

    /// Logs a failed attempt; the error is redacted.
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

    /// Logs that the credentials were refreshed.
    pub(super) fn refreshed(&mut self, error: Error) {
        let (code, request_id) = (error.code(), error.request_id());
        info!(target: TARGET, code, request_id, "credentials_refreshed");
        self.last = Some(error);
    }

    /// Logs the end of the call.
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
            info!(target: TARGET, attempts = self.stats.attempts, duration_ms, "cancelled");
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

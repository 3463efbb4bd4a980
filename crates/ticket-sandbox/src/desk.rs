//! One answer to one request: which service is meant, and what is remembered of it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::clock::Clock;
use crate::http::{Answer, Request};
use crate::names::Names;
use crate::{Credentials, engagelab, feishu};

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;

/// A request as it was answered. Headers and bodies are not kept, so that no secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// The method, such as `GET`; empty where the request could not be read.
    pub method: String,
    /// The path without its query; empty where the request could not be read.
    pub path: String,
    /// The HTTP status of the answer.
    pub status: u16,
}

/// All that both services know and remember, but for the connections.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) credentials: Credentials,
    pub(crate) feishu: feishu::Feishu,
    pub(crate) clock: Clock,
    names: Names,
    seen: Mutex<VecDeque<Seen>>,
}

impl Desk {
    pub(crate) fn new(credentials: Credentials, feishu: feishu::Feishu) -> Self {
        let (clock, names, seen) = (Clock::default(), Names::new(), Mutex::default());
        Self { credentials, feishu, clock, names, seen }
    }

    /// Answers a request, without waiting for anything.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        let segments: Vec<&str> = request.path.split('/').skip(1).collect();
        match segments[..] {
            ["api", "v2", "accounts", "tickets", id] => {
                engagelab::ticket(&self.credentials, request, id)
                    .with_header("X-Request-Id", self.names.next())
            }
            ["open-apis", ref path @ ..] => {
                let log_id = self.names.next();
                let answer =
                    self.feishu.answer(&self.credentials, request, path, &log_id, self.clock.now());
                answer.with_header("X-Tt-Logid", log_id)
            }
            _ => Answer::text(404, "404 page not found"),
        }
    }

    /// Remembers a request and what it was answered with; `None` is a request that could not be read.
    pub(crate) fn remember(&self, request: Option<&Request>, answer: &Answer) {
        let (method, path) = request.map_or_else(Default::default, |request| {
            (request.method.clone(), request.path.clone())
        });
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(Seen { method, path, status: answer.status });
    }

    /// Lists what is remembered, oldest first.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().cloned().collect()
    }
}

//! Both services at one address: which one a request is for, and what both know.

use crate::clock::Clock;
use crate::fault::{End, Service};
use crate::http::{Request, Response};
use crate::names::Names;
use crate::{Credentials, engagelab, feishu};

/// All that both services know, but for the connections.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) credentials: Credentials,
    pub(crate) feishu: feishu::Feishu,
    pub(crate) clock: Clock,
    names: Names,
}

/// A path, in the terms of the services.
enum Place<'r> {
    EngageLab(&'r str),
    Feishu(Vec<&'r str>),
    Nowhere,
}

impl<'r> Place<'r> {
    fn of(request: &'r Request) -> Self {
        let segments: Vec<&str> = request.path.split('/').skip(1).collect();
        match segments[..] {
            ["api", "v2", "accounts", "tickets", id] => Self::EngageLab(id),
            ["open-apis", ref path @ ..] => Self::Feishu(path.to_vec()),
            _ => Self::Nowhere,
        }
    }
}

impl Desk {
    /// The names of all routes.
    pub(crate) const ROUTES: &'static [&'static str] =
        &[engagelab::TICKET, feishu::TOKEN, feishu::TICKET, feishu::LIST];

    pub(crate) fn new(credentials: Credentials, feishu: feishu::Feishu) -> Self {
        Self { credentials, feishu, clock: Clock::default(), names: Names::new() }
    }

    /// A response of EngageLab with the header that each has.
    fn of_engagelab(&self, response: Response) -> Response {
        response.with_header("X-Request-Id", self.names.next())
    }

    /// A response of Feishu with the header that each has.
    fn of_feishu(&self, response: impl FnOnce(&str) -> Response) -> Response {
        let log_id = self.names.next();
        response(&log_id).with_header("X-Tt-Logid", log_id)
    }
}

impl Service for Desk {
    fn routes(&self) -> &[&'static str] {
        Self::ROUTES
    }

    fn route(&self, request: &Request) -> Option<&'static str> {
        match Place::of(request) {
            Place::EngageLab(_) => Some(engagelab::TICKET),
            Place::Feishu(path) => feishu::route(&path),
            Place::Nowhere => None,
        }
    }

    fn response(&self, request: &Request) -> Response {
        match Place::of(request) {
            Place::EngageLab(id) => {
                self.of_engagelab(engagelab::ticket(&self.credentials, request, id))
            }
            Place::Feishu(path) => self.of_feishu(|log_id| {
                self.feishu.response(&self.credentials, request, &path, log_id, self.clock.now())
            }),
            Place::Nowhere => Response::text(404, "404 page not found"),
        }
    }

    fn response_about_another(&self, request: &Request) -> Response {
        match (self.route(request), Place::of(request)) {
            (Some(engagelab::TICKET), Place::EngageLab(id)) => {
                self.of_engagelab(engagelab::another_ticket(id))
            }
            (Some(feishu::TICKET), Place::Feishu(path)) => {
                self.of_feishu(|_| feishu::another_ticket(path.last().copied().unwrap_or_default()))
            }
            _ => self.response(request),
        }
    }

    fn refuse(&self, request: &Request, status: u16, code: i64, message: &str) -> Response {
        match Place::of(request) {
            Place::EngageLab(_) => self.of_engagelab(engagelab::refusal(status, code, message)),
            Place::Feishu(_) => self.of_feishu(|_| feishu::refusal(status, code, message)),
            Place::Nowhere => Response::text(status, message),
        }
    }

    fn end_tokens(&self, end: End) {
        let mut tokens = self.feishu.tokens();
        match end {
            End::Expired => tokens.expire(self.clock.now()),
            End::Revoked => tokens.revoke(),
            End::Spoilt => tokens.spoil(),
        }
    }
}

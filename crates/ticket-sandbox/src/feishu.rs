//! Feishu Helpdesk: token, tickets, messages and field definitions.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scripted_server::{PageFault, Reply, Request};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::generated::Generator;
use crate::{Credentials, tickets};
use failure::Failure;
use generated::GeneratedTickets;
use limiter::Limiter;
use token::Tokens;

pub(crate) use generated::id as generated_id;
pub(crate) use token::MAX_TOKEN_LIFETIME;

mod failure;
mod fields;
mod generated;
mod images;
mod limiter;
mod list;
mod messages;
mod token;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

/// The name of the token route.
pub(crate) const TOKEN: &str = "feishu.token";
/// The name of the ticket route.
pub(crate) const TICKET: &str = "feishu.ticket";
/// The name of the list route.
pub(crate) const LIST: &str = "feishu.list";
/// The name of the route of messages.
pub(crate) const MESSAGES: &str = "feishu.messages";
/// The name of the route of images.
pub(crate) const IMAGE: &str = "feishu.image";
/// The name of the route of field definitions.
pub(crate) const FIELDS: &str = "feishu.fields";

/// Returns the route of a path below `/open-apis`.
pub(crate) fn route(path: &[&str]) -> Option<&'static str> {
    match path {
        ["auth", "v3", "tenant_access_token", "internal"] => Some(TOKEN),
        ["helpdesk", "v1", "tickets"] => Some(LIST),
        ["helpdesk", "v1", "tickets", _] => Some(TICKET),
        ["helpdesk", "v1", "tickets", _, "messages"] => Some(MESSAGES),
        ["helpdesk", "v1", "ticket_images"] => Some(IMAGE),
        ["helpdesk", "v1", "ticket_customized_fields"] => Some(FIELDS),
        _ => None,
    }
}

/// A request, and what it is checked against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) credentials: &'a Credentials,
    pub(crate) request: &'a Request,
    /// The segments below `/open-apis`.
    pub(crate) path: &'a [&'a str],
    pub(crate) log_id: &'a str,
    pub(crate) now: Instant,
}

/// The rate limits. Other calls have no published limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateLimits {
    pub(crate) tickets_per_second: u32,
    pub(crate) lists_per_second: u32,
    pub(crate) lists_per_minute: u32,
    /// Multiplies all limits; 0 turns them off.
    pub(crate) scale: u32,
}

impl RateLimits {
    fn limiter<const N: usize>(self, windows: [(u32, Duration); N]) -> Mutex<Limiter> {
        let scaled = windows.map(|(limit, length)| (limit.saturating_mul(self.scale), length));
        let windows = if self.scale == 0 { Vec::new() } else { scaled.to_vec() };
        Mutex::new(Limiter::new(windows))
    }
}

/// The state between calls.
#[derive(Debug)]
pub(crate) struct Feishu {
    tokens: Mutex<Tokens>,
    ticket_calls: Mutex<Limiter>,
    list_calls: Mutex<Limiter>,
    image_calls: Mutex<Limiter>,
    other_calls: Mutex<Limiter>,
    generated: GeneratedTickets,
}

impl Feishu {
    pub(crate) fn new(
        token_lifetime: Duration,
        limits: RateLimits,
        generator: Generator,
        credentials: &Credentials,
    ) -> Self {
        let RateLimits { tickets_per_second, lists_per_second, lists_per_minute, .. } = limits;
        Self {
            tokens: Mutex::new(Tokens::new(token_lifetime)),
            ticket_calls: limits.limiter([(tickets_per_second, SECOND)]),
            list_calls: limits.limiter([(lists_per_second, SECOND), (lists_per_minute, MINUTE)]),
            image_calls: limits.limiter([(lists_per_second, SECOND), (lists_per_minute, MINUTE)]),
            other_calls: limits.limiter([]),
            generated: GeneratedTickets::new(generator, credentials.feishu_helpdesk_id.clone()),
        }
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Responds to a request whose path below `/open-apis` has these segments, with a fault of a page if it has pages.
    pub(crate) fn reply(&self, call: &Call<'_>, fault: Option<PageFault>) -> Reply {
        let id = || call.path.get(3).copied().unwrap_or_default();
        let query = &*call.request.query;
        let reply = match route(call.path) {
            Some(TOKEN) => only("POST", call.request).and_then(|()| self.token(call)),
            Some(LIST) => self
                .admit(&self.list_calls, call)
                .and_then(|()| list::reply(query, &self.generated, fault)),
            Some(MESSAGES) => self
                .admit(&self.other_calls, call)
                .and_then(|()| messages::reply(query, id(), &self.generated, fault)),
            Some(IMAGE) => self
                .admit(&self.image_calls, call)
                .and_then(|()| images::reply(query, &self.generated)),
            Some(FIELDS) => self
                .admit(&self.other_calls, call)
                .and_then(|()| fields::reply(query, &call.credentials.feishu_helpdesk_id, fault)),
            Some(_) => self.admit(&self.ticket_calls, call).and_then(|()| self.ticket(id())),
            None => return Reply::text(404, "404 page not found"),
        };
        reply.unwrap_or_else(|failure| failure.reply(call.log_id))
    }

    /// Returns a ticket.
    fn ticket(&self, id: &str) -> Result<Reply, Failure> {
        #[derive(Serialize)]
        struct Data<T> {
            ticket: T,
        }
        check_id(id)?;
        if let Some(ticket) = tickets::find("feishu", id) {
            return Ok(Reply::json(200, ticket.body));
        }
        let k = self.generated.find(id).ok_or(Failure::NotFound)?;
        Ok(success(Data { ticket: self.generated.document(k) }))
    }

    /// Responds to the token call. The body has no envelope, and errors have HTTP 200 too.
    fn token(&self, call: &Call<'_>) -> Result<Reply, Failure> {
        #[derive(Deserialize)]
        struct Credential {
            app_id: String,
            app_secret: String,
        }
        #[derive(Serialize)]
        struct Granted {
            code: i32,
            msg: &'static str,
            tenant_access_token: String,
            expire: u64,
        }
        let Credential { app_id, app_secret } =
            serde_json::from_slice(&call.request.body).map_err(|_| Failure::InvalidParam)?;
        if app_id.is_empty() || app_secret.is_empty() {
            return Err(Failure::InvalidParam);
        }
        if app_id != call.credentials.feishu_app_id {
            return Err(Failure::UnknownApp);
        }
        if app_secret != call.credentials.feishu_app_secret {
            return Err(Failure::WrongSecret);
        }
        let (tenant_access_token, expire) = self.tokens().issue(call.now);
        Ok(Reply::json_of(200, &Granted { code: 0, msg: "ok", tenant_access_token, expire }))
    }

    /// Checks a helpdesk call: first the gateway checks token and rate limit, then the helpdesk its own header.
    fn admit(&self, limiter: &Mutex<Limiter>, call: &Call<'_>) -> Result<(), Failure> {
        let Call { credentials, request, now, .. } = *call;
        only("GET", request)?;
        let bearer = request
            .header("Authorization")
            .filter(|value| !value.is_empty())
            .ok_or(Failure::NoToken)?;
        match bearer.strip_prefix("Bearer ").map(str::trim) {
            Some(token) if token.starts_with("u-") => return Err(Failure::UserToken),
            Some(token) if !token.starts_with("t-") => return Err(Failure::MalformedToken),
            None => return Err(Failure::MalformedToken),
            Some(token) if !self.tokens().accepts(token, now) => return Err(Failure::InvalidToken),
            Some(_) => {}
        }
        let mut limiter = limiter.lock().unwrap_or_else(PoisonError::into_inner);
        limiter.take(now).map_err(Failure::RateLimited)?;
        // Exactly the Base64 of the pair: a prefix such as `Bearer ` is not documented.
        let Credentials { feishu_helpdesk_id: id, feishu_helpdesk_token: token, .. } = credentials;
        let expected = STANDARD.encode(format!("{id}:{token}"));
        match request.header("X-Lark-Helpdesk-Authorization") {
            Some(sent) if sent == expected => Ok(()),
            _ => Err(Failure::Unauthorized),
        }
    }
}

fn only(method: &'static str, request: &Request) -> Result<(), Failure> {
    if request.method == method { Ok(()) } else { Err(Failure::WrongMethod { allowed: method }) }
}

/// Checks that an id is a decimal number.
fn check_id(id: &str) -> Result<(), Failure> {
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(()) } else { Err(Failure::BadRequest) }
}

/// Parses a number from 1 to `max`.
fn within(value: &str, max: usize) -> Result<usize, Failure> {
    value.parse().ok().filter(|number| (1..=max).contains(number)).ok_or(Failure::BadRequest)
}

/// Returns another ticket than the one with this id.
pub(crate) fn another_ticket(id: &str) -> Reply {
    Reply::json(200, tickets::another("feishu", id).body)
}

/// Returns a success in the format of the service.
fn success(data: impl Serialize) -> Reply {
    #[derive(Serialize)]
    struct Body<D> {
        code: i32,
        msg: &'static str,
        data: D,
    }
    Reply::json_of(200, &Body { code: 0, msg: "success", data })
}

/// Returns an error in the format of the service.
pub(crate) fn error(status: u16, code: i64, msg: &str) -> Reply {
    #[derive(Serialize)]
    struct Body<'a> {
        code: i64,
        msg: &'a str,
    }
    Reply::json_of(status, &Body { code, msg })
}

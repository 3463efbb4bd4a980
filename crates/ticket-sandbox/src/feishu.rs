//! Feishu Helpdesk: token, ticket and list.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scripted_server::{Reply, Request};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::{Credentials, tickets};
use failure::Failure;
use limiter::Limiter;
use token::Tokens;

pub(crate) use token::MAX_TOKEN_LIFETIME;

mod failure;
mod limiter;
mod list;
mod token;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

/// The name of the token route.
pub(crate) const TOKEN: &str = "feishu.token";
/// The name of the ticket route.
pub(crate) const TICKET: &str = "feishu.ticket";
/// The name of the list route.
pub(crate) const LIST: &str = "feishu.list";

/// Returns the route of a path below `/open-apis`.
pub(crate) fn route(path: &[&str]) -> Option<&'static str> {
    match path {
        ["auth", "v3", "tenant_access_token", "internal"] => Some(TOKEN),
        ["helpdesk", "v1", "tickets"] => Some(LIST),
        ["helpdesk", "v1", "tickets", _] => Some(TICKET),
        _ => None,
    }
}

/// The state between calls.
#[derive(Debug)]
pub(crate) struct Feishu {
    tokens: Mutex<Tokens>,
    ticket_calls: Mutex<Limiter>,
    list_calls: Mutex<Limiter>,
}

impl Feishu {
    pub(crate) fn new(token_lifetime: Duration, per_second: u32, list: (u32, u32)) -> Self {
        Self {
            tokens: Mutex::new(Tokens::new(token_lifetime)),
            ticket_calls: Mutex::new(Limiter::new([(per_second, SECOND)])),
            list_calls: Mutex::new(Limiter::new([(list.0, SECOND), (list.1, MINUTE)])),
        }
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Responds to a request whose path below `/open-apis` has these segments.
    pub(crate) fn reply(
        &self,
        credentials: &Credentials,
        request: &Request,
        path: &[&str],
        log_id: &str,
        now: Instant,
    ) -> Reply {
        let reply = match route(path) {
            Some(TOKEN) => {
                only("POST", request).and_then(|()| self.token(credentials, request, now))
            }
            Some(LIST) => {
                let admitted = only("GET", request)
                    .and_then(|()| self.admit(&self.list_calls, credentials, request, now));
                admitted.and_then(|()| list::reply(&request.query))
            }
            Some(_) => {
                let admitted = only("GET", request)
                    .and_then(|()| self.admit(&self.ticket_calls, credentials, request, now));
                admitted.and_then(|()| ticket(path.last().copied().unwrap_or_default()))
            }
            None => return Reply::text(404, "404 page not found"),
        };
        reply.unwrap_or_else(|failure| failure.reply(log_id))
    }

    /// Responds to the token call. The body has no envelope, and errors have HTTP 200 too.
    fn token(
        &self,
        credentials: &Credentials,
        request: &Request,
        now: Instant,
    ) -> Result<Reply, Failure> {
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
            serde_json::from_slice(&request.body).map_err(|_| Failure::InvalidParam)?;
        if app_id.is_empty() || app_secret.is_empty() {
            return Err(Failure::InvalidParam);
        }
        if app_id != credentials.feishu_app_id {
            return Err(Failure::UnknownApp);
        }
        if app_secret != credentials.feishu_app_secret {
            return Err(Failure::WrongSecret);
        }
        let (tenant_access_token, expire) = self.tokens().issue(now);
        Ok(Reply::json_of(200, &Granted { code: 0, msg: "ok", tenant_access_token, expire }))
    }

    /// Checks a helpdesk call: first the gateway checks token and rate limit, then the helpdesk its own header.
    fn admit(
        &self,
        limiter: &Mutex<Limiter>,
        credentials: &Credentials,
        request: &Request,
        now: Instant,
    ) -> Result<(), Failure> {
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

/// Returns a ticket; its id is a decimal number.
fn ticket(id: &str) -> Result<Reply, Failure> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::BadRequest);
    }
    let ticket = tickets::find("feishu", id).ok_or(Failure::NotFound)?;
    Ok(Reply::json(200, ticket.body))
}

/// Returns another ticket than the one with this id.
pub(crate) fn another_ticket(id: &str) -> Reply {
    Reply::json(200, tickets::another("feishu", id).body)
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

//! The errors of Feishu: status, code and message.

use scripted_server::Reply;
use serde::Serialize;

use super::limiter::Exceeded;

/// Why a call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The id or a parameter is invalid.
    BadRequest,
    /// The helpdesk header is missing or wrong.
    Unauthorized,
    /// The ticket does not exist.
    NotFound,
    /// The image was deleted.
    DeletedImage,
    /// No token was sent.
    NoToken,
    /// The token is malformed.
    MalformedToken,
    /// A user token was sent instead of a tenant token.
    UserToken,
    /// The token is unknown, expired or revoked.
    InvalidToken,
    /// There were too many requests.
    RateLimited(Exceeded),
    /// The method is not allowed.
    WrongMethod { allowed: &'static str },
    /// Token call: the body is invalid.
    InvalidParam,
    /// Token call: the app does not exist.
    UnknownApp,
    /// Token call: the app secret is wrong.
    WrongSecret,
}

/// The body of an error.
#[derive(Serialize)]
struct Body<'a> {
    code: u32,
    msg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Details<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Empty>,
}

/// Details in errors of the gateway.
#[derive(Serialize)]
struct Details<'a> {
    log_id: &'a str,
    troubleshooter: String,
}

#[derive(Serialize)]
struct Empty {}

impl Failure {
    /// Returns HTTP status, code and message.
    fn facts(&self) -> (u16, u32, &'static str) {
        match self {
            Self::BadRequest => (400, 154_000, "Bad request, please check your request body"),
            Self::Unauthorized => {
                (401, 154_001, "Unauthorized, please check you have the correct access")
            }
            Self::NotFound => (404, 154_004, "Resource not found"),
            Self::DeletedImage => (401, 154_404, "Image might be deleted"),
            Self::NoToken => (
                400,
                99_991_661,
                "Missing access token for authorization. Please make a request with token attached.",
            ),
            Self::MalformedToken => {
                (400, 99_991_671, "Invalid access token, it must start with 't-' or 'u-'")
            }
            Self::UserToken => (400, 99_991_668, "user access token not support"),
            Self::InvalidToken => (
                400,
                99_991_663,
                "Invalid access token for authorization. Please make a request with token attached.",
            ),
            Self::RateLimited(_) => (429, 99_991_400, "request trigger frequency limit"),
            Self::WrongMethod { .. } => (405, 99_991_301, "http method not allowed"),
            Self::InvalidParam => (200, 10_003, "invalid param"),
            Self::UnknownApp => (200, 10_014, "app id not exists"),
            Self::WrongSecret => (200, 10_014, "app secret invalid"),
        }
    }

    pub(crate) fn reply(&self, log_id: &str) -> Reply {
        let (status, code, msg) = self.facts();
        let error = self.has_details().then(|| Details {
            log_id,
            troubleshooter: format!(
                "Troubleshooting suggestions: https://open.feishu.cn/search?from=openapi&log_id={log_id}&code={code}"
            ),
        });
        let data = (*self == Self::InvalidParam).then_some(Empty {});
        let reply = Reply::json_of(status, &Body { code, msg, error, data });
        match self {
            Self::RateLimited(Exceeded { limit, reset }) => {
                // Whole seconds, as documented, rounded up.
                let seconds = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
                let reply = reply.with_header("x-ogw-ratelimit-limit", limit.to_string());
                reply.with_header("x-ogw-ratelimit-reset", seconds.to_string())
            }
            Self::WrongMethod { allowed } => reply.with_header("Allow", *allowed),
            _ => reply,
        }
    }

    /// Returns whether the error comes from the gateway, which adds details.
    fn has_details(&self) -> bool {
        matches!(self, Self::NoToken | Self::MalformedToken | Self::UserToken | Self::InvalidToken)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn rounds_the_reset_up_to_seconds() {
        for (reset, seconds) in
            [(0, "0"), (1, "1"), (999, "1"), (1000, "1"), (1001, "2"), (60_000, "60")]
        {
            let exceeded = Exceeded { limit: 10, reset: Duration::from_millis(reset) };
            let reply = Failure::RateLimited(exceeded).reply("A1");
            assert!(
                reply.headers().contains(&("x-ogw-ratelimit-reset".into(), seconds.to_owned())),
                "{reply:?}"
            );
            assert!(
                reply.headers().contains(&("x-ogw-ratelimit-limit".into(), "10".to_owned())),
                "{reply:?}"
            );
        }
    }

    #[test]
    fn documented_errors_equal_the_fixtures() {
        for (failure, name) in [
            (Failure::BadRequest, "error_154000"),
            (Failure::Unauthorized, "error_154001"),
            (Failure::NotFound, "error_154004"),
            (Failure::RateLimited(Exceeded { limit: 10, reset: Duration::ZERO }), "error_99991400"),
            (Failure::InvalidParam, "error_token_10003"),
            (Failure::UnknownApp, "error_token_10014_unknown_app"),
            (Failure::WrongSecret, "error_token_10014"),
        ] {
            let case = ticket_fixtures::case("feishu", name).expect(name);
            let reply = failure.reply("A1");
            let json =
                |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect(name);
            assert_eq!(
                (reply.status(), json(reply.body())),
                (case.http_status, json(case.body)),
                "{name}"
            );
        }
    }
}

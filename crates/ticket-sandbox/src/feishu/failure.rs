//! Each refusal of Feishu: its status, its code, its words.

use serde::Serialize;

use super::limiter::Exceeded;
use crate::http::Response;

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The helpdesk cannot read the id or a parameter.
    BadRequest,
    /// The helpdesk header is missing or wrong.
    Unauthorized,
    /// There is no such ticket.
    NotFound,
    /// No token was sent.
    NoToken,
    /// What was sent as a token is none.
    MalformedToken,
    /// A user's token was sent, where only a tenant's is good.
    UserToken,
    /// The token is unknown, expired or revoked.
    StaleToken,
    /// There were too many calls.
    RateLimited(Exceeded),
    /// The path wants another method.
    WrongMethod { allowed: &'static str },
    /// Token call: the body cannot be used.
    InvalidParam,
    /// Token call: there is no such app.
    UnknownApp,
    /// Token call: the app's secret is another one.
    WrongSecret,
}

/// The body of a refusal; keys that a refusal does not have are left out.
#[derive(Serialize)]
struct Body<'a> {
    code: u32,
    msg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Details<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Empty>,
}

/// What live responses of the gateway have beside code and words.
#[derive(Serialize)]
struct Details<'a> {
    log_id: &'a str,
    troubleshooter: String,
}

#[derive(Serialize)]
struct Empty {}

impl Failure {
    /// Status, code and words of the refusal.
    fn words(&self) -> (u16, u32, &'static str) {
        match self {
            Self::BadRequest => (400, 154_000, "Bad request, please check your request body"),
            Self::Unauthorized => {
                (401, 154_001, "Unauthorized, please check you have the correct access")
            }
            Self::NotFound => (404, 154_004, "Resource not found"),
            Self::NoToken => (
                400,
                99_991_661,
                "Missing access token for authorization. Please make a request with token attached.",
            ),
            Self::MalformedToken => {
                (400, 99_991_671, "Invalid access token, it must start with 't-' or 'u-'")
            }
            Self::UserToken => (400, 99_991_668, "user access token not support"),
            Self::StaleToken => (
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

    pub(crate) fn response(&self, log_id: &str) -> Response {
        let (status, code, msg) = self.words();
        let error = self.has_details().then(|| Details {
            log_id,
            troubleshooter: format!(
                "Troubleshooting suggestions: https://open.feishu.cn/search?from=openapi&log_id={log_id}&code={code}"
            ),
        });
        let data = (*self == Self::InvalidParam).then_some(Empty {});
        let response = Response::json_of(status, &Body { code, msg, error, data });
        match self {
            Self::RateLimited(Exceeded { limit, reset }) => {
                // Whole seconds, as documented, and never too few of them.
                let seconds = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
                let response = response.with_header("x-ogw-ratelimit-limit", limit.to_string());
                response.with_header("x-ogw-ratelimit-reset", seconds.to_string())
            }
            Self::WrongMethod { allowed } => response.with_header("Allow", *allowed),
            _ => response,
        }
    }

    /// Whether it is the gateway that refuses, whose live responses carry the log id.
    fn has_details(&self) -> bool {
        matches!(self, Self::NoToken | Self::MalformedToken | Self::UserToken | Self::StaleToken)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_rest_of_a_second_is_a_second() {
        for (reset, seconds) in
            [(0, "0"), (1, "1"), (999, "1"), (1000, "1"), (1001, "2"), (60_000, "60")]
        {
            let exceeded = Exceeded { limit: 10, reset: Duration::from_millis(reset) };
            let response = Failure::RateLimited(exceeded).response("A1");
            assert!(
                response.headers.contains(&("x-ogw-ratelimit-reset".into(), seconds.to_owned())),
                "{response:?}"
            );
            assert!(
                response.headers.contains(&("x-ogw-ratelimit-limit".into(), "10".to_owned())),
                "{response:?}"
            );
        }
    }

    #[test]
    fn the_documented_refusals_are_the_fixtures() {
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
            let response = failure.response("A1");
            let json =
                |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect(name);
            assert_eq!(
                (response.status, json(&response.body)),
                (case.http_status, json(case.body)),
                "{name}"
            );
        }
    }
}

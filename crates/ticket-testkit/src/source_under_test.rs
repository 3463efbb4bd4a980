//! The description of a source for the contract tests.

mod pages;

use std::fmt;
use std::time::Duration;

use scripted_server::{Reply, Route};
use ticket_core::mapping::Limit;
use ticket_core::mapping::MappingDescription;
use ticket_core::transport::Transport;
use ticket_core::{Error, ErrorKind, TicketSource};

use crate::SampleResponse;

pub(crate) use pages::with_pages;
pub use pages::{ConversationUnderTest, ListUnderTest};

/// A source with a `Debug` implementation, which must not show secrets.
pub(crate) trait DebugSource: TicketSource + fmt::Debug {}

impl<S: TicketSource + fmt::Debug> DebugSource for S {}

/// Builds the source for a base URL.
type Build = dyn Fn(&str, Transport) -> Result<Box<dyn DebugSource>, Error> + Send + Sync;
/// Creates the response with this token.
type TokenResponse = dyn Fn(&str) -> Reply + Send + Sync;

/// A source to be tested by [`run_contract_tests`](crate::run_contract_tests): how to build it, and how its service
/// responds.
///
/// Use real responses of the service, from its documentation or from logs. If the service has several responses for
/// one case, call the method several times.
pub struct SourceUnderTest {
    pub(crate) build: Box<Build>,
    pub(crate) is_in_memory: bool,
    pub(crate) ticket_route: Option<Route>,
    pub(crate) other_routes: Vec<Route>,
    pub(crate) token: Option<TokenRoute>,
    /// Ids and response bodies; a ticket in memory has no body.
    pub(crate) tickets: Vec<(String, Option<&'static [u8]>)>,
    pub(crate) secrets: Vec<String>,
    /// Invalid configurations, each with a description.
    pub(crate) invalid: Vec<(String, Box<Build>)>,
    pub(crate) rate_limits: Vec<Limit>,
    pub(crate) error_responses: Vec<ErrorResponse>,
    pub(crate) decoder: Option<&'static dyn MappingDescription>,
    pub(crate) samples: Vec<SampleResponse>,
    pub(crate) conversation: Option<ConversationUnderTest>,
    pub(crate) list: Option<ListUnderTest>,
    pub(crate) timeout: Duration,
}

/// The route that issues tokens.
pub(crate) struct TokenRoute {
    pub(crate) route: Route,
    pub(crate) response: Box<TokenResponse>,
}

/// An error response of the service.
#[derive(Debug, Clone)]
pub(crate) struct ErrorResponse {
    pub(crate) case: ErrorCase,
    pub(crate) reply: Reply,
    /// The wait that the response asks for.
    pub(crate) wait: Option<Duration>,
}

/// When the service sends an error response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorCase {
    UnknownTicket,
    InvalidCredentials,
    PermissionDenied,
    RateLimited,
    Unavailable,
    InvalidRequest,
    QuotaExhausted,
    Rejected,
    ExpiredToken,
    TokenRejected,
}

impl ErrorCase {
    /// Returns the method that adds such a response.
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::UnknownTicket => "unknown_ticket_response",
            Self::InvalidCredentials => "invalid_credentials_response",
            Self::PermissionDenied => "permission_denied_response",
            Self::RateLimited => "rate_limited_response",
            Self::Unavailable => "unavailable_response",
            Self::InvalidRequest => "invalid_request_response",
            Self::QuotaExhausted => "quota_exhausted_response",
            Self::Rejected => "rejected_response",
            Self::ExpiredToken => "expired_token_response",
            Self::TokenRejected => "token_rejected_response",
        }
    }

    /// Returns the expected kind of error.
    pub(crate) const fn kind(self) -> ErrorKind {
        match self {
            Self::UnknownTicket => ErrorKind::NotFound,
            Self::InvalidCredentials | Self::ExpiredToken | Self::TokenRejected => {
                ErrorKind::Unauthenticated
            }
            Self::PermissionDenied => ErrorKind::PermissionDenied,
            Self::RateLimited => ErrorKind::RateLimited,
            Self::Unavailable => ErrorKind::Unavailable,
            Self::InvalidRequest => ErrorKind::InvalidRequest,
            Self::QuotaExhausted => ErrorKind::QuotaExhausted,
            Self::Rejected => ErrorKind::Rejected,
        }
    }
}

impl SourceUnderTest {
    /// Describes a source that fetches over HTTP.
    ///
    /// `build` receives a base URL and a transport, which it must use unchanged. It uses the credentials that
    /// [`secret`](Self::secret) names.
    pub fn over_http<S>(
        build: impl Fn(&str, Transport) -> Result<S, Error> + Send + Sync + 'static,
    ) -> Self
    where
        S: TicketSource + fmt::Debug + 'static,
    {
        Self {
            build: boxed(build),
            is_in_memory: false,
            ticket_route: None,
            other_routes: Vec::new(),
            token: None,
            tickets: Vec::new(),
            secrets: Vec::new(),
            invalid: Vec::new(),
            rate_limits: Vec::new(),
            error_responses: Vec::new(),
            decoder: None,
            samples: Vec::new(),
            conversation: None,
            list: None,
            timeout: Duration::from_mins(1),
        }
    }

    /// Describes a source without HTTP, such as one in memory. Tests that need a server are skipped.
    pub fn in_memory<S>(build: impl Fn() -> Result<S, Error> + Send + Sync + 'static) -> Self
    where
        S: TicketSource + fmt::Debug + 'static,
    {
        Self { is_in_memory: true, ..Self::over_http(move |_, _| build()) }
    }

    /// Sets the route of a ticket, such as `Route::get("ticket", "/api/tickets/{id}")`.
    #[must_use]
    pub fn ticket_route(mut self, route: Route) -> Self {
        self.ticket_route = Some(route);
        self
    }

    /// Adds another route that a ticket needs, with its replies.
    #[must_use]
    pub fn other_route(mut self, route: Route) -> Self {
        self.other_routes.push(route);
        self
    }

    /// Sets the route of the token call, and how its response contains a given token.
    #[must_use]
    pub fn token_route(
        mut self,
        route: Route,
        response: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.token = Some(TokenRoute { route, response: Box::new(response) });
        self
    }

    /// Adds a ticket and its response body (HTTP 200). At least two with different ids are required.
    ///
    /// Several responses may show one ticket; the other tests use the first of them.
    #[must_use]
    pub fn ticket(mut self, id: impl Into<String>, body: &'static [u8]) -> Self {
        self.tickets.push((id.into(), Some(body)));
        self
    }

    /// Adds the id of a ticket of a source in memory. At least two are required.
    #[must_use]
    pub fn ticket_in_memory(mut self, id: impl Into<String>) -> Self {
        self.tickets.push((id.into(), None));
        self
    }

    /// Adds a credential with which the source is built. It must be made up and have at least 8 characters; include `/`
    /// and `+`, whose encodings differ.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Adds an invalid configuration and its description, such as `"no key"`. At least one is required.
    #[must_use]
    pub fn rejects_configuration<S>(
        mut self,
        description: impl Into<String>,
        build: impl Fn(&str, Transport) -> Result<S, Error> + Send + Sync + 'static,
    ) -> Self
    where
        S: TicketSource + fmt::Debug + 'static,
    {
        self.invalid.push((description.into(), boxed(build)));
        self
    }

    /// Adds a documented rate limit of the ticket call.
    #[must_use]
    pub fn rate_limit(mut self, limit: Limit) -> Self {
        self.rate_limits.push(limit);
        self
    }

    /// Adds the response for an unknown ticket.
    #[must_use]
    pub fn unknown_ticket_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::UnknownTicket, reply, None)
    }

    /// Adds the response for invalid credentials.
    #[must_use]
    pub fn invalid_credentials_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::InvalidCredentials, reply, None)
    }

    /// Adds the response for valid credentials without permission.
    #[must_use]
    pub fn permission_denied_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::PermissionDenied, reply, None)
    }

    /// Adds the response for too many requests, and the wait that it asks for. Keep the wait short: the tests wait twice.
    ///
    /// Required if the service has a [`rate_limit`](Self::rate_limit); otherwise the tests send the error page of a gateway.
    #[must_use]
    pub fn rate_limited_response(self, reply: Reply, wait: Option<Duration>) -> Self {
        self.error_response(ErrorCase::RateLimited, reply, wait)
    }

    /// Adds the response of an overloaded or broken service. Error pages of a gateway are always tested.
    #[must_use]
    pub fn unavailable_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::Unavailable, reply, None)
    }

    /// Adds the response for an invalid request.
    #[must_use]
    pub fn invalid_request_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::InvalidRequest, reply, None)
    }

    /// Adds the response for an exhausted quota, where a short wait does not help.
    #[must_use]
    pub fn quota_exhausted_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::QuotaExhausted, reply, None)
    }

    /// Adds the response for any other error with a code of the service.
    #[must_use]
    pub fn rejected_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::Rejected, reply, None)
    }

    /// Adds the response for an expired token, which a new token fixes.
    #[must_use]
    pub fn expired_token_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::ExpiredToken, reply, None)
    }

    /// Adds the response of the token call for invalid credentials.
    #[must_use]
    pub fn token_rejected_response(self, reply: Reply) -> Self {
        self.error_response(ErrorCase::TokenRejected, reply, None)
    }

    fn error_response(mut self, case: ErrorCase, reply: Reply, wait: Option<Duration>) -> Self {
        self.error_responses.push(ErrorResponse { case, reply, wait });
        self
    }

    /// Sets the decoder, whose mapping is verified with all tickets and [`samples`](Self::samples).
    #[must_use]
    pub fn decoder(mut self, decoder: &'static dyn MappingDescription) -> Self {
        self.decoder = Some(decoder);
        self
    }

    /// Adds ticket responses to verify the mapping with.
    #[must_use]
    pub fn samples(mut self, samples: impl IntoIterator<Item = SampleResponse>) -> Self {
        self.samples.extend(samples);
        self
    }

    /// Describes the conversation of the first ticket, if the source needs further calls for it.
    #[must_use]
    pub fn conversation(mut self, conversation: ConversationUnderTest) -> Self {
        self.conversation = Some(conversation);
        self
    }

    /// Describes the list. Required if the source has one.
    #[must_use]
    pub fn list(mut self, list: ListUnderTest) -> Self {
        self.list = Some(list);
        self
    }

    /// Sets how long a test waits before it reports that nothing happened. Default: one minute.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

fn boxed<S>(
    build: impl Fn(&str, Transport) -> Result<S, Error> + Send + Sync + 'static,
) -> Box<Build>
where
    S: TicketSource + fmt::Debug + 'static,
{
    Box::new(move |base_url, transport| {
        Ok(Box::new(build(base_url, transport)?) as Box<dyn DebugSource>)
    })
}

impl fmt::Debug for SourceUnderTest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SourceUnderTest")
            .field("ticket_route", &self.ticket_route)
            .field("tickets", &self.tickets.len())
            .finish_non_exhaustive()
    }
}

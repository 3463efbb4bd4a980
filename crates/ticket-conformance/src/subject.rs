//! A source to be tried, as its author describes it: how it is built, and what its service responds.

use std::fmt;
use std::time::Duration;

use ticket_core::mapping::{Limit, MappingDescription};
use ticket_core::transport::Transport;
use ticket_core::{Error, ErrorKind, TicketSource};
use ticket_sandbox::{Reply, Route};

use crate::Case;

/// A source that can be printed, which must not tell a secret.
pub(crate) trait Printable: TicketSource + fmt::Debug {}

impl<S: TicketSource + fmt::Debug> Printable for S {}

/// Builds the source for a base URL.
type Build = dyn Fn(&str, Transport) -> Result<Box<dyn Printable>, Error> + Send + Sync;
/// Makes the response that brings a token.
type Grant = dyn Fn(&str) -> Reply + Send + Sync;

/// A source to be tried: how it is built, and what its service responds. Nothing is tried before
/// [`keep_all`](crate::keep_all).
///
/// Each response is one that the service gives in real life, best taken from its documentation or from a log.
pub struct Subject {
    pub(crate) build: Box<Build>,
    pub(crate) is_in_memory: bool,
    pub(crate) ticket_route: Option<Route>,
    pub(crate) other_routes: Vec<Route>,
    pub(crate) token: Option<Token>,
    /// The tickets, each with its response; one that is held in memory has none.
    pub(crate) tickets: Vec<(String, Option<&'static [u8]>)>,
    pub(crate) secrets: Vec<String>,
    /// Settings from which no source may be built, each with a word for them.
    pub(crate) unbuildable: Vec<(String, Box<Build>)>,
    /// What the service allows of the call that asks for a ticket.
    pub(crate) limits: Vec<Limit>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) decoder: Option<&'static dyn MappingDescription>,
    pub(crate) cases: Vec<Case>,
    pub(crate) patience: Duration,
}

/// The call that fetches a token.
pub(crate) struct Token {
    pub(crate) route: Route,
    pub(crate) grant: Box<Grant>,
}

/// A response in which the service refuses.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) what: Refused,
    pub(crate) reply: Reply,
    /// How long the response asks to wait.
    pub(crate) wait: Option<Duration>,
}

/// What a service refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    Unknown,
    Credentials,
    Access,
    Limit,
    Overload,
    /// The request is not understood.
    Request,
    /// A quota is used up.
    Quota,
    /// Anything else.
    Otherwise,
    /// Another token may help.
    Token,
    /// No token is given.
    TokenCall,
}

impl Refused {
    /// How the author says it.
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::Unknown => "when_unknown",
            Self::Credentials => "when_refused",
            Self::Access => "when_forbidden",
            Self::Limit => "when_limited",
            Self::Overload => "when_overloaded",
            Self::Request => "when_not_understood",
            Self::Quota => "when_used_up",
            Self::Otherwise => "when_refused_otherwise",
            Self::Token => "when_token_refused",
            Self::TokenCall => "when_token_call_refused",
        }
    }

    /// The error that it is.
    pub(crate) const fn kind(self) -> ErrorKind {
        match self {
            Self::Unknown => ErrorKind::NotFound,
            Self::Credentials | Self::Token | Self::TokenCall => ErrorKind::Unauthenticated,
            Self::Access => ErrorKind::PermissionDenied,
            Self::Limit => ErrorKind::RateLimited,
            Self::Overload => ErrorKind::Unavailable,
            Self::Request => ErrorKind::InvalidRequest,
            Self::Quota => ErrorKind::QuotaExhausted,
            Self::Otherwise => ErrorKind::Rejected,
        }
    }
}

impl Subject {
    /// A source that asks a service over HTTP.
    ///
    /// `build` makes one for a base URL, with the credentials that [`secret`](Self::secret) names, and with the transport as it is
    /// given: each promise has its own deadlines.
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
            unbuildable: Vec::new(),
            limits: Vec::new(),
            refusals: Vec::new(),
            decoder: None,
            cases: Vec::new(),
            patience: Duration::from_mins(1),
        }
    }

    /// A source that asks nobody: one in memory, or in a file. It keeps the promises that make sense without a service.
    pub fn in_memory<S>(build: impl Fn() -> Result<S, Error> + Send + Sync + 'static) -> Self
    where
        S: TicketSource + fmt::Debug + 'static,
    {
        Self { is_in_memory: true, ..Self::over_http(move |_, _| build()) }
    }

    /// Where a ticket is asked for, `{id}` in the place of its id: `Route::get("ticket", "/api/tickets/{id}")`.
    #[must_use]
    pub fn ticket_route(mut self, route: Route) -> Self {
        self.ticket_route = Some(route);
        self
    }

    /// Another call that a ticket needs, with its responses.
    #[must_use]
    pub fn other_route(mut self, route: Route) -> Self {
        self.other_routes.push(route);
        self
    }

    /// Where a token is fetched, and the response that brings this one.
    #[must_use]
    pub fn token_route(
        mut self,
        route: Route,
        grant: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.token = Some(Token { route, grant: Box::new(grant) });
        self
    }

    /// A ticket of the service and the response that brings it, with HTTP 200. Two are needed at least.
    #[must_use]
    pub fn ticket(mut self, id: impl Into<String>, body: &'static [u8]) -> Self {
        self.tickets.push((id.into(), Some(body)));
        self
    }

    /// A ticket of a source that is held in memory. Two are needed at least.
    #[must_use]
    pub fn holds(mut self, id: impl Into<String>) -> Self {
        self.tickets.push((id.into(), None));
        self
    }

    /// A credential with which the source is built, made up and easy to recognize: 8 characters at least, best with a `/` and a `+`, so
    /// that its forms differ.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Settings from which no source is built, and what is wrong with them: `"no key"`. Without credentials at least.
    #[must_use]
    pub fn not_built<S>(
        mut self,
        what: impl Into<String>,
        build: impl Fn(&str, Transport) -> Result<S, Error> + Send + Sync + 'static,
    ) -> Self
    where
        S: TicketSource + fmt::Debug + 'static,
    {
        self.unbuildable.push((what.into(), boxed(build)));
        self
    }

    /// How often the service lets a ticket be asked for, by its documentation; of several limits each.
    #[must_use]
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limits.push(limit);
        self
    }

    /// What the service responds where there is no such ticket.
    #[must_use]
    pub fn when_unknown(self, reply: Reply) -> Self {
        self.refusal(Refused::Unknown, reply, None)
    }

    /// What the service responds where the credentials are wrong.
    #[must_use]
    pub fn when_refused(self, reply: Reply) -> Self {
        self.refusal(Refused::Credentials, reply, None)
    }

    /// What the service responds where the credentials are right and do not suffice.
    #[must_use]
    pub fn when_forbidden(self, reply: Reply) -> Self {
        self.refusal(Refused::Access, reply, None)
    }

    /// What the service responds where there were too many requests, and how long that response asks to wait, where it does. Choose a
    /// short wait: it is really waited for, twice.
    #[must_use]
    pub fn when_limited(self, reply: Reply, wait: Option<Duration>) -> Self {
        self.refusal(Refused::Limit, reply, wait)
    }

    /// What the service responds where it is overloaded or broken; the pages of a gateway are tried besides.
    #[must_use]
    pub fn when_overloaded(self, reply: Reply) -> Self {
        self.refusal(Refused::Overload, reply, None)
    }

    /// What the service responds where it makes no sense of the request.
    #[must_use]
    pub fn when_not_understood(self, reply: Reply) -> Self {
        self.refusal(Refused::Request, reply, None)
    }

    /// What the service responds where a quota is used up, which no short wait mends.
    #[must_use]
    pub fn when_used_up(self, reply: Reply) -> Self {
        self.refusal(Refused::Quota, reply, None)
    }

    /// What the service responds where it refuses for a reason of its own, with a code.
    #[must_use]
    pub fn when_refused_otherwise(self, reply: Reply) -> Self {
        self.refusal(Refused::Otherwise, reply, None)
    }

    /// What the service responds where a token has ended, so that another one helps.
    #[must_use]
    pub fn when_token_refused(self, reply: Reply) -> Self {
        self.refusal(Refused::Token, reply, None)
    }

    /// What the token's route responds where the credentials are wrong.
    #[must_use]
    pub fn when_token_call_refused(self, reply: Reply) -> Self {
        self.refusal(Refused::TokenCall, reply, None)
    }

    fn refusal(mut self, what: Refused, reply: Reply, wait: Option<Duration>) -> Self {
        self.refusals.push(Refusal { what, reply, wait });
        self
    }

    /// The pure half of the provider, whose mapping is proved with the responses of all tickets, and with these [`cases`](Self::cases).
    #[must_use]
    pub fn decoder(mut self, decoder: &'static dyn MappingDescription) -> Self {
        self.decoder = Some(decoder);
        self
    }

    /// More responses that are tickets, for the proof of the mapping.
    #[must_use]
    pub fn cases(mut self, cases: impl IntoIterator<Item = Case>) -> Self {
        self.cases.extend(cases);
        self
    }

    /// How long anything may take before it counts as endless; a minute without this.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
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
        Ok(Box::new(build(base_url, transport)?) as Box<dyn Printable>)
    })
}

impl fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Subject")
            .field("ticket_route", &self.ticket_route)
            .field("tickets", &self.tickets.len())
            .finish_non_exhaustive()
    }
}

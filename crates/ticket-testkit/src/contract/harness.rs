//! The scripted server that plays the service, and the source that fetches from it.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use scripted_server::{FaultRule, Reply, Requests, Route, ScriptedServer};
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{FetchOptions, TicketId};
use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::outcome::{Outcome, on_one_line};
use super::secrets::Observer;
use crate::SourceUnderTest;
use crate::mutation::panic;
use crate::source_under_test::{DebugSource, ErrorCase, ErrorResponse, with_pages};

/// The start of every token, before its number: a secret like the credentials.
pub(super) const TOKEN: &str = "t-canary/token+";

/// The problems that a test found, one line each.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<String>);

impl Problems {
    /// Adds problems, each with the situation in which it occurred.
    pub(super) fn add(&mut self, situation: &str, problems: impl IntoIterator<Item = String>) {
        self.0.extend(problems.into_iter().map(|problem| format!("{situation}: {problem}")));
    }
}

/// The result of a test; an error is why it could not run to its end.
pub(super) type TestResult = Result<Problems, String>;

/// Runs a test in a runtime with several threads, because a source may be used from any thread.
pub(super) fn run<F: Future<Output = TestResult>>(test: impl FnOnce() -> F + Send) -> Vec<String> {
    let run = move || {
        let observer = Observer::default();
        observer.listen();
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(2).on_thread_start(move || observer.listen());
        let runtime = builder.enable_all().build();
        let runtime = runtime.map_err(|error| format!("cannot start a runtime: {error}"))?;
        runtime.block_on(test())
    };
    match thread::scope(|scope| scope.spawn(run).join()) {
        Ok(Ok(Problems(problems))) => problems,
        Ok(Err(problem)) => vec![problem],
        Err(panic) => vec![format!("panicked: {}", panic::message(&*panic))],
    }
}

/// Only the first request.
pub(super) const ONCE: Requests = Requests::Range(NonZeroU64::MIN, Some(NonZeroU64::MIN));

/// How the server behaves, and how the source is configured.
pub(super) struct Scenario {
    pub(super) settings: TransportConfig,
    /// Replies at the ticket route, instead of the tickets.
    pub(super) ticket: Vec<(Requests, Reply)>,
    /// Replies at the token route, instead of tokens.
    pub(super) token: Vec<(Requests, Reply)>,
    /// Replies at the routes of the conversation and of the list, by the name of the route.
    pub(super) pages: Vec<(&'static str, Requests, Reply)>,
    /// The reply for an unknown ticket.
    pub(super) unknown: Option<Reply>,
    pub(super) faults: Vec<FaultRule>,
}

impl Default for Scenario {
    /// The service works; retries and rate limits hardly wait.
    fn default() -> Self {
        let settings = TransportConfig {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(1),
            max_backoff: Duration::from_millis(5),
            rate_limit_fraction: 1_000.0,
            ..TransportConfig::default()
        };
        let (ticket, token, faults) = (Vec::new(), Vec::new(), Vec::new());
        Self { settings, ticket, token, pages: Vec::new(), unknown: None, faults }
    }
}

impl Scenario {
    /// Sends this reply to these requests at the ticket route.
    pub(super) fn ticket_reply(requests: Requests, reply: Reply) -> Self {
        Self { ticket: vec![(requests, reply)], ..Self::default() }
    }

    /// Sends this reply to these requests at the token route.
    pub(super) fn token_reply(requests: Requests, reply: Reply) -> Self {
        Self { token: vec![(requests, reply)], ..Self::default() }
    }

    /// Sends this reply to these requests at the route of the conversation or of the list.
    pub(super) fn reply(route: &'static str, requests: Requests, reply: Reply) -> Self {
        Self { pages: vec![(route, requests, reply)], ..Self::default() }
    }

    /// Injects a fault into these requests at a route.
    pub(super) fn fault(route: &str, requests: Requests, fault: &str) -> Self {
        let fault = fault.parse().expect("the faults of this crate are valid");
        Self { faults: vec![FaultRule::new(route, requests, fault)], ..Self::default() }
    }
}

/// A running server, and a source that uses it.
pub(super) struct Harness {
    pub(super) server: ScriptedServer,
    pub(super) source: Arc<dyn DebugSource>,
    ticket_route: &'static str,
    token_route: Option<&'static str>,
    timeout: Duration,
}

impl Harness {
    /// Starts the server, and builds the source for it.
    pub(super) async fn start(
        subject: &SourceUnderTest,
        scenario: Scenario,
    ) -> Result<Self, String> {
        let Scenario { settings, ticket, token, pages, unknown, faults } = scenario;
        let (route, token_route) = subject.routes()?;
        let mut route = with_replies(route, ticket);
        for (id, body) in &subject.tickets {
            route = route.reply(id, Reply::json(200, body.unwrap_or_default()));
        }
        let documented = || subject.error_responses(ErrorCase::UnknownTicket).next();
        if let Some(reply) = unknown.or_else(|| Some(documented()?.reply.clone())) {
            route = route.default_reply(reply);
        }
        let (ticket_name, token_name) = (route.name(), token_route.as_ref().map(Route::name));
        let token_route = token_route.map(|route| subject.with_tokens(with_replies(route, token)));
        let routes = [route].into_iter().chain(token_route);
        let routes = routes.chain(subject.other_routes.iter().cloned());
        let routes = routes.chain(subject.routes_of_pages(&pages));
        let server = ScriptedServer::start(routes).await.map_err(|error| error.to_string())?;
        for rule in faults {
            server.inject(rule).map_err(|error| error.to_string())?;
        }
        let source = subject.source(&server.base_url(), settings)?;
        let timeout = subject.timeout;
        Ok(Self { server, source, ticket_route: ticket_name, token_route: token_name, timeout })
    }

    /// Fetches a ticket.
    pub(super) async fn fetch(&self, id: &str) -> Outcome {
        fetch(&*self.source, id, self.timeout).await
    }

    /// Fetches a ticket with its conversation.
    pub(super) async fn fetch_conversation(&self, id: &str) -> Outcome {
        let options = FetchOptions::default().with_conversation();
        fetch_with(&*self.source, id, options, self.timeout).await
    }

    /// Returns the number of requests at all routes but the token route.
    pub(super) fn requests(&self) -> usize {
        self.server.received().len() - self.token_requests()
    }

    /// Returns the number of requests at the ticket route.
    pub(super) fn ticket_requests(&self) -> usize {
        self.server.count(self.ticket_route)
    }

    /// Returns the number of requests at the token route.
    pub(super) fn token_requests(&self) -> usize {
        self.token_route.map_or(0, |route| self.server.count(route))
    }

    /// Returns a problem unless the number of requests at the ticket route is as expected.
    pub(super) fn expect_ticket_requests(&self, expected: usize) -> Option<String> {
        let count = self.ticket_requests();
        (count != expected).then(|| format!("sent {count} ticket requests; expected {expected}"))
    }

    /// Waits until a condition holds; returns a problem with this message if it does not in time.
    pub(super) async fn wait_until(
        &self,
        condition: impl Fn(&Self) -> bool,
        message: &str,
    ) -> Option<String> {
        let wait = async {
            while !condition(self) {
                yield_now().await;
            }
        };
        let waited = timeout(self.timeout, wait).await;
        waited.err().map(|_| format!("{message} after {} s", self.timeout.as_secs_f64()))
    }
}

/// Fetches a ticket from a source.
pub(super) async fn fetch(source: &dyn DebugSource, id: &str, limit: Duration) -> Outcome {
    fetch_with(source, id, FetchOptions::default(), limit).await
}

async fn fetch_with(
    source: &dyn DebugSource,
    id: &str,
    options: FetchOptions,
    limit: Duration,
) -> Outcome {
    let id = match TicketId::new(id) {
        Ok(id) => id,
        Err(error) => return Outcome::Failed(error),
    };
    // Without options, callers use `fetch`.
    let call = async {
        if options == FetchOptions::default() {
            source.fetch(&id).await
        } else {
            source.fetch_with(&id, options).await
        }
    };
    match timeout(limit, call).await {
        Ok(Ok(record)) => Outcome::Ticket(Box::new(record)),
        Ok(Err(error)) => Outcome::Failed(error),
        Err(_) => Outcome::TimedOut(limit),
    }
}

fn with_replies(route: Route, replies: Vec<(Requests, Reply)>) -> Route {
    replies.into_iter().fold(route, |route, (requests, reply)| route.reply_to(requests, reply))
}

impl SourceUnderTest {
    /// Builds the source.
    pub(super) fn source(
        &self,
        base_url: &str,
        settings: TransportConfig,
    ) -> Result<Arc<dyn DebugSource>, String> {
        let source = (self.build)(base_url, Transport::new(settings));
        source.map(Arc::from).map_err(|error| format!("the source cannot be built: {error}"))
    }

    /// Returns the ticket route and the token route, without replies.
    pub(super) fn routes(&self) -> Result<(Route, Option<Route>), String> {
        let ticket = self.ticket_route.clone();
        let ticket = ticket.ok_or("the ticket route is missing: add `.ticket_route(…)`")?;
        Ok((ticket, self.token.as_ref().map(|token| token.route.clone())))
    }

    /// Returns the routes of the conversation and of the list, with their pages and these replies.
    fn routes_of_pages(&self, replies: &[(&'static str, Requests, Reply)]) -> Vec<Route> {
        let conversation = self.conversation.as_ref().map(|it| (it.route.clone(), &it.pages));
        let list = self.list.as_ref().and_then(|it| Some((it.route.clone()?, &it.pages)));
        let routes = conversation.into_iter().chain(list);
        let routes = routes.map(|(route, pages)| {
            let own = replies.iter().filter(|(name, ..)| *name == route.name());
            let own = own.map(|(_, requests, reply)| (*requests, reply.clone())).collect();
            with_replies(with_pages(route, pages), own)
        });
        routes.collect()
    }

    /// Returns the size of the largest response of the service, in bytes.
    pub(super) fn largest_response(&self) -> usize {
        let pages = self.conversation.iter().map(|it| &it.pages);
        let pages = pages.chain(self.list.iter().map(|it| &it.pages)).flatten();
        let bodies = self.tickets.iter().filter_map(|(_, body)| *body);
        let bodies = bodies.chain(pages.map(|(_, body)| *body)).map(<[u8]>::len);
        let others = self.other_routes.iter().map(Route::largest_body);
        let token = self.token.iter().map(|token| (token.response)(TOKEN).body().len());
        bodies.chain(others).chain(token).max().unwrap_or_default()
    }

    /// Adds replies with numbered tokens to the token route.
    fn with_tokens(&self, route: Route) -> Route {
        let Some(token) = &self.token else { return route };
        let numbers = (1..=9).filter_map(NonZeroU64::new);
        let route = route.default_reply((token.response)(&format!("{TOKEN}0")));
        numbers.fold(route, |route, number| {
            let reply = (token.response)(&format!("{TOKEN}{number}"));
            route.reply_to(Requests::Range(number, Some(number)), reply)
        })
    }

    /// Returns the names of the ticket route and the token route.
    pub(super) fn route_names(&self) -> Result<Vec<&'static str>, String> {
        let (ticket, token) = self.routes()?;
        Ok([Some(ticket), token].into_iter().flatten().map(|route| route.name()).collect())
    }

    /// Returns the first ticket.
    pub(super) fn first_ticket(&self) -> Result<(&str, &'static [u8]), String> {
        let (id, body) = self.tickets.first().ok_or("tickets are missing: add two `.ticket(…)`")?;
        Ok((id, body.unwrap_or_default()))
    }

    /// Returns the ids of all tickets, of which at least two differ.
    pub(super) fn ids(&self) -> Result<Vec<&str>, String> {
        let (first, _) = self.first_ticket()?;
        let ids: Vec<_> = self.tickets.iter().map(|(id, _)| id.as_str()).collect();
        if ids.iter().all(|id| *id == first) {
            return Err(format!("every ticket has the id {first}: add another `.ticket(…)`"));
        }
        Ok(ids)
    }

    /// Returns an unknown id that looks like a known one.
    pub(super) fn unknown_id(&self) -> Result<String, String> {
        let ids = self.ids()?;
        let digits = (0..=9_u8).rev().map(|digit| char::from(b'0' + digit));
        let stem = ids[0].strip_suffix(char::is_alphanumeric).unwrap_or(ids[0]);
        let mut others = digits.map(|digit| format!("{stem}{digit}"));
        others.find(|id| !ids.contains(&id.as_str())).ok_or_else(|| "every id is taken".to_owned())
    }

    /// Returns the error responses of this case.
    pub(super) fn error_responses(&self, case: ErrorCase) -> impl Iterator<Item = &ErrorResponse> {
        self.error_responses.iter().filter(move |response| response.case == case)
    }

    /// Returns the error responses of this case; at least one is required. A service without rate limits may be behind a gateway that
    /// has them.
    pub(super) fn required_error_responses(
        &self,
        case: ErrorCase,
    ) -> Result<Vec<ErrorResponse>, String> {
        let responses: Vec<_> = self.error_responses(case).cloned().collect();
        if responses.is_empty() && case == ErrorCase::RateLimited && self.rate_limits.is_empty() {
            return Ok(vec![ErrorResponse { case, reply: Reply::gateway_page(429), wait: None }]);
        }
        if responses.is_empty() {
            return Err(format!("the response is missing: add `.{}(…)`", case.method()));
        }
        Ok(responses)
    }

    /// Responds to every ticket request with each error response of this case, and checks the error and the requests.
    pub(super) async fn check_error_responses(
        &self,
        case: ErrorCase,
        check: impl Fn(&Harness) -> Option<String>,
    ) -> TestResult {
        let mut problems = Problems::default();
        let (id, _) = self.first_ticket()?;
        for response in self.required_error_responses(case)? {
            let situation = describe(&response.reply);
            let scenario = Scenario::ticket_reply(Requests::All, response.reply);
            let harness = Harness::start(self, scenario).await?;
            let outcome = harness.fetch(id).await;
            let provider = harness.source.provider();
            problems.add(&situation, outcome.expect_error(&[case.kind()], provider));
            problems.add(&situation, check(&harness));
        }
        Ok(problems)
    }
}

/// Describes a reply in a few words.
pub(super) fn describe(reply: &Reply) -> String {
    let body = String::from_utf8_lossy(reply.body());
    let words: Vec<_> = body.split_whitespace().collect();
    format!("HTTP {} with `{}`", reply.status(), on_one_line(&words.join(" "), 80))
}

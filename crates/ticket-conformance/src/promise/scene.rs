//! The stage of a promise: a server that responds as the subject says, and the source that asks it.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ticket_core::TicketId;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_sandbox::{Reply, Requests, Route, Rule, Scripted};
use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::outcome::{Outcome, on_one_line};
use super::secrets::Observer;
use crate::Subject;
use crate::subject::{Printable, Refusal, Refused};
use crate::survival::panic;

/// The body of every token, before its number: a secret like any other.
pub(super) const TOKEN: &str = "t-canary/token+";

/// What was seen to be wrong, a line each.
#[derive(Debug, Default)]
pub(super) struct Faults(pub(super) Vec<String>);

impl Faults {
    /// Adds what is wrong at this place, where anything is.
    pub(super) fn add(&mut self, place: &str, fault: impl IntoIterator<Item = String>) {
        self.0.extend(fault.into_iter().map(|fault| format!("{place}: {fault}")));
    }
}

/// What the trial of a promise found; an error is what kept it from going on.
pub(super) type Found = Result<Faults, String>;

/// Runs a trial with a runtime of its own, on several threads because a source may be asked from any.
pub(super) fn run<F: Future<Output = Found>>(trial: impl FnOnce() -> F + Send) -> Vec<String> {
    let run = move || {
        let observer = Observer::default();
        observer.listen();
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(2).on_thread_start(move || observer.listen());
        let runtime = builder.enable_all().build();
        let runtime = runtime.map_err(|error| format!("there is no runtime: {error}"))?;
        runtime.block_on(trial())
    };
    let found = thread::scope(|scope| scope.spawn(run).join());
    match found {
        Ok(Ok(Faults(faults))) => faults,
        Ok(Err(fault)) => vec![fault],
        Err(panic) => vec![format!("it panics: {}", panic::message(&*panic))],
    }
}

/// The first request only.
pub(super) const ONCE: Requests = Requests::Range(NonZeroU64::MIN, Some(NonZeroU64::MIN));

/// What is to happen on a stage.
pub(super) struct Play {
    pub(super) settings: TransportConfig,
    /// What is answered at the route of the ticket instead of it.
    pub(super) ticket: Vec<(Requests, Reply)>,
    /// What is answered at the route of the token instead of it.
    pub(super) token: Vec<(Requests, Reply)>,
    /// What is answered where there is no such ticket.
    pub(super) unknown: Option<Reply>,
    pub(super) rules: Vec<Rule>,
}

impl Default for Play {
    /// As usual, but that nobody waits long for another attempt or for a turn.
    fn default() -> Self {
        let settings = TransportConfig {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(1),
            max_backoff: Duration::from_millis(5),
            rate_limit_fraction: 1_000.0,
            ..TransportConfig::default()
        };
        let (ticket, token, rules) = (Vec::new(), Vec::new(), Vec::new());
        Self { settings, ticket, token, unknown: None, rules }
    }
}

impl Play {
    /// This is answered at the route of the ticket instead of it.
    pub(super) fn with(requests: Requests, reply: Reply) -> Self {
        Self { ticket: vec![(requests, reply)], ..Self::default() }
    }

    /// This is answered at the route of the token instead of it.
    pub(super) fn with_token(requests: Requests, reply: Reply) -> Self {
        Self { token: vec![(requests, reply)], ..Self::default() }
    }

    /// This fault strikes these requests of a route.
    pub(super) fn struck(route: &str, requests: Requests, fault: &str) -> Self {
        let fault = fault.parse().expect("the faults of this crate can be read");
        Self { rules: vec![Rule::new(route, requests, fault)], ..Self::default() }
    }
}

/// A stage on which a play goes on.
pub(super) struct Scene {
    pub(super) server: Scripted,
    pub(super) source: Arc<dyn Printable>,
    ticket_route: &'static str,
    token_route: Option<&'static str>,
    patience: Duration,
}

impl Scene {
    /// Starts the server, and builds the source for it.
    pub(super) async fn of(subject: &Subject, play: Play) -> Result<Self, String> {
        let Play { settings, ticket, token, unknown, rules } = play;
        let (route, token_route) = subject.routes()?;
        let mut route = instead(route, ticket);
        for (id, body) in &subject.tickets {
            route = route.response(id, Reply::json(200, body.unwrap_or_default()));
        }
        let unknown =
            unknown.or_else(|| Some(subject.refusals(Refused::Unknown).next()?.reply.clone()));
        if let Some(unknown) = unknown {
            route = route.otherwise(unknown);
        }
        let (ticket_name, token_name) = (route.name(), token_route.as_ref().map(Route::name));
        let token_route = token_route.map(|route| subject.granting(instead(route, token)));
        let routes = [route].into_iter().chain(token_route);
        let routes = routes.chain(subject.other_routes.iter().cloned());
        let server = Scripted::start(routes).await.map_err(|error| error.to_string())?;
        for rule in rules {
            server.inject(rule).map_err(|error| error.to_string())?;
        }
        let source = subject.source(&server.base_url(), settings)?;
        let patience = subject.patience;
        Ok(Self { server, source, ticket_route: ticket_name, token_route: token_name, patience })
    }

    /// Asks for a ticket.
    pub(super) async fn fetch(&self, id: &str) -> Outcome {
        fetch(&*self.source, id, self.patience).await
    }

    /// How many requests came to the route of the ticket.
    pub(super) fn tickets(&self) -> usize {
        self.server.count(self.ticket_route)
    }

    /// How many requests came to the route of the token.
    pub(super) fn tokens(&self) -> usize {
        self.token_route.map_or(0, |route| self.server.count(route))
    }

    /// What is wrong where there were to be so many requests for a ticket.
    pub(super) fn unless_tickets(&self, expected: usize) -> Option<String> {
        let count = self.tickets();
        (count != expected)
            .then(|| format!("{count} requests for the ticket were sent instead of {expected}"))
    }

    /// Waits for something to be seen at the server; what is wrong where it never is.
    pub(super) async fn until(&self, seen: impl Fn(&Self) -> bool, never: &str) -> Option<String> {
        let wait = async {
            while !seen(self) {
                yield_now().await;
            }
        };
        let time = self.patience;
        timeout(time, wait)
            .await
            .err()
            .map(|_| format!("{never}, even after {} s", time.as_secs_f64()))
    }
}

/// Asks a source for a ticket.
pub(super) async fn fetch(source: &dyn Printable, id: &str, patience: Duration) -> Outcome {
    let id = match TicketId::new(id) {
        Ok(id) => id,
        Err(error) => return Outcome::Failed(error),
    };
    match timeout(patience, source.fetch(&id)).await {
        Ok(Ok(record)) => Outcome::Ticket(Box::new(record)),
        Ok(Err(error)) => Outcome::Failed(error),
        Err(_) => Outcome::Endless(patience),
    }
}

fn instead(route: Route, replies: Vec<(Requests, Reply)>) -> Route {
    replies.into_iter().fold(route, |route, (requests, reply)| route.instead(requests, reply))
}

impl Subject {
    /// Builds the source.
    pub(super) fn source(
        &self,
        base_url: &str,
        settings: TransportConfig,
    ) -> Result<Arc<dyn Printable>, String> {
        let source = (self.build)(base_url, Transport::new(settings));
        source.map(Arc::from).map_err(|error| format!("the source cannot be built: {error}"))
    }

    /// The route of the ticket and that of the token, which grants none yet.
    pub(super) fn routes(&self) -> Result<(Route, Option<Route>), String> {
        let ticket = self.ticket_route.clone();
        let ticket = ticket.ok_or(
            "the subject does not say where a ticket is asked for: add `.ticket_route(…)`",
        )?;
        Ok((ticket, self.token.as_ref().map(|token| token.route.clone())))
    }

    /// The route of the token, where each token has a number of its own.
    fn granting(&self, route: Route) -> Route {
        let Some(token) = &self.token else { return route };
        let numbers = (1..=9).filter_map(NonZeroU64::new);
        let route = route.otherwise((token.grant)(&format!("{TOKEN}0")));
        numbers.fold(route, |route, number| {
            let reply = (token.grant)(&format!("{TOKEN}{number}"));
            route.instead(Requests::Range(number, Some(number)), reply)
        })
    }

    /// The routes by name at which a fault can strike: that of the ticket, and that of the token.
    pub(super) fn route_names(&self) -> Result<Vec<&'static str>, String> {
        let (ticket, token) = self.routes()?;
        Ok([Some(ticket), token].into_iter().flatten().map(|route| route.name()).collect())
    }

    /// The first ticket.
    pub(super) fn first(&self) -> Result<(&str, &'static [u8]), String> {
        let first =
            self.tickets.first().ok_or("the subject has no ticket: add `.ticket(…)` twice")?;
        Ok((&first.0, first.1.unwrap_or_default()))
    }

    /// Two tickets at least.
    pub(super) fn ids(&self) -> Result<Vec<&str>, String> {
        let ids: Vec<_> = self.tickets.iter().map(|(id, _)| id.as_str()).collect();
        let (first, rest) =
            ids.split_first().ok_or("the subject has no ticket: add `.ticket(…)` twice")?;
        if rest.iter().all(|id| id == first) {
            return Err(
                "the subject has one ticket only: add another one by `.ticket(…)`".to_owned()
            );
        }
        Ok(ids)
    }

    /// An id of the form that ids have here, of which there is no ticket.
    pub(super) fn unknown_id(&self) -> Result<String, String> {
        let ids = self.ids()?;
        let digits = (0..=9_u8).rev().map(|digit| char::from(b'0' + digit));
        let stem = ids[0].strip_suffix(char::is_alphanumeric).unwrap_or(ids[0]);
        let mut others = digits.map(|digit| format!("{stem}{digit}"));
        others.find(|id| !ids.contains(&id.as_str())).ok_or_else(|| "every id is taken".to_owned())
    }

    /// The responses in which the service refuses this.
    pub(super) fn refusals(&self, what: Refused) -> impl Iterator<Item = &Refusal> {
        self.refusals.iter().filter(move |refusal| refusal.what == what)
    }

    /// The responses in which the service refuses this, one at least.
    pub(super) fn some_refusals(&self, what: Refused) -> Result<Vec<Refusal>, String> {
        let refusals: Vec<_> = self.refusals(what).cloned().collect();
        if refusals.is_empty() {
            let method = what.method();
            return Err(format!(
                "the subject does not say what the service responds then: add `.{method}(…)`"
            ));
        }
        Ok(refusals)
    }

    /// Gives every refusal of this to a scene of its own, for each request of a ticket, and judges how the call ends.
    pub(super) async fn each_refusal(
        &self,
        what: Refused,
        judge: impl Fn(&Scene) -> Option<String>,
    ) -> Found {
        let mut faults = Faults::default();
        let (id, _) = self.first()?;
        for refusal in self.some_refusals(what)? {
            let place = described(&refusal.reply);
            let scene = Scene::of(self, Play::with(Requests::All, refusal.reply)).await?;
            let outcome = scene.fetch(id).await;
            faults.add(&place, outcome.unless_failed(&[what.kind()], scene.source.provider()));
            faults.add(&place, judge(&scene));
        }
        Ok(faults)
    }
}

/// A response in a few words.
pub(super) fn described(reply: &Reply) -> String {
    let body = String::from_utf8_lossy(reply.body());
    let words: Vec<_> = body.split_whitespace().collect();
    format!("HTTP {} with `{}`", reply.status(), on_one_line(&words.join(" "), 80))
}

//! Redaction of credentials and tokens.

mod forms;
mod observer;

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::iter;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use scripted_server::{Reply, Requests};
use ticket_core::Error;
use ticket_core::mapping::tree::{Path, Tree, pointer};

pub(super) use observer::Observer;

use super::harness::{Harness, Problems, Scenario, TOKEN, TestResult, describe, fetch};
use super::outcome::Outcome;
use crate::SourceUnderTest;
use crate::source_under_test::{DebugSource, ErrorResponse};
use forms::Canary;

/// The shortest secret; a shorter text could occur by chance.
const MIN_LENGTH: usize = 8;
/// The deadline of a call: enough for one attempt on a busy machine.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);

/// The placeholder for the whole request in a reply.
const REQUEST: &str = "{request}";

/// Faults whose errors may quote the request or the response.
const FAULTS: [&str; 10] = [
    "echo 502",
    "echo 403",
    "echo 401",
    "echo 200",
    "echo 400 code 7",
    "echo 200 code 7",
    "html",
    "cut",
    "reset",
    "another-ticket",
];

/// Response headers that an error or a log may contain.
const HEADERS: [&str; 4] = ["X-Request-Id", "X-Tt-Logid", "Retry-After", "Content-Type"];

/// A part of a request that carries a secret.
struct Carrier {
    route: Option<&'static str>,
    /// The placeholder for this part in a reply.
    placeholder: String,
    /// What a service may decode from it: the secrets, and a decoded Base64 pair, also in the URL-safe alphabet.
    decoded: Vec<String>,
}

/// The search for secrets.
struct Search {
    canaries: Vec<Canary>,
    observer: Observer,
    problems: Problems,
}

impl Search {
    /// Searches a text.
    fn search(&mut self, situation: &str, what: &str, text: &str) {
        for canary in &self.canaries {
            if let Some((form, before)) = canary.find(text) {
                let problem = format!("{what} contains {} {form}, after `{before}`", canary.name);
                self.problems.add(situation, [problem]);
            }
        }
    }

    fn search_outcome(&mut self, situation: &str, outcome: &Outcome) {
        match outcome {
            Outcome::Ticket(record) => {
                self.search(situation, "the record", &format!("{record:?}"));
            }
            Outcome::Failed(error) => self.search(situation, "the error", &full_text(error)),
            Outcome::TimedOut(_) => self.problems.add(situation, [outcome.to_string()]),
        }
        for line in self.observer.take() {
            self.search(situation, "the log", &line);
        }
    }

    fn search_source(&mut self, situation: &str, source: &dyn DebugSource) {
        self.search(situation, "the source", &format!("{source:?} {source:#?}"));
    }

    /// Returns the parts of the received requests that carry secrets. An error may quote only the start of a longer text,
    /// so that each part is echoed separately.
    fn carriers(&self, harness: &Harness) -> Vec<Carrier> {
        let mut carriers = Vec::new();
        for received in harness.server.received() {
            for (placeholder, text) in parts(&received.text) {
                let found = self.canaries.iter().filter(|canary| canary.find(text).is_some());
                let mut secrets = found.map(|canary| canary.secret.clone()).peekable();
                if secrets.peek().is_some() {
                    // Each request may carry another token, which its placeholder echoes.
                    let secrets = secrets.filter(|secret| secret != TOKEN);
                    let decoded = secrets.chain(decoded_pair(text)).collect();
                    carriers.push(Carrier { route: received.route, placeholder, decoded });
                }
            }
        }
        carriers
    }
}

/// Returns the header values and the body of a request, each with its placeholder.
fn parts(request: &str) -> Vec<(String, &str)> {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let mut parts: Vec<_> = headers
        .map(|(name, value)| (format!("{{header {}}}", name.to_ascii_lowercase()), value))
        .collect();
    parts.push(("{body}".to_owned(), body));
    parts
}

/// Decodes Base64 in a header; returns the text, and the text in the URL-safe alphabet.
fn decoded_pair(header: &str) -> Vec<String> {
    let last = header.rsplit(' ').next().unwrap_or_default();
    let plain = STANDARD.decode(last).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    plain.map_or_else(Vec::new, |plain| vec![URL_SAFE.encode(&plain), plain])
}

/// Returns everything that can be read from an error and its causes.
fn full_text(error: &Error) -> String {
    let mut text = format!(
        "{error} {error:?} {} {:?} {:?} {:?} {:?}",
        error.message(),
        error.hint(),
        error.code(),
        error.request_id(),
        error.path()
    );
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, " {error} {error:?}").expect("writing to a String cannot fail");
        source = error.source();
    }
    text
}

pub(super) async fn secrets_are_redacted(subject: &SourceUnderTest) -> TestResult {
    let (id, body) = subject.first_ticket()?;
    let mut search = Search {
        canaries: canaries(subject)?,
        observer: Observer::current().ok_or("the observer of `tracing` is missing")?,
        problems: Problems::default(),
    };
    if subject.is_in_memory {
        let source = subject.source("", Scenario::default().settings)?;
        for id in [id, &subject.unknown_id()?] {
            search.search_outcome(id, &fetch(&*source, id, subject.timeout).await);
        }
        search.search_source("after a call", &*source);
        return Ok(search.problems);
    }
    let harness = Harness::start(subject, Scenario::default()).await?;
    search.search_outcome("a success", &harness.fetch(id).await);
    let carriers = search.carriers(&harness);
    for (situation, mut scenario) in scenarios(subject, body, &carriers)? {
        // A retry repeats the same texts.
        scenario.settings.max_attempts = 1;
        scenario.settings.call_timeout = CALL_TIMEOUT;
        let harness = Harness::start(subject, scenario).await?;
        search.search_source("before any call", &*harness.source);
        search.search_outcome(&situation, &harness.fetch(id).await);
        search.search_source(&situation, &*harness.source);
    }
    search_list(subject, &mut search).await?;
    if carriers.is_empty() {
        let problem = "no request carries a secret: add `.secret(…)` for each credential";
        search.problems.add("the source", [problem.to_owned()]);
    }
    Ok(search.problems)
}

/// Searches the errors of the list call.
async fn search_list(subject: &SourceUnderTest, search: &mut Search) -> Result<(), String> {
    let (Some(list), Some(route)) = (&subject.list, subject.list_route()) else { return Ok(()) };
    for fault in FAULTS {
        let mut scenario = Scenario::fault(route, Requests::All, fault);
        scenario.settings.max_attempts = 1;
        scenario.settings.call_timeout = CALL_TIMEOUT;
        let harness = Harness::start(subject, scenario).await?;
        let situation = format!("`{fault}` at `{route}`");
        let Some(pages) = harness.source.list() else { return Ok(()) };
        let text = match pages.page(&list.query, None).await {
            Ok(page) => format!("{page:?}"),
            Err(error) => full_text(&error),
        };
        search.search(&situation, "the outcome", &text);
        for line in search.observer.take() {
            search.search(&situation, "the log", &line);
        }
        search.search_source(&situation, &*harness.source);
    }
    Ok(())
}

fn canaries(subject: &SourceUnderTest) -> Result<Vec<Canary>, String> {
    if subject.secrets.is_empty() && !subject.is_in_memory {
        return Err("credentials are missing: add `.secret(…)` for each".to_owned());
    }
    if let Some(short) = subject.secrets.iter().find(|secret| secret.len() < MIN_LENGTH) {
        return Err(format!("the secret `{short}` is shorter than {MIN_LENGTH} characters"));
    }
    let secrets = subject.secrets.iter();
    let secrets = secrets.map(|secret| Canary::new(secret, format!("the secret `{secret}`")));
    let token = subject.token.as_ref().map(|_| Canary::new(TOKEN, "a token".to_owned()));
    Ok(secrets.chain(token).collect())
}

/// Returns a success, every error response with and without an echo of the request, and every fault that may echo it.
fn scenarios(
    subject: &SourceUnderTest,
    body: &'static [u8],
    carriers: &[Carrier],
) -> Result<Vec<(String, Scenario)>, String> {
    let mut scenarios = vec![("a success".to_owned(), Scenario::default())];
    let with_headers = |reply: Reply| {
        let headers = HEADERS.into_iter();
        headers.fold(reply, |reply, name| reply.with_header(name, REQUEST)).templated()
    };
    let location = format!("https://helpdesk.example/?{REQUEST}");
    let common = [
        with_headers(Reply::json(200, body)),
        with_headers(Reply::gateway_page(503)),
        Reply::gateway_page(302).with_header("Location", location).templated(),
    ];
    let routes = subject.route_names()?;
    for (route, scenario) in iter::zip(&routes, [Scenario::ticket_reply, Scenario::token_reply]) {
        let mut replies = common.to_vec();
        // A response can echo only what its own request carried.
        let own = carriers.iter().filter(|carrier| carrier.route == Some(route));
        let texts: Vec<_> = own
            .flat_map(|carrier| carrier.decoded.iter().chain([&carrier.placeholder]))
            .map(String::as_str)
            .chain([REQUEST])
            .collect();
        for reply in one_of_each_shape(&subject.error_responses) {
            replies.extend([reply.clone(), with_headers(reply.clone())]);
            for text in &texts {
                replies.extend(echoes(&reply, text));
            }
        }
        for reply in replies {
            let situation = format!("at `{route}`, {}", describe(&reply));
            scenarios.push((situation, scenario(Requests::All, reply)));
        }
    }
    for route in routes {
        for fault in FAULTS {
            let situation = format!("`{fault}` at `{route}`");
            scenarios.push((situation, Scenario::fault(route, Requests::All, fault)));
        }
    }
    Ok(scenarios)
}

/// Returns the error responses without those whose strings have the same pointers as in an earlier one.
///
/// Their headers are left out: a rate limit that names its wait would be retried until the deadline.
fn one_of_each_shape(responses: &[ErrorResponse]) -> Vec<Reply> {
    let mut shapes = BTreeSet::new();
    let is_new = |response: &&ErrorResponse| {
        let paths = strings(&response.reply).map(|(_, paths)| paths).unwrap_or_default();
        let paths: Vec<_> = paths.iter().map(|path| pointer(path)).collect();
        shapes.insert((response.reply.status() < 300, paths))
    };
    let without_headers = |ErrorResponse { reply, .. }: &ErrorResponse| {
        Reply::json(reply.status(), reply.body().to_vec())
    };
    responses.iter().filter(is_new).map(without_headers).collect()
}

/// Returns the body and the paths of its strings; `None` if it is not JSON.
fn strings(reply: &Reply) -> Option<(Tree, Vec<Path>)> {
    let tree = Tree::parse(&String::from_utf8_lossy(reply.body())).ok()?;
    let is_string = |leaf: &Tree| matches!(leaf, Tree::Scalar(json) if json.starts_with('"'));
    let leaves = tree.leaves().into_iter().filter(|(_, leaf)| is_string(leaf));
    let paths = leaves.map(|(path, _)| path).collect();
    Some((tree, paths))
}

/// Returns the reply with this text instead of each of its strings, and instead of all of them.
fn echoes(reply: &Reply, text: &str) -> Vec<Reply> {
    let Some((tree, strings)) = strings(reply) else { return Vec::new() };
    let echo = |paths: &[Path]| {
        let mut changed = tree.clone();
        for path in paths {
            if let Some(leaf) = changed.at_mut(path) {
                *leaf = Tree::Scalar(serde_json::Value::from(text).to_string().into());
            }
        }
        reply.clone().with_body(changed.to_string()).templated()
    };
    let mut echoes: Vec<_> = strings.chunks(1).map(echo).collect();
    if strings.len() > 1 {
        echoes.push(echo(&strings));
    }
    echoes
}

//! What is told of secrets: nothing.

mod forms;
mod observer;

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::iter;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ticket_core::Error;
use ticket_core::mapping::tree::{Path, Tree, pointer};
use ticket_sandbox::{Reply, Requests};

pub(super) use observer::Observer;

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene, TOKEN, described, fetch};
use crate::Subject;
use crate::subject::{Printable, Refusal};
use forms::Canary;

/// A shorter secret is found by chance.
const SHORTEST: usize = 8;

/// The place in a response where the request is repeated.
const REQUEST: &str = "{request}";

/// Faults whose errors quote what came, or what was sent.
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

/// Headers of a response that an error or a log may tell.
const HEADERS: [&str; 4] = ["X-Request-Id", "X-Tt-Logid", "Retry-After", "Content-Type"];

/// A part of a request that carries a secret.
struct Carrier {
    route: Option<&'static str>,
    /// The place in a response where it is repeated.
    place: String,
    /// What a service makes of it: the secrets themselves, and a pair in Base64 as it was before and in the other alphabet.
    understood: Vec<String>,
}

/// Where secrets are looked for.
struct Search {
    canaries: Vec<Canary>,
    observer: Observer,
    faults: Faults,
}

impl Search {
    /// Looks into what was told at this place.
    fn look(&mut self, place: &str, what: &str, text: &str) {
        for canary in &self.canaries {
            if let Some((form, before)) = canary.find(text) {
                let Canary { name, .. } = canary;
                self.faults.add(place, [format!("{what} tells {name} {form}, behind `{before}`")]);
            }
        }
    }

    fn look_at_outcome(&mut self, place: &str, outcome: &Outcome) {
        match outcome {
            Outcome::Ticket(record) => self.look(place, "the record", &format!("{record:?}")),
            Outcome::Failed(error) => self.look(place, "the error", &all_of(error)),
            Outcome::Endless(_) => self.faults.add(place, [outcome.to_string()]),
        }
        for line in self.observer.take() {
            self.look(place, "the log", &line);
        }
    }

    /// What was sent that carries a secret, in parts, each with its route: an error may quote only the beginning of a longer text.
    fn carriers(&self, scene: &Scene) -> Vec<Carrier> {
        let mut carriers = Vec::new();
        for sent in scene.server.received() {
            for (place, said) in parts(&sent.text) {
                let mut found = self.canaries.iter().filter(|it| it.find(said).is_some());
                if let Some(first) = found.next() {
                    let named = [first].into_iter().chain(found).map(|it| it.secret.clone());
                    // Each request may carry another token, and is answered with that.
                    let understood = named.filter(|it| it != TOKEN).chain(decoded(said)).collect();
                    carriers.push(Carrier { route: sent.route, place, understood });
                }
            }
        }
        carriers
    }

    fn look_at_source(&mut self, place: &str, source: &dyn Printable) {
        self.look(place, "the source", &format!("{source:?} {source:#?}"));
    }
}

/// The header values and the body of a request, each behind the place in a response where it is repeated.
fn parts(request: &str) -> Vec<(String, &str)> {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let mut parts: Vec<_> = headers
        .map(|(name, value)| (format!("{{header {}}}", name.to_ascii_lowercase()), value))
        .collect();
    parts.push(("{body}".to_owned(), body));
    parts
}

/// What stands in a header in Base64, as it was before and in the alphabet for addresses.
fn decoded(header: &str) -> Vec<String> {
    let last = header.rsplit(' ').next().unwrap_or_default();
    let plain = STANDARD.decode(last).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    plain.map_or_else(Vec::new, |plain| vec![URL_SAFE.encode(&plain), plain])
}

/// All that an error tells, and those behind it.
fn all_of(error: &Error) -> String {
    let mut all = format!(
        "{error} {error:?} {} {:?} {:?} {:?} {:?}",
        error.message(),
        error.hint(),
        error.code(),
        error.request_id(),
        error.path()
    );
    let mut source = error.source();
    while let Some(error) = source {
        write!(all, " {error} {error:?}").expect("a text takes everything");
        source = error.source();
    }
    all
}

pub(super) async fn no_secret_is_told(subject: &Subject) -> Found {
    let (id, body) = subject.first()?;
    let mut search = Search {
        canaries: canaries(subject)?,
        observer: Observer::current().ok_or("nobody listens to what is told")?,
        faults: Faults::default(),
    };
    if subject.is_in_memory {
        let source = subject.source("", Play::default().settings)?;
        for id in [id, &subject.unknown_id()?] {
            search.look_at_outcome(id, &fetch(&*source, id, subject.patience).await);
        }
        search.look_at_source("after a call", &*source);
        return Ok(search.faults);
    }
    let usual = Scene::of(subject, Play::default()).await?;
    search.look_at_outcome("a success", &usual.fetch(id).await);
    let sent = search.carriers(&usual);
    for (place, mut play) in plays(subject, body, &sent)? {
        // All is told of the first attempt; nobody has to wait for another one.
        play.settings.max_attempts = 1;
        let scene = Scene::of(subject, play).await?;
        search.look_at_source("before any call", &*scene.source);
        search.look_at_outcome(&place, &scene.fetch(id).await);
        search.look_at_source(&place, &*scene.source);
    }
    if sent.is_empty() {
        let fault =
            "no request carries any of the secrets: name those with which the source is built";
        search.faults.add("the subject", [fault.to_owned()]);
    }
    Ok(search.faults)
}

fn canaries(subject: &Subject) -> Result<Vec<Canary>, String> {
    if subject.secrets.is_empty() && !subject.is_in_memory {
        return Err("the subject names no credential: add `.secret(…)` for each".to_owned());
    }
    if let Some(short) = subject.secrets.iter().find(|secret| secret.len() < SHORTEST) {
        return Err(format!("the secret `{short}` is shorter than {SHORTEST} characters"));
    }
    let named =
        subject.secrets.iter().map(|secret| Canary::of(secret, format!("the secret `{secret}`")));
    let token = subject.token.as_ref().map(|_| Canary::of(TOKEN, "a token".to_owned()));
    Ok(named.chain(token).collect())
}

/// A success, every refusal, with and without a repeated request, and every fault that may repeat one.
fn plays(
    subject: &Subject,
    body: &'static [u8],
    sent: &[Carrier],
) -> Result<Vec<(String, Play)>, String> {
    let mut plays = vec![("a success".to_owned(), Play::default())];
    let with_headers = |reply: Reply| {
        HEADERS.into_iter().fold(reply, |reply, name| reply.with_header(name, REQUEST)).echoing()
    };
    let mut replies = vec![with_headers(Reply::json(200, body)), with_headers(Reply::page(503))];
    replies.push(
        Reply::page(302)
            .with_header("Location", format!("https://helpdesk.example/?{REQUEST}"))
            .echoing(),
    );
    let routes = subject.route_names()?;
    for (route, play) in iter::zip(&routes, [Play::with, Play::with_token]) {
        let mut replies = replies.clone();
        // A response can repeat only what its own request carried: as it came, or as the service understands it.
        let own = || sent.iter().filter(|sent| sent.route == Some(route));
        let said: Vec<_> = own()
            .flat_map(|sent| sent.understood.iter().chain([&sent.place]))
            .map(String::as_str)
            .chain([REQUEST])
            .collect();
        for reply in some_of_each_shape(&subject.refusals) {
            replies.extend([reply.clone(), with_headers(reply.clone())]);
            for said in &said {
                replies.extend(echoes(reply, said));
            }
        }
        for reply in replies {
            plays
                .push((format!("at `{route}`, {}", described(&reply)), play(Requests::All, reply)));
        }
    }
    for route in routes {
        for fault in FAULTS {
            let place = format!("`{fault}` at `{route}`");
            plays.push((place, Play::struck(route, Requests::All, fault)));
        }
    }
    Ok(plays)
}

/// The refusals without those whose texts stand in the same places as those of another one.
fn some_of_each_shape(refusals: &[Refusal]) -> Vec<&Reply> {
    let mut shapes = BTreeSet::new();
    let is_new = |refusal: &&Refusal| {
        let places = texts(&refusal.reply).map(|(_, texts)| texts).unwrap_or_default();
        let places: Vec<_> = places.iter().map(|path| pointer(path)).collect();
        shapes.insert((refusal.reply.status() < 300, places))
    };
    refusals.iter().filter(is_new).map(|refusal| &refusal.reply).collect()
}

/// The response, and where its texts stand; `None` where it is no JSON.
fn texts(reply: &Reply) -> Option<(Tree, Vec<Path>)> {
    let tree = Tree::parse(&String::from_utf8_lossy(reply.body())).ok()?;
    let is_text = |leaf: &Tree| matches!(leaf, Tree::Scalar(json) if json.starts_with('"'));
    let leaves = tree.leaves().into_iter().filter(|(_, leaf)| is_text(leaf));
    let places = leaves.map(|(path, _)| path).collect();
    Some((tree, places))
}

/// The same refusal that says this in the place of each of its texts, and of all of them.
fn echoes(reply: &Reply, said: &str) -> Vec<Reply> {
    let Some((tree, texts)) = texts(reply) else { return Vec::new() };
    let echo = |paths: &[Path]| {
        let mut changed = tree.clone();
        for path in paths {
            if let Some(leaf) = changed.at_mut(path) {
                *leaf = Tree::Scalar(serde_json::Value::from(said).to_string().into());
            }
        }
        reply.clone().with_body(changed.to_string()).echoing()
    };
    let mut echoes: Vec<_> = texts.chunks(1).map(echo).collect();
    if texts.len() > 1 {
        echoes.push(echo(&texts));
    }
    echoes
}

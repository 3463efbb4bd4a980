//! What a source promises: one function for each promise, and one list of all.
//!
//! A promise that makes no sense for a subject, such as one about tokens where there are none, cannot be broken by it.

mod addresses;
mod cancellation;
mod connections;
mod deadlines;
mod ids;
mod json;
mod limits;
mod mapping;
mod nonsense;
mod outcome;
mod refusals;
mod responses;
mod scene;
mod secrets;
mod sharing;
mod tokens;
mod waits;
mod words;

use std::fmt;
use std::panic::resume_unwind;
use std::thread;

use crate::Subject;
use crate::subject::Refused;
use scene::run;

/// Something that every source promises.
#[derive(Debug)]
#[non_exhaustive]
pub struct Promise {
    /// The name of its function in [`promise`](self).
    pub name: &'static str,
    /// What is promised.
    pub sentence: &'static str,
    /// Where to look when it is broken.
    pub look_at: &'static str,
    needs: Needs,
    keep: fn(&Subject) -> Vec<String>,
}

/// What a subject must have, so that a promise makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Service,
    Token,
    TokenRefusal,
    Decoder,
    ServiceAndDecoder,
}

impl Needs {
    /// Why a promise about this makes no sense for this subject.
    fn missing(self, subject: &Subject) -> Option<&'static str> {
        let has_token_refusal = subject.refusals.iter().any(|it| it.what == Refused::Token);
        let has_decoder = subject.decoder.is_some();
        match self {
            Self::Service | Self::ServiceAndDecoder if subject.is_in_memory => {
                Some("it asks no service")
            }
            Self::Decoder | Self::ServiceAndDecoder if !has_decoder => Some("it names no decoder"),
            Self::Token | Self::TokenRefusal if subject.token.is_none() => {
                Some("it fetches no token")
            }
            Self::TokenRefusal if !has_token_refusal => Some("it names no refusal of a token"),
            _ => None,
        }
    }
}

/// How a promise fared.
#[derive(Debug)]
pub enum Verdict {
    /// It was kept.
    Kept,
    /// It was broken.
    Broken(Broken),
    /// It makes no sense for the subject, for this reason.
    NotAsked(&'static str),
}

/// A promise that was broken, and in which ways.
#[derive(Debug)]
pub struct Broken {
    /// The promise.
    pub promise: &'static Promise,
    /// What was seen, each in a line.
    pub faults: Vec<String>,
}

/// No more faults of one promise are shown.
const MOST: usize = 12;

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Promise { name, sentence, look_at, .. } = self.promise;
        write!(formatter, "{name}: {sentence}")?;
        for fault in self.faults.iter().take(MOST) {
            write!(formatter, "\n  - {fault}")?;
        }
        if let Some(more) = self.faults.len().checked_sub(MOST).filter(|more| *more > 0) {
            write!(formatter, "\n  - and {more} more")?;
        }
        write!(formatter, "\n  Look at {look_at}")
    }
}

impl std::error::Error for Broken {}

impl Promise {
    /// Tries it. A runtime is made for it, so that this can be called with or without one.
    pub fn keep(&'static self, subject: &Subject) -> Verdict {
        if let Some(reason) = self.needs.missing(subject) {
            return Verdict::NotAsked(reason);
        }
        let faults = (self.keep)(subject);
        if faults.is_empty() {
            Verdict::Kept
        } else {
            Verdict::Broken(Broken { promise: self, faults })
        }
    }
}

/// Lists every promise.
pub fn promises() -> &'static [Promise] {
    PROMISES
}

/// Tries every promise, all at the same time, and says of each how it fared.
pub fn verdicts(subject: &Subject) -> Vec<(&'static Promise, Verdict)> {
    thread::scope(|scope| {
        let tried: Vec<_> = PROMISES
            .iter()
            .map(|promise| (promise, scope.spawn(|| promise.keep(subject))))
            .collect();
        let ended = tried.into_iter();
        ended
            .map(|(promise, verdict)| {
                (promise, verdict.join().unwrap_or_else(|panic| resume_unwind(panic)))
            })
            .collect()
    })
}

/// Tries every promise, and returns those that make sense for the subject.
///
/// # Panics
/// Where any is broken. The message names each, what was seen, and what to look at.
pub fn keep_all(subject: &Subject) -> Vec<&'static Promise> {
    let mut broken = Vec::new();
    let mut kept = Vec::new();
    for (promise, verdict) in verdicts(subject) {
        match verdict {
            Verdict::Kept => kept.push(promise),
            Verdict::Broken(one) => broken.push(one.to_string()),
            Verdict::NotAsked(_) => {}
        }
    }
    let (count, all) = (broken.len(), broken.len() + kept.len());
    assert!(
        broken.is_empty(),
        "{count} of {all} promises are broken:\n\n{}\n",
        broken.join("\n\n")
    );
    kept
}

/// Makes of each row a function and a promise of the list.
macro_rules! promises {
    ($($module:ident::$name:ident: $needs:ident, $sentence:literal, $look_at:literal;)+) => {
        const PROMISES: &[Promise] = &[$(Promise {
            name: stringify!($name),
            sentence: $sentence,
            look_at: $look_at,
            needs: Needs::$needs,
            keep: |subject| run(|| $module::$name(subject)),
        }),+];

        $(
            #[doc = $sentence]
            ///
            /// # Errors
            /// [`Broken`] where that is not so.
            pub fn $name(subject: &Subject) -> Result<(), Broken> {
                one(stringify!($name), subject)
            }
        )+
    };
}

fn one(name: &str, subject: &Subject) -> Result<(), Broken> {
    let promise = PROMISES.iter().find(|promise| promise.name == name);
    match promise.expect("each function has its row").keep(subject) {
        Verdict::Broken(broken) => Err(broken),
        Verdict::Kept | Verdict::NotAsked(_) => Ok(()),
    }
}

promises! {
    responses::the_asked_ticket_comes_back: Nothing,
        "The ticket that was asked for comes back, and with it who was asked, for what, and the exact bytes of the response.",
        "what `fetch` sends, and the `Origin` that it returns.";
    responses::another_ticket_is_an_error: Service,
        "Where another ticket comes back than the one asked for, that is the error `ticket_mismatch`, at once.",
        "the comparison of ids after decoding: `ApiClient::fetch` makes it.";
    responses::an_unknown_id_is_not_found: Nothing,
        "Where there is no such ticket, that is the error `not_found`, at once.",
        "what the provider's `error.rs` makes of the code or the HTTP status.";
    refusals::refused_credentials_are_told: Service,
        "Where the credentials are refused, that is the error `unauthenticated`; a ticket is asked for once more at the most.",
        "what the provider's `error.rs` makes of the code or the HTTP status, and `CredentialProvider::refresh`.";
    refusals::missing_permission_is_told: Service,
        "Where the credentials do not suffice, that is the error `permission_denied`, at once.",
        "what the provider's `error.rs` makes of the code or the HTTP status.";
    refusals::any_other_refusal_is_told: Service,
        "Whatever else the service refuses is told as what it is, at once: `invalid_request`, `quota_exhausted` or `rejected`.",
        "what the provider's `error.rs` makes of the code or the HTTP status, also where the status is that of a success.";
    refusals::a_failure_is_no_success: Service,
        "What comes with an HTTP status of failure is no ticket and no token, whatever its body says, and is told by that status.",
        "whether `Response::is_success` is asked before anything is read, and whether the code of a success is left out of errors.";
    waits::a_limit_is_waited_out: Service,
        "Where there were too many requests, the call waits as long as the response asks, and goes on; where that lasts, the error \
         `rate_limited` says how long to wait.",
        "what the provider's `error.rs` makes of the code, and the header that names the time (`Response::complete`).";
    waits::an_overload_is_tried_again_and_told: Service,
        "Where the service or a gateway is overloaded or down, the call is tried again; where that lasts, that is the error \
         `unavailable`.",
        "what the provider's `error.rs` makes of the code or the HTTP status, and of a response that is no JSON.";
    limits::documented_limits_are_kept: Service,
        "A ticket is asked for as often as the service allows by its documentation, and no oftener.",
        "the limits of the operation in `capabilities.rs`, its name, and whether the client is built with those capabilities.";
    connections::a_broken_connection_is_tried_again_and_told: Service,
        "Where a connection breaks, or responses with no HTTP, the call is tried again; where that lasts, that is the error `connection`.",
        "whether the whole body is read before it is parsed, and whether the given `Transport` sends everything.";
    nonsense::what_is_no_response_is_unreadable: Service,
        "What is broken, empty, foreign or nested without end is the error `invalid_response`, at once.",
        "what the decoder takes for a success: `Document`, the envelope, and the id that has to be there.";
    nonsense::a_huge_response_is_not_read: Service,
        "A response beyond the size that the transport allows is the error `invalid_response`, whether its length is told ahead or not.",
        "whether the given `Transport` reads every response.";
    deadlines::every_call_ends_at_its_deadline: Service,
        "A service that is silent, stops within the body, drips or fails for ever is given up at the deadline, and its connection \
         closed.",
        "whether the given `Transport` sends everything, and whether anything else waits.";
    ids::an_odd_id_leads_nowhere_else: Nothing,
        "Whatever an id looks like, it is asked for as it is or refused: no other address is ever called.",
        "how the address is built: `BaseUrl::join` compares what was pushed with what stands there.";
    addresses::only_safe_addresses_are_taken: Service,
        "A source is not built for an address at which credentials could be read: plain http beyond this machine, a password in the URL.",
        "the builder: `BaseUrl::new` checks the address.";
    addresses::what_cannot_work_is_not_built: Service,
        "A source is not built from settings with which no call can succeed, such as credentials that are missing or cannot be sent.",
        "the builder: it checks every setting, and its errors name the provider.";
    addresses::no_redirect_is_followed: Service,
        "A redirect is the error `rejected`, at once: nobody is asked at the address that it names, and nothing arrives there.",
        "whether the given `Transport` sends everything; a client of your own must follow no redirect.";
    secrets::no_secret_is_told: Nothing,
        "No credential and no token stands in what the source, a record, an error (with its sources) or a log of `tracing` tells, plain, in \
         Base64 or percent-encoded, not even where a response repeats the request.",
        "the `Debug` of the source and of what it holds, errors made from a response, and `Authorization::redact_also` for what is sent in \
         another form.";
    cancellation::a_call_that_is_given_up_leaves_nothing_behind: Nothing,
        "A call that is dropped closes its connection and holds nothing: the next one works.",
        "tasks that are spawned, locks and permits that are held while waiting.";
    sharing::many_calls_share_one_source: Nothing,
        "Many calls at once on several threads over one source each get their own ticket.",
        "state that calls share.";
    tokens::one_token_serves_all_calls: Token,
        "A token is fetched once, also for many calls at once, and stays in use.",
        "the lock that is held while a token is fetched.";
    tokens::a_refused_token_is_replaced_once: TokenRefusal,
        "A token that is refused is replaced and the call goes on; where the new one is refused as well, that is the error \
         `unauthenticated`.",
        "`CredentialProvider::refresh`, and the codes that it takes for a refusal of the token.";
    mapping::the_mapping_is_as_its_table_says: Decoder,
        "The table of rules says what the mapping does, for every leaf of every response: see `prove_mapping`.",
        "the row or the line of code for each place that is named.";
    mapping::changed_responses_are_read_or_refused: Decoder,
        "Whatever becomes of a response on its way, it is read or refused as promised: see `survive_mutations`.",
        "how the decoder reads the body that is shown.";
    words::an_unknown_word_is_kept: ServiceAndDecoder,
        "A word that nobody documents becomes `other`, with the word itself beside it.",
        "the mapping of that word: it must not refuse, guess or drop.";
    words::words_of_the_tenant_come_first: Decoder,
        "What the tenant says of its own words is believed before the provider's table.",
        "the mapping of that word: it asks the `VocabularyOverrides` first.";
    json::a_ticket_is_stable_json: Nothing,
        "The same ticket is the same JSON whenever it is fetched; that JSON reads back equal, and the schema accepts it.",
        "maps without order, clocks and random values in the mapping.";
}

#[cfg(test)]
mod tests {
    use super::PROMISES;

    #[test]
    fn each_promise_is_a_sentence_and_says_where_to_look() {
        for promise in PROMISES {
            for text in [promise.sentence, promise.look_at] {
                assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", promise.name);
            }
        }
    }

    #[test]
    fn no_name_stands_in_the_list_twice() {
        let names: std::collections::BTreeSet<_> = PROMISES.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), PROMISES.len());
    }
}

//! The contract of a [`TicketSource`](ticket_core::TicketSource): one test for each requirement.

mod base_url;
mod cancellation;
mod concurrency;
mod connections;
mod conversation;
mod deadlines;
mod harness;
mod ids;
mod invalid_responses;
mod json;
mod list;
mod mapping;
mod outcome;
mod rate_limits;
mod rejections;
mod responses;
mod retries;
mod secrets;
mod tokens;
mod vocabulary;

use std::fmt;
use std::panic::resume_unwind;
use std::thread;

use crate::SourceUnderTest;
use crate::source_under_test::ErrorCase;
use harness::run;

/// A test of one requirement that every source meets.
#[derive(Debug)]
#[non_exhaustive]
pub struct ContractTest {
    /// The name, such as `redirect_is_not_followed`.
    pub name: &'static str,
    /// The requirement, in one sentence.
    pub requirement: &'static str,
    /// What to check if the test fails.
    pub hint: &'static str,
    needs: Needs,
    check: fn(&SourceUnderTest) -> Vec<String>,
}

/// What a source must have for a test to make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Http,
    Token,
    TokenExpiry,
    Decoder,
    HttpAndDecoder,
    Conversation,
    List,
    HttpAndList,
}

impl Needs {
    /// Returns what the source lacks.
    fn missing(self, source: &SourceUnderTest) -> Option<&'static str> {
        let mut responses = source.error_responses.iter();
        let can_expire = responses.any(|response| response.case == ErrorCase::ExpiredToken);
        match self {
            Self::Http | Self::HttpAndDecoder | Self::HttpAndList if source.is_in_memory => {
                Some("the source does not use HTTP")
            }
            Self::Conversation if source.conversation.is_none() => {
                Some("the source needs no further call for a conversation")
            }
            Self::List | Self::HttpAndList if source.list.is_none() => {
                Some("the source has no list")
            }
            Self::Decoder | Self::HttpAndDecoder if source.decoder.is_none() => {
                Some("the source has no decoder")
            }
            Self::Token | Self::TokenExpiry if source.token.is_none() => {
                Some("the source uses no token call")
            }
            Self::TokenExpiry if !can_expire => Some("the tokens of the source do not expire"),
            _ => None,
        }
    }
}

/// The outcome of a contract test.
#[derive(Debug)]
pub enum TestOutcome {
    /// The source meets the requirement.
    Passed,
    /// The source violates the requirement.
    Failed(Violation),
    /// The test makes no sense for this source, for this reason.
    Skipped(&'static str),
}

/// A violated requirement.
#[derive(Debug)]
pub struct Violation {
    /// The test that failed.
    pub test: &'static ContractTest,
    /// What is wrong, one line each.
    pub problems: Vec<String>,
}

/// The most problems shown for one test.
const MAX_PROBLEMS: usize = 12;

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ContractTest { name, requirement, hint, .. } = self.test;
        write!(formatter, "{name}: {requirement}")?;
        for problem in self.problems.iter().take(MAX_PROBLEMS) {
            write!(formatter, "\n  - {problem}")?;
        }
        if let Some(more) = self.problems.len().checked_sub(MAX_PROBLEMS).filter(|more| *more > 0) {
            write!(formatter, "\n  - and {more} more")?;
        }
        write!(formatter, "\n  Check {hint}")
    }
}

impl std::error::Error for Violation {}

impl ContractTest {
    /// Runs the test, in a tokio runtime of its own.
    pub fn run(&'static self, source: &SourceUnderTest) -> TestOutcome {
        if let Some(reason) = self.needs.missing(source) {
            return TestOutcome::Skipped(reason);
        }
        let problems = (self.check)(source);
        if problems.is_empty() {
            TestOutcome::Passed
        } else {
            TestOutcome::Failed(Violation { test: self, problems })
        }
    }
}

/// Returns all contract tests.
pub fn contract_tests() -> &'static [ContractTest] {
    TESTS
}

/// Runs all contract tests in parallel, and returns those that passed. Tests that make no sense for the source are
/// skipped.
///
/// # Panics
/// If a test fails. The message names each failed test, the problems, and what to check.
pub fn run_contract_tests(source: &SourceUnderTest) -> Vec<&'static ContractTest> {
    let mut passed = Vec::new();
    let mut violations = Vec::new();
    thread::scope(|scope| {
        let running: Vec<_> =
            TESTS.iter().map(|test| (test, scope.spawn(|| test.run(source)))).collect();
        for (test, outcome) in running {
            match outcome.join().unwrap_or_else(|panic| resume_unwind(panic)) {
                TestOutcome::Passed => passed.push(test),
                TestOutcome::Failed(violation) => violations.push(violation.to_string()),
                TestOutcome::Skipped(_) => {}
            }
        }
    });
    let (failed, all) = (violations.len(), violations.len() + passed.len());
    assert!(
        violations.is_empty(),
        "{failed} of {all} contract tests failed:\n\n{}\n",
        violations.join("\n\n")
    );
    passed
}

/// Builds the list of tests, one for each row.
macro_rules! tests {
    ($($module:ident::$name:ident: $needs:ident, $requirement:literal, $hint:literal;)+) => {
        const TESTS: &[ContractTest] = &[$(ContractTest {
            name: stringify!($name),
            requirement: $requirement,
            hint: $hint,
            needs: Needs::$needs,
            check: |source| run(|| $module::$name(source)),
        }),+];
    };
}

tests! {
    responses::returns_the_requested_ticket: Nothing,
        "`fetch` returns the requested ticket, its provider, the requested id and the exact bytes of the response.",
        "the request of `fetch`, and the `Origin` that it returns.";
    responses::other_ticket_is_an_error: Http,
        "A response with another ticket than the requested one is the error `ticket_mismatch`, without a retry, unless \
         `Decoder::is_requested` accepts it.",
        "the comparison of ids after decoding, as in `ApiClient::fetch`.";
    responses::unknown_id_is_not_found: Nothing,
        "An unknown id is the error `not_found`, without a retry.",
        "how the provider's `error.rs` maps the code or the HTTP status.";
    rejections::invalid_credentials_are_reported: Http,
        "Invalid credentials are the error `unauthenticated`, after at most one retry with a new token.",
        "how the provider's `error.rs` maps the code or the HTTP status, and `CredentialProvider::refresh`.";
    rejections::missing_permission_is_reported: Http,
        "Missing permission is the error `permission_denied`, without a retry.",
        "how the provider's `error.rs` maps the code or the HTTP status.";
    rejections::other_errors_are_reported: Http,
        "Other errors are `invalid_request`, `quota_exhausted` or `rejected`, without a retry.",
        "how the provider's `error.rs` maps the code or the HTTP status, also with HTTP 200.";
    rejections::error_status_is_not_a_success: Http,
        "A response with an HTTP error status is an error that follows the status, even if its body is a ticket or a token.",
        "whether `Response::is_success` is checked before decoding, and whether a success code is left out of errors.";
    retries::waits_for_the_rate_limit: Http,
        "A rate-limited request is retried after the wait that the response asks for; if it fails again, the error \
         `rate_limited` has that wait.",
        "how the provider's `error.rs` maps the code, and the header with the wait (`Response::complete`).";
    retries::retries_when_unavailable: Http,
        "A request to an unavailable service or gateway is retried; if it fails again, that is the error `unavailable`.",
        "how the provider's `error.rs` maps the code or the HTTP status, and a response that is not JSON.";
    rate_limits::keeps_documented_rate_limits: Http,
        "Requests keep the documented rate limits.",
        "the limits of the operation in `capabilities.rs`, its name, and whether the client uses those capabilities.";
    connections::retries_broken_connections: Http,
        "A request on a broken connection is retried, also if the response is not HTTP; if it fails again, that is the error \
         `connection`.",
        "whether the whole body is read before it is decoded, and whether every request uses the given `Transport`.";
    invalid_responses::invalid_response_is_an_error: Http,
        "A broken, empty, foreign or too deeply nested response is the error `invalid_response`, without a retry.",
        "what the decoder accepts as a success: `Document`, the envelope, and the required id.";
    invalid_responses::oversized_response_is_an_error: Http,
        "A response above the size limit of the transport is the error `invalid_response`, with or without `Content-Length`.",
        "whether every response is read by the given `Transport`.";
    deadlines::call_ends_at_its_deadline: Http,
        "A call ends at its deadline and closes its connection if the service is silent, stalls, drips or fails forever.",
        "whether every request uses the given `Transport`, and whether anything else waits.";
    ids::unusual_id_stays_in_its_path: Nothing,
        "An id is one path segment or parameter, or is rejected: it never changes host, path or query.",
        "how the URL is built: `BaseUrl::join` encodes and checks each segment.";
    base_url::unsafe_base_url_is_rejected: Http,
        "A base URL that exposes credentials is rejected: plain HTTP to another machine, or a password in the URL.",
        "whether the builder uses `BaseUrl::new`.";
    base_url::invalid_configuration_is_rejected: Http,
        "A configuration that cannot work is rejected, such as missing credentials or credentials that are invalid in a header.",
        "whether the builder validates every setting, and whether its errors name the provider.";
    base_url::redirect_is_not_followed: Http,
        "A redirect is the error `rejected`, without a retry and without a request to the new location.",
        "whether every request uses the given `Transport`; a client of your own must not follow redirects.";
    secrets::secrets_are_redacted: Nothing,
        "The source, records, errors with their causes, and `tracing` events contain no credential or token, in plain text, Base64 or \
         percent-encoding, even if a response repeats the request.",
        "the `Debug` implementations, errors made from responses, and `Authorization::redact_also` for encoded secrets.";
    cancellation::cancelled_call_releases_resources: Nothing,
        "A cancelled call closes its connection and releases its locks and permits: the next call works.",
        "spawned tasks, and locks and permits that are held while waiting.";
    concurrency::concurrent_calls_get_their_own_tickets: Nothing,
        "Concurrent calls on one source from several threads get their own tickets.",
        "state that calls share.";
    tokens::token_is_shared: Token,
        "One token is fetched for all calls, also for concurrent ones, and is reused.",
        "the lock that is held while a token is fetched.";
    tokens::rejected_token_is_replaced_once: TokenExpiry,
        "A rejected token is replaced once and the request is retried; if the new token is rejected too, that is the error \
         `unauthenticated`.",
        "`CredentialProvider::refresh`, and the codes that it treats as a rejected token.";
    mapping::mapping_matches_its_table: Decoder,
        "The table has what the mapping does with every value of every response; see `verify_mapping`.",
        "the row or the line of code for each location in the message.";
    mapping::mutated_responses_are_handled: Decoder,
        "Every mutated response is decoded or rejected as documented; see `check_mutated_responses`.",
        "how the decoder handles the body that is shown.";
    vocabulary::unknown_word_is_kept: HttpAndDecoder,
        "An unknown word becomes `other`, with the word itself in `native`.",
        "the mapping of that word: it must not fail, guess or drop.";
    vocabulary::vocabulary_overrides_take_precedence: Decoder,
        "Vocabulary overrides of the tenant take precedence over the provider's table.",
        "the mapping of that word: it must ask the `VocabularyOverrides` first.";
    json::ticket_json_is_stable: Nothing,
        "A ticket has the same JSON in each fetch; the JSON parses to an equal ticket and is valid against the schema.",
        "unordered maps, clocks and random values in the mapping.";
    conversation::conversation_is_whole_and_keeps_its_responses: Conversation,
        "With `FetchOptions::conversation` the ticket has all messages, and its origin all responses and the sum of all calls; \
         their saved text decodes to the same ticket. Without the option, the conversation is not requested.",
        "whether every call goes through one `Fetch`, and `Decoder::read_others`.";
    conversation::failing_page_is_no_short_conversation: Conversation,
        "If a page of the conversation fails or comes again, the fetch fails or the conversation says `complete: false`.",
        "whether errors of a page are returned, and whether the messages are counted against the total.";
    conversation::conversation_shares_the_deadline_of_its_fetch: Conversation,
        "All calls of a fetch share one deadline: a late page is the error `timeout`.",
        "whether every call goes through one `Fetch`.";
    list::list_is_returned_if_there_is_one: Nothing,
        "`TicketSource::list` returns the list if the service has one, with the capabilities that the decoder describes.",
        "`TicketSource::list`, and the description of the source.";
    list::list_has_every_ticket_once: List,
        "The pages of a list have every ticket once, in the order of the service; a token survives JSON.",
        "the request of the next page, and how its token is read.";
    list::unsupported_query_is_refused: List,
        "A query that the service cannot answer is the error `invalid_request` with the supported filters, without a request.",
        "whether `TicketList::page` calls `ListCapabilities::check`.";
    list::invalid_page_token_is_an_error: List,
        "An invalid page token is an error.",
        "how `TicketList::page` reads the token.";
    list::list_call_keeps_limits_and_is_retried: HttpAndList,
        "The list call keeps its rate limits and is retried like the ticket call.",
        "whether the list is read by `ApiClient::call`, and the name and the limits of its operation in `capabilities.rs`.";
}

#[cfg(test)]
mod tests {
    use super::TESTS;

    #[test]
    fn requirements_and_hints_are_sentences() {
        for test in TESTS {
            for text in [test.requirement, test.hint] {
                assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", test.name);
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::BTreeSet<_> = TESTS.iter().map(|test| test.name).collect();
        assert_eq!(names.len(), TESTS.len());
    }
}

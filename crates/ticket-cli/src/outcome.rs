//! Exit codes, and failures and warnings as text or as JSON.

mod hint;
mod warning;

use std::io;
use std::time::Duration;

use serde::Serialize;
use ticket_core::model::{IndexMap, Seconds};
use ticket_core::{Error, ErrorKind};

use crate::console::{Console, eprint_json};
use crate::view::amount::duration;
use crate::view::clean::one_line;
use crate::view::cut::cut;
use crate::view::ink::{ALARM, PLAIN, QUIET, StyledText};
use crate::view::json;

pub(crate) use hint::Hint;
pub(crate) use warning::Warning;

/// The exit code of success.
pub(crate) const DONE: u8 = 0;
/// The exit code of a failure without a code of its own.
pub(crate) const ANYTHING_ELSE: u8 = 1;

/// The exit code of a command that did its work, but could not read everything that there is.
pub(crate) const INCOMPLETE: u8 = 7;

/// The length at which a message cuts the name of a ticket. Valid names are shorter.
const MAX_SUBJECT_LENGTH: usize = 160;

/// The exit codes, as `--help` prints them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  2  usage, configuration, an invalid ticket id, or no mirror
  3  ticket not found
  4  not allowed: wrong credentials, or a missing permission
  5  try later: rate limited, unavailable, no connection, or timeout
  6  invalid response
  7  done, but not complete: the service reports more tickets or messages than were read,
     a file of an export changed, or some lines are not tickets (decode --lines)
  1  anything else
  With several ids, the first failure in the order of the ids decides.";

/// Where the help of a command refers to for the exit codes.
pub(crate) const SEE_EXIT_CODES: &str = "Exit codes: see ticket --help";

/// Returns the exit code of a kind of error.
pub(crate) fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::InvalidRequest | ErrorKind::Configuration => 2,
        ErrorKind::NotFound => 3,
        ErrorKind::Unauthenticated | ErrorKind::PermissionDenied => 4,
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Connection
        | ErrorKind::Timeout => 5,
        ErrorKind::InvalidResponse | ErrorKind::TicketMismatch => 6,
        // `quota_exhausted`, `rejected`, `output`, and future kinds.
        _ => ANYTHING_ELSE,
    }
}

/// A failure of a command. Its JSON has every key, also without a value.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Failure(Box<Fields>);

#[derive(Debug, Clone, Serialize)]
struct Fields {
    kind: &'static str,
    provider: Option<String>,
    profile: Option<String>,
    id: Option<String>,
    operation: Option<&'static str>,
    attempts: u64,
    code: Option<String>,
    http_status: Option<u16>,
    request_id: Option<String>,
    retryable: bool,
    retry_after_seconds: Option<f64>,
    message: String,
    hint: Option<Hint>,
    #[serde(skip)]
    exit: u8,
}

impl Failure {
    /// Creates the failure of a command that could not read everything that there is.
    pub(crate) fn incomplete(message: impl Into<String>) -> Self {
        let mut failure = Self::new(ErrorKind::Rejected, message);
        failure.0.kind = "incomplete";
        failure.0.exit = INCOMPLETE;
        failure
    }

    /// Converts the error of a call, with its causes.
    pub(crate) fn of(error: &Error) -> Self {
        let mut message = error.message().to_owned();
        if let Some(path) = error.path() {
            message.push_str(" at ");
            message.push_str(if path.is_empty() { "the top of the response" } else { path });
        }
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            let text = cause.to_string();
            // Some errors already include the message of their cause.
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            source = cause.source();
        }
        let wait = error.retry_after().and_then(wait_hint);
        Self(Box::new(Fields {
            kind: error.kind().as_str(),
            provider: error.provider().map(str::to_owned),
            profile: None,
            id: None,
            operation: error.operation(),
            attempts: error.stats().attempts,
            code: error.code().map(str::to_owned),
            http_status: error.http_status(),
            request_id: error.request_id().map(str::to_owned),
            retryable: error.is_retryable(),
            retry_after_seconds: error.retry_after().map(|wait| wait.as_secs_f64()),
            message,
            hint: error.hint().map(Hint::from).or(wait.map(Hint::from)).or_else(|| of_call(error)),
            exit: exit_code(error.kind()),
        }))
    }

    /// Creates a failure that is not the error of a call.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::of(&Error::new(kind, message))
    }

    /// Creates a failure to write the output, of the kind `output`.
    pub(crate) fn unwritable(error: &io::Error) -> Self {
        Self::new(ErrorKind::Output, format!("cannot write the output: {error}"))
    }

    /// Sets the hint.
    pub(crate) fn with_hint(mut self, hint: impl Into<Hint>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Sets the hint unless there is one.
    pub(crate) fn or_hint(mut self, hint: impl Into<Hint>) -> Self {
        self.0.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// Prefixes the message with the name of what failed.
    pub(crate) fn about(mut self, name: &str) -> Self {
        self.0.message = format!("{name}: {}", self.0.message);
        self
    }

    /// Sets the provider.
    pub(crate) fn with_provider(mut self, provider: &str) -> Self {
        self.0.provider = Some(provider.to_owned());
        self
    }

    /// Sets the profile.
    pub(crate) fn with_profile(mut self, profile: Option<&str>) -> Self {
        self.0.profile = profile.map(str::to_owned);
        self
    }

    /// Sets the id of the requested ticket.
    pub(crate) fn with_id(mut self, id: &str) -> Self {
        self.0.id = Some(id.to_owned());
        self
    }

    /// Returns the exit code.
    pub(crate) fn exit(&self) -> u8 {
        self.0.exit
    }

    /// Returns the name of its kind.
    pub(crate) fn kind(&self) -> &'static str {
        self.0.kind
    }

    /// Prints the failure to stderr and returns its exit code.
    pub(crate) fn end(&self, console: &Console, style: MessageFormat) -> u8 {
        self.report(console, style);
        self.exit()
    }

    /// Prints the failure to stderr.
    pub(crate) fn report(&self, console: &Console, style: MessageFormat) {
        match style {
            MessageFormat::Json => {
                #[derive(Serialize)]
                struct Envelope<'a> {
                    error: &'a Failure,
                }
                eprint_json(&json::compact(&Envelope { error: self }));
            }
            MessageFormat::Text => console.eprint(&self.to_text()),
        }
    }

    /// Returns what the failure is about; empty if it says nothing.
    fn subject(&self) -> String {
        let Fields { provider, profile, id, .. } = &*self.0;
        let source = provider.as_ref().map(|provider| match profile {
            Some(profile) => format!("{provider}@{profile}"),
            None => provider.clone(),
        });
        match (source, id) {
            (Some(source), Some(id)) => format!("{source}:{id}"),
            (Some(source), None) => source,
            (None, Some(id)) => id.clone(),
            (None, None) => String::new(),
        }
    }

    /// Returns the failure as a complete message: the subject, the details, and the hint on lines of its own.
    fn to_text(&self) -> StyledText {
        let mut ink = StyledText::of(ALARM, "error:");
        let subject = self.subject();
        ink.push(PLAIN, " ");
        if !subject.is_empty() {
            ink.append(&cut(&subject, MAX_SUBJECT_LENGTH));
            ink.push(PLAIN, ": ");
        }
        ink.append(&self.details());
        ink
    }

    /// Returns the message with its codes, and the hint on lines of its own.
    pub(crate) fn details(&self) -> StyledText {
        let Fields { code, http_status, request_id, message, hint, attempts, retryable, .. } =
            &*self.0;
        let mut ink = StyledText::default();
        ink.push_message(PLAIN, &one_line(message));
        let facts: Vec<_> = [
            code.as_ref().map(|code| format!("code {code}")),
            http_status.map(|status| format!("HTTP {status}")),
            request_id.as_ref().map(|id| format!("request {id}")),
            (*retryable && *attempts > 1).then(|| format!("tried {attempts} times")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !facts.is_empty() {
            ink.word(QUIET, &one_line(&format!("({})", facts.join(", "))));
        }
        if let Some(hint) = hint {
            hint.add_to(&mut ink);
        }
        ink
    }
}

/// A failure as text, without style.
pub(crate) struct PlainFailure {
    pub(crate) kind: &'static str,
    /// What failed and why.
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// Whether the message may quote a service.
    pub(crate) quotes_others: bool,
}

impl Failure {
    /// Returns the failure as text.
    pub(crate) fn plain(&self) -> PlainFailure {
        let Fields { kind, attempts, message, hint, .. } = &*self.0;
        let subject = self.subject();
        let message =
            if subject.is_empty() { message.clone() } else { format!("{subject}: {message}") };
        let is_own = *attempts == 0 && matches!(*kind, "invalid_request" | "configuration");
        let hint = hint.as_ref().map(Hint::to_string);
        PlainFailure { kind, message, hint, quotes_others: !is_own }
    }
}

/// The failures of a command that fetches several tickets.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    /// The position of the first failure in the order of the ids, and its exit code.
    first: Option<(usize, u8)>,
    /// The number of failures of each kind, in the order of their first occurrence.
    kinds: IndexMap<&'static str, usize>,
}

impl Failures {
    /// Counts the failure of the ticket at this position.
    pub(crate) fn add(&mut self, position: usize, failure: &Failure) {
        if self.first.is_none_or(|(first, _)| position < first) {
            self.first = Some((position, failure.exit()));
        }
        *self.kinds.entry(failure.kind()).or_default() += 1;
    }

    /// Returns the exit code of the first failure, or success.
    pub(crate) fn exit(&self) -> u8 {
        self.first.map_or(DONE, |(_, exit)| exit)
    }

    /// Returns whether nothing failed.
    pub(crate) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Prints to stderr how many of the `requested` tickets were fetched, and how many failed.
    pub(crate) fn report_summary(&self, requested: usize, console: &Console, style: MessageFormat) {
        #[derive(Serialize)]
        struct Envelope<'a> {
            summary: Summary<'a>,
        }
        #[derive(Serialize)]
        struct Summary<'a> {
            requested: usize,
            fetched: usize,
            failed: &'a IndexMap<&'static str, usize>,
        }
        match style {
            MessageFormat::Json => {
                let fetched = requested - self.kinds.values().sum::<usize>();
                let summary = Summary { requested, fetched, failed: &self.kinds };
                eprint_json(&json::compact(&Envelope { summary }));
            }
            MessageFormat::Text => console.eprint(&StyledText::of(PLAIN, &self.summary(requested))),
        }
    }

    fn summary(&self, requested: usize) -> String {
        let failed: usize = self.kinds.values().sum();
        if failed == 0 {
            return format!("{requested} of {requested} tickets fetched");
        }
        let kinds: Vec<_> = self
            .kinds
            .iter()
            .map(|(kind, count)| match self.kinds.len() {
                1 => (*kind).to_owned(),
                _ => format!("{count} {kind}"),
            })
            .collect();
        let fetched = requested - failed;
        format!("{fetched} of {requested} tickets fetched; {failed} failed: {}", kinds.join(", "))
    }
}

/// Returns what to do about a failed call that has no hint of its own.
fn of_call(error: &Error) -> Option<Hint> {
    if error.stats().attempts == 0 {
        return None;
    }
    Some(match error.kind() {
        ErrorKind::Unauthenticated => {
            Hint::with_command("to check the credentials, run", "ticket doctor")
        }
        ErrorKind::Connection => Hint::with_command(
            "check the network and the proxy; to see the settings, run",
            "ticket doctor",
        ),
        ErrorKind::Unavailable => "try again later".into(),
        ErrorKind::Timeout => "try again later, or allow more time with --timeout".into(),
        _ => return None,
    })
}

/// Returns a hint with the wait that the service asks for; `None` if it is zero.
fn wait_hint(wait: Duration) -> Option<String> {
    let milliseconds = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).ok()?;
    let exact = Seconds::from_milliseconds(milliseconds).filter(|_| milliseconds > 0)?;
    let words = duration(milliseconds / 1_000, &exact.to_string());
    Some(format!("the service asks to wait {words}"))
}

/// The format of failures and warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageFormat {
    /// Text for people.
    Text,
    /// A JSON object per line, for programs.
    Json,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ticket_core::{Error, ErrorKind};

    use super::{DONE, EXIT_CODES, Failure, Failures, exit_code, wait_hint};
    use crate::view::json;

    #[test]
    fn maps_each_error_kind_to_an_exit_code() {
        for (kind, code) in [
            (ErrorKind::InvalidRequest, 2),
            (ErrorKind::Configuration, 2),
            (ErrorKind::NotFound, 3),
            (ErrorKind::Unauthenticated, 4),
            (ErrorKind::PermissionDenied, 4),
            (ErrorKind::RateLimited, 5),
            (ErrorKind::Unavailable, 5),
            (ErrorKind::Connection, 5),
            (ErrorKind::Timeout, 5),
            (ErrorKind::InvalidResponse, 6),
            (ErrorKind::TicketMismatch, 6),
            (ErrorKind::QuotaExhausted, 1),
            (ErrorKind::Rejected, 1),
            (ErrorKind::Output, 1),
        ] {
            assert_eq!(exit_code(kind), code, "{kind}");
        }
        for kind in ErrorKind::ALL {
            assert!(EXIT_CODES.contains(&format!("\n  {}  ", exit_code(*kind))), "{kind}");
        }
    }

    #[test]
    fn writes_every_key_of_a_failure() {
        assert_eq!(
            json::compact(&Failure::new(ErrorKind::Rejected, "no")),
            r#"{"kind":"rejected","provider":null,"profile":null,"id":null,"operation":null,"attempts":0,"code":null,"http_status":null,"request_id":null,"retryable":false,"retry_after_seconds":null,"message":"no","hint":null}"#
        );
    }

    #[test]
    fn summarizes_failures_by_kind_and_exits_with_the_first() {
        let mut failures = Failures::default();
        assert_eq!(failures.exit(), DONE);
        assert_eq!(failures.summary(5), "5 of 5 tickets fetched");
        for (position, kind, summary) in [
            (3, ErrorKind::NotFound, "4 of 5 tickets fetched; 1 failed: not_found"),
            (1, ErrorKind::NotFound, "3 of 5 tickets fetched; 2 failed: not_found"),
            (2, ErrorKind::Timeout, "2 of 5 tickets fetched; 3 failed: 2 not_found, 1 timeout"),
        ] {
            failures.add(position, &Failure::new(kind, "no"));
            assert_eq!(failures.summary(5), summary);
        }
        assert_eq!(failures.exit(), 3);
    }

    #[test]
    fn hints_at_the_exact_wait() {
        for (milliseconds, expected) in [
            (0, None),
            (50, Some("the service asks to wait 0.05 seconds")),
            (1_000, Some("the service asks to wait 1 second")),
            (1_500, Some("the service asks to wait 1.5 seconds")),
            (90_000, Some("the service asks to wait 1m 30s (90 seconds)")),
        ] {
            let hint = wait_hint(Duration::from_millis(milliseconds));
            assert_eq!(hint.as_deref(), expected);
        }
    }

    #[test]
    fn escapes_the_message_and_includes_cause_and_hint() {
        let error = Error::new(ErrorKind::Connection, "no connection")
            .with_provider("feishu")
            .with_http_status(502)
            .with_source("refused\u{1b}[2J")
            .with_hint("is the network there?");
        assert_eq!(
            Failure::of(&error).with_id("1").to_text().as_str(),
            "error: feishu:1: no connection: refused\\u{1b}[2J (HTTP 502)\nhint: is the network there?"
        );
    }
}

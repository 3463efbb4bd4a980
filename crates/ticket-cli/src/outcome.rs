//! How a command ends: exit codes, and failures as a sentence or as JSON.

use std::time::Duration;
use std::{fmt, io};

use serde::{Serialize, Serializer};
use ticket_core::model::{IndexMap, Seconds};
use ticket_core::{Error, ErrorKind};

use crate::console::{Console, complain_json};
use crate::view::clean::one_line;
use crate::view::cut::cut;
use crate::view::ink::{ALARM, Ink, PLAIN, QUIET};
use crate::view::json;
use crate::view::time::duration;

/// The exit code of a command that did what it was asked to.
pub(crate) const DONE: u8 = 0;
/// The exit code for whatever has no code of its own.
pub(crate) const ANYTHING_ELSE: u8 = 1;

/// A ticket's name that is longer is cut in a sentence: no valid one is.
const LONGEST_SUBJECT: usize = 160;

/// The exit codes, as `--help` prints them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  2  usage, configuration, or an id that is none
  3  there is no such ticket
  4  not allowed: wrong credentials, or a missing permission
  5  try later: limited, unavailable, no connection, or too slow
  6  the response could not be read
  1  anything else
  Of several ids, the first failure in the order asked decides.";

/// The exit code that says what kind of failure it was.
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
        // `quota_exhausted`, `rejected`, and whatever kind comes to be.
        _ => ANYTHING_ELSE,
    }
}

/// A failure, ready to be told: every key is always there.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Failure(Box<Facts>);

#[derive(Debug, Clone, Serialize)]
struct Facts {
    kind: &'static str,
    provider: Option<String>,
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

/// What to do: a sentence and, at its end, the command to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    text: String,
    command: Option<String>,
}

impl Hint {
    /// Returns a hint that ends with a command, which stands on a line of its own.
    pub(crate) fn with_command(text: &str, command: impl Into<String>) -> Self {
        Self { text: text.into(), command: Some(command.into()) }
    }

    /// Adds the hint as lines of a message.
    fn add_to(&self, ink: &mut Ink) {
        ink.line();
        ink.push_message(QUIET, &format!("hint: {}", one_line(&self.text)));
        if let Some(command) = &self.command {
            ink.push(QUIET, ":");
            ink.push_command(&one_line(command));
        }
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self { text, command: None }
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)?;
        self.command.as_ref().map_or(Ok(()), |command| write!(formatter, ": {command}"))
    }
}

impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Failure {
    /// The failure of a call, and the causes behind it.
    pub(crate) fn of(error: &Error) -> Self {
        let mut message = error.message().to_owned();
        if let Some(path) = error.path() {
            message.push_str(" at ");
            message.push_str(if path.is_empty() { "the top of the response" } else { path });
        }
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            let text = cause.to_string();
            // Some causes repeat what their own cause says.
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            source = cause.source();
        }
        let wait = error.retry_after().and_then(asked_wait);
        Self(Box::new(Facts {
            kind: error.kind().as_str(),
            provider: error.provider().map(str::to_owned),
            id: None,
            operation: error.operation(),
            attempts: error.stats().attempts,
            code: error.code().map(str::to_owned),
            http_status: error.http_status(),
            request_id: error.request_id().map(str::to_owned),
            retryable: error.is_retryable(),
            retry_after_seconds: error.retry_after().map(|wait| wait.as_secs_f64()),
            message,
            hint: error.hint().map(Hint::from).or(wait.map(Hint::from)),
            exit: exit_code(error.kind()),
        }))
    }

    /// A failure of this program's own making: it read no response.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::of(&Error::new(kind, message))
    }

    /// Output that cannot be written: no call has failed, so it has a kind of its own.
    pub(crate) fn unwritable(error: &io::Error) -> Self {
        let mut failure =
            Self::new(ErrorKind::Rejected, format!("the output cannot be written: {error}"));
        failure.0.kind = "output";
        failure
    }

    /// Sets what to do.
    pub(crate) fn with_hint(mut self, hint: impl Into<Hint>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Sets what to do unless a hint is there.
    pub(crate) fn or_hint(mut self, hint: impl Into<Hint>) -> Self {
        self.0.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// The same failure, of one of several things that were named.
    pub(crate) fn about(mut self, name: &str) -> Self {
        self.0.message = format!("{name}: {}", self.0.message);
        self
    }

    /// Whose call it was.
    pub(crate) fn with_provider(mut self, provider: &str) -> Self {
        self.0.provider = Some(provider.to_owned());
        self
    }

    /// Which ticket was asked for.
    pub(crate) fn with_id(mut self, id: &str) -> Self {
        self.0.id = Some(id.to_owned());
        self
    }

    /// The exit code that says what kind of failure it was.
    pub(crate) fn exit(&self) -> u8 {
        self.0.exit
    }

    /// Tells the failure on stderr and gives its exit code.
    pub(crate) fn end(&self, console: &Console, style: Telling) -> u8 {
        self.tell(console, style);
        self.exit()
    }

    /// Tells the failure on stderr.
    pub(crate) fn tell(&self, console: &Console, style: Telling) {
        match style {
            Telling::Json => {
                #[derive(Serialize)]
                struct Envelope<'a> {
                    error: &'a Failure,
                }
                complain_json(&json::compact(&Envelope { error: self }));
            }
            Telling::Sentence => console.complain(&self.sentence()),
        }
    }

    /// Returns the failure as a message of its own: whose it is, what happened, and what to do on lines of their own.
    fn sentence(&self) -> Ink {
        let Facts { provider, id, .. } = &*self.0;
        let mut ink = Ink::of(ALARM, "error:");
        let subject = match (provider, id) {
            (Some(provider), Some(id)) => format!("{provider}:{id}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => String::new(),
        };
        ink.push(PLAIN, " ");
        if !subject.is_empty() {
            ink.append(&cut(&subject, LONGEST_SUBJECT));
            ink.push(PLAIN, ": ");
        }
        ink.append(&self.account());
        ink
    }

    /// Returns what happened, and what to do on lines of their own.
    pub(crate) fn account(&self) -> Ink {
        let Facts { code, http_status, request_id, message, hint, .. } = &*self.0;
        let mut ink = Ink::default();
        ink.push_message(PLAIN, &one_line(message));
        let facts: Vec<_> = [
            code.as_ref().map(|code| format!("code {code}")),
            http_status.map(|status| format!("HTTP {status}")),
            request_id.as_ref().map(|id| format!("request {id}")),
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

/// Something that people should know although nothing has failed.
#[derive(Debug, Serialize)]
pub(crate) struct Warning {
    message: String,
    hint: Hint,
}

impl Warning {
    /// Returns a warning that says what to do.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }

    /// Tells the warning on stderr.
    pub(crate) fn tell(&self, console: &Console, style: Telling) {
        match style {
            Telling::Json => {
                #[derive(Serialize)]
                struct Envelope<'a> {
                    warning: &'a Warning,
                }
                complain_json(&json::compact(&Envelope { warning: self }));
            }
            Telling::Sentence => {
                let mut ink = Ink::of(ALARM, "warning:");
                ink.push(PLAIN, " ");
                ink.push_message(PLAIN, &one_line(&self.message));
                self.hint.add_to(&mut ink);
                console.complain(&ink);
            }
        }
    }
}

/// The failures of a run that asks for several tickets.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    /// The exit code of the first one.
    first: Option<u8>,
    /// How often each kind came, in the order of its first time.
    kinds: IndexMap<&'static str, usize>,
}

impl Failures {
    /// Counts a failure.
    pub(crate) fn add(&mut self, failure: &Failure) {
        self.first.get_or_insert(failure.exit());
        *self.kinds.entry(failure.0.kind).or_default() += 1;
    }

    /// Returns the exit code of the run.
    pub(crate) fn exit(&self) -> u8 {
        self.first.unwrap_or(DONE)
    }

    /// Tells on stderr how many of so many tickets came, unless all did.
    pub(crate) fn tell_summary(&self, asked: usize, console: &Console, style: Telling) {
        #[derive(Serialize)]
        struct Envelope<'a> {
            summary: Summary<'a>,
        }
        #[derive(Serialize)]
        struct Summary<'a> {
            asked: usize,
            fetched: usize,
            failed: &'a IndexMap<&'static str, usize>,
        }
        if self.kinds.is_empty() {
            return;
        }
        match style {
            Telling::Json => {
                let fetched = asked - self.kinds.values().sum::<usize>();
                let summary = Summary { asked, fetched, failed: &self.kinds };
                complain_json(&json::compact(&Envelope { summary }));
            }
            Telling::Sentence => console.complain(&Ink::of(PLAIN, &self.summary(asked))),
        }
    }

    fn summary(&self, asked: usize) -> String {
        let failed: usize = self.kinds.values().sum();
        let kinds: Vec<_> = self
            .kinds
            .iter()
            .map(|(kind, count)| match self.kinds.len() {
                1 => (*kind).to_owned(),
                _ => format!("{count} {kind}"),
            })
            .collect();
        let fetched = asked - failed;
        format!("{fetched} of {asked} tickets fetched; {failed} failed: {}", kinds.join(", "))
    }
}

/// What is told of a wait that the service asks for; nothing of none.
fn asked_wait(wait: Duration) -> Option<String> {
    let milliseconds = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).ok()?;
    let exact = Seconds::from_milliseconds(milliseconds).filter(|_| milliseconds > 0)?;
    let words = duration(milliseconds / 1_000, &exact.to_string());
    Some(format!("the service asks to wait {words}"))
}

/// How failures are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// A sentence for people.
    Sentence,
    /// A JSON object in a line, for programs.
    Json,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ticket_core::{Error, ErrorKind};

    use super::{DONE, EXIT_CODES, Failure, Failures, asked_wait, exit_code};
    use crate::view::json;

    #[test]
    fn each_kind_has_its_exit_code() {
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
        ] {
            assert_eq!(exit_code(kind), code, "{kind}");
        }
        for kind in ErrorKind::ALL {
            assert!(EXIT_CODES.contains(&format!("\n  {}  ", exit_code(*kind))), "{kind}");
        }
    }

    #[test]
    fn a_failure_has_every_key_even_where_it_has_no_value() {
        assert_eq!(
            json::compact(&Failure::new(ErrorKind::Rejected, "no")),
            r#"{"kind":"rejected","provider":null,"id":null,"operation":null,"attempts":0,"code":null,"http_status":null,"request_id":null,"retryable":false,"retry_after_seconds":null,"message":"no","hint":null}"#
        );
    }

    #[test]
    fn summarizes_failures_by_kind_and_exits_with_the_first() {
        let mut failures = Failures::default();
        assert_eq!(failures.exit(), DONE);
        for (kind, summary) in [
            (ErrorKind::NotFound, "4 of 5 tickets fetched; 1 failed: not_found"),
            (ErrorKind::NotFound, "3 of 5 tickets fetched; 2 failed: not_found"),
            (ErrorKind::Timeout, "2 of 5 tickets fetched; 3 failed: 2 not_found, 1 timeout"),
        ] {
            failures.add(&Failure::new(kind, "no"));
            assert_eq!(failures.summary(5), summary);
        }
        assert_eq!(failures.exit(), 3);
    }

    #[test]
    fn a_wait_is_told_as_long_as_it_is() {
        for (milliseconds, expected) in [
            (0, None),
            (50, Some("the service asks to wait 0.05 seconds")),
            (1_000, Some("the service asks to wait 1 second")),
            (1_500, Some("the service asks to wait 1.5 seconds")),
            (90_000, Some("the service asks to wait 1m 30s (90 seconds)")),
        ] {
            let told = asked_wait(Duration::from_millis(milliseconds));
            assert_eq!(told.as_deref(), expected);
        }
    }

    #[test]
    fn a_sentence_is_safe_and_names_cause_and_way_out() {
        let error = Error::new(ErrorKind::Connection, "no connection")
            .with_provider("feishu")
            .with_http_status(502)
            .with_source("refused\u{1b}[2J")
            .with_hint("is the network there?");
        assert_eq!(
            Failure::of(&error).with_id("1").sentence().as_str(),
            "error: feishu:1: no connection: refused\\u{1b}[2J (HTTP 502)\nhint: is the network there?"
        );
    }
}

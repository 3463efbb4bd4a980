//! A dialect made of a reading and a table.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ticket_conformance::{Case, prove_mapping};
use ticket_core::capabilities::Capabilities;
use ticket_core::{Answer, Contradiction, Decoded, Dialect, Error, Reading, Rule};

/// How an answer becomes a ticket, and what the table says of it.
pub(crate) struct Made<R> {
    pub(crate) read: R,
    pub(crate) rules: &'static [Rule],
}

impl<R: Fn(&Answer) -> Result<Decoded, Error> + Send + Sync> Dialect for Made<R> {
    fn provider(&self) -> &'static str {
        "desk"
    }

    fn title(&self) -> &'static str {
        "A desk"
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, answer: &Answer, _: &Reading) -> Result<Decoded, Error> {
        (self.read)(answer)
    }

    /// What an error knows of its answer is up to each desk here.
    fn decode(&self, answers: &[Answer], reading: &Reading) -> Result<Decoded, Error> {
        self.read(Answer::first(answers, self.ticket_operation())?, reading)
    }

    fn rules(&self) -> &'static [Rule] {
        self.rules
    }

    fn capabilities(&self) -> &'static Capabilities {
        &Capabilities { operations: &[], caps: &[] }
    }

    fn contradictions(&self) -> &'static [Contradiction] {
        &[]
    }
}

/// What the proof says of a dialect; nothing where it passes.
pub(crate) fn proof(dialect: &dyn Dialect, cases: &[Case]) -> String {
    said(|| prove_mapping(dialect, cases)).unwrap_or_default()
}

/// What a part of the suite says, where it is not content.
pub(crate) fn said(part: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(part)).err()?;
    Some(*panic.downcast::<String>().expect("a message"))
}

//! The pure half of a provider: from answers to a ticket, with no network, no clock and no environment.

use ticket_model::Ticket;

use crate::capabilities::Capabilities;
use crate::{Answer, Contradiction, Error, Reading, Report, Rule};

/// A provider's language: how its answers are read.
///
/// What works on this trait (the documentation of the mapping, the reading of saved answers) knows no provider.
pub trait Dialect: Send + Sync {
    /// The name of the provider, as [`Ticket::provider`] has it.
    fn provider(&self) -> &'static str;

    /// The name of the service, for people.
    fn title(&self) -> &'static str;

    /// What the answer of a saved ticket is called in [`Answer::operation`].
    fn ticket_operation(&self) -> &'static str;

    /// Reads the answer that brings a ticket; `reading` holds what a tenant says of its own words. Whoever has answers calls
    /// [`decode`](Self::decode).
    ///
    /// # Errors
    /// What a refusal of the service means, by its code or else its HTTP status;
    /// [`Unreadable`](crate::ErrorKind::Unreadable) where a success is no ticket.
    fn read(&self, answer: &Answer, reading: &Reading) -> Result<Decoded, Error>;

    /// Reads the answers of one ticket. A provider whose tickets take several calls reads all of them here.
    ///
    /// # Errors
    /// As [`read`](Self::read), with the provider and what the answer knows of itself;
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where no answer is one to the ticket's operation.
    fn decode(&self, answers: &[Answer], reading: &Reading) -> Result<Decoded, Error> {
        let named = |error: Error| error.with_provider(self.provider());
        let answer = Answer::first(answers, self.ticket_operation()).map_err(named)?;
        self.read(answer, reading).map_err(|error| named(answer.complete(error)))
    }

    /// The mapping as a table.
    fn rules(&self) -> &'static [Rule];

    /// What the provider can do.
    fn capabilities(&self) -> &'static Capabilities;

    /// Where the provider's documentation contradicts itself or its service, and how that is read.
    fn contradictions(&self) -> &'static [Contradiction];
}

/// A ticket that was read, and what was noticed while reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The ticket.
    pub ticket: Ticket,
    /// What was noticed.
    pub report: Report,
}

//! Fetches tickets: several at a time, in the order of the arguments, with only a few in memory.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;

use ticket_core::{CallStats, Error, ErrorKind, Record, TicketId, VocabularyOverrides};
use tokio::task::JoinHandle;

use super::configuration::Configuration;
use super::transports::{self, Transports};
use crate::address::{SourceAddress, parse_ticket};
use crate::outcome::{Failure, Hint};
use crate::providers::{CliSource, Provider};
use crate::settings;

/// A fetched ticket, and the vocabulary it was decoded with.
pub(super) struct Fetched {
    pub(super) provider: &'static Provider,
    pub(super) overrides: Arc<VocabularyOverrides>,
    pub(super) record: Record,
}

/// A ticket that was not fetched.
pub(super) struct Missed {
    /// The ticket as in the arguments, `SOURCE:ID`.
    pub(super) name: String,
    source: Option<SourceAddress>,
    pub(super) failure: Failure,
    /// The error of the call; `None` if there was no call.
    pub(super) error: Option<Error>,
}

impl Missed {
    /// Returns the source and the failure of all its tickets, if every other ticket would fail the same way.
    fn of_all(&self) -> Option<(SourceAddress, Failure)> {
        let error = self.error.as_ref().filter(|it| it.kind() == ErrorKind::Configuration)?;
        let failure = Failure::of(&error.clone().with_stats(CallStats::default()));
        Some((self.source.clone()?, failure))
    }
}

impl From<Missed> for Failure {
    fn from(missed: Missed) -> Self {
        missed.failure
    }
}

/// Fetches these tickets, each as `SOURCE:ID`, and passes each outcome to `each`.
///
/// A failure that every other ticket of the source would have as well, such as a proxy that rejects the password, fails all later
/// tickets of the source without a request.
///
/// # Errors
/// An error of `each` ends the run at once.
pub(super) async fn in_order(
    names: impl Iterator<Item = &str>,
    configuration: &Configuration,
    mut each: impl FnMut(Result<Fetched, Missed>) -> io::Result<()>,
) -> io::Result<()> {
    let shared = Transports::default();
    let concurrency = transports::concurrency(configuration);
    let mut sources = HashMap::new();
    let mut waiting = VecDeque::with_capacity(concurrency);
    for name in names {
        if waiting.len() == concurrency
            && let Some(first) = waiting.pop_front()
        {
            let outcome = finish(first).await;
            if let Some((source, failure)) = outcome.as_ref().err().and_then(Missed::of_all) {
                sources.insert(source.key(), Err(failure));
            }
            each(outcome)?;
        }
        let call = parse_ticket(name).and_then(|(address, id)| {
            let source = sources
                .entry(address.key())
                .or_insert_with(|| ConfiguredSource::new(&address, configuration, &shared))
                .clone();
            let provider = address.provider.name;
            let source = source.map_err(|it| it.with_provider(provider).with_id(id.as_str()))?;
            Ok(tokio::spawn(source.fetch(address, id)))
        });
        waiting.push_back(call.map_err(|failure| Missed {
            name: name.to_owned(),
            source: None,
            failure,
            error: None,
        }));
    }
    for call in waiting {
        each(finish(call).await)?;
    }
    Ok(())
}

async fn finish(
    call: Result<JoinHandle<Result<Fetched, Missed>>, Missed>,
) -> Result<Fetched, Missed> {
    call?.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// A source, and its vocabulary overrides.
#[derive(Clone)]
struct ConfiguredSource {
    source: Arc<dyn CliSource>,
    overrides: Arc<VocabularyOverrides>,
}

impl ConfiguredSource {
    /// Creates the source with its settings.
    fn new(
        address: &SourceAddress,
        configuration: &Configuration,
        transports: &Transports,
    ) -> Result<Self, Failure> {
        let provider = address.provider;
        let values = configuration.settings(address)?;
        let values = settings::complete(provider, values).map_err(|failure| {
            failure.or_hint(Hint::with_command(
                "--sandbox needs no settings; to see what is configured, run",
                "ticket doctor",
            ))
        })?;
        configuration.warn_about(provider, &values);
        let overrides = configuration.vocabulary(address)?;
        let base_url = settings::base_url(provider, &values)?;
        let (_, transport) = transports.of(configuration, address, &values, &base_url)?;
        let source = (provider.source)(&values, overrides.clone(), transport);
        let source = source.map_err(|error| Failure::of(&error))?;
        Ok(Self { source, overrides: Arc::new(overrides) })
    }

    async fn fetch(self, address: SourceAddress, id: TicketId) -> Result<Fetched, Missed> {
        let Self { source, overrides } = self;
        let provider = address.provider;
        match source.fetch(&id).await {
            Ok(record) => Ok(Fetched { provider, overrides, record }),
            Err(error) => Err(Missed {
                name: format!("{address}:{id}"),
                source: Some(address),
                failure: Failure::of(&error).with_provider(provider.name).with_id(id.as_str()),
                error: Some(error),
            }),
        }
    }
}

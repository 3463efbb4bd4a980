//! Fetches tickets: several at a time, handed over in the order asked, and never more than a few in memory.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;

use ticket_core::{CallStats, Error, ErrorKind, Record, TicketId, VocabularyOverrides};
use tokio::task::JoinHandle;

use super::configuration::Configuration;
use super::transports::{self, Transports};
use crate::outcome::{Failure, Hint};
use crate::providers::{self, CliSource, Provider};
use crate::settings;

/// A ticket that came, and how it was read.
pub(super) struct Fetched {
    pub(super) provider: &'static Provider,
    pub(super) overrides: Arc<VocabularyOverrides>,
    pub(super) record: Record,
}

/// A ticket that did not come.
pub(super) struct Missed {
    /// What was asked for, as `PROVIDER:ID`.
    pub(super) name: String,
    pub(super) failure: Failure,
    /// The failure of the call; `None` where nobody was asked.
    pub(super) error: Option<Error>,
}

impl Missed {
    /// Returns the provider and the failure of its other tickets, where they would fail the same way.
    fn of_all(&self) -> Option<(&'static str, Failure)> {
        let error = self.error.as_ref()?;
        let is_of_all = error.kind() == ErrorKind::Configuration;
        let failure = || Failure::of(&error.clone().with_stats(CallStats::default()));
        is_of_all.then(|| Some((error.provider()?, failure()))).flatten()
    }
}

impl From<Missed> for Failure {
    fn from(missed: Missed) -> Self {
        missed.failure
    }
}

/// Fetches the tickets of these names, each as `PROVIDER:ID`, and hands over what became of each.
///
/// A failure that no other ticket would escape, such as a proxy that refuses the password, becomes that of all later tickets of the
/// provider: for them nothing is sent.
///
/// # Errors
/// What `each` gives back ends it at once.
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
            if let Some((provider, failure)) = outcome.as_ref().err().and_then(Missed::of_all) {
                sources.insert(provider, Err(failure));
            }
            each(outcome)?;
        }
        let call = read_name(name).and_then(|(provider, id)| {
            let source = sources
                .entry(provider.name)
                .or_insert_with(|| ConfiguredSource::new(provider, configuration, &shared))
                .clone();
            let source =
                source.map_err(|it| it.with_provider(provider.name).with_id(id.as_str()))?;
            Ok(tokio::spawn(source.fetch(provider, id)))
        });
        waiting.push_back(call.map_err(|failure| Missed {
            name: name.to_owned(),
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

/// A source, and how its responses are read.
#[derive(Clone)]
struct ConfiguredSource {
    source: Arc<dyn CliSource>,
    overrides: Arc<VocabularyOverrides>,
}

impl ConfiguredSource {
    /// With the settings that there are for this provider.
    fn new(
        provider: &Provider,
        configuration: &Configuration,
        transports: &Transports,
    ) -> Result<Self, Failure> {
        let values = configuration.settings(provider)?;
        let values = settings::complete(provider, values).map_err(|failure| {
            failure.or_hint(Hint::with_command(
                "--sandbox needs no settings; to see what is configured, run",
                "ticket doctor",
            ))
        })?;
        configuration.warn_about(provider, &values);
        let overrides = configuration.vocabulary(provider)?;
        let base_url = settings::base_url(provider, &values)?;
        let (_, transport) = transports.of(configuration, &values, &base_url)?;
        let source = (provider.source)(&values, overrides.clone(), transport);
        let source = source.map_err(|error| Failure::of(&error))?;
        Ok(Self { source, overrides: Arc::new(overrides) })
    }

    async fn fetch(self, provider: &'static Provider, id: TicketId) -> Result<Fetched, Missed> {
        let Self { source, overrides } = self;
        match source.fetch(&id).await {
            Ok(record) => Ok(Fetched { provider, overrides, record }),
            Err(error) => Err(Missed {
                name: format!("{}:{id}", provider.name),
                failure: Failure::of(&error).with_provider(provider.name).with_id(id.as_str()),
                error: Some(error),
            }),
        }
    }
}

/// Splits `provider:id`, of which the id may have colons of its own.
pub(super) fn read_name(name: &str) -> Result<(&'static Provider, TicketId), Failure> {
    let Some((provider, id)) = name.split_once(':') else {
        return Err(Failure::new(
            ErrorKind::InvalidRequest,
            "the name does not say of which provider it is",
        )
        .with_id(name)
        .with_hint(format!(
            "write PROVIDER:ID, such as feishu:6626871355780366331; the providers are {}",
            providers::names()
        )));
    };
    let row = providers::named(provider)
        .map_err(|failure| failure.with_provider(provider).with_id(id))?;
    match TicketId::new(id) {
        Ok(id) => Ok((row, id)),
        Err(error) => Err(Failure::of(&error).with_provider(provider).with_id(id)),
    }
}

//! Fetches tickets: several at a time, in the order of the arguments, with only a few in memory.

mod window;

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::Arc;

use futures_util::stream::{self, Stream, StreamExt};
use ticket_core::{
    CallStats, Error, ErrorKind, FetchOptions, Record, TicketId, VocabularyOverrides,
};
use tokio::task::JoinSet;

use super::configuration::Configuration;
use super::ids::{Ids, Unreadable};
use super::transports::{self, Transports};
use crate::address::{SourceAddress, parse_ticket};
use crate::outcome::{Failure, Hint};
use crate::providers::CliSource;
use crate::settings;
use crate::view::copyable;
use window::Window;

pub(super) use window::Order;

/// How many outcomes may wait for an earlier one, for each call at a time.
const WAITING_OUTCOMES: usize = 8;

/// Returns the options of a fetch.
pub(super) fn options(conversation: bool) -> FetchOptions {
    let options = FetchOptions::default();
    if conversation { options.with_conversation() } else { options }
}

/// A fetched ticket, and the vocabulary it was decoded with.
pub(super) struct Fetched {
    pub(super) address: SourceAddress,
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

impl From<Unreadable> for Missed {
    fn from(Unreadable { name, failure }: Unreadable) -> Self {
        Self { name, source: None, failure, error: None }
    }
}

/// A ticket of a run.
pub(super) enum Wanted {
    /// The ticket has to be fetched.
    Id(SourceAddress, TicketId),
    /// A list had the whole ticket.
    Ticket(Box<Fetched>),
}

/// Returns what to fetch; the stream ends with the ids.
pub(super) fn wanted(
    ids: Ids,
    configuration: &Configuration,
) -> impl Stream<Item = Result<Wanted, Missed>> + use<> {
    let start = (ids, configuration.selector());
    stream::unfold(start, async |(mut ids, selector)| {
        let wanted =
            ids.next().await?.map_err(Missed::from).and_then(|requested| {
                match parse_ticket(&requested.name, &selector) {
                    Ok((address, id)) => Ok(Wanted::Id(address, id)),
                    Err(failure) => {
                        let failure = requested.located(failure);
                        Err(Missed { name: requested.name, source: None, failure, error: None })
                    }
                }
            });
        Some((wanted, (ids, selector)))
    })
}

/// Fetches these tickets, each as `SOURCE:ID`, and passes each outcome to `each` in their order.
///
/// # Errors
/// An error of `each` ends the run at once.
pub(super) async fn in_order(
    names: impl Iterator<Item = &str>,
    options: FetchOptions,
    configuration: &Configuration,
    mut each: impl FnMut(Result<Fetched, Missed>) -> io::Result<()>,
) -> io::Result<()> {
    let wanted = wanted(Ids::of(names), configuration);
    let sources = Sources::new(configuration);
    run(wanted, Order::Requested, options, sources, |_, outcome| each(outcome)).await
}

/// Fetches tickets, and passes each outcome to `each` with the position of its ticket, counted from 0.
///
/// A failure that every other ticket of the source would have as well, such as a proxy that rejects the password, fails all later
/// tickets of the source without a request.
///
/// # Errors
/// An error of `each` ends the run at once.
pub(super) async fn run(
    wanted: impl Stream<Item = Result<Wanted, Missed>>,
    order: Order,
    options: FetchOptions,
    mut sources: Sources<'_>,
    mut each: impl FnMut(usize, Result<Fetched, Missed>) -> io::Result<()>,
) -> io::Result<()> {
    let mut wanted = pin!(wanted);
    let concurrency = transports::concurrency(sources.configuration);
    let mut window = Window::new(order, concurrency * WAITING_OUTCOMES);
    let mut calls = JoinSet::new();
    let mut is_end = false;
    loop {
        let may_start = !is_end && calls.len() < concurrency && window.has_room();
        tokio::select! {
            biased;
            Some(call) = calls.join_next() => {
                let (position, outcome) =
                    call.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
                if let Err(missed) = &outcome {
                    sources.remember_failure(missed);
                }
                window.finish(position, outcome, &mut each)?;
            }
            next = wanted.next(), if may_start => {
                let Some(next) = next else {
                    is_end = true;
                    continue;
                };
                let position = window.start();
                let outcome = match next {
                    Ok(Wanted::Id(address, id)) => match sources.prepare(&address, &id) {
                        Ok(source) => {
                            calls.spawn(async move {
                                (position, source.fetch(address, id, options).await)
                            });
                            continue;
                        }
                        Err(missed) => Err(missed),
                    },
                    Ok(Wanted::Ticket(fetched)) => Ok(*fetched),
                    Err(missed) => Err(missed),
                };
                window.finish(position, outcome, &mut each)?;
            }
            else => return Ok(()),
        }
    }
}

/// The sources of a run, each created when it is first needed.
pub(super) struct Sources<'c> {
    configuration: &'c Configuration,
    transports: Transports,
    /// A source, or the failure of all its tickets.
    known: HashMap<(&'static str, Option<String>), Result<ConfiguredSource, Failure>>,
}

impl<'c> Sources<'c> {
    /// Creates none yet.
    pub(super) fn new(configuration: &'c Configuration) -> Self {
        Self { configuration, transports: Transports::default(), known: HashMap::new() }
    }

    /// Returns the source of this address.
    ///
    /// # Errors
    /// If settings are missing or not usable, or a failure of all its tickets is known.
    pub(super) fn source(&mut self, address: &SourceAddress) -> Result<ConfiguredSource, Failure> {
        let source = self.known.entry(address.key()).or_insert_with(|| {
            ConfiguredSource::new(address, self.configuration, &self.transports)
                .map_err(|failure| failure.with_source(address))
        });
        source.clone()
    }

    /// Forgets the failures: the user may have changed the settings.
    pub(super) fn forget_failures(&mut self) {
        self.known.retain(|_, source| source.is_ok());
    }

    /// Returns the source of a ticket.
    fn prepare(
        &mut self,
        address: &SourceAddress,
        id: &TicketId,
    ) -> Result<ConfiguredSource, Missed> {
        self.source(address).map_err(|failure| Missed {
            name: format!("{address}:{id}"),
            source: None,
            failure: failure.with_source(address).with_id(id.as_str()),
            error: None,
        })
    }

    /// Fails all later tickets of the source, if each of them would fail the same way.
    fn remember_failure(&mut self, missed: &Missed) {
        if let Some((source, failure)) = missed.of_all() {
            self.known.insert(source.key(), Err(failure));
        }
    }
}

/// A source, and its vocabulary overrides.
#[derive(Clone)]
pub(super) struct ConfiguredSource {
    pub(super) source: Arc<dyn CliSource>,
    pub(super) overrides: Arc<VocabularyOverrides>,
}

impl ConfiguredSource {
    /// Creates the source with its settings.
    ///
    /// # Errors
    /// If settings are missing or not usable.
    fn new(
        address: &SourceAddress,
        configuration: &Configuration,
        transports: &Transports,
    ) -> Result<Self, Failure> {
        let provider = address.provider;
        let values = configuration.settings(address)?;
        let partial = settings::partial_environment(
            provider,
            &values,
            &format!("ticket auth login {address}"),
        );
        let values = settings::complete(provider, values).map_err(|failure| {
            let failure = match partial {
                Some(hint) => failure.or_hint(hint),
                None => failure,
            };
            let config = configuration.selector().config;
            let config = config.map(|file| format!(" --config {}", copyable::path(file.path())));
            let command = format!("ticket auth login {address}{}", config.unwrap_or_default());
            failure.or_hint(Hint::with_command("to enter your credentials, run", command))
        })?;
        configuration.warn_about(provider, &values);
        let overrides = configuration.vocabulary(address)?;
        let base_url = settings::base_url(provider, &values)?;
        let (_, transport) = transports.of(configuration, address, &values, &base_url)?;
        let source = (provider.source)(&values, overrides.clone(), transport);
        let source = source.map_err(|error| Failure::of(&error))?;
        Ok(Self { source, overrides: Arc::new(overrides) })
    }

    /// Fetches a ticket.
    ///
    /// # Errors
    /// If a call fails.
    pub(super) async fn fetch(
        self,
        address: SourceAddress,
        id: TicketId,
        options: FetchOptions,
    ) -> Result<Fetched, Missed> {
        let Self { source, overrides } = self;
        match source.fetch_with(&id, options).await {
            Ok(record) => Ok(Fetched { address, overrides, record }),
            Err(error) => Err(Missed {
                name: format!("{address}:{id}"),
                failure: Failure::of(&error).with_source(&address).with_id(id.as_str()),
                source: Some(address),
                error: Some(error),
            }),
        }
    }
}

//! `ticket mcp`: serves tickets to a language model.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ticket_core::model::Ticket;
use ticket_core::{ErrorKind, Response, TicketId, async_trait};
use ticket_mcp::{Explanation, Helpdesks, ServerOptions, SourceName};
use ticket_mirror::MirrorError;

use super::configuration::Configuration;
use super::explain;
use super::explain::field_query::FieldQuery;
use super::export::anonymizer;
use super::fetch::{Fetched, Sources, options};
use super::mirror;
use crate::address::{SourceAddress, parse_list_source};
use crate::arguments::Mcp;
use crate::console::{Console, announce_input};
use crate::outcome::{DONE, Failure, MessageFormat, PlainFailure};
use crate::settings::environment;

/// Serves one client until standard input ends.
pub(crate) async fn run(arguments: &Mcp, console: &Console) -> io::Result<u8> {
    let options = match open(arguments, console).await {
        Ok(options) => options,
        Err(failure) => return Ok(failure.end(console, MessageFormat::Text)),
    };
    if let Err(error) = announce_input() {
        let message = format!("standard input cannot be read: {error}");
        let failure = Failure::new(ErrorKind::InvalidRequest, message);
        return Ok(failure.end(console, MessageFormat::Text));
    }
    let served = ticket_mcp::serve(options, tokio::io::stdin(), tokio::io::stdout()).await;
    Ok(match served {
        Ok(()) => DONE,
        Err(error) => Failure::new(ErrorKind::InvalidRequest, format!("no MCP client: {error}"))
            .with_hint("an MCP client starts this command; docs/agents.md shows its configuration")
            .end(console, MessageFormat::Text),
    })
}

impl From<Failure> for ticket_mcp::Failure {
    fn from(failure: Failure) -> Self {
        let PlainFailure { kind, message, hint, quotes_others } = failure.plain();
        Self { kind, message, hint, quotes_others }
    }
}

async fn open(arguments: &Mcp, console: &Console) -> Result<ServerOptions, Failure> {
    let anonymizer = anonymizer(&arguments.privacy)?;
    let mirror = mirror::path(&arguments.mirror)?;
    let configuration =
        Configuration::open(&arguments.configuration, console, MessageFormat::Text).await?;
    // The calls of the server are tasks, which may outlive any scope. There is one configuration in a process.
    let configuration: &'static Configuration = Box::leak(Box::new(configuration));
    let helpdesks = ConfiguredHelpdesks {
        configuration,
        sources: Mutex::new(Sources::new(configuration)),
        profile: arguments.configuration.profile.named(),
    };
    Ok(ServerOptions {
        mirror,
        helpdesks: Arc::new(helpdesks),
        anonymizer,
        now: || environment::now().unwrap_or_else(Timestamp::now),
        zone: TimeZone::system(),
    })
}

/// The helpdesks of the settings. Each source is created when it is first needed, and kept with its token and rate limits.
struct ConfiguredHelpdesks {
    configuration: &'static Configuration,
    sources: Mutex<Sources<'static>>,
    profile: Option<String>,
}

impl ConfiguredHelpdesks {
    async fn fetched(&self, source: &str, id: &str) -> Result<Fetched, Failure> {
        let address = SourceAddress::parse(source)?;
        let id = TicketId::new(id).map_err(|error| Failure::of(&error))?;
        let source = {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            sources.forget_failures();
            sources.source(&address)?
        };
        Ok(source.fetch(address, id, options(true)).await?)
    }
}

#[async_trait]
impl Helpdesks for ConfiguredHelpdesks {
    fn source(&self, name: &str) -> Result<SourceName, ticket_mcp::Failure> {
        let address = parse_list_source(name)?;
        let profile = mirror::profile_name(&address, self.profile.clone());
        let provider = address.provider;
        Ok(SourceName { provider: provider.name, profile, mapping: provider.decoder })
    }

    async fn fetch(&self, source: &str, id: &str) -> Result<Ticket, ticket_mcp::Failure> {
        Ok(self.fetched(source, id).await?.record.ticket)
    }

    async fn explain(
        &self,
        source: &str,
        id: &str,
        field: Option<&str>,
        responses: Option<Vec<Response>>,
    ) -> Result<Explanation, ticket_mcp::Failure> {
        let query = field.map(FieldQuery::read).transpose()?;
        let explained = if let Some(responses) = responses {
            let address = SourceAddress::parse(source)?;
            let overrides = self.configuration.vocabulary(&address)?;
            explain::of(address.provider, &responses, &overrides, query.as_ref())?
        } else {
            let Fetched { address, overrides, record } = self.fetched(source, id).await?;
            explain::of(address.provider, &record.origin.responses, &overrides, query.as_ref())?
        };
        Ok(Explanation { fields: explained.fields, inconsistencies: explained.inconsistencies })
    }

    fn mirror_failure(&self, error: MirrorError) -> ticket_mcp::Failure {
        // What the database says may quote a text of a ticket that the query compares.
        let quotes_others = matches!(
            error,
            MirrorError::Query(_)
                | MirrorError::Source(_)
                | MirrorError::Database(_)
                | MirrorError::Damaged(_)
        );
        ticket_mcp::Failure { quotes_others, ..mirror::failure(error).into() }
    }
}

//! `ticket sync`: reads a helpdesk into the mirror.

mod progress;

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ticket_core::{ErrorKind, TicketId};
use ticket_mirror::{FailedTicket, Mirror, Receipt, SyncJob, SyncOptions, SyncOutcome, SyncScope};

use super::configuration::Configuration;
use super::fetch::{ConfiguredSource, Sources};
use super::ids::Ids;
use super::mirror::{self, failure, identity, message_format, open_to_write};
use super::transports;
use crate::address::{SourceAddress, parse_list_source, parse_ticket};
use crate::arguments::{self, MirrorSource, Report};
use crate::console::Console;
use crate::outcome::{DONE, Failure, Hint, MessageFormat, Warning};
use crate::settings::url_pattern::is_url;
use crate::settings::{ProfileSelector, environment};
use crate::view::amount::counted;
use crate::view::ink::{QUIET, StyledText};
use crate::view::json;
use progress::SyncLine;

/// How many ids are added in one transaction.
const IDS_TOGETHER: usize = 1_000;

/// Reads a source and prints the receipt.
pub(crate) async fn run(arguments: &arguments::SyncSource, console: &Console) -> io::Result<u8> {
    let now = environment::now().unwrap_or_else(Timestamp::now);
    let since = arguments.since.map(|moment| moment.start(now, &TimeZone::system()));
    if let Some(since) = since.filter(|since| *since > now) {
        let message = format!("the time of --since is in the future: {since}");
        let failure = Failure::new(ErrorKind::InvalidRequest, message);
        let failure = failure.with_hint(format!("give an earlier time: now is {now:.0}"));
        return Ok(failure.end(console, message_format(arguments.output)));
    }
    let files = arguments.files.options();
    let options = SyncOptions {
        // Messages have most of the files.
        conversation: arguments.conversation || files.is_some(),
        files,
        since,
        scope: mirror::scope(arguments.full),
        ..SyncOptions::default()
    };
    let job = Job {
        source: &arguments.source,
        mirror: &arguments.mirror,
        ids: &arguments.ids,
        options,
        configuration: &arguments.configuration,
        output: arguments.output,
        require_complete: arguments.require_complete,
    };
    job.run(console).await
}

/// Reads the windows again that are not complete.
pub(super) async fn repair(arguments: &MirrorSource, console: &Console) -> io::Result<u8> {
    let job = Job {
        source: &arguments.source,
        mirror: &arguments.mirror,
        ids: &[],
        options: SyncOptions { scope: SyncScope::Repair, ..SyncOptions::default() },
        configuration: &arguments.configuration,
        output: arguments.output,
        require_complete: false,
    };
    job.run(console).await
}

/// A run, as the command line describes it.
struct Job<'a> {
    source: &'a str,
    mirror: &'a arguments::MirrorFile,
    ids: &'a [PathBuf],
    options: SyncOptions,
    configuration: &'a arguments::Configuration,
    output: Option<Report>,
    require_complete: bool,
}

impl Job<'_> {
    async fn run(self, console: &Console) -> io::Result<u8> {
        let message_format = message_format(self.output);
        let synced = self.sync(console, message_format).await;
        let (address, SyncOutcome { receipt, error, .. }) = match synced {
            Ok(synced) => synced,
            Err(failure) => return Ok(failure.end(console, message_format)),
        };
        match self.output {
            Some(Report::Json) => console.print_json(&json::compact(&receipt))?,
            _ => console.print_styled(&mirror::receipt(&receipt, console.columns))?,
        }
        if self.output != Some(Report::Json) && error.is_none() && io::stderr().is_terminal() {
            let file = mirror::option(self.mirror);
            let next = format!(
                "to search: ticket search WORDS{file}\nto export: ticket export --to FOLDER --format xlsx{file}"
            );
            console.eprint(&StyledText::of(QUIET, &next));
        }
        if let Some(error) = error {
            let is_repair = self.options.scope == SyncScope::Repair;
            let verb = if is_repair { "mirror repair" } else { "sync" };
            let command = mirror::command(verb, &address, self.mirror, self.configuration);
            let hint = Hint::with_command("what was read is in the mirror; to go on, run", command);
            let failure = Failure::of(&error).or_hint(hint).with_source(&address);
            return Ok(failure.end(console, message_format));
        }
        match complete(&receipt, self.require_complete) {
            Ok(()) => Ok(DONE),
            Err(failure) => Ok(failure.with_source(&address).end(console, message_format)),
        }
    }

    /// Returns how to name the tickets of a service without a list.
    fn ids_hint(&self, address: &SourceAddress) -> Hint {
        let command = mirror::command("sync", address, self.mirror, self.configuration);
        let command = format!("{command} --ids FILE");
        Hint::with_command("to read tickets by their ids, one a line in a file, run", command)
    }

    async fn sync(
        &self,
        console: &Console,
        message_format: MessageFormat,
    ) -> Result<(SourceAddress, SyncOutcome), Failure> {
        let mut address = parse_list_source(self.source)?;
        address.profile = address.profile.or_else(|| self.configuration.profile.named());
        let is_repair = self.options.scope == SyncScope::Repair;
        if is_repair {
            mirror::has_list(&address, self.mirror, self.configuration)?;
        }
        let configuration =
            Configuration::open(self.configuration, console, message_format).await?;
        let source = Sources::new(&configuration).source(&address)?;
        let has_list = source.source.list().is_some();
        if self.options.since.is_some() && !has_list {
            let message = "--since needs a list of tickets, which its API does not have";
            return Err(Failure::new(ErrorKind::InvalidRequest, message).with_source(&address));
        }
        if !has_list && self.ids.is_empty() && !mirror::path(self.mirror)?.exists() {
            let message = "its API has no list of tickets, and there is no mirror yet";
            return Err(Failure::new(ErrorKind::InvalidRequest, message)
                .with_hint(self.ids_hint(&address))
                .with_source(&address));
        }
        // Before a file is created.
        let ids = (!self.ids.is_empty()).then(|| Ids::open(&[], self.ids)).transpose()?;
        let mut mirror = if is_repair {
            mirror::open_synchronized(&address, self.mirror, self.configuration)?
        } else {
            open_to_write(self.mirror)?
        };
        if is_repair {
            // What differs is read again, and not only what a run or a check noted.
            let identity = identity(&address, &source, &configuration);
            if has_list && !mirror.has_unstable_windows(&identity.name).map_err(failure)? {
                mirror::checked(&mut mirror, &identity, &source, &address).await?;
            }
        }
        if mirror.is_on_network() {
            let message = "the mirror is on a network file system, whose locks may not protect it";
            Warning::new(message, "keep it on a local disk: --mirror FILE")
                .report(console, message_format);
        }
        let options = SyncOptions {
            concurrency: transports::concurrency(&configuration),
            ..self.options.clone()
        };
        let outcome =
            self.read(&mut mirror, &address, &source, &configuration, options, ids).await?;
        Ok((address, outcome))
    }

    async fn read(
        &self,
        mirror: &mut Mirror,
        address: &SourceAddress,
        source: &ConfiguredSource,
        configuration: &Configuration,
        options: SyncOptions,
        ids: Option<Ids>,
    ) -> Result<SyncOutcome, Failure> {
        let identity = identity(address, source, configuration);
        let mut sync =
            SyncJob::new(mirror, &*source.source, &identity, options).map_err(failure)?;
        if let Some(mut ids) = ids {
            let (mut group, mut has_some) = (Vec::new(), false);
            while let Some(line) = ids.next().await {
                let line = line.map_err(|unreadable| unreadable.failure)?;
                let id = ticket_id(&line.name, address, &configuration.selector());
                group.push(id.map_err(|failure| line.located(failure))?);
                if group.len() == IDS_TOGETHER {
                    sync.request(group.drain(..)).map_err(failure)?;
                    has_some = true;
                }
            }
            if group.is_empty() && !has_some {
                return Err(Failure::new(ErrorKind::InvalidRequest, "--ids has no ids"));
            }
            sync.request(group).map_err(failure)?;
        }
        let mut line = SyncLine::start();
        sync.run(|progress| line.show(progress)).await.map_err(|error| {
            let no_list = matches!(&error, ticket_mirror::MirrorError::Source(error) if error.kind() == ErrorKind::InvalidRequest);
            let failure = failure(error);
            if no_list { failure.with_hint(self.ids_hint(address)) } else { failure }
        })
    }
}

/// Returns the id in a line: `ID`, or `SOURCE:ID` of this source. An id may contain colons.
fn ticket_id(
    line: &str,
    address: &SourceAddress,
    selector: &ProfileSelector,
) -> Result<TicketId, Failure> {
    let provider = address.provider.name;
    let parts = if is_url(line) {
        let (source, id) = parse_ticket(line, selector)?;
        Some((Ok(source), id.to_string()))
    } else {
        let parts = line.split_once(':');
        parts.map(|(source, id)| (SourceAddress::parse(source), id.to_owned()))
    };
    let id = match parts {
        Some((Ok(source), id)) => {
            let is_same = source.key() == address.key() || source.key() == (provider, None);
            if !is_same {
                let message = format!("it is a ticket of {source}, not of {address}");
                return Err(Failure::new(ErrorKind::InvalidRequest, message).with_id(line));
            }
            id
        }
        _ => line.to_owned(),
    };
    TicketId::new(id).map_err(|error| Failure::of(&error).with_source(address))
}

/// Checks that everything was read.
fn complete(receipt: &Receipt, require_complete: bool) -> Result<(), Failure> {
    match receipt.complete {
        None if require_complete => Err(Failure::incomplete(
            "the service does not say how many tickets it has, so that the mirror may not be complete",
        )),
        None | Some(true) => match receipt.files.as_ref().map_or(0, |files| files.left) {
            0 => Ok(()),
            left => {
                let message = format!("{} could not be downloaded now", counted(left, "file"));
                Err(Failure::incomplete(message)
                    .with_hint("run the same command again: it downloads what is missing"))
            }
        },
        Some(false) => {
            let mut parts = Vec::new();
            for (count, one, more) in [
                (receipt.failures, "ticket", " failed"),
                (receipt.gaps.len() as u64, "gap", ""),
                (receipt.unstable.len() as u64, "part", " of the list changed while it was read"),
                (receipt.unreadable, "row", " without an id"),
            ] {
                if count > 0 {
                    parts.push(format!("{}{more}", counted(count, one)));
                }
            }
            let message = format!("the mirror is not complete: {}", parts.join(", "));
            let unknown = [ErrorKind::NotFound, ErrorKind::InvalidRequest].map(ErrorKind::as_str);
            let is_unknown = |failed: &FailedTicket| unknown.contains(&&*failed.kind);
            let only_unknown =
                receipt.failures > 0 && parts.len() == 1 && receipt.failed.iter().all(is_unknown);
            let only_gaps = !receipt.gaps.is_empty() && parts.len() == 1;
            let hint = if only_unknown {
                "the service has no such tickets: check the ids, or the address of the service"
            } else if only_gaps {
                "the service lists only the first tickets of a gap: read the others by their ids, with --ids FILE"
            } else {
                "run the same command again: it reads what is missing"
            };
            Err(Failure::incomplete(message).with_hint(hint))
        }
    }
}

//! `ticket list`: lists the tickets of a helpdesk.

use std::io;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ticket_core::model::Ticket;
use ticket_core::{ErrorKind, FetchOptions, ListItem, ListReceipt};

use super::configuration::Configuration;
use super::fetch::ConfiguredSource;
use super::rows::{RowFormat, RowPrinter};
use super::transports::Transports;
use crate::address::SourceAddress;
use crate::arguments::{List, ListOutput};
use crate::console::progress::Progress;
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Failure, MessageFormat};
use crate::settings::environment;
use crate::view::json;
use crate::view::time::counted;

/// The columns of a table unless others are requested: all tickets have the same provider.
const COLUMNS: [&str; 6] =
    ["id", "status.value", "requester.name", "assignee.name", "created_at", "title"];

/// Prints the tickets that match, each once. The exit code is 7 if some are missing.
pub(crate) async fn run(arguments: &List, console: &Console) -> io::Result<u8> {
    let format = arguments.format(console.is_terminal);
    let message_format =
        if format == ListOutput::Json { MessageFormat::Json } else { MessageFormat::Text };
    let opened = match open(arguments, format, console) {
        Ok((address, printer)) => {
            match Configuration::open(&arguments.configuration, console, message_format).await {
                Ok(configuration) => {
                    let transports = Transports::default();
                    ConfiguredSource::new(&address, &configuration, &transports)
                        .map(|source| (address, printer, source, configuration))
                }
                Err(failure) => Err(failure),
            }
        }
        Err(failure) => Err(failure),
    };
    let (address, mut printer, source, _configuration) = match opened {
        Ok(opened) => opened,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let read = read(arguments, &address, &source, &mut printer).await?;
    printer.finish()?;
    match read {
        Ok(()) => Ok(DONE),
        Err(failure) => {
            Ok(failure.with_provider(address.provider.name).end(console, message_format))
        }
    }
}

/// Checks the arguments, and returns the source with a printer for its tickets.
fn open<'c>(
    arguments: &List,
    format: ListOutput,
    console: &'c Console,
) -> Result<(SourceAddress, Printer<'c>), Failure> {
    let mut address = SourceAddress::parse(&arguments.source)?;
    // An id names its profile, so that another command finds the same helpdesk.
    address.profile = address.profile.or_else(|| arguments.configuration.profile.named());
    let provider = address.provider;
    if provider.decoder.capabilities().list.is_none() {
        let message = "its API has no list of tickets";
        return Err(Failure::new(ErrorKind::InvalidRequest, message)
            .with_provider(provider.name)
            .with_hint("take the ids from another system, and fetch them with ticket get -"));
    }
    let rows = |format| {
        let uses_pager = console.is_terminal && !arguments.no_pager;
        let fields = match format {
            RowFormat::Table if arguments.fields.is_empty() => &COLUMNS.map(str::to_owned),
            _ => &arguments.fields[..],
        };
        RowPrinter::new(console, format, fields, uses_pager).map(Printer::Rows)
    };
    let has_fields = !arguments.fields.is_empty();
    let printer = match format {
        ListOutput::Table => rows(RowFormat::Table)?,
        ListOutput::Csv => rows(RowFormat::Csv)?,
        ListOutput::Json if has_fields => rows(RowFormat::Json)?,
        ListOutput::Json => Printer::Json(console),
        ListOutput::Ids if has_fields => {
            let failure = Failure::new(ErrorKind::InvalidRequest, "ids have no --fields");
            return Err(failure.with_hint("use json, csv or table"));
        }
        ListOutput::Ids => Printer::Ids(address.clone()),
    };
    Ok((address, printer))
}

/// Reads all pages and prints the tickets.
///
/// # Errors
/// If the tickets cannot be written; the inner error is a call that failed, or tickets that are missing.
async fn read(
    arguments: &List,
    address: &SourceAddress,
    source: &ConfiguredSource,
    printer: &mut Printer<'_>,
) -> io::Result<Result<(), Failure>> {
    let zone = TimeZone::system();
    let now = environment::now().unwrap_or_else(Timestamp::now);
    let Some(list) = source.source().list() else {
        let failure = Failure::new(ErrorKind::InvalidRequest, "it has no list of tickets");
        return Ok(Err(failure));
    };
    let mut reader = list.read(arguments.query(now, &zone));
    let progress = Progress::start(None);
    let mut left = arguments.limit.unwrap_or(u64::MAX);
    loop {
        let items = match reader.next_page().await {
            Ok(Some(items)) => items,
            Ok(None) => break,
            Err(error) => {
                let listed = counted(reader.receipt().tickets, "ticket");
                let failure = Failure::of(&error);
                return Ok(Err(match reader.receipt().tickets {
                    0 => failure,
                    _ => failure.about(&format!("after {listed}")),
                }));
            }
        };
        for item in items {
            if let Err(failure) = printer.print(&item, address, source).await? {
                return Ok(Err(failure));
            }
            progress.add(true);
            left -= 1;
            if left == 0 {
                return Ok(Ok(()));
            }
        }
    }
    drop(progress);
    Ok(complete(&reader.receipt(), list.capabilities().max_tickets))
}

/// Checks that every ticket was read, as far as the service says how many there are.
fn complete(receipt: &ListReceipt, limit: Option<u64>) -> Result<(), Failure> {
    let ListReceipt { tickets, unreadable, exceeds_limit, passes, .. } = *receipt;
    if receipt.is_complete() != Some(false) {
        return Ok(());
    }
    let listed = counted(tickets, "ticket");
    let narrow = "narrow the range with --created-since and --created-until";
    if exceeds_limit {
        let limit = limit.unwrap_or_default();
        let message = format!(
            "{listed} listed; the service lists at most {limit}, and that many or more match"
        );
        return Err(Failure::incomplete(message).with_hint(narrow));
    }
    let message = match receipt.missing() {
        0 => format!("{listed} listed; {} without an id", counted(unreadable, "row")),
        missing => format!(
            "{listed} listed, {missing} missing: the service claims {}, in {}",
            tickets + missing,
            counted(passes.into(), "attempt")
        ),
    };
    Err(Failure::incomplete(message)
        .with_hint(format!("tickets may have moved between pages: try again, or {narrow}")))
}

/// Prints one ticket after another.
enum Printer<'c> {
    Rows(RowPrinter<'c>),
    Json(&'c Console),
    Ids(SourceAddress),
}

impl Printer<'_> {
    async fn print(
        &mut self,
        item: &ListItem,
        address: &SourceAddress,
        source: &ConfiguredSource,
    ) -> io::Result<Result<(), Failure>> {
        if let Self::Ids(address) = self {
            print_bytes(format!("{address}:{}\n", item.id()).as_bytes())?;
            return Ok(Ok(()));
        }
        match item {
            ListItem::Ticket(record) => self.print_ticket(&record.ticket).map(Ok),
            ListItem::Id(id) => {
                let fetched =
                    source.clone().fetch(address.clone(), id.clone(), FetchOptions::default());
                match fetched.await {
                    Ok(fetched) => self.print_ticket(&fetched.record.ticket).map(Ok),
                    Err(missed) => Ok(Err(missed.into())),
                }
            }
        }
    }

    fn print_ticket(&mut self, ticket: &Ticket) -> io::Result<()> {
        match self {
            Self::Rows(rows) => rows.print(ticket),
            Self::Json(console) => console.print_json(&json::compact(ticket)),
            Self::Ids(_) => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Rows(rows) => rows.finish(),
            Self::Json(_) | Self::Ids(_) => Ok(()),
        }
    }
}

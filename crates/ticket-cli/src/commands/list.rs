//! `ticket list`: lists the tickets of a helpdesk.

use std::fmt::Display;
use std::io;
use std::pin::pin;

use futures_util::stream::{self, Stream, StreamExt};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ticket_core::model::Ticket;
use ticket_core::{Error, ErrorKind, FetchOptions, ListFilter, ListItem, ListReader, ListReceipt};

use super::configuration::Configuration;
use super::fetch::{self, ConfiguredSource, Fetched, Missed, Order, Sources, Wanted};
use super::mirror::{self, Ended};
use super::rows::{RowFormat, RowPrinter};
use crate::address::{SourceAddress, parse_list_source};
use crate::arguments::{List, ListOutput};
use crate::console::progress::Progress;
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Failure, Failures, MessageFormat};
use crate::settings::environment;
use crate::view::amount::counted;
use crate::view::ink::{QUIET, StyledText};
use crate::view::json;

/// The columns of a table unless others are requested: all tickets have the same provider.
const COLUMNS: [&str; 6] =
    ["id", "status.value", "requester.name", "assignee.name", "created_at", "title"];

/// What a table without rows says.
const NO_MATCH: &str = "No ticket matches.";

/// Prints the tickets that match, each once.
///
/// The exit code is that of the first ticket that cannot be fetched; without any, that of the list: 7 if some are missing.
pub(crate) async fn run(arguments: &List, console: &Console) -> io::Result<u8> {
    let format = arguments.format(console.is_terminal);
    let message_format =
        if format == ListOutput::Json { MessageFormat::Json } else { MessageFormat::Text };
    if arguments.offline {
        return offline(arguments, format, message_format, console);
    }
    let opened = address(arguments).and_then(|address| {
        let printer = printer(arguments, format, console)?;
        Ok((address, printer))
    });
    let (address, mut printer) = match opened {
        Ok(opened) => opened,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let opened = Configuration::open(&arguments.configuration, console, message_format).await;
    let configuration = match opened {
        Ok(configuration) => configuration,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let mut sources = Sources::new(&configuration);
    let source = match sources.source(&address) {
        Ok(source) => source,
        Err(failure) => return Ok(failure.end(console, message_format)),
    };
    let mut failures = Failures::default();
    let mut requested = 0;
    let read = read(arguments, &address, &source, sources, &mut printer, |position, outcome| {
        requested += 1;
        if let Err(missed) = outcome {
            missed.failure.report(console, message_format);
            failures.add(position, &missed.failure);
        }
    });
    let read = read.await?;
    printer.finish()?;
    let listed = match read {
        Ok(()) => {
            if requested == 0 && format == ListOutput::Table {
                console.eprint(&StyledText::of(QUIET, NO_MATCH));
            }
            DONE
        }
        Err(failure) => failure.with_source(&address).end(console, message_format),
    };
    if failures.is_empty() {
        return Ok(listed);
    }
    if requested > 1 {
        failures.report_summary(requested, console, message_format);
    }
    Ok(failures.exit())
}

/// Prints the tickets of the mirror that match.
fn offline(
    arguments: &List,
    format: ListOutput,
    message_format: MessageFormat,
    console: &Console,
) -> io::Result<u8> {
    let now = environment::now().unwrap_or_else(Timestamp::now);
    let opened = || {
        let query = arguments.query(now, &TimeZone::system())?;
        let printer = printer(arguments, format, console)?;
        let mirror = mirror::open(&arguments.mirror)?;
        let named = |text: &String| {
            let profile = arguments.configuration.profile.named();
            mirror::source_name(&mirror, &parse_list_source(text)?, profile)
        };
        let source = arguments.source.as_ref().map(named).transpose()?;
        Ok((mirror, source, query, printer))
    };
    let (mirror, source, query, mut printer) = match opened() {
        Ok(opened) => opened,
        Err(failure) => return Ok(Failure::end(&failure, console, message_format)),
    };
    let mut is_empty = true;
    let listed = mirror.find(&query, source.as_deref(), arguments.limit, |found| {
        is_empty = false;
        printer.print(&found.source, &found.ticket)?;
        Ok::<_, Ended>(true)
    });
    match listed {
        Ok(()) => {
            printer.finish()?;
            if is_empty && format == ListOutput::Table {
                let text = mirror::nothing_found(&mirror, &arguments.mirror, NO_MATCH);
                console.eprint(&StyledText::of(QUIET, &text));
            }
            Ok(DONE)
        }
        Err(ended) => ended.end(console, message_format),
    }
}

/// Returns the source to list.
fn address(arguments: &List) -> Result<SourceAddress, Failure> {
    let mut address = parse_list_source(arguments.source.as_deref().unwrap_or_default())?;
    // An id names its profile, so that another command finds the same helpdesk.
    address.profile = address.profile.or_else(|| arguments.configuration.profile.named());
    if address.provider.decoder.capabilities().list.is_none() {
        let message = "its API has no list of tickets";
        return Err(Failure::new(ErrorKind::InvalidRequest, message)
            .with_source(&address)
            .with_hint("take the ids from another system, and fetch them with ticket get -"));
    }
    Ok(address)
}

fn printer<'c>(
    arguments: &List,
    format: ListOutput,
    console: &'c Console,
) -> Result<Printer<'c>, Failure> {
    let rows = |format| {
        let uses_pager = console.is_terminal && !arguments.no_pager;
        let mut fields = arguments.fields.clone();
        if format == RowFormat::Table && fields.is_empty() {
            // Without a source, the mirror may have tickets of several providers.
            let provider = arguments.source.is_none().then_some("provider");
            fields = provider.into_iter().chain(COLUMNS).map(str::to_owned).collect();
        }
        RowPrinter::new(console, format, &fields, uses_pager).map(Printer::Rows)
    };
    let has_fields = !arguments.fields.is_empty();
    Ok(match format {
        ListOutput::Table => rows(RowFormat::Table)?,
        ListOutput::Csv => rows(RowFormat::Csv)?,
        ListOutput::Json if has_fields => rows(RowFormat::Json)?,
        ListOutput::Json => Printer::Json(console),
        ListOutput::Ids if has_fields => {
            let failure = Failure::new(
                ErrorKind::InvalidRequest,
                "--output ids cannot be used with --fields",
            );
            return Err(failure.with_hint("use json, csv or table"));
        }
        ListOutput::Ids => Printer::Ids,
    })
}

/// Reads all pages, prints the tickets, and passes to `each` whether a ticket was fetched, with its position.
///
/// # Errors
/// If the tickets cannot be written; the inner error is a call for a page that failed, or tickets that are missing.
async fn read(
    arguments: &List,
    address: &SourceAddress,
    source: &ConfiguredSource,
    sources: Sources<'_>,
    printer: &mut Printer<'_>,
    mut each: impl FnMut(usize, Result<(), Missed>),
) -> io::Result<Result<(), Failure>> {
    let zone = TimeZone::system();
    let now = environment::now().unwrap_or_else(Timestamp::now);
    let list = source.source.list().expect("`address` checked that the API has a list");
    let has_words = list.capabilities().filters.contains(&ListFilter::Text);
    if arguments.text.is_some() && !has_words {
        let message = "the service cannot search for words";
        return Ok(Err(Failure::new(ErrorKind::InvalidRequest, message)
            .with_hint("search the mirror: ticket search WORDS, or ticket list --offline")));
    }
    let query = match arguments.query(now, &zone) {
        Ok(query) => query,
        Err(failure) => return Ok(Err(failure)),
    };
    let mut reader = list.read(query);
    let progress = Progress::start(None);
    let limit = arguments.limit.and_then(|limit| limit.try_into().ok()).unwrap_or(usize::MAX);
    let (mut listed, mut failed) = (0, None);
    let items = items(&mut reader, &mut failed).take(limit).inspect(|_| listed += 1);
    if let Printer::Ids = printer {
        let mut items = pin!(items);
        while let Some(item) = items.next().await {
            print_id(address, item.id())?;
            progress.add(true);
        }
    } else {
        fetch(items, address, source, sources, |position, outcome| {
            progress.add(outcome.is_ok());
            match outcome {
                Ok(fetched) => {
                    each(position, Ok(()));
                    printer.print(address, &fetched.record.ticket)
                }
                Err(missed) => {
                    each(position, Err(missed));
                    Ok(())
                }
            }
        })
        .await?;
    }
    drop(progress);
    let receipt = reader.receipt();
    Ok(match failed {
        Some(error) if receipt.tickets > 0 => {
            Err(Failure::of(&error).about(&format!("after {}", counted(receipt.tickets, "ticket"))))
        }
        Some(error) => Err(Failure::of(&error)),
        None if listed == limit => Ok(()),
        None => complete(&receipt, list.capabilities().max_tickets),
    })
}

/// Returns the items of a list. The stream ends after an error, which is in `failed` then.
fn items<'r, 'l>(
    reader: &'r mut ListReader<'l>,
    failed: &'r mut Option<Error>,
) -> impl Stream<Item = ListItem> + use<'r, 'l> {
    let state = (reader, failed, Vec::new().into_iter());
    stream::unfold(state, async |(reader, failed, mut items)| {
        loop {
            if let Some(item) = items.next() {
                return Some((item, (reader, failed, items)));
            }
            match reader.next_page().await {
                Ok(Some(page)) => items = page.into_iter(),
                Ok(None) => return None,
                Err(error) => {
                    *failed = Some(error);
                    return None;
                }
            }
        }
    })
}

/// Fetches the tickets of which the list has only the ids, several at a time, and passes the outcomes to `each` in the order of the
/// list.
///
/// # Errors
/// An error of `each` ends the run at once.
async fn fetch(
    items: impl Stream<Item = ListItem>,
    address: &SourceAddress,
    source: &ConfiguredSource,
    sources: Sources<'_>,
    each: impl FnMut(usize, Result<Fetched, Missed>) -> io::Result<()>,
) -> io::Result<()> {
    let wanted = items.map(|item| {
        Ok(match item {
            ListItem::Id(id) => Wanted::Id(address.clone(), id),
            ListItem::Ticket(record) => {
                let (address, overrides) = (address.clone(), source.overrides.clone());
                let fetched = Fetched { address, overrides, record: *record };
                Wanted::Ticket(Box::new(fetched))
            }
        })
    });
    fetch::run(wanted, Order::Requested, FetchOptions::default(), sources, each).await
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
            "{listed} listed, {missing} missing: the service reports {}, also when read {}",
            tickets + missing,
            counted(passes.into(), "time")
        ),
    };
    Err(Failure::incomplete(message)
        .with_hint(format!("tickets may have moved between pages: try again, or {narrow}")))
}

/// Prints one ticket after another.
enum Printer<'c> {
    Rows(RowPrinter<'c>),
    Json(&'c Console),
    Ids,
}

impl Printer<'_> {
    fn print(&mut self, source: impl Display, ticket: &Ticket) -> io::Result<()> {
        match self {
            Self::Rows(rows) => rows.print(ticket),
            Self::Json(console) => console.print_json(&json::compact(ticket)),
            Self::Ids => print_id(source, &ticket.id),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Rows(rows) => rows.finish(),
            Self::Json(_) | Self::Ids => Ok(()),
        }
    }
}

fn print_id(source: impl Display, id: &str) -> io::Result<()> {
    print_bytes(format!("{source}:{id}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use clap::Parser as _;
    use futures_util::stream;
    use ticket_core::model::Ticket;
    use ticket_core::{
        Account, CallStats, Error, ErrorKind, FetchOptions, ListItem, Origin, Record, TicketId,
        TicketSource, async_trait,
    };

    use super::{Sources, fetch};
    use crate::address::SourceAddress;
    use crate::arguments::{Arguments, Command};
    use crate::commands::configuration::Configuration;
    use crate::console::Console;
    use crate::outcome::MessageFormat;
    use crate::providers::{CliSource, PROVIDERS, Provider};

    /// A source whose later tickets are fetched sooner, and which does not have the ticket 7.
    struct Fake;

    /// The calls that are open, and the most that were open at once.
    static OPEN: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);

    fn record(id: &str) -> Record {
        let origin = Origin {
            account: Arc::new(Account::of("feishu")),
            requested: None,
            responses: Vec::new(),
            stats: CallStats::default(),
        };
        Record { ticket: Ticket::new("feishu", id), diagnostics: Vec::new(), origin }
    }

    #[async_trait]
    impl TicketSource for Fake {
        fn provider(&self) -> &'static str {
            "feishu"
        }

        async fn fetch_with(&self, id: &TicketId, _: FetchOptions) -> Result<Record, Error> {
            let number: usize = id.as_str().parse().unwrap();
            MOST.fetch_max(OPEN.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            for _ in number..100 {
                tokio::task::yield_now().await;
            }
            OPEN.fetch_sub(1, Ordering::Relaxed);
            match number {
                7 => Err(Error::new(ErrorKind::NotFound, "ticket not found")),
                _ => Ok(record(id.as_str())),
            }
        }
    }

    #[async_trait]
    impl CliSource for Fake {
        async fn check(&self) -> Option<Result<&'static str, Error>> {
            None
        }
    }

    #[tokio::test]
    async fn ids_of_a_list_are_fetched_several_at_a_time_in_its_order() {
        static PROVIDER: Provider =
            Provider { source: |_, _, _| Ok(Arc::new(Fake)), ..PROVIDERS[1] };
        let parsed = Arguments::try_parse_from(["ticket", "list", "feishu", "--sandbox"]).unwrap();
        let Command::List(arguments) = parsed.command else { panic!("another command") };
        let console = Console::new(anstream::ColorChoice::Never);
        let configuration =
            Configuration::open(&arguments.configuration, &console, MessageFormat::Text).await;
        let configuration = configuration.ok().unwrap();
        let mut sources = Sources::new(&configuration);
        let address = SourceAddress::of(&PROVIDER);
        let source = sources.source(&address).ok().unwrap();
        // One ticket came with the list.
        let item = |number: usize| match number {
            5 => ListItem::Ticket(Box::new(record("5"))),
            _ => ListItem::Id(TicketId::new(number.to_string()).unwrap()),
        };
        let mut outcomes = Vec::new();
        let mut failures = HashMap::new();
        fetch(stream::iter((0..40).map(item)), &address, &source, sources, |position, outcome| {
            outcomes.push(position);
            match outcome {
                Ok(fetched) => assert_eq!(fetched.record.ticket.id, position.to_string()),
                Err(missed) => drop(failures.insert(missed.name, missed.failure.exit())),
            }
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(outcomes, (0..40).collect::<Vec<_>>());
        assert_eq!(failures, HashMap::from([("feishu:7".to_owned(), 3)]));
        assert_eq!(MOST.load(Ordering::Relaxed), 8, "as many as `get` by default");
    }
}

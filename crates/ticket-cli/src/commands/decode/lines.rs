//! `ticket decode --lines`: one response a line, one ticket a line, with flat memory.

use std::io;
use std::num::NonZero;
use std::thread::available_parallelism;

use serde::Serialize;
use ticket_core::model::IndexMap;
use ticket_core::{Bytes, ErrorKind, VocabularyOverrides};

use super::batches::{Batch, Batches, Line};
use super::in_order::in_order;
use crate::arguments::Decode;
use crate::commands::rows;
use crate::commands::saved::{self, LARGEST};
use crate::commands::show::message_format;
use crate::console::{Console, eprint_json};
use crate::field::FieldPath;
use crate::outcome::{DONE, Failure, INCOMPLETE, MessageFormat, Warning};
use crate::providers::Provider;
use crate::view::json;

/// Prints a ticket for each line, and reports each line that is not a ticket, and a summary.
///
/// The exit code is 7 if a line is not a ticket, unless the input itself cannot be read.
pub(super) fn run(arguments: &Decode, console: &Console) -> io::Result<u8> {
    let opened = LineDecoder::new(arguments).and_then(|decoder| {
        let source = saved::open(decoder.provider, &arguments.file)?;
        Ok((decoder, source))
    });
    let (decoder, source) = match opened {
        Ok(opened) => opened,
        Err(failure) => return Ok(failure.end(console, message_format(console, &arguments.show))),
    };
    let jobs =
        arguments.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
    let mut batches = Batches::new(source, LARGEST);
    let console = *console;
    let summary = in_order(
        jobs,
        move || batches.next(),
        move |batch| decoder.decode(batch),
        move |summary: &mut Summary, decoded: Decoded| {
            console.print_json_lines(&decoded.tickets)?;
            for failure in decoded.failures.iter().chain(&decoded.end) {
                failure.report(&console, MessageFormat::Json);
            }
            summary.add(&decoded);
            Ok(())
        },
    )?;
    if summary.tickets == 0 && summary.lines > 1 {
        let message = "no line is a ticket";
        Warning::new(
            message,
            "with --lines, each line has to be a whole response; for one response, leave it out",
        )
        .report(&console, MessageFormat::Json);
    }
    summary.report();
    Ok(summary.exit())
}

/// Decodes lines of one input.
struct LineDecoder {
    provider: &'static Provider,
    overrides: VocabularyOverrides,
    /// The fields to print; all if there are none.
    fields: Vec<FieldPath>,
    /// The name of the input for messages.
    input: String,
}

/// The tickets of a batch.
#[derive(Default)]
struct Decoded {
    /// The tickets as lines of JSON.
    tickets: Vec<u8>,
    /// The number of lines, without blank ones.
    lines: u64,
    /// Why lines are not tickets.
    failures: Vec<Failure>,
    /// Why the input ended early.
    end: Option<Failure>,
}

impl LineDecoder {
    /// # Errors
    /// If an option does not apply, or the provider or a field is unknown.
    fn new(arguments: &Decode) -> Result<Self, Failure> {
        if let Some(option) = arguments.show.other_than_json() {
            let message = format!("{option} does not apply to --lines");
            let failure = Failure::new(ErrorKind::InvalidRequest, message);
            return Err(failure.with_hint("--lines prints JSON, one ticket a line"));
        }
        let (provider, overrides) = super::provider(arguments)?;
        let fields = rows::parse(&arguments.show.fields)?;
        Ok(Self { provider, overrides, fields, input: saved::name(&arguments.file) })
    }

    fn decode(&self, batch: Batch) -> Decoded {
        let mut decoded = Decoded { lines: batch.lines.len() as u64, ..Decoded::default() };
        for Line { number, text } in batch.lines {
            let place = || format!("line {number} of {}", self.input);
            let failure = match text.map(|text| self.print(text, &mut decoded.tickets)) {
                Some(Ok(())) => continue,
                Some(Err(failure)) => failure.about(&place()),
                None => saved::unreadable(self.provider, &place(), &saved::too_large()),
            };
            decoded.failures.push(failure);
        }
        decoded.end = batch.failure.map(|it| saved::unreadable(self.provider, &self.input, &it));
        decoded
    }

    /// Appends the ticket of a line to `out`.
    fn print(&self, line: Bytes, out: &mut Vec<u8>) -> Result<(), Failure> {
        let decoder = self.provider.decoder;
        let ticket = ticket_core::saved::read(line, decoder)
            .and_then(|responses| decoder.decode(&responses, &self.overrides))
            .map_err(|error| saved::undecodable(self.provider, &error))?
            .ticket;
        if self.fields.is_empty() {
            json::append_line(out, &ticket);
        } else {
            out.extend_from_slice(rows::json_row(&ticket, &self.fields).as_bytes());
            out.push(b'\n');
        }
        Ok(())
    }
}

/// How many lines were read, and how many of them are tickets.
#[derive(Debug, Default, Serialize)]
struct Summary {
    /// The number of lines, without blank ones.
    lines: u64,
    tickets: u64,
    /// The number of lines that are not tickets, by the kind of failure, in the order of their first occurrence.
    failed: IndexMap<&'static str, u64>,
    /// The exit code, if the input ended early.
    #[serde(skip)]
    end: Option<u8>,
}

impl Summary {
    fn add(&mut self, decoded: &Decoded) {
        self.lines += decoded.lines;
        self.tickets += decoded.lines - decoded.failures.len() as u64;
        for failure in &decoded.failures {
            *self.failed.entry(failure.kind()).or_default() += 1;
        }
        self.end = decoded.end.as_ref().map(Failure::exit);
    }

    /// Prints the summary to stderr.
    fn report(&self) {
        #[derive(Serialize)]
        struct Envelope<'a> {
            summary: &'a Summary,
        }
        eprint_json(&json::compact(&Envelope { summary: self }));
    }

    fn exit(&self) -> u8 {
        let lines = if self.failed.is_empty() { DONE } else { INCOMPLETE };
        self.end.unwrap_or(lines)
    }
}

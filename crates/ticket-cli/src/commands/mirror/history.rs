//! `ticket mirror history`: the versions of a ticket.

use serde::Serialize;
use ticket_mirror::TicketVersion;

use super::{Ended, open, source_name, unless_unknown};
use crate::address::parse_ticket;
use crate::arguments::{History, Report};
use crate::console::Console;
use crate::outcome::DONE;
use crate::settings::ProfileSelector;
use crate::view::clean::one_line;
use crate::view::cut::cut;
use crate::view::ink::{PLAIN, QUIET, STRONG, StyledText};
use crate::view::json;
use crate::view::sheet::TextLayout;

/// The length at which a value is cut.
const MAX_VALUE_LENGTH: usize = 80;

/// Prints the versions, the oldest first.
pub(super) fn run(arguments: &History, console: &Console) -> Result<u8, Ended> {
    #[derive(Serialize)]
    struct Versions<'a> {
        ticket: &'a str,
        versions: &'a [TicketVersion],
    }
    let (address, id) = parse_ticket(&arguments.id, &ProfileSelector::default())?;
    let mirror = open(&arguments.mirror)?;
    let source = source_name(&mirror, &address, None)?;
    let versions = mirror
        .history(&source, id.as_str())
        .map_err(|error| unless_unknown(error, &source, &arguments.mirror))?;
    if arguments.output == Some(Report::Json) {
        let versions = Versions { ticket: &arguments.id, versions: &versions };
        console.print_json(&json::compact(&versions))?;
        return Ok(DONE);
    }
    let mut sheet = TextLayout::new(console.columns, 0);
    for TicketVersion { version, seen_at, changes, .. } in &versions {
        let mut head = StyledText::of(STRONG, &format!("version {version}"));
        head.fact(QUIET, &format!("first seen {seen_at}"));
        sheet.lead(&head);
        for change in changes {
            let value = |value: &Option<String>| {
                value.as_deref().map_or_else(|| "nothing".to_owned(), one_line)
            };
            let mut line = StyledText::of(PLAIN, &format!("{}: ", one_line(&change.field)));
            line.append(&cut(&value(&change.from), MAX_VALUE_LENGTH));
            line.push(QUIET, " → ");
            line.append(&cut(&value(&change.to), MAX_VALUE_LENGTH));
            sheet.text(2, &line);
        }
    }
    console.print_styled(&sheet.finish())?;
    Ok(DONE)
}

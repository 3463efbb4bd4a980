//! `ticket search`: finds tickets in the mirror.

use std::io;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use ticket_core::ListQuery;
use ticket_core::model::Ticket;
use ticket_mirror::{FoundTicket, Mirror, MirrorError, excerpt};

use super::mirror::{failure, nothing_found, open, source_name};
use crate::address::parse_list_source;
use crate::arguments::{Search, SearchOutput};
use crate::console::{Console, print_bytes};
use crate::outcome::{DONE, Failure, MessageFormat};
use crate::settings::environment;
use crate::view::clean::one_line;
use crate::view::cut::cut;
use crate::view::ink::{PLAIN, QUIET, StyledText};
use crate::view::json;
use crate::view::table::Table;

/// The length of an excerpt.
const EXCERPT: usize = 80;
/// The length at which a table cuts a title.
const MAX_CELL_LENGTH: usize = 60;

/// Prints the tickets that have all words, the best match first.
pub(crate) fn run(arguments: &Search, console: &Console) -> io::Result<u8> {
    let format = arguments.format(console.is_terminal);
    let message_format =
        if format == SearchOutput::Json { MessageFormat::Json } else { MessageFormat::Text };
    match find(arguments) {
        Ok((mirror, found)) => {
            print(&mirror, &found, arguments, format, console)?;
            Ok(DONE)
        }
        Err(failure) => Ok(failure.end(console, message_format)),
    }
}

/// Returns the words as one text; several arguments are words each.
fn words(arguments: &Search) -> String {
    arguments.words.join(" ")
}

fn find(arguments: &Search) -> Result<(Mirror, Vec<FoundTicket>), Failure> {
    let now = environment::now().unwrap_or_else(Timestamp::now);
    let query = arguments.filters.query(now, &TimeZone::system())?;
    let query = ListQuery { text: Some(words(arguments)), ..query };
    let mut found = Vec::new();
    let mirror = open(&arguments.mirror)?;
    let named = |text: &String| source_name(&mirror, &parse_list_source(text)?, None);
    let source = arguments.source.as_ref().map(named).transpose()?;
    mirror
        .find(&query, source.as_deref(), Some(arguments.limit), |ticket| {
            found.push(ticket);
            Ok::<_, MirrorError>(true)
        })
        .map_err(failure)?;
    Ok((mirror, found))
}

fn print(
    mirror: &Mirror,
    found: &[FoundTicket],
    arguments: &Search,
    format: SearchOutput,
    console: &Console,
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        source: &'a str,
        excerpt: Option<&'a str>,
        ticket: &'a Ticket,
    }
    let words = words(arguments);
    let mut table = Table::new(&["TICKET", "STATUS", "CREATED", "TITLE", "FOUND"]);
    for FoundTicket { source, ticket, .. } in found {
        let excerpt = excerpt(ticket, &words, EXCERPT);
        match format {
            SearchOutput::Ids => print_bytes(format!("{source}:{}\n", ticket.id).as_bytes())?,
            SearchOutput::Json => {
                let row = Row { source, excerpt: excerpt.as_deref(), ticket };
                console.print_json(&json::compact(&row))?;
            }
            SearchOutput::Table => {
                let text = |text: &str| cut(&one_line(text), MAX_CELL_LENGTH);
                let title = ticket.title.clone().unwrap_or_default();
                // The title is a column already.
                let excerpt = excerpt.filter(|excerpt| *excerpt != title).unwrap_or_default();
                table.row(vec![
                    text(&format!("{source}:{}", ticket.id)),
                    text(&ticket.status.as_ref().map_or(String::new(), |it| it.value.to_string())),
                    text(&ticket.created_at.map_or(String::new(), |at| at.to_string())),
                    text(&title),
                    cut(&one_line(&excerpt), EXCERPT + 2),
                ]);
            }
        }
    }
    console.print_styled(&table.text(console.columns))?;
    let note = match found.len() as u64 {
        0 => {
            let mut text = "No ticket has all these words and matches the filters.".to_owned();
            if arguments.words.iter().any(|word| !word.is_ascii() && word.chars().count() > 2) {
                text += " A word without spaces is a phrase: to find its parts anywhere, put spaces between them.";
            }
            nothing_found(mirror, &arguments.mirror, &text)
        }
        count if count == arguments.limit => match count {
            1 => "This is the first one; for more, set --limit.".to_owned(),
            _ => format!("These are the first {count}; for more, set --limit."),
        },
        _ => return Ok(()),
    };
    if format == SearchOutput::Table {
        console.eprint(&StyledText::of(if found.is_empty() { PLAIN } else { QUIET }, &note));
    }
    Ok(())
}

//! Renders the explanation of a ticket: each field with its value, its rule and its sources.

mod cells;
mod notes;

use serde::Serialize;
use ticket_core::mapping::explain::{Explained, How};
use ticket_core::mapping::inconsistencies::Inconsistency;

use crate::view::amount::counted;
use crate::view::clean::one_line;
use crate::view::ink::{NOTICE, QUIET, STRONG, StyledText};
use crate::view::sheet::TextLayout;
use crate::view::table::Table;
use cells::Cells;
use notes::Notes;

/// The width of a cell below which the table is replaced by two lines per field.
const MIN_CELL_WIDTH: usize = 22;
/// The width of the longest field name that has its value on the same line, without a table.
const MAX_LABEL_WIDTH: usize = 29;

/// The explanation of a ticket.
#[derive(Debug, Serialize)]
pub(crate) struct Explanation {
    pub(crate) provider: &'static str,
    /// The display name of the provider.
    #[serde(skip)]
    pub(crate) title: &'static str,
    /// The JSON pointer of the ticket in the response.
    #[serde(skip)]
    pub(crate) base: String,
    pub(crate) id: String,
    pub(crate) fields: Vec<Explained>,
    pub(crate) inconsistencies: Vec<Inconsistency>,
}

/// Returns the explanation for a window of `columns` columns.
///
/// Without `shows_all`, fields that the provider does not have are counted instead of listed.
pub(crate) fn table(explanation: &Explanation, shows_all: bool, columns: usize) -> String {
    let Explanation { provider, title, base, id, fields, inconsistencies } = explanation;
    let is_shown = |explained: &&Explained| shows_all || explained.how != How::NotProvided;
    let mut notes = Notes::default();
    let cells: Vec<Cells> = fields
        .iter()
        .filter(|explained| explained.field.is_some())
        .filter(is_shown)
        .map(|explained| Cells::of(explained, base, &mut notes))
        .collect();

    let mut sheet = TextLayout::new(columns, MAX_LABEL_WIDTH);
    let mut head = StyledText::of(STRONG, &one_line(&format!("{provider}:{id}")));
    if !base.is_empty() {
        head.fact(QUIET, &format!("… means {}", one_line(base)));
    }
    sheet.lead(&head);
    sheet.gap();
    let mut table = Table::new(&["FIELD", "VALUE", "HOW", "FROM"]).with_narrowest(MIN_CELL_WIDTH);
    for Cells { field, value, how, from } in &cells {
        table.row(vec![StyledText::of(STRONG, field), value.clone(), how.clone(), from.clone()]);
    }
    if table.fits(columns) {
        sheet.table(&table, columns);
    } else {
        for cells in &cells {
            sheet.row(&cells.field, &cells.without_field());
        }
    }
    unmapped(&mut sheet, fields);
    notes.write(&mut sheet);
    if !inconsistencies.is_empty() {
        sheet.heading("Inconsistencies", "values of the ticket that contradict each other");
        for Inconsistency { fields: _, message } in inconsistencies {
            let mut ink = StyledText::of(NOTICE, "!");
            ink.word(NOTICE, &one_line(message));
            sheet.item(&ink);
        }
    }
    let hidden = fields.iter().filter(|explained| !is_shown(explained)).count();
    if hidden > 0 {
        sheet.gap();
        let fields = counted(hidden as u64, "field");
        let text = format!("{fields} that {title} does not have; use --all to list them");
        sheet.lead(&StyledText::of(QUIET, &text));
    }
    sheet.finish()
}

/// Writes the values of the response that are in no field.
fn unmapped(sheet: &mut TextLayout, fields: &[Explained]) {
    let mut unmapped = fields.iter().filter(|explained| explained.field.is_none()).peekable();
    if unmapped.peek().is_none() {
        return;
    }
    sheet.heading("Unmapped values", "");
    for explained in unmapped {
        for source in &explained.sources {
            let mut ink = cells::source(source, "");
            ink.line();
            ink.push(cells::style(explained.how), explained.how.as_str());
            ink.fact(QUIET, &one_line(&explained.note));
            sheet.item(&ink);
        }
    }
}

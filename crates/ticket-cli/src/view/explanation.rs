//! The table of an explained ticket: each field with its value, what became of its sources, and where they stand.

mod cells;
mod notes;

use serde::Serialize;
use ticket_core::mapping::explain::{Explained, How};
use ticket_core::mapping::inconsistencies::Inconsistency;

use crate::view::clean::one_line;
use crate::view::ink::{Ink, NOTICE, QUIET, STRONG};
use crate::view::sheet::Sheet;
use crate::view::table::Table;
use crate::view::time::counted;
use cells::Cells;
use notes::Notes;

/// Where value and source would have fewer columns each, a field takes two lines.
const ROOM_FOR_A_CELL: usize = 22;
/// The longest field that has its value beside it where a field takes two lines.
const LONG_FIELD: usize = 29;

/// A ticket whose fields are explained.
#[derive(Debug, Serialize)]
pub(crate) struct Explanation {
    pub(crate) provider: &'static str,
    /// The name of the service, for people.
    #[serde(skip)]
    pub(crate) title: &'static str,
    /// Where in a response the values of the ticket stand.
    #[serde(skip)]
    pub(crate) base: String,
    pub(crate) id: String,
    pub(crate) fields: Vec<Explained>,
    pub(crate) inconsistencies: Vec<Inconsistency>,
}

/// The table, for a window of so many columns; without `shows_all` the fields that the provider has not are counted.
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

    let mut sheet = Sheet::new(columns, LONG_FIELD);
    let mut head = Ink::of(STRONG, &one_line(&format!("{provider}:{id}")));
    if !base.is_empty() {
        head.fact(QUIET, &format!("… stands for {}", one_line(base)));
    }
    sheet.lead(&head);
    sheet.gap();
    let mut table = Table::new(&["FIELD", "VALUE", "HOW", "FROM"]).with_narrowest(ROOM_FOR_A_CELL);
    for Cells { field, value, how, from } in &cells {
        table.row(vec![Ink::of(STRONG, field), value.clone(), how.clone(), from.clone()]);
    }
    if table.fits(columns) {
        sheet.table(&table, columns);
    } else {
        for cells in &cells {
            sheet.row(&cells.field, &cells.beside());
        }
    }
    rest(&mut sheet, fields);
    notes.write(&mut sheet);
    if !inconsistencies.is_empty() {
        sheet.heading("Inconsistencies", "what in this ticket contradicts itself");
        for Inconsistency { fields: _, message } in inconsistencies {
            let mut ink = Ink::of(NOTICE, "!");
            ink.word(NOTICE, &one_line(message));
            sheet.item(&ink);
        }
    }
    let hidden = fields.iter().filter(|explained| !is_shown(explained)).count();
    if hidden > 0 {
        sheet.gap();
        let fields = counted(hidden as u64, "field");
        let text = format!("{fields} that {title} does not have: --all lists them");
        sheet.lead(&Ink::of(QUIET, &text));
    }
    sheet.finish()
}

/// What was sent and became no field.
fn rest(sheet: &mut Sheet, fields: &[Explained]) {
    let mut rest = fields.iter().filter(|explained| explained.field.is_none()).peekable();
    if rest.peek().is_none() {
        return;
    }
    sheet.heading("Sent, and no field", "");
    for explained in rest {
        for source in &explained.sources {
            let mut ink = cells::source(source, "");
            ink.line();
            ink.push(cells::style(explained.how), explained.how.as_str());
            ink.fact(QUIET, &one_line(&explained.note));
            sheet.item(&ink);
        }
    }
}

//! The table of what a provider can do.

use serde::Serialize;
use ticket_core::mapping::{
    Capabilities, DocConflict, MappingDescription, Operation, filled_fields,
};

use crate::view::ink::{Ink, PLAIN, QUIET, STRONG};
use crate::view::sheet::Sheet;
use crate::view::table::Table;
use crate::view::time::counted;

/// What a provider can do, as data.
#[derive(Debug, Serialize)]
pub(crate) struct Overview {
    provider: &'static str,
    title: &'static str,
    #[serde(flatten)]
    capabilities: &'static Capabilities,
    /// The fields at the top of the ticket that it fills.
    fields: Vec<String>,
    /// The fields at the top of the ticket that it does not.
    missing_fields: Vec<String>,
    doc_conflicts: &'static [DocConflict],
}

/// The field that takes what no rule reads.
const REST: &str = "extra";

impl Overview {
    /// What this provider can do, from its tables.
    pub(crate) fn of(decoder: &dyn MappingDescription) -> Self {
        let filled = filled_fields(decoder);
        let all = fields_of_ticket().into_iter().filter(|field| field != REST);
        let (fields, missing_fields) = all.partition(|field| filled.contains(&field.as_str()));
        Self {
            provider: decoder.provider(),
            title: decoder.title(),
            capabilities: decoder.capabilities(),
            fields,
            missing_fields,
            doc_conflicts: decoder.doc_conflicts(),
        }
    }
}

/// The fields at the top of a ticket, in the order of its schema.
fn fields_of_ticket() -> Vec<String> {
    let schema: serde_json::Value =
        serde_json::from_str(&ticket_model::schema()).expect("the schema is JSON");
    let names = schema["required"].as_array().into_iter().flatten();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The table, for a window of so many columns.
pub(crate) fn table(overview: &Overview, columns: usize) -> String {
    let Overview { provider, title, capabilities, fields, missing_fields, doc_conflicts } =
        overview;
    let mut sheet = Sheet::new(columns, 0);
    sheet.lead(&Ink::of(STRONG, title).then(QUIET, &format!(" · {provider}")));

    sheet.heading("Operations", "✓ is used");
    let mut table = Table::new(&["OPERATION", "REQUEST", "LIMIT", "NOTE"]);
    for Operation { name, request, is_used, limits, note } in capabilities.operations {
        let limits: Vec<_> = limits.iter().map(ToString::to_string).collect();
        let (style, mark) = if *is_used { (STRONG, '✓') } else { (QUIET, ' ') };
        table.row(vec![
            Ink::of(style, &format!("{mark} {name}")),
            Ink::of(PLAIN, request),
            Ink::of(PLAIN, &limits.join("\n")),
            Ink::of(QUIET, note),
        ]);
    }
    sheet.table(&table, columns);

    sheet.heading("What is to be known", "");
    for cap in capabilities.caps {
        sheet.item(&Ink::of(PLAIN, cap));
    }

    let all = fields.len() + missing_fields.len();
    let about = format!("{} of {all} at the top of the ticket", fields.len());
    sheet.heading("Fields", &about);
    sheet.item(&Ink::of(PLAIN, &fields.join(", ")));
    sheet.item(&Ink::of(QUIET, &format!("not: {}", missing_fields.join(", "))));

    let known = counted(doc_conflicts.len() as u64, "place");
    sheet.heading("Documentation conflicts", &format!("{known} of its documentation"));
    let mut table = Table::new(&["ABOUT", "WHAT IS SAID", "READ AS"]);
    for DocConflict { subject, statements, read_as } in *doc_conflicts {
        table.row(vec![
            Ink::of(STRONG, subject),
            Ink::of(PLAIN, statements),
            Ink::of(PLAIN, read_as),
        ]);
    }
    sheet.table(&table, columns);
    sheet.finish()
}

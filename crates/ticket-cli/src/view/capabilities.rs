//! Renders the capabilities of a provider.

use serde::Serialize;
use ticket_core::mapping::{
    Capabilities, DocConflict, MappingDescription, Operation, filled_fields,
};
use ticket_core::{ListCapabilities, ListItems, RangeRule, TotalRule};

use crate::view::amount::counted;
use crate::view::ink::{PLAIN, QUIET, STRONG, StyledText};
use crate::view::sheet::TextLayout;
use crate::view::table::Table;

/// The capabilities of a provider.
#[derive(Debug, Serialize)]
pub(crate) struct Overview {
    provider: &'static str,
    title: &'static str,
    #[serde(flatten)]
    capabilities: &'static Capabilities,
    /// The top-level fields of the ticket that the provider fills.
    fields: Vec<String>,
    /// The top-level fields of the ticket that the provider does not fill.
    missing_fields: Vec<String>,
    doc_conflicts: &'static [DocConflict],
}

/// The field for values without a rule; it is not a capability.
const UNMAPPED_FIELD: &str = "extra";

impl Overview {
    /// Collects the capabilities from the tables of a provider.
    pub(crate) fn of(decoder: &dyn MappingDescription) -> Self {
        let filled = filled_fields(decoder);
        let all = fields_of_ticket().into_iter().filter(|field| field != UNMAPPED_FIELD);
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

/// Returns the top-level fields of a ticket, in the order of its schema.
fn fields_of_ticket() -> Vec<String> {
    let schema: serde_json::Value =
        serde_json::from_str(&ticket_model::schema()).expect("the schema is JSON");
    let names = schema["required"].as_array().into_iter().flatten();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The width of the longest label of a list, `Created range`.
const LONGEST_LABEL: usize = 13;

/// Writes how lists behave.
fn list(sheet: &mut TextLayout, list: Option<&ListCapabilities>) {
    let Some(list) = list else {
        sheet.heading("List", "not supported");
        return;
    };
    let ListCapabilities {
        filters,
        native_filters,
        max_page_size,
        max_tickets,
        created,
        updated,
        order,
        total,
        items,
    } = list;
    sheet.heading("List", "");
    sheet.set_longest_label(LONGEST_LABEL);
    let mut row = |label: &str, text: &str| sheet.inner_row(label, &StyledText::of(PLAIN, text));
    let names: Vec<_> = filters.iter().map(|filter| filter.as_str()).collect();
    row("Filters", &names.join(", "));
    row("Own filters", &native_filters.join(", "));
    row("Page", &format!("at most {}", counted((*max_page_size).into(), "ticket")));
    if let Some(limit) = max_tickets {
        row("End", &format!("after {}, however many match", counted(*limit, "ticket")));
    }
    for (label, rule) in [("Created range", created), ("Updated range", updated)] {
        let Some(RangeRule { needs_both_ends, is_inclusive, step_milliseconds: _ }) = rule else {
            continue;
        };
        let ends = match is_inclusive {
            Some(true) => "inclusive",
            Some(false) => "exclusive",
            None => "inclusive or not is not documented",
        };
        let both = if *needs_both_ends { "both ends are sent, " } else { "" };
        row(label, &format!("{both}{ends}"));
    }
    row("Order", order.unwrap_or("not documented"));
    row("Total", if *total == TotalRule::Claimed { "reported by the service" } else { "unknown" });
    row("Rows", if *items == ListItems::Tickets { "whole tickets" } else { "ids" });
    sheet.set_longest_label(0);
}

/// Returns the capabilities for a window of `columns` columns.
pub(crate) fn table(overview: &Overview, columns: usize) -> String {
    let Overview { provider, title, capabilities, fields, missing_fields, doc_conflicts } =
        overview;
    let mut sheet = TextLayout::new(columns, 0);
    sheet.lead(&StyledText::of(STRONG, title).then(QUIET, &format!(" · {provider}")));

    sheet.heading("Operations", "✓ used by this program");
    let mut table = Table::new(&["OPERATION", "REQUEST", "LIMIT", "NOTE"]);
    for Operation { name, request, is_used, limits, note } in capabilities.operations {
        let limits: Vec<_> = limits.iter().map(ToString::to_string).collect();
        let (style, mark) = if *is_used { (STRONG, '✓') } else { (QUIET, ' ') };
        table.row(vec![
            StyledText::of(style, &format!("{mark} {name}")),
            StyledText::of(PLAIN, request),
            StyledText::of(PLAIN, &limits.join("\n")),
            StyledText::of(QUIET, note),
        ]);
    }
    sheet.table(&table, columns);

    list(&mut sheet, capabilities.list.as_ref());
    sheet.heading("Limitations", "");
    for limitation in capabilities.limitations {
        sheet.item(&StyledText::of(PLAIN, limitation));
    }

    let all = fields.len() + missing_fields.len();
    let count = format!("{} of {all} top-level fields of the ticket", fields.len());
    sheet.heading("Fields", &count);
    sheet.item(&StyledText::of(PLAIN, &fields.join(", ")));
    sheet.item(&StyledText::of(QUIET, &format!("not provided: {}", missing_fields.join(", "))));

    let known = counted(doc_conflicts.len() as u64, "known conflict");
    sheet.heading("Documentation conflicts", &known);
    let mut table = Table::new(&["SUBJECT", "DOCUMENTATION", "READ AS"]);
    for DocConflict { subject, statements, read_as } in *doc_conflicts {
        table.row(vec![
            StyledText::of(STRONG, subject),
            StyledText::of(PLAIN, statements),
            StyledText::of(PLAIN, read_as),
        ]);
    }
    sheet.table(&table, columns);
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use feishu_provider::Feishu;

    use super::{Overview, table};

    #[test]
    fn shows_how_lists_behave() {
        let table = table(&Overview::of(&Feishu), 100);
        let table = anstream::adapter::strip_str(&table).to_string();
        for expected in [
            "  Filters        status, created, updated, requester, assignee, tag\n",
            "  Rows           whole tickets\n",
            "  Page           at most 200 tickets\n",
            "  End            after 10000 tickets, however many match\n",
            "  Order          not documented\n",
        ] {
            assert!(table.contains(expected), "{expected} is missing in\n{table}");
        }
    }
}

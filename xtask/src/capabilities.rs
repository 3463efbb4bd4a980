//! `docs/capabilities.md`: what each provider can do, what it cannot, and which fields it fills.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;
use ticket_core::mapping::{MappingDescription, Operation, filled_fields};

use crate::generated::{self, TAKES};
use crate::providers::PROVIDERS;

/// What is said before the tables.
const BEGINNING: &str = include_str!("capabilities/beginning.txt");

/// The one field that no rule fills: it takes what the rules leave.
const REST: &str = "extra";

/// Writes the page, or says whether it is stale.
pub(crate) fn run(is_check: bool) -> Result<()> {
    let page = write(PROVIDERS)?;
    generated::page("docs/capabilities.md", &page, is_check, "cargo xtask capabilities")
}

fn write(decoders: &[&dyn MappingDescription]) -> Result<String> {
    let mut page = format!("{}\n\n{}", BEGINNING.trim(), coverage(decoders)?);
    for decoder in decoders {
        page.push_str(&apart(*decoder));
    }
    Ok(page)
}

/// Which provider fills which field at the top of the ticket.
fn coverage(decoders: &[&dyn MappingDescription]) -> Result<String> {
    let filled: Vec<_> = decoders.iter().map(|decoder| filled_fields(*decoder)).collect();
    let titles: Vec<_> = decoders.iter().map(|decoder| decoder.title()).collect();
    let mut table = String::from("## Fields\n\n");
    line(&mut table, ["field"].into_iter().chain(titles));
    line(&mut table, ["---"].into_iter().chain(decoders.iter().map(|_| "---")));
    let all = fields_of_ticket()?;
    for field in &all {
        let marks =
            filled.iter().map(|filled| if filled.contains(&&**field) { "yes" } else { "–" });
        line(&mut table, [format!("`{field}`")].into_iter().chain(marks.map(str::to_owned)));
    }
    let counts = filled.iter().map(|filled| format!("{} of {}", filled.len(), all.len()));
    line(&mut table, [String::from("together")].into_iter().chain(counts));
    Ok(table)
}

/// The fields at the top of a ticket that rules can fill, in the order of its schema.
fn fields_of_ticket() -> Result<Vec<String>> {
    let schema: Value =
        serde_json::from_str(&ticket_model::schema()).context("the schema is no JSON")?;
    let names = schema["required"].as_array().context("the schema has no fields")?;
    let names = names.iter().filter_map(Value::as_str).filter(|name| *name != REST);
    Ok(names.map(str::to_owned).collect())
}

/// What is to be said of one provider.
fn apart(decoder: &dyn MappingDescription) -> String {
    let capabilities = decoder.capabilities();
    let mut text = format!("\n## {}\n\n", decoder.title());
    line(&mut text, ["operation", "request", "used", "limit", "to be known"]);
    line(&mut text, ["---"; 5]);
    for Operation { name, request, is_used, limits, note } in capabilities.operations {
        let limits: Vec<_> = limits.iter().map(ToString::to_string).collect();
        let limits = if limits.is_empty() { "–".to_owned() } else { limits.join(", ") };
        let used = if *is_used { "yes" } else { "no" };
        line(&mut text, [&format!("`{name}`"), &format!("`{request}`"), used, &limits, *note]);
    }
    text.push('\n');
    for cap in capabilities.caps {
        writeln!(text, "- {cap}").expect(TAKES);
    }
    let known = decoder.doc_conflicts().len();
    writeln!(
        text,
        "- Its documentation contradicts itself, or its service, in {known} known places. They stand in \
         [Mapping](mapping.md#{}), each with how it is read.",
        decoder.title().to_lowercase().replace(' ', "-")
    )
    .expect(TAKES);
    text
}

/// A line of a table.
fn line<S: AsRef<str>>(text: &mut String, cells: impl IntoIterator<Item = S>) {
    let cells: Vec<_> = cells.into_iter().map(|cell| cell.as_ref().replace('|', "\\|")).collect();
    writeln!(text, "| {} |", cells.join(" | ")).expect(TAKES);
}

#[cfg(test)]
mod tests {
    use ticket_core::mapping::filled_fields;

    use super::{fields_of_ticket, write};
    use crate::providers::PROVIDERS;

    #[test]
    fn everything_that_a_provider_can_and_cannot_do_stands_on_the_page() {
        let page = write(PROVIDERS).unwrap();
        for decoder in PROVIDERS {
            let capabilities = decoder.capabilities();
            for operation in capabilities.operations {
                for said in [operation.name, operation.request, operation.note] {
                    assert!(page.contains(said), "{said}");
                }
            }
            for cap in capabilities.caps {
                assert!(page.contains(&format!("\n- {cap}\n")), "{cap}");
            }
            for field in filled_fields(*decoder) {
                let row = page.lines().find(|line| line.starts_with(&format!("| `{field}` |")));
                assert!(row.is_some_and(|row| row.contains("yes")), "{field}");
            }
        }
    }

    #[test]
    fn a_field_that_nobody_fills_has_no_mark() {
        let page = write(&[]).unwrap();
        assert!(page.contains("| `title` |\n"), "{page}");
        assert!(!fields_of_ticket().unwrap().iter().any(|field| field == "extra"));
    }
}

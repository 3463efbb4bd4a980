//! `docs/capabilities.md`: what each provider can do, and which fields it fills.

use anyhow::{Context, Result};
use serde_json::Value;
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::{Operation, filled_fields};
use ticket_core::{ListCapabilities, ListFilter};

use super::row;

pub(super) const PAGE: &str = "docs/capabilities.md";

const BEGINNING: &str = include_str!("capabilities/beginning.txt");

/// The field that no rule fills: it takes what the rules leave.
const REST: &str = "extra";

/// Returns the page.
pub(super) fn write(providers: &[&dyn MappingDescription]) -> Result<String> {
    let sections: String = providers.iter().map(|provider| section(*provider)).collect();
    Ok(format!("{}\n\n{}{sections}", BEGINNING.trim(), coverage(providers)?))
}

/// Returns a table of the top-level fields that each provider fills.
fn coverage(providers: &[&dyn MappingDescription]) -> Result<String> {
    let filled: Vec<_> = providers.iter().map(|provider| filled_fields(*provider)).collect();
    let titles = providers.iter().map(|provider| provider.title());
    let mut table = String::from("## Fields\n\n");
    table.push_str(&row(["field"].into_iter().chain(titles)));
    table.push_str(&row(["---"].into_iter().chain(providers.iter().map(|_| "---"))));
    let all = fields_of_ticket()?;
    for field in &all {
        let marks =
            filled.iter().map(|filled| if filled.contains(&&**field) { "yes" } else { "–" });
        table.push_str(&row([&*format!("`{field}`")].into_iter().chain(marks)));
    }
    let counts = filled.iter().map(|filled| format!("{} of {}", filled.len(), all.len()));
    table.push_str(&row([String::from("total")].into_iter().chain(counts)));
    Ok(table)
}

/// Returns the top-level fields of a ticket that rules can fill, in the order of its schema.
fn fields_of_ticket() -> Result<Vec<String>> {
    let schema: Value = serde_json::from_str(&ticket_model::schema())?;
    let names = schema["required"].as_array().context("the schema of a ticket has no fields")?;
    let names = names.iter().filter_map(Value::as_str).filter(|name| *name != REST);
    Ok(names.map(str::to_owned).collect())
}

/// Returns the section of one provider.
fn section(provider: &dyn MappingDescription) -> String {
    let capabilities = provider.capabilities();
    let mut text = format!("\n## {}\n\n", provider.title());
    text.push_str(&row(["operation", "request", "used", "limit", "note"]));
    text.push_str(&row(["---"; 5]));
    for Operation { name, request, is_used, limits, note } in capabilities.operations {
        let limits: Vec<_> = limits.iter().map(ToString::to_string).collect();
        let limits = if limits.is_empty() { "–".to_owned() } else { limits.join(", ") };
        let used = if *is_used { "yes" } else { "no" };
        let (name, request) = (format!("`{name}`"), format!("`{request}`"));
        text.push_str(&row([&*name, &request, used, &limits, note]));
    }
    text.push('\n');
    text.push_str(&capabilities.list.as_ref().map(list).unwrap_or_default());
    for limitation in capabilities.limitations {
        text.push_str(&format!("- {limitation}\n"));
    }
    let (count, anchor) =
        (provider.doc_conflicts().len(), provider.title().to_lowercase().replace(' ', "-"));
    text.push_str(&format!(
        "- Its documentation contradicts itself or its service in {count} known cases. [Mapping](mapping.md#{anchor}) lists \
         them with the reading that was chosen.\n"
    ));
    text
}

/// Says how the lists of a service can be filtered.
fn list(list: &ListCapabilities) -> String {
    let names = |names: &[&str]| format!("`{}`", names.join("`, `"));
    let filters: Vec<_> = list.filters.iter().copied().map(ListFilter::as_str).collect();
    format!(
        "- Lists can be filtered by {}, and by the service's own filters {}.\n",
        names(&filters),
        names(list.native_filters)
    )
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::PROVIDERS;

    #[test]
    fn shows_every_operation_and_every_limit() {
        let page = write(PROVIDERS).unwrap();
        for provider in PROVIDERS {
            let capabilities = provider.capabilities();
            for operation in capabilities.operations {
                assert!(page.contains(operation.request) && page.contains(operation.note));
            }
            let mut limitations = capabilities.limitations.iter();
            assert!(limitations.all(|limitation| page.contains(&format!("\n- {limitation}\n"))));
        }
        assert!(page.contains("| `title` | yes | – | yes |\n"), "Feishu has no title");
        assert!(write(&[]).unwrap().contains("| `title` |\n"));
    }
}

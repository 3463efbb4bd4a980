//! The tools.

mod explain;
mod find;
mod get;
mod sql;
mod status;

use std::sync::Arc;

use rmcp::model::{Tool, ToolAnnotations};
use serde_json::{Map, Value, json};
use ticket_core::model::Status;

use crate::arguments::Call;
use crate::error::ToolError;
use crate::page::{DEFAULT_CHARS, MAX_CHARS, MIN_CHARS};
use crate::server::Server;

/// Calls a tool and returns its answer.
///
/// # Errors
/// If there is no such tool, the arguments are invalid, or the tool fails.
pub(crate) async fn call(server: &Server, name: &str, call: Call) -> Result<String, ToolError> {
    match name {
        "status" => status::run(server, call).await,
        "search" => find::search(server, call).await,
        "list" => find::list(server, call).await,
        "get" => get::run(server, call).await,
        "explain" => explain::run(server, call).await,
        "sql" => sql::run(server, call).await,
        _ => Err(ToolError::new(format!("there is no tool \"{name}\""))
            .with_hint("the tools are status, search, list, get, explain, sql")),
    }
}

/// Returns what a client is told about the tools.
pub fn definitions() -> Vec<Tool> {
    let words = json!({"type": "string", "description": "Words that all occur, in any language; \"two words\" is a phrase, print* a beginning"});
    let ticket = json!({"type": "string", "description": "SOURCE:ID"});
    let live =
        json!({"type": "boolean", "description": "Fetch from the service instead of the mirror"});
    let field = json!({"type": "string", "description": "Only this field and those below it: status, custom_fields[0].value"});
    let query = json!({"type": "string", "description": "One SELECT. SELECT sql FROM sqlite_schema shows the tables"});
    vec![
        tool(
            "status",
            "What the mirror holds: sources, tickets, conversations, whether the last synchronization was complete, and what is missing.",
            &[],
            [],
        ),
        tool(
            "search",
            "Finds tickets in the mirror by words in titles, messages, fields and people. Best match first.",
            &["words"],
            filters().into_iter().chain([("words", words)]),
        ),
        tool("list", "Lists tickets of the mirror that match, the newest first.", &[], filters()),
        tool(
            "get",
            "One ticket with its conversation as Markdown: from the mirror, or live if the mirror does not have it.",
            &["ticket"],
            [("ticket", ticket.clone()), ("live", live.clone())],
        ),
        tool(
            "explain",
            "Where the values of a ticket come from: for each field the JSON pointer in the service's response, the value there, and the rule.",
            &["ticket"],
            [("ticket", ticket), ("field", field), ("live", live)],
        ),
        tool(
            "sql",
            "Runs a read-only SQLite query over the mirror, at most 10 seconds. For counts and joins; aggregate in SQL instead of reading rows.",
            &["query"],
            [("query", query)],
        ),
    ]
}

/// Returns the filters of `search` and `list`.
fn filters() -> Vec<(&'static str, Value)> {
    let statuses: Vec<_> = Status::ALL.iter().map(|status| status.as_str()).collect();
    let text = json!({"type": "string"});
    let described = |description: &str| json!({"type": "string", "description": description});
    vec![
        ("source", described("Only this source, as status names it")),
        ("status", json!({"type": "array", "items": {"enum": statuses}})),
        (
            "created_since",
            described("2026-01-31, 2026-01-31T08:00:00Z or 7d (ago); same for the other times"),
        ),
        ("created_until", text.clone()),
        ("updated_since", text.clone()),
        ("updated_until", text),
        ("requester", described("id of the person")),
        ("assignee", described("id of the person")),
        (
            "tags",
            json!({"type": "array", "items": {"type": "string"}, "description": "All of these"}),
        ),
    ]
}

/// Returns a tool that only reads.
fn tool(
    name: &'static str,
    description: &'static str,
    required: &[&str],
    properties: impl IntoIterator<Item = (&'static str, Value)>,
) -> Tool {
    let paging = [
        (
            "max_chars",
            json!({"type": "integer", "minimum": MIN_CHARS, "maximum": MAX_CHARS, "default": DEFAULT_CHARS}),
        ),
        ("cursor", json!({"type": "string", "description": "Goes on where the last answer ended"})),
    ];
    let properties: Map<_, _> =
        properties.into_iter().chain(paging).map(|(name, it)| (name.to_owned(), it)).collect();
    let schema = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let Value::Object(schema) = schema else { unreachable!("it is written as an object") };
    Tool::new(name, description, Arc::new(schema))
        .with_annotations(ToolAnnotations::new().read_only(true))
}

#[cfg(test)]
mod tests {
    use super::definitions;

    /// Returns about how many tokens a text is: one for each character of Chinese, Japanese or Korean, and one for three bytes of ASCII.
    /// Tokenizers of language models need fewer for English.
    fn tokens(text: &str) -> usize {
        let ascii = text.chars().filter(char::is_ascii).count();
        ascii.div_ceil(3) + (text.chars().count() - ascii)
    }

    #[test]
    fn descriptions_and_schemas_are_short() {
        let tools = definitions();
        assert!(tools.len() <= 6);
        let count = tokens(&serde_json::to_string(&tools).unwrap());
        assert!(count < 3_000, "{count} tokens");
    }

    #[test]
    fn every_tool_is_read_only_and_refuses_unknown_arguments() {
        for tool in definitions() {
            assert_eq!(tool.annotations.as_ref().unwrap().read_only_hint, Some(true));
            assert_eq!(tool.input_schema["additionalProperties"], false, "{}", tool.name);
        }
    }
}

//! `sql`: a read-only query.

use std::time::Duration;

use serde_json::Value;
use ticket_mirror::{Mirror, MirrorError, SqlValue, sql_keys};

use crate::arguments::{self, Call};
use crate::error::ToolError;
use crate::fence::safe_json;
use crate::page::Page;
use crate::server::Server;

/// How long a query may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest value of a row: more than any stored one.
const MAX_BYTES: i32 = 64 << 20;
/// How many rows after the last one of a page are counted.
const MAX_COUNTED: u64 = 10_000;
/// The largest integer that every reader of JSON keeps.
const MAX_NUMBER: u64 = 1 << 53;
/// What an item is.
const KIND: &str = "row";

/// Runs a query.
pub(super) async fn run(server: &Server, call: Call) -> Result<String, ToolError> {
    let (arguments::Sql { query }, page) = call.arguments()?;
    if server.0.anonymizer.is_some() {
        return Err(ToolError::new("the server masks personal data, so it has no sql: a query could compare what is masked")
            .with_hint("call list and get"));
    }
    server.with_mirror(move |server, mirror| answer(server, mirror, &query, page)).await
}

fn answer(
    server: &Server,
    mirror: &Mirror,
    query: &str,
    mut page: Page,
) -> Result<String, ToolError> {
    let mut skipped = page.first();
    let mut is_full = false;
    let mut counted = 0;
    let mut ended = Ok(());
    let result = mirror.sql_within(query, TIMEOUT, Some(MAX_BYTES), |columns, values| {
        if skipped > 0 {
            skipped -= 1;
            return Ok(true);
        }
        if is_full {
            counted += 1;
            return Ok::<_, MirrorError>(counted < MAX_COUNTED);
        }
        match page.push(KIND, &row(columns, &values)) {
            Ok(goes_on) => is_full = !goes_on,
            Err(error) => {
                ended = Err(error);
                return Ok(false);
            }
        }
        Ok(true)
    });
    ended?;
    page.leave_out(KIND, counted);
    if counted == MAX_COUNTED {
        page.may_leave_out_more();
    }
    let columns = match result {
        Ok(columns) => columns.len(),
        // The rows of the page are complete; only their number is not known.
        Err(MirrorError::QueryTimeout(_)) if is_full => {
            page.leave_out(KIND, 1);
            page.may_leave_out_more();
            return page.finish("The query was stopped after 10 seconds.");
        }
        Err(error) => return Err(failed(server, error)),
    };
    if page.is_empty() && page.is_first() {
        return page.finish(&format!("No row; {columns} columns."));
    }
    page.finish("Rows of the mirror, one a line.")
}

/// Returns a row as JSON.
fn row(columns: &[String], values: &[SqlValue]) -> String {
    let value = |value: &SqlValue| match value {
        SqlValue::Integer(number) if number.unsigned_abs() > MAX_NUMBER => {
            Value::String(number.to_string())
        }
        other => serde_json::to_value(other).unwrap_or_default(),
    };
    // In the order of the columns, which a map would not keep.
    let members = sql_keys(columns).into_iter().zip(values);
    let members = members.map(|(key, it)| format!("{}:{}", safe_json(&key), safe_json(&value(it))));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn failed(server: &Server, error: MirrorError) -> ToolError {
    match error {
        MirrorError::QueryTimeout(seconds) => ToolError::new(format!(
            "the query took longer than {seconds} s"
        ))
        .with_hint("ask for less: filter by an indexed column, such as created_at, or aggregate"),
        MirrorError::QueryWrites => ToolError::new("the query writes, and this server only reads")
            .with_hint("ask the user to change the mirror or the helpdesk"),
        MirrorError::Query(message) => ToolError::new("the query failed")
            .with_quote(message)
            .with_hint("SELECT sql FROM sqlite_schema shows all tables and columns"),
        error => server.mirror_error(error),
    }
}

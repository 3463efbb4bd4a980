//! `search` and `list`: tickets of the mirror that match.

use jiff::Timestamp;
use serde::Serialize;
use ticket_core::ListQuery;
use ticket_core::model::{Person, Ticket};
use ticket_mirror::{FoundTicket, Mirror, MirrorError, Selection, excerpt};

use crate::arguments::{Call, Filters};
use crate::error::ToolError;
use crate::fence::safe_json;
use crate::page::Page;
use crate::server::Server;

/// The length of an excerpt.
const EXCERPT: usize = 120;
/// What a row is.
const KIND: &str = "ticket";

/// Finds tickets by words.
pub(super) async fn search(server: &Server, call: Call) -> Result<String, ToolError> {
    let (filters, page) = call.arguments::<Filters>()?;
    if filters.words.as_deref().is_none_or(|words| words.trim().is_empty()) {
        return Err(ToolError::new("the argument words is missing")
            .with_hint("to list tickets without words, call list"));
    }
    find(server, filters, page).await
}

/// Lists tickets.
pub(super) async fn list(server: &Server, call: Call) -> Result<String, ToolError> {
    let (filters, page) = call.arguments::<Filters>()?;
    if filters.words.is_some() {
        return Err(ToolError::new("list takes no words").with_hint("call search"));
    }
    find(server, filters, page).await
}

async fn find(server: &Server, filters: Filters, page: Page) -> Result<String, ToolError> {
    let query = filters.query((server.0.now)(), &server.0.zone)?;
    refuse_masked(server, &query)?;
    server.with_mirror(move |server, mirror| answer(server, mirror, &filters, &query, page)).await
}

/// Refuses filters that would say what is masked: who guesses a name would learn whose ticket it is.
fn refuse_masked(server: &Server, query: &ListQuery) -> Result<(), ToolError> {
    let Some(anonymizer) = &server.0.anonymizer else { return Ok(()) };
    let text = !anonymizer.keeps_text();
    let refused = [
        ("requester", query.requester.is_some()),
        ("assignee", query.assignee.is_some()),
        ("tags", text && !query.tags.is_empty()),
        ("words", text && query.text.is_some()),
    ];
    match refused.iter().find(|(_, is_refused)| *is_refused) {
        None => Ok(()),
        Some((name, _)) => Err(ToolError::new(format!(
            "the server masks personal data, so tickets cannot be found by {name}"
        ))
        .with_hint("call list with a status or times, and get")),
    }
}

fn answer(
    server: &Server,
    mirror: &Mirror,
    filters: &Filters,
    query: &ListQuery,
    mut page: Page,
) -> Result<String, ToolError> {
    let failed = |error: MirrorError| server.mirror_error(error);
    let source = filters.source.as_deref().map(|it| server.source_name(mirror, it)).transpose()?;
    let anonymizer = server.0.anonymizer.as_ref();
    let people = anonymizer.is_none();
    let selection = Selection { query, source: source.as_deref(), people };
    let total = mirror.count_matching(&selection).map_err(failed)?;
    let mut seen = page.first();
    let mut ended = Ok(());
    mirror
        .find_from(&selection, page.first(), None, |mut found| {
            seen += 1;
            if let Some(anonymizer) = anonymizer {
                anonymizer.ticket(&mut found.ticket);
            }
            let row = safe_json(&Row::of(&found, query.text.as_deref()));
            let pushed = page.push(KIND, &row);
            let goes_on = matches!(pushed, Ok(true));
            ended = pushed.map(drop);
            Ok::<_, MirrorError>(goes_on)
        })
        .map_err(failed)?;
    ended?;
    page.leave_out(KIND, total.saturating_sub(seen));
    let head = match total {
        0 => "No ticket of the mirror matches.".to_owned(),
        1 => "1 ticket of the mirror matches.".to_owned(),
        _ => format!("{total} tickets of the mirror match."),
    };
    page.finish(&head)
}

/// A ticket in a list.
#[derive(Serialize)]
struct Row<'t> {
    ticket: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requester: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_since: Option<&'t str>,
    /// Where a word occurs, if not in the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
}

impl<'t> Row<'t> {
    fn of(found: &'t FoundTicket, words: Option<&str>) -> Self {
        let FoundTicket { source, ticket, missing_since, .. } = found;
        let Ticket { id, title, status, requester, assignee, created_at, updated_at, .. } = ticket;
        let title = title.as_deref();
        let excerpt = words.and_then(|words| excerpt(ticket, words, EXCERPT));
        Self {
            ticket: format!("{source}:{id}"),
            title,
            status: status.as_ref().map(|status| status.value.as_str()),
            requester: requester.as_ref().and_then(name),
            assignee: assignee.as_ref().and_then(name),
            created_at: *created_at,
            updated_at: *updated_at,
            missing_since: missing_since.as_deref(),
            found: excerpt.filter(|excerpt| title != Some(excerpt)),
        }
    }
}

/// Returns the name of a person, or the id.
fn name(person: &Person) -> Option<&str> {
    person.name.as_deref().or(person.id.as_deref())
}

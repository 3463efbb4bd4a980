//! `get`: one ticket with its conversation.

use ticket_core::model::Ticket;
use ticket_mirror::MirrorError;
use ticket_render::{PartKind, markdown_parts};

use crate::arguments::{Call, Get, TicketName};
use crate::error::ToolError;
use crate::fence::safe_text;
use crate::page::Page;
use crate::server::Server;

/// Returns a ticket as Markdown.
pub(super) async fn run(server: &Server, call: Call) -> Result<String, ToolError> {
    let (Get { ticket, live }, page) = call.arguments()?;
    let name = TicketName::parse(&ticket)?;
    let stored = if live { None } else { stored(server, name.clone()).await? };
    if let Some((ticket, origin)) = stored {
        return answer(server, ticket, &origin, page);
    }
    let fetched = server.0.helpdesks.fetch(&name.source, &name.id).await;
    let ticket = fetched.map_err(|failure| {
        let error = server.failed(failure);
        if live { error } else { error.when(&server.lacks()) }
    })?;
    let reason = if live { "" } else { "; the mirror does not have it" };
    let origin = format!("Fetched from the service{reason}.");
    answer(server, ticket, &origin, page)
}

/// Returns a ticket of the mirror, and how old it is; `None` if the mirror does not have it, or there is none.
async fn stored(server: &Server, name: TicketName) -> Result<Option<(Ticket, String)>, ToolError> {
    if !server.0.mirror.exists() {
        return Ok(None);
    }
    server
        .with_mirror(move |server, mirror| {
            let source = server.source_name(mirror, &name.source)?;
            let found = mirror
                .ticket(&source, &name.id)
                .and_then(|ticket| Ok((ticket, mirror.sighting(&source, &name.id)?)));
            match found {
                Ok((ticket, sighting)) => {
                    let missing = sighting.missing_since.map_or(String::new(), |time| {
                        format!(" The service did not have it any more on {time}.")
                    });
                    let origin =
                        format!("From the mirror, as of {}.{missing}", sighting.last_seen_at);
                    Ok(Some((ticket, origin)))
                }
                Err(MirrorError::UnknownSource { .. } | MirrorError::UnknownTicket(_)) => Ok(None),
                Err(error) => Err(server.mirror_error(error)),
            }
        })
        .await
}

fn answer(
    server: &Server,
    mut ticket: Ticket,
    origin: &str,
    mut page: Page,
) -> Result<String, ToolError> {
    if let Some(anonymizer) = &server.0.anonymizer {
        anonymizer.ticket(&mut ticket);
    }
    let conversation = match &ticket.conversation {
        None => "It has no conversation here: live fetches it.".to_owned(),
        Some(conversation) => {
            let count = conversation.messages.len();
            let is_complete = match conversation.complete {
                Some(true) => "complete",
                Some(false) => "incomplete",
                None => "possibly incomplete",
            };
            format!("Messages: {count}, {is_complete}.")
        }
    };
    let parts = markdown_parts(&ticket);
    let mut rest = parts.iter().skip(usize::try_from(page.first()).unwrap_or(usize::MAX));
    while let Some(part) = rest.next() {
        let text = safe_text(&part.text);
        if !page.push(kind(part.kind), &text)? {
            for part in rest.by_ref() {
                page.leave_out(kind(part.kind), 1);
            }
        }
    }
    page.finish(&format!("{origin} {conversation}"))
}

fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Section => "section",
        PartKind::Message => "message",
        PartKind::Note => "note",
    }
}

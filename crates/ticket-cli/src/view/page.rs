//! Renders a ticket as a page for a terminal.
//!
//! Title, status, people and due times come first, then the conversation, then everything else. The page shows every
//! field of the ticket.
//!
//! Text of several lines has a bar before each line, and values that contain separators of the page are quoted, so that
//! neither can imitate a part of the page.

mod conversation;
mod figures;
mod head;
mod people;

use ticket_model::Ticket;

use crate::view::sheet::TextLayout;
use crate::view::time::Reader;
use people::SeenPeople;

/// The width of the longest label, `First response after`.
const LONGEST_LABEL: usize = 20;

/// Returns the page of a ticket with escape sequences for colours, for a window of `columns` columns.
///
/// Text from the ticket is escaped.
pub(crate) fn page(ticket: &Ticket, reader: &Reader, columns: usize) -> String {
    let mut sheet = TextLayout::new(columns, LONGEST_LABEL);
    let mut people = SeenPeople::default();
    let Ticket {
        provider: _,
        id: _,
        helpdesk_id: _,
        url: _,
        title: _,
        description,
        status: _,
        priority: _,
        ticket_type: _,
        handling: _,
        channel: _,
        requester: _,
        submitter: _,
        assignee: _,
        agents: _,
        collaborators: _,
        followers: _,
        participants: _,
        closed_by: _,
        team: _,
        tags: _,
        custom_fields,
        attachments,
        conversation,
        notes,
        status_changes,
        relations,
        sla: _,
        satisfaction,
        solved: _,
        metrics,
        created_at: _,
        updated_at: _,
        started_at: _,
        due_at: _,
        resolved_at: _,
        closed_at: _,
        extra,
    } = ticket;
    head::title(&mut sheet, ticket);
    head::status_line(&mut sheet, ticket);
    head::people(&mut sheet, ticket, &mut people);
    head::times(&mut sheet, ticket, reader);
    conversation::description(&mut sheet, description.as_deref(), attachments);
    conversation::messages(&mut sheet, conversation.as_ref(), reader, &mut people);
    conversation::notes(&mut sheet, notes, reader, &mut people);
    conversation::status_changes(&mut sheet, status_changes, reader, &mut people);
    figures::relations(&mut sheet, relations);
    figures::satisfaction(&mut sheet, satisfaction.as_ref(), reader);
    figures::custom_fields(&mut sheet, custom_fields);
    figures::metrics(&mut sheet, metrics.as_ref(), reader);
    figures::extra(&mut sheet, extra);
    sheet.finish()
}

#[cfg(test)]
mod tests;

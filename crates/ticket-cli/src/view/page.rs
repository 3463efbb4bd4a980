//! The page of a ticket on a terminal.
//!
//! What a support person asks first stands first: what is it, where does it stand, who is it about, when must
//! it be answered. Then what was said. Then all the rest; nothing of a ticket is left out.
//!
//! A text of several lines is behind a bar, and a value that holds what the page puts between values is in quotes, so that
//! neither can pass for a part of the page.

mod conversation;
mod figures;
mod head;
mod people;

use ticket_model::Ticket;

use crate::view::sheet::Sheet;
use crate::view::time::Reader;
use people::Introductions;

/// The longest label of a row is `Collaborators`.
const LONGEST_LABEL: usize = 13;

/// The page of a ticket, with colours as escape sequences, for a window of so many columns.
///
/// It depends on its arguments alone. Text from the ticket never reaches it uncleaned.
pub(crate) fn page(ticket: &Ticket, reader: &Reader, columns: usize) -> String {
    let mut sheet = Sheet::new(columns, LONGEST_LABEL);
    let mut people = Introductions::default();
    let Ticket {
        provider: _,
        id: _,
        helpdesk_id: _,
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
        closed_by: _,
        team: _,
        tags: _,
        custom_fields,
        attachments,
        conversation,
        notes,
        status_changes,
        sla: _,
        satisfaction,
        solved: _,
        metrics,
        created_at: _,
        updated_at: _,
        resolved_at: _,
        closed_at: _,
        extra,
    } = ticket;
    head::title(&mut sheet, ticket);
    head::standing(&mut sheet, ticket);
    head::people(&mut sheet, ticket, &mut people);
    head::times(&mut sheet, ticket, reader);
    conversation::description(&mut sheet, description.as_deref(), attachments);
    conversation::messages(&mut sheet, conversation.as_ref(), reader, &mut people);
    conversation::notes(&mut sheet, notes, reader, &mut people);
    conversation::status_changes(&mut sheet, status_changes, reader, &mut people);
    figures::satisfaction(&mut sheet, satisfaction.as_ref(), reader);
    figures::custom_fields(&mut sheet, custom_fields);
    figures::metrics(&mut sheet, metrics.as_ref(), reader);
    figures::extra(&mut sheet, extra);
    sheet.finish()
}

#[cfg(test)]
mod tests;

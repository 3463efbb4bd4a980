//! Renders the head of the page: title, status, people and times.

use anstyle::{AnsiColor, Style};
use ticket_model::{Coded, Priority, Sla, Status, Ticket};

use super::people::{SeenPeople, tags, team};
use crate::view::clean::{fact, one_line, word};
use crate::view::ink::{ALARM, NOTICE, PLAIN, QUIET, STRONG, StyledText, coloured};
use crate::view::sheet::TextLayout;
use crate::view::time::Reader;
use crate::view::words;

/// Writes the title and the id; without a title, only the id.
pub(crate) fn title(sheet: &mut TextLayout, ticket: &Ticket) {
    let name = format!("{}:{}", fact(&ticket.provider), fact(&ticket.id));
    let mut below = StyledText::default();
    match ticket.title.as_deref().map(one_line).filter(|title| !title.trim().is_empty()) {
        Some(title) => {
            sheet.lead(&StyledText::of(STRONG, &title));
            below.fact(QUIET, &name);
        }
        None => sheet.lead(&StyledText::of(STRONG, &name)),
    }
    if let Some(id) = &ticket.helpdesk_id {
        below.fact(QUIET, &format!("helpdesk {}", word(id)));
    }
    sheet.lead(&below);
    if let Some(url) = &ticket.url {
        sheet.lead(&StyledText::of(QUIET, &fact(url)));
    }
}

/// Writes status, SLA breach, priority, type, handling and channel in one line, and inconsistencies below it.
pub(crate) fn status_line(sheet: &mut TextLayout, ticket: &Ticket) {
    let mut ink = StyledText::default();
    if let Some(status) = &ticket.status {
        self::status(&mut ink, status, STRONG);
    }
    if let Some(sla) = &ticket.sla
        && sla.breached == Some(true)
    {
        ink.fact(ALARM, &format!("SLA {}", words::breached(true)));
    }
    if let Some(priority) = &ticket.priority {
        let style = priority_style(priority.value);
        ink.fact(style, &format!("priority {}", words::coded(priority)));
    }
    if let Some(ticket_type) = &ticket.ticket_type {
        ink.fact(PLAIN, &words::coded(ticket_type));
    }
    if let Some(solved) = ticket.solved {
        ink.fact(PLAIN, words::solved(solved));
    }
    if let Some(handling) = &ticket.handling {
        ink.fact(PLAIN, &format!("handled by {}", words::coded(handling)));
    }
    if let Some(channel) = &ticket.channel {
        ink.fact(PLAIN, &format!("channel {}", words::coded(channel)));
    }
    sheet.gap();
    sheet.lead(&ink);
    if let Some(inconsistencies) = words::inconsistency_line(ticket) {
        let mut ink = StyledText::of(NOTICE, "! the data contradicts itself:");
        ink.word(PLAIN, &one_line(&inconsistencies));
        if inconsistencies.ends_with(" more") {
            ink.word(QUIET, "(ticket mapping explain lists them)");
        }
        sheet.lead(&ink);
    }
}

/// Writes the people, the team and the tags.
pub(crate) fn people<'a>(sheet: &mut TextLayout, ticket: &'a Ticket, seen: &mut SeenPeople<'a>) {
    sheet.gap();
    let mut one = |label: &str, person: Option<&'a ticket_model::Person>| {
        if let Some(person) = person {
            sheet.row(label, &seen.person(person));
        }
    };
    one("Requester", ticket.requester.as_ref());
    one("Submitter", ticket.submitter.as_ref());
    one("Assignee", ticket.assignee.as_ref());
    if let Some(assigned) = &ticket.team {
        sheet.row("Team", &team(assigned));
    }
    sheet.row("Agents", &seen.people(&ticket.agents));
    sheet.row("Collaborators", &seen.people(&ticket.collaborators));
    sheet.row("Followers", &seen.people(&ticket.followers));
    for participant in &ticket.participants {
        let (label, whom) = seen.participant(participant);
        sheet.row(&label, &whom);
    }
    if let Some(person) = &ticket.closed_by {
        sheet.row("Closed by", &seen.person(person));
    }
    sheet.row("Tags", &tags(&ticket.tags));
}

/// Writes the times of the ticket and its due times.
pub(crate) fn times(sheet: &mut TextLayout, ticket: &Ticket, reader: &Reader) {
    sheet.gap();
    let mut time = |label: &str, time: Option<jiff::Timestamp>| {
        if let Some(time) = time {
            sheet.row(label, &StyledText::of(PLAIN, &reader.moment(time)));
        }
    };
    time("Created", ticket.created_at);
    time("Updated", ticket.updated_at);
    time("Started", ticket.started_at);
    time("Due", ticket.due_at);
    time("Resolved", ticket.resolved_at);
    time("Closed", ticket.closed_at);
    if let Some(Sla { name, first_response_due, resolution_due, breached }) = &ticket.sla {
        time("First response due", *first_response_due);
        time("Resolution due", *resolution_due);
        let mut ink = StyledText::default();
        if let Some(name) = name {
            ink.fact(PLAIN, &fact(name));
        }
        // The status line shows a breach.
        if *breached == Some(false) {
            ink.fact(PLAIN, words::breached(false));
        }
        sheet.row("SLA", &ink);
    }
}

/// Appends a status: a coloured mark, then the status in `style`, because not every terminal shows the colours well.
pub(crate) fn status(ink: &mut StyledText, status: &Coded<Status>, style: Style) {
    ink.push(status_style(status.value), status_mark(status.value));
    ink.word(style, &words::coded(status));
}

/// Returns the colour of the mark of a status.
fn status_style(status: Status) -> Style {
    match status {
        Status::New => coloured(AnsiColor::Cyan).bold(),
        Status::Open => coloured(AnsiColor::Green).bold(),
        Status::InProgress => coloured(AnsiColor::Blue).bold(),
        Status::WaitingOnRequester | Status::OnHold => NOTICE,
        Status::Resolved => coloured(AnsiColor::Green),
        Status::Closed => QUIET,
        _ => STRONG,
    }
}

/// Returns the mark of a status. Its shape conveys the status without colour: a fuller circle means more work left.
fn status_mark(status: Status) -> &'static str {
    match status {
        Status::New | Status::Open => "●",
        Status::InProgress => "◐",
        Status::WaitingOnRequester | Status::OnHold => "○",
        Status::Resolved | Status::Closed => "✓",
        _ => "◆",
    }
}

fn priority_style(priority: Priority) -> Style {
    match priority {
        Priority::Urgent => ALARM,
        Priority::High => coloured(AnsiColor::Red),
        Priority::Low => QUIET,
        _ => PLAIN,
    }
}

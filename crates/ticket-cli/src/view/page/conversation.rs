//! Renders the description, the messages, the notes and the status changes.

use anstyle::Style;
use ticket_model::{Attachment, Conversation, Message, Note, StatusChange, Visibility};

use super::head;
use super::people::SeenPeople;
use crate::view::amount::{counted, size};
use crate::view::clean::fact;
use crate::view::ink::{INTERNAL, PLAIN, QUIET, STRONG, StyledText};
use crate::view::sheet::TextLayout;
use crate::view::time::Reader;
use crate::view::{transcript, words};

/// Precedes each line of a text.
const BAR: &str = "│";
/// Precedes each line of a text that the requester cannot read.
const INTERNAL_BAR: &str = "┃";

/// Writes the description and the attachments of the ticket.
pub(crate) fn description(sheet: &mut TextLayout, text: Option<&str>, files: &[Attachment]) {
    if let Some(text) = text {
        sheet.heading("Description", "");
        sheet.quote(BAR, QUIET, text);
    }
    if !files.is_empty() {
        sheet.heading("Attachments", &counted(files.len() as u64, "file"));
        for file in files {
            sheet.item(&attachment(file));
        }
    }
}

/// Writes the messages in the order of their times, with a line for each day.
pub(crate) fn messages<'a>(
    sheet: &mut TextLayout,
    conversation: Option<&'a Conversation>,
    reader: &Reader,
    people: &mut SeenPeople<'a>,
) {
    let Some(Conversation { messages, complete }) = conversation else {
        sheet.heading("Conversation", "not in this response; get --conversation fetches it");
        return;
    };
    let mut aside = match messages.len() {
        0 => "no messages".into(),
        count => counted(count as u64, "message"),
    };
    if let Some(warning) = words::incomplete(*complete) {
        aside.extend([", ", warning]);
    }
    sheet.heading("Conversation", &aside);
    let mut day = None;
    for message in transcript::in_order(messages) {
        if day.is_some() {
            sheet.gap();
        }
        // A message without a time does not end the day.
        let next = message.created_at.map(|time| reader.day(time));
        if let (Some(next), Some(time)) = (&next, message.created_at)
            && day.as_ref() != Some(next)
        {
            let mut line = StyledText::of(STRONG, next);
            line.fact(QUIET, &reader.age(time));
            sheet.item(&line);
            sheet.gap();
        }
        day = next.or(day).or_else(|| Some(String::new()));
        self::message(sheet, message, reader, people);
    }
}

fn message<'a>(
    sheet: &mut TextLayout,
    message: &'a Message,
    reader: &Reader,
    people: &mut SeenPeople<'a>,
) {
    let Message {
        id,
        channel_message_id,
        author,
        visibility,
        content_type,
        body: _,
        format: _,
        // The body is its readable part; JSON output has all of it.
        native: _,
        attachments,
        created_at,
    } = message;
    let (bar, bar_style, style) = match visibility {
        Visibility::Internal => (INTERNAL_BAR, STRONG, INTERNAL),
        _ => (BAR, QUIET, QUIET),
    };
    let (name, details) = people.actor(author.as_ref());
    let mut first = StyledText::default();
    if let Some(time) = created_at {
        first.push(PLAIN, &reader.clock(*time));
        first.push(PLAIN, " ");
    }
    first.append(&name);
    first.fact(style, words::visibility(*visibility));
    sheet.item(&first);
    let mut second = details;
    if let Some(content_type) = content_type
        && words::coded(content_type) != "text"
    {
        second.fact(QUIET, &words::coded(content_type));
    }
    if let Some(format) = transcript::format(message) {
        second.fact(QUIET, format);
    }
    if let Some(id) = id {
        second.fact(QUIET, &format!("message {}", fact(id)));
    }
    if let Some(id) = channel_message_id {
        second.fact(QUIET, &format!("in its channel {}", fact(id)));
    }
    sheet.item(&second);
    quoted(sheet, bar, bar_style, transcript::body(message).as_deref(), attachments);
}

/// Writes a text with bars, then its files without bars, so that a text cannot imitate a file.
fn quoted(
    sheet: &mut TextLayout,
    bar: &str,
    style: Style,
    text: Option<&str>,
    files: &[Attachment],
) {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => sheet.quote(bar, style, text),
        None if files.is_empty() => sheet.item(&StyledText::of(QUIET, "(no text)")),
        None => {}
    }
    for file in files {
        sheet.item(&attachment(file));
    }
}

/// Writes the notes on the ticket.
pub(crate) fn notes<'a>(
    sheet: &mut TextLayout,
    notes: &'a [Note],
    reader: &Reader,
    people: &mut SeenPeople<'a>,
) {
    if notes.is_empty() {
        return;
    }
    sheet.heading("Notes", &counted(notes.len() as u64, "note"));
    for (index, note) in notes.iter().enumerate() {
        if index > 0 {
            sheet.gap();
        }
        let Note { id, author, body, created_at } = note;
        let (first, details) = people.actor(author.as_ref());
        let mut second = StyledText::default();
        if let Some(time) = created_at {
            second.fact(PLAIN, &reader.moment(*time));
        }
        second.facts(&details);
        if let Some(id) = id {
            second.fact(QUIET, &format!("note {}", fact(id)));
        }
        sheet.item(&first);
        sheet.item(&second);
        quoted(sheet, BAR, QUIET, body.as_deref(), &[]);
    }
}

/// Writes the changes of the status.
pub(crate) fn status_changes<'a>(
    sheet: &mut TextLayout,
    changes: &'a [StatusChange],
    reader: &Reader,
    people: &mut SeenPeople<'a>,
) {
    if changes.is_empty() {
        return;
    }
    sheet.heading("Status changes", "");
    for StatusChange { id, from, to, created_at, by } in changes {
        let mut ink = StyledText::default();
        if let Some(status) = from {
            ink.push(QUIET, &format!("{} → ", words::coded(status)));
        }
        match to {
            Some(status) => head::status(&mut ink, status, PLAIN),
            None => ink.push(QUIET, "to an unknown status"),
        }
        if let Some(time) = created_at {
            ink.fact(PLAIN, &reader.moment(*time));
        }
        if by.is_some() {
            let (name, details) = people.actor(by.as_ref());
            ink.fact(PLAIN, &format!("by {}", name.as_str()));
            for line in details.as_str().lines() {
                ink.fact(QUIET, line);
            }
        }
        if let Some(id) = id {
            ink.fact(QUIET, &format!("change {}", fact(id)));
        }
        sheet.item(&ink);
    }
}

/// Returns the line of a file: name, media type, size and URL.
fn attachment(attachment: &Attachment) -> StyledText {
    let Attachment { id, url, name, media_type, size_bytes } = attachment;
    let mut ink = StyledText::of(QUIET, "file ");
    let mut facts = StyledText::default();
    if let Some(name) = name {
        facts.fact(PLAIN, &fact(name));
    }
    if let Some(media_type) = media_type {
        facts.fact(PLAIN, &fact(media_type));
    }
    if let Some(bytes) = size_bytes {
        facts.fact(PLAIN, &size(*bytes));
    }
    if let Some(url) = url {
        facts.url(QUIET, &fact(url));
    }
    if let Some(id) = id {
        facts.fact(QUIET, &format!("id {}", fact(id)));
    }
    if facts.is_empty() {
        facts.push(QUIET, "without details");
    }
    ink.append(&facts);
    ink
}

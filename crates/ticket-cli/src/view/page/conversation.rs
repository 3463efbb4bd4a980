//! What was said and done: the description, the messages, the notes, the changes of status.

use anstyle::Style;
use ticket_model::{Attachment, Conversation, Message, Note, StatusChange, Visibility};

use super::head;
use super::people::Introductions;
use crate::view::clean::fact;
use crate::view::ink::{INTERNAL, Ink, PLAIN, QUIET, STRONG};
use crate::view::sheet::Sheet;
use crate::view::time::{Reader, counted, size};
use crate::view::words;

/// Stands before each line of a text.
const BAR: &str = "│";
/// The same, for what the requester cannot read.
const INTERNAL_BAR: &str = "┃";

/// The matter at length, and the files that came with it.
pub(crate) fn description(sheet: &mut Sheet, text: Option<&str>, files: &[Attachment]) {
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

/// The conversation as a timeline, in the order in which the provider sent it.
pub(crate) fn messages<'a>(
    sheet: &mut Sheet,
    conversation: Option<&'a Conversation>,
    reader: &Reader,
    people: &mut Introductions<'a>,
) {
    let Some(Conversation { messages, complete }) = conversation else {
        sheet.heading("Conversation", "not part of this response");
        return;
    };
    let mut aside = match messages.len() {
        0 => "no messages".into(),
        count => counted(count as u64, "message"),
    };
    if !complete {
        aside.push_str(", perhaps not all");
    }
    sheet.heading("Conversation", &aside);
    for (index, message) in messages.iter().enumerate() {
        if index > 0 {
            sheet.gap();
        }
        self::message(sheet, message, reader, people);
    }
}

fn message<'a>(
    sheet: &mut Sheet,
    message: &'a Message,
    reader: &Reader,
    people: &mut Introductions<'a>,
) {
    let Message { id, author, visibility, content_type, body, attachments, created_at } = message;
    let (bar, bar_style, style) = match visibility {
        Visibility::Internal => (INTERNAL_BAR, STRONG, INTERNAL),
        _ => (BAR, QUIET, QUIET),
    };
    let (mut first, details) = people.actor(author.as_ref());
    first.fact(style, words::visibility(*visibility));
    sheet.item(&first);
    let mut second = Ink::default();
    if let Some(time) = created_at {
        second.fact(PLAIN, &reader.moment(*time));
    }
    second.facts(&details);
    if let Some(content_type) = content_type
        && words::coded(content_type) != "text"
    {
        second.fact(QUIET, &words::coded(content_type));
    }
    if let Some(id) = id {
        second.fact(QUIET, &format!("message {}", fact(id)));
    }
    sheet.item(&second);
    quoted(sheet, bar, bar_style, body.as_deref(), attachments);
}

/// A text behind a bar, and below it its files without one, so that no text passes for a file; a message of neither says so.
fn quoted(sheet: &mut Sheet, bar: &str, style: Style, text: Option<&str>, files: &[Attachment]) {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => sheet.quote(bar, style, text),
        None if files.is_empty() => sheet.item(&Ink::of(QUIET, "(no text)")),
        None => {}
    }
    for file in files {
        sheet.item(&attachment(file));
    }
}

/// Remarks on the ticket itself.
pub(crate) fn notes<'a>(
    sheet: &mut Sheet,
    notes: &'a [Note],
    reader: &Reader,
    people: &mut Introductions<'a>,
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
        let mut second = Ink::default();
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

/// The steps of the ticket's life.
pub(crate) fn status_changes<'a>(
    sheet: &mut Sheet,
    changes: &'a [StatusChange],
    reader: &Reader,
    people: &mut Introductions<'a>,
) {
    if changes.is_empty() {
        return;
    }
    sheet.heading("Status changes", "");
    for StatusChange { to, created_at, by } in changes {
        let mut ink = Ink::default();
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
        sheet.item(&ink);
    }
}

/// A file: its name, what it is, how large, and where it lies.
fn attachment(attachment: &Attachment) -> Ink {
    let Attachment { url, name, media_type, size_bytes } = attachment;
    let mut ink = Ink::of(QUIET, "file ");
    let mut facts = Ink::default();
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
        facts.address(QUIET, &fact(url));
    }
    if facts.is_empty() {
        facts.push(QUIET, "of which nothing is known");
    }
    ink.append(&facts);
    ink
}

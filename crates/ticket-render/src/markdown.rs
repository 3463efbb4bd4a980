//! Renders a ticket as Markdown, for a chat, a wiki or a language model.
//!
//! Text from the ticket cannot become markup: titles are escaped, bodies are in fences, and there is no HTML, no link
//! and no image. The heading of a message has its author, role, time and visibility. Times are in UTC, so that the output
//! does not depend on the reader.

mod escape;
mod figures;
mod people;

use ticket_model::{
    Attachment, BodyFormat, Conversation, Message, Note, StatusChange, Ticket, Timestamp,
};

use crate::amount::{counted, size};
use crate::{transcript, words};
pub use escape::text as markdown_text;
use escape::{code, fence, text};

/// A file beside the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLink {
    /// Its relative path: letters, digits, and `/ . -`.
    pub path: String,
    /// Whether to show it as an image.
    pub is_image: bool,
}

/// Finds the file of an attachment.
pub type FileLinks<'a> = &'a dyn Fn(&Attachment) -> Option<FileLink>;

/// Returns the ticket as Markdown that ends with a line break.
pub fn markdown(ticket: &Ticket) -> String {
    markdown_with_files(ticket, &|_| None)
}

/// Returns the ticket as [`markdown`], with links to the files that `links` finds.
pub fn markdown_with_files(ticket: &Ticket, links: FileLinks<'_>) -> String {
    document(ticket, links).out
}

/// A part of the Markdown of a ticket. Its text begins with a heading, and ends with a line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownPart {
    /// What the part is.
    pub kind: PartKind,
    /// The Markdown.
    pub text: String,
}

/// What a part of the Markdown of a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// The head, or a section without its messages or notes.
    Section,
    /// A message.
    Message,
    /// A note.
    Note,
}

/// Returns the parts of the Markdown of a ticket; [`markdown`] has the same parts with a blank line between them.
pub fn markdown_parts(ticket: &Ticket) -> Vec<MarkdownPart> {
    let Document { out, starts, .. } = document(ticket, &|_| None);
    let ends = starts.iter().skip(1).map(|(start, _)| start - "\n".len()).chain([out.len()]);
    let parts = starts.iter().zip(ends);
    parts
        .map(|((start, kind), end)| MarkdownPart { kind: *kind, text: out[*start..end].to_owned() })
        .collect()
}

fn document(ticket: &Ticket, links: FileLinks<'_>) -> Document {
    let Ticket {
        provider,
        id,
        helpdesk_id,
        url,
        title,
        description,
        status,
        priority,
        ticket_type,
        handling,
        channel,
        requester,
        submitter,
        assignee,
        agents,
        collaborators,
        followers,
        participants,
        closed_by,
        team,
        tags,
        custom_fields,
        attachments,
        conversation,
        notes,
        status_changes,
        relations,
        sla,
        satisfaction,
        solved,
        metrics,
        created_at,
        updated_at,
        started_at,
        due_at,
        resolved_at,
        closed_at,
        extra,
    } = ticket;
    let name = format!("{provider}:{id}");
    let mut document = Document::default();
    match title.as_deref().filter(|title| !title.trim().is_empty()) {
        Some(title) => document.heading(1, &text(title)),
        None => document.heading(1, &format!("Ticket {}", code(&name))),
    }
    document.item("Ticket", &code(&name));
    document.optional_item("Helpdesk", helpdesk_id.as_deref().map(code));
    document.optional_item("Page", url.as_deref().map(code));
    document.optional_item("Status", status.as_ref().map(|status| text(&words::coded(status))));
    document.optional_item("Inconsistent", words::inconsistency_line(ticket).map(|it| text(&it)));
    document.optional_item("Priority", priority.as_ref().map(|it| text(&words::coded(it))));
    document.optional_item("Type", ticket_type.as_ref().map(|it| text(&words::coded(it))));
    document.optional_item("Solved", solved.map(|solved| words::solved(solved).to_owned()));
    document.optional_item("Handled by", handling.as_ref().map(|it| text(&words::coded(it))));
    document.optional_item("Channel", channel.as_ref().map(|channel| text(&words::coded(channel))));
    people::one(&mut document, "Requester", requester.as_ref());
    people::one(&mut document, "Submitter", submitter.as_ref());
    people::one(&mut document, "Assignee", assignee.as_ref());
    document.optional_item(
        "Team",
        team.as_ref().map(|team| people::named(team.name.as_deref(), team.id.as_deref())),
    );
    people::several(&mut document, "Agent", agents);
    people::several(&mut document, "Collaborator", collaborators);
    people::several(&mut document, "Follower", followers);
    people::participants(&mut document, participants);
    people::one(&mut document, "Closed by", closed_by.as_ref());
    for tag in tags {
        document.item("Tag", &people::named(tag.name.as_deref(), tag.id.as_deref()));
    }
    document.time("Created", *created_at);
    document.time("Updated", *updated_at);
    document.time("Started", *started_at);
    document.time("Due", *due_at);
    document.time("Resolved", *resolved_at);
    document.time("Closed", *closed_at);
    figures::sla(&mut document, sla.as_ref());
    if let Some(description) = description {
        document.heading(2, "Description");
        document.block(&fence(description, "markdown"));
    }
    if !attachments.is_empty() {
        document.heading(2, "Attachments");
        attached(&mut document, attachments);
        linked(&mut document, attachments, links);
    }
    messages(&mut document, conversation.as_ref(), links);
    self::notes(&mut document, notes);
    self::status_changes(&mut document, status_changes);
    figures::relations(&mut document, relations);
    figures::satisfaction(&mut document, satisfaction.as_ref());
    figures::custom_fields(&mut document, custom_fields);
    figures::metrics(&mut document, metrics.as_ref());
    figures::extra(&mut document, extra);
    document
}

fn messages(document: &mut Document, conversation: Option<&Conversation>, links: FileLinks<'_>) {
    document.heading(2, "Conversation");
    let Some(Conversation { messages, complete }) = conversation else {
        document.block("The conversation is not part of this response.\n");
        return;
    };
    let count = counted(messages.len() as u64, "message");
    let rest = words::incomplete(*complete).unwrap_or("complete");
    document.block(&format!("{count}, {rest}.\n"));
    for (number, message) in transcript::in_order(messages).into_iter().enumerate() {
        let Message {
            id,
            channel_message_id,
            author,
            visibility,
            content_type,
            body: _,
            format,
            // The body is its readable part; JSON output has all of it.
            native: _,
            attachments,
            created_at,
        } = message;
        let time = created_at.map_or_else(|| "time unknown".into(), |time| time.to_string());
        let author_name = people::actor(author.as_ref());
        let visibility = words::visibility(*visibility);
        document.entry(
            PartKind::Message,
            &format!("{}. {author_name} · {time} · {visibility}", number + 1),
        );
        document.optional_item("Message", id.as_deref().map(code));
        document.optional_item("In its channel", channel_message_id.as_deref().map(code));
        document
            .optional_item("Content type", content_type.as_ref().map(|it| text(&words::coded(it))));
        people::one(document, "Author", author.as_ref().and_then(|it| it.person.as_ref()));
        document.optional_item("Format", transcript::format(message).map(str::to_owned));
        attached(document, attachments);
        if let Some(body) = transcript::body(message) {
            let is_markdown = *format == Some(BodyFormat::Markdown);
            document.block(&fence(&body, if is_markdown { "markdown" } else { "text" }));
        }
        linked(document, attachments, links);
    }
}

fn notes(document: &mut Document, notes: &[Note]) {
    if notes.is_empty() {
        return;
    }
    document.heading(2, "Notes");
    for (number, Note { id, author, body, created_at }) in notes.iter().enumerate() {
        let time = created_at.map_or_else(|| "time unknown".into(), |time| time.to_string());
        let author_name = people::actor(author.as_ref());
        document.entry(PartKind::Note, &format!("{}. {author_name} · {time}", number + 1));
        document.optional_item("Note", id.as_deref().map(code));
        people::one(document, "Author", author.as_ref().and_then(|it| it.person.as_ref()));
        if let Some(body) = body {
            document.block(&fence(body, "text"));
        }
    }
}

fn status_changes(document: &mut Document, changes: &[StatusChange]) {
    if changes.is_empty() {
        return;
    }
    document.heading(2, "Status changes");
    for StatusChange { id, from, to, created_at, by } in changes {
        let to = to.as_ref().map_or_else(|| "unknown status".into(), |to| text(&words::coded(to)));
        let to = match from {
            Some(from) => format!("{} → {to}", text(&words::coded(from))),
            None => to,
        };
        let time = created_at.map_or_else(|| "time unknown".into(), |time| time.to_string());
        let mut line = format!("{time} · {to}");
        if by.is_some() {
            line.push_str(" · by ");
            line.push_str(&people::actor(by.as_ref()));
        }
        document.item("Changed", &line);
        document.nested(|document| {
            document.optional_item("Change", id.as_deref().map(code));
            people::details(document, by.as_ref().and_then(|by| by.person.as_ref()));
        });
    }
}

fn attached(document: &mut Document, files: &[Attachment]) {
    for Attachment { id, url, name, media_type, size_bytes } in files {
        let facts: Vec<_> = [
            name.as_deref().map(code),
            media_type.as_deref().map(code),
            size_bytes.map(size),
            url.as_deref().map(code),
            id.as_deref().map(|id| format!("id {}", code(id))),
        ]
        .into_iter()
        .flatten()
        .collect();
        let facts = if facts.is_empty() { "without details".into() } else { facts.join(", ") };
        document.item("File", &facts);
    }
}

/// Writes a paragraph with the files beside the document: images, and links to others.
fn linked(document: &mut Document, files: &[Attachment], links: FileLinks<'_>) {
    for file in files {
        let Some(FileLink { path, is_image }) = links(file) else { continue };
        if !is_plain_path(&path) {
            continue;
        }
        let text = match (is_image, &file.name) {
            (true, _) => format!("![image]({path})"),
            (false, Some(name)) => code(name),
            (false, None) => "file".to_owned(),
        };
        document.block(&format!("[{text}]({path})\n"));
    }
}

/// Returns whether a path needs no escapes and does not leave the folders of the export.
pub(crate) fn is_plain_path(path: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"/.-".contains(&it);
    !path.starts_with('/') && !path.contains("//") && path.bytes().all(is_plain)
}

/// A Markdown document under construction. Its methods expect escaped text.
#[derive(Default)]
struct Document {
    out: String,
    /// Where each part begins.
    starts: Vec<(usize, PartKind)>,
    depth: usize,
    in_list: bool,
}

impl Document {
    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.in_list = false;
    }

    fn heading(&mut self, level: usize, title: &str) {
        self.begin(PartKind::Section, level, title);
    }

    fn entry(&mut self, kind: PartKind, title: &str) {
        self.begin(kind, 3, title);
    }

    fn begin(&mut self, kind: PartKind, level: usize, title: &str) {
        self.gap();
        self.starts.push((self.out.len(), kind));
        self.out.push_str(&"#".repeat(level));
        self.out.push(' ');
        self.out.push_str(title);
        self.out.push('\n');
    }

    fn block(&mut self, block: &str) {
        self.gap();
        self.out.push_str(block);
    }

    fn item(&mut self, label: &str, value: &str) {
        if !self.in_list {
            self.gap();
            self.in_list = true;
        }
        self.out.push_str(&"  ".repeat(self.depth));
        self.out.push_str("- ");
        self.out.push_str(label);
        self.out.push_str(": ");
        self.out.push_str(value);
        self.out.push('\n');
    }

    fn optional_item(&mut self, label: &str, value: Option<String>) {
        if let Some(value) = value {
            self.item(label, &value);
        }
    }

    fn time(&mut self, label: &str, time: Option<Timestamp>) {
        self.optional_item(label, time.map(|time| time.to_string()));
    }

    /// Writes items nested in the previous item.
    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }
}

#[cfg(test)]
mod tests;

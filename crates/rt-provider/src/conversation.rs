//! Maps history, attachments and texts to the conversation and the changes of the status.

use std::collections::{HashMap, HashSet};

use ticket_core::decode::{Cursor, Document};
use ticket_core::{Decoded, Error, Response, VocabularyOverrides};
use ticket_model::{
    Actor, Attachment, BodyFormat, Coded, Conversation, Message, ParticipantRole, Person, Present,
    Role, StatusChange, Ticket, Visibility,
};

use crate::{LIST_ATTACHMENTS, LIST_HISTORY, LIST_TEXTS, error, map, wire};

/// The user that acts for RT.
const SYSTEM: &str = "RT_System";

/// The subject of a message without one.
const NO_SUBJECT: &str = "No Subject";

/// What an event is to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Message(Visibility),
    Status,
    /// An e-mail that RT sent: a copy of a message.
    Notification,
    Other,
}

impl Event {
    fn of(word: &str) -> Self {
        match word {
            "Create" | "Correspond" => Self::Message(Visibility::Public),
            "Comment" => Self::Message(Visibility::Internal),
            "Status" => Self::Status,
            "EmailRecord" | "CommentEmailRecord" => Self::Notification,
            _ => Self::Other,
        }
    }
}

/// Adds the conversation and the changes of the status, if there are pages of the history.
///
/// # Errors
/// If a page is not a successful response of its call.
pub(crate) fn add(
    decoded: &mut Decoded,
    responses: &[Response],
    overrides: &VocabularyOverrides,
) -> Result<(), Error> {
    if Response::all(responses, LIST_HISTORY).next().is_none() {
        return Ok(());
    }
    let mut history = History::default();
    let people = People::of(&decoded.ticket);
    let total = pages(responses, LIST_HISTORY, decoded, |document| {
        let cursor = document.root();
        let (items, total) = document.parse::<wire::HistoryPage<'_>>()?.open(&cursor);
        cursor.list(items, |cursor, item| history.event(cursor, item, &people, overrides));
        Ok(total)
    })?;
    let mut parts = Parts::default();
    let attachments_total = pages(responses, LIST_ATTACHMENTS, decoded, |document| {
        let cursor = document.root();
        let (items, total) = document.parse::<wire::AttachmentPage<'_>>()?.open(&cursor);
        cursor.list(items, |cursor, item| parts.part(cursor, item, &history));
        Ok(total)
    })?;
    let mut texts = HashMap::new();
    pages(responses, LIST_TEXTS, decoded, |document| {
        let cursor = document.root();
        let (items, _) = document.parse::<wire::TextPage<'_>>()?.open(&cursor);
        cursor.list(items, |cursor, item| {
            let wire::Text { id, record, url, content, unknown } = item;
            cursor.unknown(unknown);
            cursor.text(record);
            cursor.text(url);
            if let (Some(id), Some(content)) = (cursor.any_id(id), cursor.text(content)) {
                texts.entry(id).or_insert(content);
            }
        });
        Ok(None)
    })?;
    let has_texts = parts.texts().all(|text| texts.contains_key(&text.id));
    let lists = [(total, history.events.len()), (attachments_total, parts.seen.len())];
    let is_short = lists.iter().any(|(total, seen)| total.is_some_and(|it| it != *seen as u64));
    // Every ticket has at least the event of its creation. RT answers without any if the user may not see the history.
    let complete = if history.events.is_empty() || !has_texts || is_short {
        Some(false)
    } else {
        lists.iter().all(|(total, _)| total.is_some()).then_some(true)
    };
    let mut messages = history.messages;
    for message in &mut messages {
        if let Some(parts) = message.id.as_ref().and_then(|id| parts.by_event.remove(id)) {
            parts.complete(message, &texts);
        }
    }
    decoded.ticket.conversation = Some(Conversation { messages, complete });
    decoded.ticket.status_changes = history.status_changes;
    Ok(())
}

/// Reads all pages of an operation, and returns how many items there are, as the last page claims that says it.
fn pages(
    responses: &[Response],
    operation: &'static str,
    decoded: &mut Decoded,
    mut read: impl FnMut(&Document<'_>) -> Result<Option<u64>, Error>,
) -> Result<Option<u64>, Error> {
    let mut total = None;
    for (index, response) in Response::all(responses, operation).enumerate() {
        let mut page = || {
            let document = open(response, operation, index)?;
            total = read(&document)?.or(total);
            document.close()
        };
        let (extra, diagnostics) = page().map_err(|error| response.complete(error))?;
        decoded.ticket.extra.extend(extra);
        decoded.diagnostics.extend(diagnostics);
    }
    Ok(total)
}

fn open<'r>(
    response: &'r Response,
    operation: &'static str,
    index: usize,
) -> Result<Document<'r>, Error> {
    if !response.is_success() {
        return Err(error::rejection(response));
    }
    Ok(Document::open(response)?.named(operation, index))
}

/// The events of a ticket.
#[derive(Default)]
struct History {
    messages: Vec<Message>,
    status_changes: Vec<StatusChange>,
    /// What each event is, by its id.
    events: HashMap<String, Event>,
}

impl History {
    /// Adds an event, unless another page had it.
    fn event(
        &mut self,
        cursor: &Cursor<'_>,
        item: wire::Transaction<'_>,
        people: &People,
        overrides: &VocabularyOverrides,
    ) {
        let wire::Transaction {
            id,
            record,
            url,
            event,
            field,
            old_value,
            new_value,
            data,
            created,
            creator,
            unknown,
        } = item;
        let id = cursor.any_id(id);
        let event = cursor.id(event).map_or(Event::Other, |word| Event::of(&word));
        if let Some(id) = &id
            && self.events.insert(id.clone(), event).is_some()
        {
            return;
        }
        if event == Event::Other {
            cursor.kept_here();
            return;
        }
        cursor.unknown(unknown);
        cursor.text(record);
        cursor.text(url);
        cursor.text(field);
        let person = map::user(cursor, creator);
        let created_at = cursor.rfc_3339(created);
        let role = |person: Option<&Person>, visibility| {
            people.role(person, visibility).map(Coded::derived)
        };
        match event {
            Event::Message(visibility) => {
                cursor.kept_unless(data, &["", NO_SUBJECT]);
                cursor.kept_unless(old_value, &[""]);
                cursor.kept_unless(new_value, &[""]);
                self.messages.push(Message {
                    id,
                    author: Actor { role: role(person.as_ref(), visibility), person }.present(),
                    visibility,
                    created_at,
                    ..Message::default()
                });
            }
            Event::Status => {
                cursor.kept_unless(data, &[""]);
                self.status_changes.push(StatusChange {
                    id,
                    from: map::status(cursor, old_value, overrides),
                    to: map::status(cursor, new_value, overrides),
                    created_at,
                    by: Actor { role: role(person.as_ref(), Visibility::Public), person }.present(),
                });
            }
            Event::Notification | Event::Other => {}
        }
    }
}

/// The people of a ticket, by what they are to it.
struct People {
    requesters: HashSet<String>,
    agents: HashSet<String>,
}

impl People {
    fn of(ticket: &Ticket) -> Self {
        let is = |role: ParticipantRole| {
            let participants = ticket.participants.iter();
            participants
                .filter(move |it| it.role.as_ref().is_some_and(|coded| coded.value == role))
                .filter_map(|it| it.person.as_ref())
        };
        let ids = |people: &mut dyn Iterator<Item = &Person>| {
            people.filter_map(|person| person.id.clone()).collect()
        };
        Self {
            requesters: ids(&mut ticket.requester.iter().chain(is(ParticipantRole::Requester))),
            agents: ids(&mut ticket.assignee.iter().chain(is(ParticipantRole::Watcher))),
        }
    }

    /// Returns the role of an author. Of people who are no part of the ticket, only the authors of internal notes are known to be
    /// agents.
    fn role(&self, person: Option<&Person>, visibility: Visibility) -> Option<Role> {
        let id = person?.id.as_ref()?;
        if id == SYSTEM {
            Some(Role::System)
        } else if self.requesters.contains(id) {
            Some(Role::Requester)
        } else if self.agents.contains(id) || visibility == Visibility::Internal {
            Some(Role::Agent)
        } else {
            None
        }
    }
}

/// The attachments of a ticket.
#[derive(Default)]
struct Parts {
    /// Those of each message, by the id of its event.
    by_event: HashMap<String, MessageParts>,
    seen: HashSet<String>,
}

/// The attachments of a message.
#[derive(Default)]
struct MessageParts {
    message_id: Option<String>,
    texts: Vec<TextPart>,
    files: Vec<Attachment>,
}

/// A text of a message, which another call brings.
struct TextPart {
    id: String,
    format: BodyFormat,
}

impl Parts {
    /// Adds an attachment, unless another page had it.
    fn part(&mut self, cursor: &Cursor<'_>, item: wire::Attachment<'_>, history: &History) {
        let wire::Attachment {
            id,
            record,
            url,
            transaction,
            content_type,
            filename,
            message_id,
            size,
            unknown,
        } = item;
        let id = cursor.any_id(id);
        if let Some(id) = &id
            && !self.seen.insert(id.clone())
        {
            return;
        }
        let owner = cursor.any_id(transaction);
        let event = owner.as_ref().and_then(|it| history.events.get(it)).copied();
        let (Some(owner), Some(event @ (Event::Message(_) | Event::Notification))) = (owner, event)
        else {
            cursor.kept_here();
            return;
        };
        cursor.unknown(unknown);
        cursor.text(record);
        let url = cursor.text(url);
        let media_type = cursor.id(content_type);
        let name = cursor.non_empty(filename);
        let message_id = cursor.non_empty(message_id);
        let size_bytes = cursor.size(size);
        if event == Event::Notification {
            return;
        }
        let parts = self.by_event.entry(owner).or_default();
        parts.message_id = parts.message_id.take().or(message_id);
        match (text_format(media_type.as_deref(), name.as_deref()), id) {
            (Some(format), Some(id)) => parts.texts.push(TextPart { id, format }),
            _ if media_type.as_deref().is_some_and(|it| it.starts_with("multipart/")) => {}
            (_, id) => parts.files.push(Attachment { id, url, name, media_type, size_bytes }),
        }
    }

    fn texts(&self) -> impl Iterator<Item = &TextPart> {
        self.by_event.values().flat_map(|parts| &parts.texts)
    }
}

impl MessageParts {
    /// Completes a message. Where a text was sent in both forms, the body is the plain one, and `native` the HTML.
    fn complete(self, message: &mut Message, texts: &HashMap<String, String>) {
        let of_format = |format: BodyFormat| {
            let parts = self.texts.iter().filter(|part| part.format == format);
            let texts: Vec<_> =
                parts.filter_map(|part| texts.get(&part.id)).map(String::as_str).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        };
        let (plain, html) = (of_format(BodyFormat::Plain), of_format(BodyFormat::Html));
        (message.body, message.format, message.native) = match (plain, html) {
            (Some(plain), html) => (Some(plain), Some(BodyFormat::Plain), html),
            (None, Some(html)) => (Some(html), Some(BodyFormat::Html), None),
            (None, None) => (None, None, None),
        };
        message.channel_message_id = self.message_id;
        message.attachments = self.files;
    }
}

/// Returns the format of a part that is a text of the message; `None` for a file and a container.
fn text_format(media_type: Option<&str>, name: Option<&str>) -> Option<BodyFormat> {
    match (media_type?, name) {
        ("text/plain", None) => Some(BodyFormat::Plain),
        ("text/html", None) => Some(BodyFormat::Html),
        _ => None,
    }
}

/// The ids of a page, and how many items there are, as RT claims.
#[cfg(feature = "http")]
pub(crate) type PageSummary = (Vec<String>, Option<u64>);

/// Reads a page of the history, and the ids of its messages.
///
/// # Errors
/// If it is not a successful response of the call.
#[cfg(feature = "http")]
pub(crate) fn history_summary(response: &Response) -> Result<(PageSummary, Vec<String>), Error> {
    let document = open(response, LIST_HISTORY, 0)?;
    let cursor = document.root();
    let (items, total) = document.parse::<wire::HistoryPage<'_>>()?.open(&cursor);
    let mut ids = Vec::new();
    let mut messages = Vec::new();
    cursor.list(items, |cursor, item| {
        let wire::Transaction { id, event, .. } = item;
        let event = cursor.id(event).map(|word| Event::of(&word));
        if let Some(id) = cursor.any_id(id) {
            if matches!(event, Some(Event::Message(_))) {
                messages.push(id.clone());
            }
            ids.push(id);
        }
    });
    Ok(((ids, total), messages))
}

/// Reads a page of the attachments, and the ids of the texts of these messages.
///
/// # Errors
/// If it is not a successful response of the call.
#[cfg(feature = "http")]
pub(crate) fn attachments_summary(
    response: &Response,
    messages: &HashSet<String>,
) -> Result<(PageSummary, Vec<String>), Error> {
    let document = open(response, LIST_ATTACHMENTS, 0)?;
    let cursor = document.root();
    let (items, total) = document.parse::<wire::AttachmentPage<'_>>()?.open(&cursor);
    let mut ids = Vec::new();
    let mut texts = Vec::new();
    cursor.list(items, |cursor, item| {
        let wire::Attachment { id, transaction, content_type, filename, .. } = item;
        let owner = cursor.any_id(transaction);
        let media_type = cursor.id(content_type);
        let name = cursor.non_empty(filename);
        if let Some(id) = cursor.any_id(id) {
            if text_format(media_type.as_deref(), name.as_deref()).is_some()
                && owner.is_some_and(|owner| messages.contains(&owner))
            {
                texts.push(id.clone());
            }
            ids.push(id);
        }
    });
    Ok(((ids, total), texts))
}

/// Checks a response of the call for texts.
///
/// # Errors
/// If it is not a successful response of the call.
#[cfg(feature = "http")]
pub(crate) fn check_texts(response: &Response) -> Result<(), Error> {
    let _: wire::TextPage<'_> = open(response, LIST_TEXTS, 0)?.parse()?;
    Ok(())
}

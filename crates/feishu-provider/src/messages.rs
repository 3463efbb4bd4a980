//! Maps the pages of the messages call to the conversation.

use std::collections::HashSet;

use ticket_core::decode::{Cursor, Document, look_up};
use ticket_core::{Decoded, Diagnostic, Error, ErrorKind, Response};
use ticket_model::{
    Actor, Coded, ContentType, Conversation, IndexMap, Json, Message, Person, Present, Role,
    Ticket, Visibility,
};

use crate::content::{self, Content};
use crate::{LIST_MESSAGES, error, wire};

/// The meaning of `message_type`.
const TYPES: &[(&str, ContentType)] = &[
    ("text", ContentType::Text),
    ("post", ContentType::RichText),
    ("image", ContentType::Image),
    ("file", ContentType::File),
    ("media", ContentType::Video),
    ("audio", ContentType::Audio),
];

/// Adds the conversation to the ticket, if there are pages of messages.
///
/// # Errors
/// If a page is not a successful response of the messages call.
pub(crate) fn add(decoded: &mut Decoded, responses: &[Response]) -> Result<(), Error> {
    let mut pages = Response::all(responses, LIST_MESSAGES).peekable();
    if pages.peek().is_none() {
        return Ok(());
    }
    let roles = Roles::of(&decoded.ticket);
    let mut messages = Vec::new();
    let mut seen = HashSet::new();
    let mut total = None;
    for (index, response) in pages.enumerate() {
        let page =
            page(response, index, &mut seen, &roles).map_err(|error| response.complete(error))?;
        messages.extend(page.messages);
        decoded.ticket.extra.extend(page.extra);
        decoded.diagnostics.extend(page.diagnostics);
        total = page.total;
    }
    let unique = seen.len() as u64;
    let complete = total.map(|total| unique == total && messages.len() as u64 == total);
    decoded.ticket.conversation = Some(Conversation { messages, complete });
    Ok(())
}

/// Reads the ids of a page, the number of its rows, and how many messages the ticket has, as the service claims.
///
/// # Errors
/// If it is not a successful response of the messages call.
#[cfg(feature = "http")]
pub(crate) fn summary(response: &Response) -> Result<(Vec<String>, usize, Option<u64>), Error> {
    let page = page(response, 0, &mut HashSet::new(), &Roles::default())?;
    let rows = page.messages.len();
    Ok((page.messages.into_iter().filter_map(|message| message.id).collect(), rows, page.total))
}

/// A page of messages.
struct Page {
    messages: Vec<Message>,
    total: Option<u64>,
    extra: IndexMap<String, Json>,
    diagnostics: Vec<Diagnostic>,
}

/// An item of a page.
#[derive(Default)]
enum Row {
    /// It could not be read, and is in `extra`.
    #[default]
    Unreadable,
    Message(Box<Message>),
    /// Another page had it.
    Repeated,
}

/// Reads a page without the messages that were `seen`.
fn page(
    response: &Response,
    index: usize,
    seen: &mut HashSet<String>,
    roles: &Roles,
) -> Result<Page, Error> {
    if !response.is_success() {
        return Err(error::error_response(response));
    }
    let document = Document::open(response)?.named(LIST_MESSAGES, index);
    let root = document.root();
    let wire::MessagesEnvelope { code, msg, data, unknown } = document.parse()?;
    error::check_code(response, &root, &code)?;
    root.text(msg);
    root.unknown(unknown);
    let no_messages = |pointer: String| {
        Error::new(ErrorKind::InvalidResponse, "the response has no list of messages")
            .with_path(pointer)
    };
    let pointer = root.key(data.key()).pointer();
    let (cursor, wire::MessagesData { messages, total, unknown }) =
        root.object(data).ok_or_else(|| no_messages(pointer))?;
    cursor.unknown(unknown);
    let total = cursor.count(total);
    let pointer = cursor.key(messages.key()).pointer();
    let read = |cursor: &Cursor<'_>, wire: wire::Message<'_>| message(cursor, wire, seen, roles);
    let rows = cursor.list(messages, read);
    // No messages may be no list.
    let rows = match (rows, total) {
        (Some(rows), _) => rows,
        (None, Some(0)) => Vec::new(),
        (None, _) => return Err(no_messages(pointer)),
    };
    let messages = rows.into_iter().filter_map(|row| match row {
        Row::Message(message) => Some(*message),
        Row::Unreadable => Some(Message::default()),
        Row::Repeated => None,
    });
    let messages = messages.collect();
    let (extra, diagnostics) = document.close()?;
    Ok(Page { messages, total, extra, diagnostics })
}

fn message(
    cursor: &Cursor<'_>,
    message: wire::Message<'_>,
    seen: &mut HashSet<String>,
    roles: &Roles,
) -> Row {
    let wire::Message {
        id,
        message_id,
        message_type,
        created_at,
        content,
        user_name,
        avatar_url,
        user_id,
        unknown,
    } = message;
    let id = cursor.id(id);
    if id.as_ref().is_some_and(|id| !seen.insert(id.clone())) {
        return Row::Repeated;
    }
    cursor.unknown(unknown);
    let content_type = cursor.word(message_type, look_up(TYPES), ContentType::Other);
    let native = content_type.as_ref().and_then(|it| it.native.as_deref());
    let content = cursor.text(content).map(|content| content::read(native, content));
    let Content { body, format, attachments, native } = content.unwrap_or_default();
    let has_user = user_id.is_sent();
    let person = Person {
        id: cursor.id(user_id),
        name: cursor.text(user_name),
        avatar_url: cursor.text(avatar_url),
        ..Person::default()
    };
    let role = roles.of_sender(person.id.as_deref(), has_user).map(Coded::derived);
    Row::Message(Box::new(Message {
        id,
        channel_message_id: cursor.id(message_id),
        author: Actor { role, person: person.present() }.present(),
        visibility: Visibility::Public,
        content_type,
        body,
        format,
        native,
        attachments,
        created_at: cursor.unix_milliseconds(created_at),
    }))
}

/// Who is who on the ticket: the messages call does not say it.
#[derive(Debug, Default)]
struct Roles {
    requester: Option<String>,
    agents: HashSet<String>,
}

impl Roles {
    fn of(ticket: &Ticket) -> Self {
        let id = |person: &Person| person.id.clone();
        let agents = ticket.agents.iter().chain(&ticket.collaborators);
        let agents = agents.chain(&ticket.assignee).chain(&ticket.closed_by);
        Self {
            requester: ticket.requester.as_ref().and_then(id),
            agents: agents.filter_map(id).collect(),
        }
    }

    /// Returns the role of a sender; `None` if the ticket does not name the sender. A message without a sender is from the bot.
    fn of_sender(&self, id: Option<&str>, was_sent: bool) -> Option<Role> {
        match id {
            Some(id) if self.requester.as_deref() == Some(id) => Some(Role::Requester),
            Some(id) if self.agents.contains(id) => Some(Role::Agent),
            Some(_) => None,
            None => was_sent.then_some(Role::Bot),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Roles};

    #[test]
    fn derives_the_role_of_a_sender_from_the_people_of_the_ticket() {
        let roles = Roles {
            requester: Some("ou_guest".into()),
            agents: ["ou_agent".to_owned(), "ou_guest".to_owned()].into(),
        };
        for (id, was_sent, role) in [
            (Some("ou_guest"), true, Some(Role::Requester)),
            (Some("ou_agent"), true, Some(Role::Agent)),
            (Some("ou_other"), true, None),
            (None, true, Some(Role::Bot)),
            (None, false, None),
        ] {
            assert_eq!(roles.of_sender(id, was_sent), role, "{id:?}");
        }
    }
}

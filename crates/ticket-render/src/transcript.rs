//! The messages of a conversation as a reader expects them: in order, and as readable text.

use std::borrow::Cow;

use ticket_model::{BodyFormat, Message};

use crate::html_text;

/// Returns the messages in the order of their times; as they were sent if one has no time.
pub fn in_order(messages: &[Message]) -> Vec<&Message> {
    let mut ordered: Vec<_> = messages.iter().collect();
    if messages.iter().all(|message| message.created_at.is_some()) {
        ordered.sort_by_key(|message| message.created_at);
    }
    ordered
}

/// Returns the text of a message for a reader: HTML becomes plain text, anything else stays as it is.
pub fn body(message: &Message) -> Option<Cow<'_, str>> {
    let body = message.body.as_deref()?;
    Some(match message.format {
        Some(BodyFormat::Html) => html_text::to_text(body).into(),
        _ => body.into(),
    })
}

/// Returns how a text was sent, if it is not plain.
pub fn format(message: &Message) -> Option<&'static str> {
    match message.format? {
        BodyFormat::Plain => None,
        BodyFormat::Html => Some("html, shown as text"),
        other => Some(other.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use ticket_model::{BodyFormat, Message};

    use super::{body, in_order};

    fn messages(times: &[(&str, Option<&str>)]) -> Vec<Message> {
        let message = |(id, time): &(&str, Option<&str>)| Message {
            id: Some((*id).to_owned()),
            created_at: time.map(|time| time.parse().unwrap()),
            ..Message::default()
        };
        times.iter().map(message).collect()
    }

    fn ids(messages: &[Message]) -> String {
        in_order(messages).iter().filter_map(|message| message.id.as_deref()).collect()
    }

    #[test]
    fn sorts_by_time_only_if_all_messages_have_one() {
        let (early, late) = (Some("2026-01-01T00:00:00Z"), Some("2026-01-02T00:00:00Z"));
        let sent = messages(&[("a", late), ("b", early), ("c", late), ("d", early)]);
        assert_eq!(ids(&sent), "bdac");
        let sent = messages(&[("a", late), ("b", None), ("c", early)]);
        assert_eq!(ids(&sent), "abc");
    }

    #[test]
    fn only_html_is_rewritten() {
        for (format, text) in [
            (None, "a <b>b</b>"),
            (Some(BodyFormat::Plain), "a <b>b</b>"),
            (Some(BodyFormat::Markdown), "a <b>b</b>"),
            (Some(BodyFormat::Html), "a b"),
        ] {
            let message = Message { body: Some("a <b>b</b>".into()), format, ..Message::default() };
            assert_eq!(body(&message).as_deref(), Some(text));
        }
    }
}

//! The content of a message: JSON in a text, by the type of the message.
//!
//! The documentation describes `text`, `post` and `image`. The keys of files come from a withdrawn export, and old tenants send plain
//! text.

use serde_json::Value;
use ticket_model::{Attachment, BodyFormat, IndexMap};

use crate::post;

/// The members that hold the key of a file or an image.
const FILE_KEYS: [&str; 4] = ["image_key", "file_key", "media_key", "audio_key"];

/// The content of a message, in the parts of the model.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Content {
    pub(crate) body: Option<String>,
    pub(crate) format: Option<BodyFormat>,
    pub(crate) attachments: Vec<Attachment>,
    /// The content as sent, unless the body is all of it.
    pub(crate) native: Option<String>,
}

/// Reads the content of a message: JSON in a text, or plain text.
pub(crate) fn read(message_type: Option<&str>, sent: String) -> Content {
    let Ok(members) = serde_json::from_str::<IndexMap<String, Value>>(&sent) else {
        let body = non_empty(sent);
        return Content {
            format: body.as_ref().map(|_| BodyFormat::Plain),
            body,
            ..Content::default()
        };
    };
    let inner_type = members.get("msg_type").and_then(Value::as_str);
    let is_text = matches!(message_type, Some("text")) && matches!(inner_type, None | Some("text"));
    let words = members.get("content").and_then(Value::as_str);
    let is_whole = is_text
        && words.is_some()
        && members.keys().all(|key| matches!(key.as_str(), "msg_type" | "content"));
    let rich = match message_type.or(inner_type) {
        Some("post") => post::to_markdown(&members),
        _ => None,
    };
    let format = if rich.is_some() { BodyFormat::Markdown } else { BodyFormat::Plain };
    let body = rich.or(words.map(str::to_owned)).and_then(non_empty);
    Content {
        format: body.as_ref().map(|_| format),
        body,
        attachments: attachments(&members),
        native: (!is_whole).then_some(sent),
    }
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Returns the files and images that the content names, each once.
fn attachments(members: &IndexMap<String, Value>) -> Vec<Attachment> {
    let name = members.get("file_name").and_then(Value::as_str);
    let text = |value: &Value| value.as_str().filter(|key| !key.is_empty()).map(str::to_owned);
    let own = FILE_KEYS.iter().filter_map(|key| members.get(*key).and_then(text));
    let listed = members.get("image_keys").and_then(Value::as_array).into_iter().flatten();
    let mut ids: Vec<String> = Vec::new();
    for id in own.chain(listed.filter_map(text)).chain(post::images(members)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let file =
        |id| Attachment { id: Some(id), name: name.map(str::to_owned), ..Attachment::default() };
    ids.into_iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use ticket_model::BodyFormat;

    use super::read;

    #[test]
    fn reads_each_type_of_message() {
        use BodyFormat::{Markdown, Plain};
        for (message_type, content, body, format, files) in [
            (
                "text",
                r#"{"msg_type":"text","content":"Hello @Ann"}"#,
                Some("Hello @Ann"),
                Some(Plain),
                &[][..],
            ),
            ("text", "not JSON", Some("not JSON"), Some(Plain), &[]),
            ("text", "", None, None, &[]),
            ("image", r#"{"msg_type":"image","image_key":"img_1"}"#, None, None, &["img_1"]),
            (
                "file",
                r#"{"msg_type":"file","file_key":"file_1","file_name":"a.pdf"}"#,
                None,
                None,
                &["file_1"],
            ),
            ("audio", r#"{"audio_key":"audio_1"}"#, None, None, &["audio_1"]),
            ("media", r#"{"media_key":"m_1","image_key":"img_1"}"#, None, None, &["img_1", "m_1"]),
            (
                "post",
                r#"{"msg_type":"post","content":"plain words","image_keys":["img_1","img_1"]}"#,
                Some("plain words"),
                Some(Plain),
                &["img_1"],
            ),
            (
                "post",
                r#"{"title":"Report","content":[[{"tag":"text","text":"see "},{"tag":"a","text":"wiki","href":"https://w.example"}]]}"#,
                Some("**Report**\n\nsee [wiki](https://w.example)"),
                Some(Markdown),
                &[],
            ),
            ("share_chat", r#"{"chat_id":"oc_1"}"#, None, None, &[]),
        ] {
            let read = read(Some(message_type), content.to_owned());
            let ids: Vec<_> = read.attachments.iter().filter_map(|it| it.id.as_deref()).collect();
            assert_eq!((read.body.as_deref(), ids.as_slice()), (body, files), "{content}");
            assert_eq!(read.format, format, "{content}");
        }
    }

    #[test]
    fn keeps_the_content_unless_the_body_is_all_of_it() {
        for (content, is_kept) in [
            (r#"{"msg_type":"text","content":"Hello"}"#, false),
            ("Hello", false),
            (r#"{"msg_type":"text","content":"Hello","mentions":["ou_1"]}"#, true),
            (r#"{"msg_type":"post","content":"Hello"}"#, true),
            (r#"{"content":7}"#, true),
        ] {
            let read = read(Some("text"), content.to_owned());
            assert_eq!(read.native.as_deref(), is_kept.then_some(content), "{content}");
        }
    }
}

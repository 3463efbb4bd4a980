//! The rich text of a `post` message, as Markdown.
//!
//! A post is `{title, content}` with paragraphs of elements. It is sent bare, below a locale, or as JSON in the text `content`.

mod escape;

use serde_json::Value;
use ticket_model::IndexMap;

use escape::{escaped, fence};

/// How deep a post may be nested: JSON in a text, a wrapper, a locale.
const MAX_DEPTH: usize = 4;

/// Returns the post as Markdown; `None` if there is no rich text.
pub(crate) fn to_markdown(members: &IndexMap<String, Value>) -> Option<String> {
    let Post { title, paragraphs } = find(members, MAX_DEPTH)?;
    let mut blocks = Vec::new();
    let title = title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    blocks.extend(title.map(|title| format!("**{}**", escaped(title))));
    for paragraph in paragraphs {
        let elements = paragraph.as_array().map_or(std::slice::from_ref(&paragraph), Vec::as_slice);
        let line: String = elements.iter().map(element).collect();
        blocks.push(line);
    }
    while blocks.last().is_some_and(String::is_empty) {
        blocks.pop();
    }
    Some(blocks.join("\n\n"))
}

/// Returns the keys of the images in the post.
pub(crate) fn images(members: &IndexMap<String, Value>) -> Vec<String> {
    let paragraphs = find(members, MAX_DEPTH).map(|post| post.paragraphs).unwrap_or_default();
    let elements = paragraphs.iter().filter_map(Value::as_array).flatten();
    let key = |element: &Value| Some(element.get("image_key")?.as_str()?.to_owned());
    elements.filter_map(key).collect()
}

struct Post {
    title: Option<String>,
    paragraphs: Vec<Value>,
}

/// Finds the post: here, in the text `content`, or in the first member that has one, such as a locale.
fn find(members: &IndexMap<String, Value>, depth: usize) -> Option<Post> {
    let depth = depth.checked_sub(1)?;
    let object = |value: &Value| match value {
        Value::Object(_) => serde_json::from_value::<IndexMap<String, Value>>(value.clone()).ok(),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    };
    match members.get("content") {
        Some(Value::Array(paragraphs)) => {
            let title = members.get("title").and_then(Value::as_str).map(str::to_owned);
            Some(Post { title, paragraphs: paragraphs.clone() })
        }
        Some(Value::String(text)) if text.trim_start().starts_with('[') => {
            let title = members.get("title").and_then(Value::as_str).map(str::to_owned);
            Some(Post { title, paragraphs: serde_json::from_str(text).ok()? })
        }
        Some(content) => find(&object(content)?, depth),
        None => members.values().filter_map(object).find_map(|inner| find(&inner, depth)),
    }
}

fn element(element: &Value) -> String {
    let text = |key: &str| element.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("tag") {
        "text" => styled(element, &escaped(text("text"))),
        "md" => styled(element, text("text")),
        "a" if text("href").is_empty() => escaped(text("text")),
        "a" => format!("[{}]({})", escaped(text("text")), text("href")),
        "at" => {
            let name = [text("user_name"), text("text"), text("user_id")];
            let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or("unknown");
            format!("@{}", escaped(name.trim_start_matches('@')))
        }
        "img" => format!("![image]({})", text("image_key")),
        "media" => format!("[video]({})", text("file_key")),
        "emotion" => format!(":{}:", text("emoji_type")),
        "code_block" => {
            let code = text("text").trim_end();
            let fence = fence(code);
            format!("{fence}{}\n{code}\n{fence}", text("language").to_lowercase())
        }
        "hr" => "---".to_owned(),
        // An unknown element shows its words, or at least that it is there.
        other => match (text("text"), other) {
            ("", "") => String::new(),
            ("", other) => format!("[{other}]"),
            (words, _) => escaped(words),
        },
    }
}

/// Returns words with their styles; only those around visible words have an effect in Markdown.
fn styled(element: &Value, text: &str) -> String {
    let words = text.trim();
    if words.is_empty() {
        return text.to_owned();
    }
    let styles = element.get("style").and_then(Value::as_array);
    let has = |name: &str| {
        styles.is_some_and(|styles| styles.iter().any(|style| style.as_str() == Some(name)))
    };
    let mut marks = String::new();
    for (style, mark) in [("lineThrough", "~~"), ("bold", "**"), ("italic", "_")] {
        if has(style) {
            marks.push_str(mark);
        }
    }
    let closing: String = marks.chars().rev().collect();
    text.replacen(words, &[&*marks, words, &*closing].concat(), 1)
}

#[cfg(test)]
mod tests {
    use super::{images, to_markdown};

    const PARAGRAPHS: &str = r#"[[
        {"tag":"text","text":"Please ","style":["bold"]},{"tag":"at","user_id":"ou_1","user_name":"Ann"},
        {"tag":"text","text":": see "},{"tag":"a","text":"the guide","href":"https://g.example/a?b=1"}],
        [{"tag":"img","image_key":"img_7"}],
        [{"tag":"code_block","language":"RUST","text":"fn main() {}\n"}],
        [{"tag":"emotion","emoji_type":"SMILE"},{"tag":"poll","text":"vote"},{"tag":"todo"}], [{"tag":"hr"}]]"#;
    const MARKDOWN: &str = "**重置**\n\n**Please** @Ann: see [the guide](https://g.example/a?b=1)\n\n![image](img_7)\n\n\
                            ```rust\nfn main() {}\n```\n\n:SMILE:vote[todo]\n\n---";

    #[test]
    fn reads_every_form_in_which_a_post_is_sent() {
        let post = format!(r#"{{"title":"重置","content":{PARAGRAPHS}}}"#);
        let text = serde_json::to_string(&post).unwrap();
        for form in [
            post.clone(),
            format!(r#"{{"msg_type":"post","content":{post}}}"#),
            format!(r#"{{"msg_type":"post","content":{text}}}"#),
            format!(r#"{{"zh_cn":{post},"en_us":{{"title":"Reset","content":[]}}}}"#),
            format!(r#"{{"msg_type":"post","content":{{"post":{{"zh_cn":{post}}}}}}}"#),
        ] {
            let members = serde_json::from_str(&form).unwrap();
            assert_eq!(to_markdown(&members).as_deref(), Some(MARKDOWN), "{form}");
            assert_eq!(images(&members), ["img_7"], "{form}");
        }
    }

    #[test]
    fn a_post_without_rich_text_is_none() {
        for form in [r#"{"msg_type":"post","content":"words"}"#, "{}", r#"{"content":7}"#] {
            assert_eq!(to_markdown(&serde_json::from_str(form).unwrap()), None, "{form}");
        }
    }
}

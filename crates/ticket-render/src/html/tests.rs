//! Tests of completeness, and of what a ticket cannot do.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use ticket_model::{Attachment, BodyFormat, Conversation, Message, Ticket, Visibility};

use super::{html, html_with_files};
use crate::FileLink;
use crate::examples::{full, is_left_out, leaves, minimal};

/// Returns the text of a page, and its tags as `name attribute=value …`.
fn parse(page: &str) -> (String, Vec<String>) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let (mut text, mut tags) = (String::new(), Vec::new());
    let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    for Ok(token) in Tokenizer::new_with_emitter(page, emitter) {
        match token {
            Token::String(words) => text.push_str(&string(&words)),
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter();
                let attributes =
                    attributes.map(|(name, value)| format!(" {}={}", string(name), string(value)));
                tags.push(format!("{}{}", string(&tag.name), attributes.collect::<String>()));
            }
            _ => {}
        }
    }
    (text, tags)
}

fn conversation(messages: Vec<Message>) -> Conversation {
    Conversation { messages, ..Conversation::default() }
}

#[test]
fn shows_every_field_of_a_ticket() {
    let ticket = full();
    let (text, _) = parse(&html(&ticket));
    let leaves = leaves(&ticket, |_, time| time.to_string());
    assert!(leaves.len() > 200, "{}", leaves.len());
    for (path, leaf) in leaves {
        assert_eq!(text.contains(&leaf), !is_left_out(&path), "{path}: {leaf:?} in\n{text}");
    }
}

#[test]
fn ticket_adds_no_tag_and_no_attribute() {
    const EVIL: &str = "\"'>\n\n# x\n```\n````\n</style></title><script>alert(1)</script><img src=//evil.example/p.png onerror=a()>\
        <a href=javascript:a()>x</a><svg/onload=a()>&lt;img src=x&gt;\u{202e}<!--<base href=//evil.example><meta http-equiv=refresh>";
    fn replace(value: &mut serde_json::Value, with: &str) {
        match value {
            serde_json::Value::String(text) if text.contains('-') && !text.ends_with('Z') => {
                *text = format!("{text}{with}");
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(|it| replace(it, with)),
            serde_json::Value::Object(members) => {
                members.values_mut().for_each(|it| replace(it, with));
            }
            _ => {}
        }
    }
    let with = |text: &str| {
        let mut json = serde_json::to_value(full()).unwrap();
        replace(&mut json, text);
        let ticket: Ticket = serde_json::from_value(json).unwrap();
        html(&ticket)
    };
    let (text, tags) = parse(&with(EVIL));
    assert!(text.matches("<script>alert(1)</script>").count() > 100, "{text}");
    // Markdown in a message may have tags, but the same ones as always.
    let allowed = [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "section",
        "article",
        "div",
        "span",
        "ul",
        "ol",
        "li",
        "p",
        "code",
        "pre",
        "blockquote",
        "br",
        "em",
        "strong",
        "del",
        "hr",
        "a",
        "details",
        "summary",
    ];
    for tag in &tags {
        let name = tag.split(' ').next().unwrap();
        assert!(allowed.contains(&name), "{tag}");
        let is_ours = |it: &str| tag.starts_with(it);
        let harmless = [
            "meta ",
            "article class=",
            "div class=",
            "span class=",
            "ol start=",
            "a href=http",
            "a href=mailto:",
        ];
        assert!(!tag.contains(' ') || harmless.into_iter().any(is_ours), "{tag}");
    }
    let count = |tags: &[String]| tags.iter().filter(|tag| tag.starts_with("meta")).count();
    assert_eq!(count(&tags), count(&parse(&with("")).1));
}

#[test]
fn marks_internal_messages_and_parses_only_markdown() {
    let message = |visibility, format| Message {
        visibility,
        format: Some(format),
        body: Some("a **b**".into()),
        ..Message::default()
    };
    let mut ticket = minimal();
    ticket.conversation = Some(conversation(vec![
        message(Visibility::Public, BodyFormat::Markdown),
        message(Visibility::Internal, BodyFormat::Plain),
    ]));
    ticket.description = Some("c **d**".into());
    let page = html(&ticket);
    for part in [
        "<article class=\"message\"><h3>1. ",
        "<div class=\"body\" dir=\"auto\"><p>a <strong>b</strong></p>",
        "<article class=\"internal\"><h3>2. ",
        "<div class=\"text\" dir=\"auto\">a **b**</div>",
        "<div class=\"text\" dir=\"auto\">c **d**</div>",
    ] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
}

#[test]
fn output_grows_no_faster_than_the_input() {
    for unit in ["> ", "[", "![", "<a ", "*a ", "`", "|a", "&", "- "] {
        let body = Some(unit.repeat(30_000));
        let message = Message { body, format: Some(BodyFormat::Markdown), ..Message::default() };
        let page = html(&Ticket { conversation: Some(conversation(vec![message])), ..minimal() });
        assert!(page.len() < 4_000_000, "{unit:?}: {}", page.len());
    }
}

#[test]
fn links_files_and_shows_images_beside_the_page() {
    let name = "a](x) <b>\"`".to_owned();
    let mut ticket = minimal();
    let file = |id: &str| Attachment {
        id: Some(id.into()),
        name: Some(name.clone()),
        ..Attachment::default()
    };
    ticket.attachments = vec![file("image"), file("other"), file("none")];
    let elsewhere = ["//evil.example/a", "https://evil.example/a", "/etc/passwd", "a\"b", "a b"];
    let link = |path: &str, is_image| FileLink { path: path.to_owned(), is_image };
    let links = |attachment: &Attachment| match attachment.id.as_deref() {
        Some("image") => Some(link("../files/1.png", true)),
        Some("other") => Some(link("../files/2.pdf", false)),
        _ => None,
    };
    let (text, tags) = parse(&html_with_files(&ticket, &links));
    let linked: Vec<_> =
        tags.iter().filter(|tag| tag.starts_with("a ") || tag.starts_with("img")).collect();
    let image = "img alt=image src=../files/1.png";
    assert_eq!(linked, ["a href=../files/1.png", image, "a href=../files/2.pdf"]);
    assert!(text.matches(&*name).count() == 4, "{text}");
    for path in elsewhere {
        let links = |_: &Attachment| Some(link(path, true));
        let (_, tags) = parse(&html_with_files(&ticket, &links));
        assert!(!tags.iter().any(|tag| tag.starts_with("a ") || tag.starts_with("img")), "{path}");
    }
}

//! Tests of the page at several widths, with and without colour.

use jiff::tz::{Offset, TimeZone};
use ticket_model::{
    Actor, Attachment, BodyFormat, Coded, Conversation, CustomField, Message, Person, Role,
    Visibility,
};

use super::page;
use crate::view::clean::is_unseen;
use crate::view::examples::{full, is_left_out, leaves, minimal};
use crate::view::time::Reader;
use crate::view::wrap::columns;

fn reader() -> Reader {
    Reader {
        now: "2026-02-10T00:00:00Z".parse().unwrap(),
        zone: TimeZone::fixed(Offset::from_hours(8).unwrap()),
    }
}

fn plain(page: &str) -> String {
    anstream::adapter::strip_str(page).to_string()
}

/// Removes all white space, so that wrapped text can be searched.
fn without_space(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn shows_every_field_of_a_ticket() {
    let ticket = full();
    let reader = reader();
    let page = without_space(&plain(&page(&ticket, &reader, 100)));
    let leaves = leaves(&ticket, |path, time| match path {
        path if path.starts_with("/conversation/") => reader.clock(time),
        _ => reader.moment(time),
    });
    assert!(leaves.len() > 200, "{}", leaves.len());
    for (path, text) in leaves {
        let is_shown = page.contains(&without_space(&text));
        assert_eq!(is_shown, !is_left_out(&path), "{path}: {text:?} in\n{page}");
    }
}

#[test]
fn renders_a_minimal_ticket() {
    assert_eq!(
        plain(&page(&minimal(), &reader(), 80)),
        "any:1\n\nConversation · not in this response; get --conversation fetches it\n"
    );
}

#[test]
fn fits_every_window_width() {
    let mut ticket = full();
    ticket.title = Some("打印机卡纸,无法打印。打印机卡纸,无法打印。".repeat(3));
    ticket.description =
        Some("客户反映A4纸卡在出纸口,\n\n\tindented https://example.com/very/long".repeat(4));
    for requested in [0, 1, 19, 20, 21, 30, 54, 55, 56, 80, 99, 100, 101, 1_000] {
        let page = page(&ticket, &reader(), requested);
        let width = requested.clamp(20, 100);
        for line in plain(&page).lines() {
            assert!(columns(line) <= width, "{} at {requested}: {line:?}", columns(line));
        }
    }
}

#[test]
fn escapes_control_characters() {
    let mut ticket = full();
    let malicious = "\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\u{200b}\r\n\u{e0041}";
    ticket.title = Some(malicious.into());
    ticket.description = Some(malicious.into());
    ticket.status.as_mut().unwrap().native = Some(malicious.into());
    ticket.requester.as_mut().unwrap().name = Some(malicious.into());
    ticket.custom_fields[0].value =
        Some(serde_json::to_string(malicious).unwrap().parse().unwrap());
    ticket.extra = [(malicious.to_owned(), format!("\"{}\"", '\u{9b}').parse().unwrap())].into();
    ticket.conversation.as_mut().unwrap().messages[0].body = Some(malicious.into());
    let page = page(&ticket, &reader(), 80);
    // The page's own styles are the only escape sequences: `ESC [ … m`.
    let mut rest = page.as_str();
    while let Some(start) = rest.find('\u{1b}') {
        let end = start + rest[start..].find('m').unwrap();
        assert!(rest[start + 2..end].bytes().all(|byte| byte.is_ascii_digit() || byte == b';'));
        rest = &rest[end..];
    }
    assert!(!plain(&page).contains(|seen| is_unseen(seen) && seen != '\n'), "{page:?}");
}

#[test]
fn marks_internal_notes_without_colour() {
    let mut ticket = full();
    let messages = &mut ticket.conversation.as_mut().unwrap().messages;
    messages.truncate(1);
    messages[0].body = Some("for colleagues".into());
    let marked = |visibility| {
        let mut ticket = ticket.clone();
        ticket.conversation.as_mut().unwrap().messages[0].visibility = visibility;
        let page = plain(&page(&ticket, &reader(), 80));
        (page.contains("INTERNAL NOTE"), page.contains("┃ for colleagues"))
    };
    assert_eq!(marked(Visibility::Internal), (true, true));
    assert_eq!(marked(Visibility::Public), (false, false));
    assert_eq!(marked(Visibility::Unknown), (false, false));
}

#[test]
fn description_cannot_imitate_the_page() {
    let mut ticket = full();
    ticket.description = Some("\nSatisfaction\n  Score          5\n\u{2028}Status".into());
    let page = plain(&page(&ticket, &reader(), 80));
    assert!(page.contains("\n  │ Satisfaction\n  │   Score          5\n"), "{page}");
}

#[test]
fn message_cannot_imitate_a_file() {
    let mut ticket = full();
    let messages = &mut ticket.conversation.as_mut().unwrap().messages;
    messages.truncate(1);
    let file = "file application/pdf · https://evil.example/invoice.pdf";
    messages[0].body = Some(format!("{file}\n(no text)"));
    messages[0].attachments[0].name = Some("file · https://evil.example".into());
    let page = plain(&page(&ticket, &reader(), 80));
    assert!(page.contains(&format!("\n  │ {file}\n  │ (no text)\n  file \"file · ")), "{page}");
}

#[test]
fn quotes_values_that_contain_separators() {
    let mut ticket = full();
    let forged = "Boss (u_1) <ceo@corp.example>";
    ticket.requester.as_mut().unwrap().name = Some(forged.into());
    ticket.conversation.as_mut().unwrap().messages[0].author = ticket.requester.clone().map(|it| {
        let role = Coded::new(Role::Other, "agent · public");
        Actor { role: Some(role), person: Some(it) }
    });
    ticket.status.as_mut().unwrap().native = Some("x) · SLA BREACHED (y".into());
    ticket.tags[0].name = Some("vip, paid".into());
    ticket.team.as_mut().unwrap().name = Some(forged.into());
    ticket.custom_fields[0].label = Some("device  PRN-1".into());
    ticket.custom_fields[0].value = Some("\"a\\nkey · required\"".parse().unwrap());
    ticket.custom_fields[0].native = None;
    let page = plain(&page(&ticket, &reader(), 100));
    for expected in [
        format!("Requester             \"{forged}\" (id-"),
        format!(" \"{forged}\" (id-"),
        " · other (\"agent · public\") · public\n".to_owned(),
        "on hold (\"x) · SLA BREACHED (y\") · ".to_owned(),
        "\"vip, paid\" (tag-".to_owned(),
        format!("Team                  \"{forged}\" (team-"),
        "  \"device  PRN-1\"".to_owned(),
        "\"a\n".to_owned(),
        "key · required\"\n".to_owned(),
    ] {
        assert!(page.contains(&expected), "{expected} is missing in\n{page}");
    }
}

#[test]
fn values_cannot_imitate_headings() {
    let mut ticket = full();
    let forged = "x".repeat(80) + " Conversation";
    ticket.title = Some(forged.clone());
    ticket.status.as_mut().unwrap().native = Some(forged.clone());
    ticket.requester.as_mut().unwrap().name = Some(forged.clone());
    ticket.custom_fields[0].value = Some("\"a\\nConversation\"".parse().unwrap());
    ticket.satisfaction.as_mut().unwrap().comment = Some("a\nConversation".into());
    for columns in [20, 47, 80] {
        let page = plain(&page(&ticket, &reader(), columns));
        let headings = page.lines().filter(|line| line.starts_with("Conversation"));
        assert_eq!(headings.count(), 1, "{page}");
    }
}

#[test]
fn shows_details_of_a_person_once() {
    let mut ticket = full();
    ticket.assignee = ticket.requester.clone();
    let email = ticket.requester.clone().unwrap().email.unwrap();
    let page = plain(&page(&ticket, &reader(), 80));
    assert_eq!(page.matches(&email).count(), 1, "{page}");
}

#[test]
fn distinguishes_an_empty_from_an_absent_conversation() {
    let mut ticket = minimal();
    let mut conversation = |complete| {
        ticket.conversation = Some(Conversation { messages: Vec::new(), complete });
        plain(&page(&ticket, &reader(), 80))
    };
    assert!(conversation(Some(true)).ends_with("Conversation · no messages\n"));
    assert!(conversation(Some(false)).ends_with("Conversation · no messages, incomplete\n"));
    assert!(conversation(None).ends_with("Conversation · no messages, possibly incomplete\n"));
}

#[test]
fn lists_people_without_details_in_one_line() {
    let mut ticket = minimal();
    let person = |id: &str, name: Option<&str>| Person {
        id: Some(id.into()),
        name: name.map(str::to_owned),
        ..Person::default()
    };
    ticket.followers = vec![person("u_1", Some("Ann")), person("u_2", None)];
    let page = plain(&page(&ticket, &reader(), 80));
    assert!(page.contains("\nFollowers             Ann (u_1), u_2\n"), "{page}");
}

/// Returns a ticket with these messages.
fn conversation(messages: Vec<Message>) -> ticket_model::Ticket {
    let conversation = Conversation { messages, complete: Some(true) };
    ticket_model::Ticket { conversation: Some(conversation), ..minimal() }
}

#[test]
fn shows_a_conversation_by_day_in_the_order_of_time() {
    let message = |body: &str, time: &str| Message {
        body: Some(body.into()),
        created_at: Some(time.parse().unwrap()),
        visibility: Visibility::Public,
        ..Message::default()
    };
    let ticket = conversation(vec![
        message("third", "2026-02-08T17:00:00Z"),
        message("second", "2026-02-08T01:30:00Z"),
        message("first", "2026-02-08T01:00:00Z"),
    ]);
    let page = plain(&page(&ticket, &reader(), 80));
    let expected = "Conversation · 3 messages
  2026-02-08 +08:00 · 1 day ago

  09:00 unknown · public
  │ first

  09:30 unknown · public
  │ second

  2026-02-09 +08:00 · 1 day ago

  01:00 unknown · public
  │ third
";
    assert!(page.ends_with(expected), "{page}");
}

#[test]
fn long_conversation_names_each_day_once() {
    let start = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let message = |index: i64| Message {
        id: Some(index.to_string()),
        created_at: Some(start + jiff::SignedDuration::from_hours(index)),
        ..Message::default()
    };
    let page = plain(&page(&conversation((0..250).rev().map(message).collect()), &reader(), 80));
    let days: Vec<_> = page.lines().filter(|line| line.starts_with("  2026-01-")).collect();
    assert_eq!(days.len(), 11, "{days:?}");
    assert!(days.is_sorted());
    assert_eq!(page.matches("(no text)").count(), 250);
}

#[test]
fn keeps_the_order_of_messages_without_times() {
    let message = |body: &str| Message { body: Some(body.into()), ..Message::default() };
    let page = plain(&page(&conversation(vec![message("b"), message("a")]), &reader(), 80));
    let lines: Vec<_> = page.lines().filter(|line| line.starts_with("  │")).collect();
    assert_eq!(lines, ["  │ b", "  │ a"]);
}

#[test]
fn shows_html_as_text_and_files_without_a_text() {
    let html = "<p>Hello</p><script>alert(1)</script><ul><li>see <a href='https://w.example'>this</a></ul>&#27;[2J<p>open";
    let ticket = conversation(vec![
        Message { body: Some(html.into()), format: Some(BodyFormat::Html), ..Message::default() },
        Message {
            attachments: vec![Attachment { id: Some("img_1".into()), ..Attachment::default() }],
            ..Message::default()
        },
    ]);
    let page = plain(&page(&ticket, &reader(), 80));
    let expected = "
  html, shown as text
  │ Hello
  │
  │ - see this (https://w.example)
  │
  │ \\u{1b}[2J
  │
  │ open

  unknown · visibility unknown
  file id img_1
";
    assert!(page.ends_with(expected), "{page}");
}

#[test]
fn nested_html_does_not_overflow_the_stack() {
    let message = |body: String| Message {
        body: Some(body),
        format: Some(BodyFormat::Html),
        ..Message::default()
    };
    for tag in ["<div>", "<blockquote>x", "<ul><li>x", "<b>"] {
        let page = page(&conversation(vec![message(tag.repeat(10_000))]), &reader(), 80);
        assert!(page.len() < 5_000_000, "{tag}: {}", page.len());
    }
}

#[test]
fn shows_the_id_of_an_option_behind_its_label() {
    let mut ticket = minimal();
    let field = |value: &str, native: &str| CustomField {
        label: Some("System".into()),
        value: Some(value.parse().unwrap()),
        native: Some(native.parse().unwrap()),
        ..CustomField::default()
    };
    ticket.custom_fields = vec![
        field(r#""VPN""#, r#""7a01""#),
        field(r#"["A","B"]"#, r#"["1","2"]"#),
        field(r#""VPN (7a02)""#, r#""7a01""#),
    ];
    let page = plain(&page(&ticket, &reader(), 80));
    for expected in [
        "System                VPN (7a01)\n",
        r#"System                ["A","B"] ("[\"1\",\"2\"]")"#,
        "System                \"VPN (7a02)\" (7a01)\n",
    ] {
        assert!(page.contains(expected), "{expected} is missing in\n{page}");
    }
}

//! What the page must hold, at any width, with and without colour.

use jiff::tz::{Offset, TimeZone};
use ticket_model::{Actor, Coded, Conversation, Person, Role, Visibility};

use super::page;
use crate::view::clean::is_unseen;
use crate::view::examples::{bare, full, leaves};
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

/// All that can be seen, in one line without spaces: what was wrapped can be found there.
fn solid(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn nothing_of_a_ticket_is_left_out() {
    let ticket = full();
    let reader = reader();
    let page = solid(&plain(&page(&ticket, &reader, 100)));
    let leaves = leaves(&ticket, |time| reader.moment(time));
    assert!(leaves.len() > 200, "{}", leaves.len());
    for (path, text) in leaves {
        assert!(page.contains(&solid(&text)), "{path}: {text:?} is missing in\n{page}");
    }
}

#[test]
fn a_ticket_without_anything_is_still_a_page() {
    assert_eq!(
        plain(&page(&bare(), &reader(), 80)),
        "any:1\n\nConversation · not part of this response\n"
    );
}

#[test]
fn no_window_is_too_narrow_and_no_line_too_wide() {
    let mut ticket = full();
    ticket.title = Some("打印机卡纸,无法打印。打印机卡纸,无法打印。".repeat(3));
    ticket.description =
        Some("客户反映A4纸卡在出纸口,\n\n\tindented https://example.com/very/long".repeat(4));
    for asked in [0, 1, 19, 20, 21, 30, 47, 48, 49, 80, 99, 100, 101, 1_000] {
        let page = page(&ticket, &reader(), asked);
        let width = asked.clamp(20, 100);
        for line in plain(&page).lines() {
            assert!(columns(line) <= width, "{} at {asked}: {line:?}", columns(line));
        }
    }
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    let mut ticket = full();
    let hostile = "\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\u{200b}\r\n\u{e0041}";
    ticket.title = Some(hostile.into());
    ticket.description = Some(hostile.into());
    ticket.status.as_mut().unwrap().native = Some(hostile.into());
    ticket.requester.as_mut().unwrap().name = Some(hostile.into());
    ticket.custom_fields[0].value = Some(serde_json::to_string(hostile).unwrap().parse().unwrap());
    ticket.extra = [(hostile.to_owned(), format!("\"{}\"", '\u{9b}').parse().unwrap())].into();
    ticket.conversation.as_mut().unwrap().messages[0].body = Some(hostile.into());
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
fn an_internal_note_is_marked_without_colour() {
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
fn a_message_cannot_pass_for_a_part_of_the_page() {
    let mut ticket = full();
    ticket.description = Some("\nSatisfaction\n  Score          5\n\u{2028}Status".into());
    let page = plain(&page(&ticket, &reader(), 80));
    assert!(page.contains("\n  │ Satisfaction\n  │   Score          5\n"), "{page}");
}

#[test]
fn a_message_cannot_pass_for_a_file_or_for_none() {
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
fn no_value_passes_for_two() {
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
    let page = plain(&page(&ticket, &reader(), 100));
    for told in [
        format!("Requester      \"{forged}\" (id-"),
        format!("  \"{forged}\" (id-"),
        " · other (\"agent · public\") · public\n".to_owned(),
        "on hold (\"x) · SLA BREACHED (y\") · ".to_owned(),
        "\"vip, paid\" (tag-".to_owned(),
        format!("Team           \"{forged}\" (team-"),
        "  \"device  PRN-1\"".to_owned(),
        "\"a\n".to_owned(),
        "key · required\"\n".to_owned(),
    ] {
        assert!(page.contains(&told), "{told} is missing in\n{page}");
    }
}

#[test]
fn only_headings_begin_at_the_edge() {
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
fn a_person_is_introduced_once() {
    let mut ticket = full();
    ticket.assignee = ticket.requester.clone();
    let email = ticket.requester.clone().unwrap().email.unwrap();
    let page = plain(&page(&ticket, &reader(), 80));
    assert_eq!(page.matches(&email).count(), 1, "{page}");
}

#[test]
fn an_empty_conversation_is_not_an_absent_one() {
    let mut ticket = bare();
    let mut conversation = |complete| {
        ticket.conversation = Some(Conversation { messages: Vec::new(), complete });
        plain(&page(&ticket, &reader(), 80))
    };
    assert!(conversation(true).ends_with("Conversation · no messages\n"));
    assert!(conversation(false).ends_with("Conversation · no messages, perhaps not all\n"));
}

#[test]
fn as_many_people_are_read_as_there_are() {
    let mut ticket = bare();
    let person = |id: &str, name: Option<&str>| Person {
        id: Some(id.into()),
        name: name.map(str::to_owned),
        ..Person::default()
    };
    ticket.followers = vec![person("u_1", Some("Ann")), person("u_2", None)];
    let page = plain(&page(&ticket, &reader(), 80));
    assert!(page.contains("\nFollowers      Ann (u_1), u_2\n"), "{page}");
}

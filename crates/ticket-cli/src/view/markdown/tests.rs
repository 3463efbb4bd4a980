//! What the Markdown must hold, and what must not get out of it.

use ticket_model::{Coded, Message, Role, Visibility};

use super::markdown;
use crate::view::clean::is_unseen;
use crate::view::examples::{bare, full, leaves};

#[test]
fn nothing_of_a_ticket_is_left_out() {
    let ticket = full();
    let markdown = markdown(&ticket);
    let leaves = leaves(&ticket, |time| time.to_string());
    assert!(leaves.len() > 200, "{}", leaves.len());
    for (path, text) in leaves {
        assert!(markdown.contains(&text), "{path}: {text:?} is missing in\n{markdown}");
    }
}

#[test]
fn a_ticket_without_anything_is_still_a_document() {
    assert_eq!(
        markdown(&bare()),
        "# Ticket `any:1`\n\n- Ticket: `any:1`\n\n## Conversation\n\nThe conversation is not part of this response.\n"
    );
}

#[test]
fn a_hostile_ticket_stays_text() {
    let hostile = "a\n# b\n```\n![x](https://evil.example/p.png)<img src=x>\u{1b}[2J\u{202e}`";
    let mut ticket = full();
    ticket.title = Some(hostile.into());
    ticket.description = Some(hostile.into());
    ticket.requester.as_mut().unwrap().name = Some(hostile.into());
    ticket.status.as_mut().unwrap().native = Some(hostile.into());
    ticket.tags[0].name = Some(hostile.into());
    ticket.custom_fields[0].label = Some(hostile.into());
    let markdown = markdown(&ticket);
    assert!(!markdown.contains(|seen| is_unseen(seen) && seen != '\n'), "{markdown:?}");
    // Outside of fences there is no line that the ticket began, and neither HTML nor an address outside of code.
    let mut fence = None::<&str>;
    for line in markdown.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => {
                fence = Some(line.trim_end_matches(|character| character != '`'));
            }
            None => {
                let begun_by_us = line.is_empty()
                    || line.trim_start().starts_with("- ")
                    || line.starts_with('#')
                    || line.ends_with('.');
                assert!(begun_by_us, "{line:?}");
                let outside: String = line.split("``").step_by(2).collect();
                assert!(!outside.contains("https://"), "{line:?}");
                assert!(!outside.contains("<img"), "{line:?}");
            }
        }
    }
    assert_eq!(fence, None, "a fence stays open in\n{markdown}");
}

#[test]
fn a_message_tells_who_when_and_for_whom_in_its_heading() {
    let mut ticket = full();
    let messages = &mut ticket.conversation.as_mut().unwrap().messages;
    messages.truncate(1);
    let Message { visibility, created_at, author, .. } = &mut messages[0];
    *visibility = Visibility::Internal;
    *created_at = Some("2025-11-19T05:55:25Z".parse().unwrap());
    let author = author.as_mut().unwrap();
    author.role = Some(Coded::new(Role::Requester, "requester"));
    let person = author.person.as_mut().unwrap();
    (person.name, person.id) = (Some("客服小李".into()), Some("u_1".into()));
    let markdown = markdown(&ticket);
    let heading = "### 1. 客服小李 (`u_1`) · requester · 2025-11-19T05:55:25Z · INTERNAL NOTE\n";
    assert!(markdown.contains(heading), "{markdown}");
}

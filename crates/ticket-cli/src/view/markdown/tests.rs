//! Tests of completeness and escaping.

use ticket_model::{Coded, Message, Role, Visibility};

use super::markdown;
use crate::view::clean::is_unseen;
use crate::view::examples::{full, leaves, minimal};

#[test]
fn shows_every_field_of_a_ticket() {
    let ticket = full();
    let markdown = markdown(&ticket);
    let leaves = leaves(&ticket, |time| time.to_string());
    assert!(leaves.len() > 200, "{}", leaves.len());
    for (path, text) in leaves {
        assert!(markdown.contains(&text), "{path}: {text:?} is missing in\n{markdown}");
    }
}

#[test]
fn renders_a_minimal_ticket() {
    assert_eq!(
        markdown(&minimal()),
        "# Ticket `any:1`\n\n- Ticket: `any:1`\n\n## Conversation\n\nThe conversation is not part of this response.\n"
    );
}

#[test]
fn escapes_markup_in_every_field() {
    let malicious = "a\n# b\n```\n![x](https://evil.example/p.png)<img src=x>\u{1b}[2J\u{202e}`";
    let mut ticket = full();
    ticket.title = Some(malicious.into());
    ticket.description = Some(malicious.into());
    ticket.requester.as_mut().unwrap().name = Some(malicious.into());
    ticket.status.as_mut().unwrap().native = Some(malicious.into());
    ticket.tags[0].name = Some(malicious.into());
    ticket.custom_fields[0].label = Some(malicious.into());
    let markdown = markdown(&ticket);
    assert!(!markdown.contains(|seen| is_unseen(seen) && seen != '\n'), "{markdown:?}");
    // Outside of fences, no line starts with text of the ticket, and HTML and URLs occur only in code spans.
    let mut fence = None::<&str>;
    for line in markdown.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => {
                fence = Some(line.trim_end_matches(|character| character != '`'));
            }
            None => {
                let is_ours = line.is_empty()
                    || line.trim_start().starts_with("- ")
                    || line.starts_with('#')
                    || line.ends_with('.');
                assert!(is_ours, "{line:?}");
                let outside: String = line.split("``").step_by(2).collect();
                assert!(!outside.contains("https://"), "{line:?}");
                assert!(!outside.contains("<img"), "{line:?}");
            }
        }
    }
    assert_eq!(fence, None, "unclosed fence in\n{markdown}");
}

#[test]
fn heads_a_message_with_author_role_time_and_visibility() {
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

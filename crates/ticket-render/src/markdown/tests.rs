//! Tests of completeness and escaping.

use ticket_model::{BodyFormat, Coded, Conversation, Message, Role, Visibility};

use super::{PartKind, markdown, markdown_parts};
use crate::clean::is_unseen;
use crate::examples::{full, is_left_out, leaves, minimal};

#[test]
fn shows_every_field_of_a_ticket() {
    let ticket = full();
    let markdown = markdown(&ticket);
    let leaves = leaves(&ticket, |_, time| time.to_string());
    assert!(leaves.len() > 200, "{}", leaves.len());
    for (path, text) in leaves {
        let is_shown = markdown.contains(&text);
        assert_eq!(is_shown, !is_left_out(&path), "{path}: {text:?} in\n{markdown}");
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

#[test]
fn html_cannot_become_markup() {
    let html = "<b>bold</b> <a href='https://evil.example'>click</a><pre>\n```\n# out</pre><script>x</script>&lt;img src=x&gt;";
    let message = |created_at: &str, body: &str, format| Message {
        created_at: Some(created_at.parse().unwrap()),
        body: Some(body.into()),
        format: Some(format),
        ..Message::default()
    };
    let mut ticket = minimal();
    ticket.conversation = Some(Conversation {
        messages: vec![
            message("2026-01-02T00:00:00Z", "**second**", BodyFormat::Markdown),
            message("2026-01-01T00:00:00Z", html, BodyFormat::Html),
        ],
        complete: None,
    });
    let markdown = markdown(&ticket);
    let expected = "2 messages, possibly incomplete.

### 1. unknown · 2026-01-01T00:00:00Z · visibility unknown

- Format: html, shown as text

````text
bold click (https://evil.example)

    ```
    # out

<img src=x>
````

### 2. unknown · 2026-01-02T00:00:00Z · visibility unknown

- Format: markdown

```markdown
**second**
```
";
    assert!(markdown.ends_with(expected), "{markdown}");
}

#[test]
fn parts_are_the_whole_document() {
    for ticket in [full(), minimal()] {
        let parts = markdown_parts(&ticket);
        let texts: Vec<_> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts.join("\n"), markdown(&ticket));
        let count = |kind: PartKind| parts.iter().filter(|part| part.kind == kind).count();
        let messages = ticket.conversation.map_or(0, |it| it.messages.len());
        assert_eq!(
            (count(PartKind::Message), count(PartKind::Note)),
            (messages, ticket.notes.len())
        );
        assert!(texts.iter().all(|text| text.starts_with('#') && text.ends_with('\n')));
    }
}

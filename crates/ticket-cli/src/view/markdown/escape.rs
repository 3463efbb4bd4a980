//! Puts strange text into Markdown so that it stays text.

use crate::view::clean;

/// A title or a name: one line in which nothing is Markdown.
///
/// Text that some reader would turn into a link or a mention (an address, `@all`, `#12`) becomes code, where
/// no reader looks for those.
pub(super) fn text(text: &str) -> String {
    let line = clean::one_line(text);
    let line = line.trim();
    if line.is_empty() {
        return code(text);
    }
    let lower = line.to_ascii_lowercase();
    if line.contains(['@', '#'])
        || ["://", "www.", "mailto:", "xmpp:"].iter().any(|link| lower.contains(link))
    {
        return code(line);
    }
    let mut out = String::with_capacity(line.len());
    for character in line.chars() {
        if matches!(
            character,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '!'
                | '|'
                | '~'
                | '&'
                | '$'
                | '^'
                | ':'
                | '='
        ) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// An id, an address or a value: one line of code, exact but for characters that cannot be seen.
pub(super) fn code(text: &str) -> String {
    let line = clean::one_line(text);
    if line.is_empty() {
        return "(empty)".into();
    }
    let ticks = "`".repeat(longest_run(&line) + 1);
    // One space on each side is taken off again by every reader of Markdown, unless all is space.
    let outer = line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']);
    let pad = if outer && line.contains(|character| character != ' ') { " " } else { "" };
    format!("{ticks}{pad}{line}{pad}{ticks}")
}

/// A body of any number of lines in a fence that is longer than any inside of it.
pub(super) fn fence(text: &str, language: &str) -> String {
    let body = clean::lines(text);
    let ticks = "`".repeat((longest_run(&body) + 1).max(3));
    let mut out = format!("{ticks}{language}\n");
    out.push_str(&body);
    if !body.is_empty() {
        out.push('\n');
    }
    out.push_str(&ticks);
    out.push('\n');
    out
}

/// The longest row of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code, fence, text};

    #[test]
    fn a_title_cannot_leave_its_line_or_become_markup() {
        for (sent, escaped) in [
            ("打印机卡纸", "打印机卡纸"),
            ("one\n# two", r"`one\n# two`"),
            ("one\ntwo", r"one\\ntwo"),
            ("*bold* _it_ ~no~", r"\*bold\* \_it\_ \~no\~"),
            ("![x](y)", r"\!\[x\](y)"),
            ("<img src=x>", r"\<img src\=x\>"),
            ("&lt;", r"\&lt;"),
            ("see https://example.com", "`see https://example.com`"),
            ("WWW.example.com", "`WWW.example.com`"),
            ("ask @all", "`ask @all`"),
            ("a@b.c ``x", "```a@b.c ``x```"),
            ("tick ` end", r"tick \` end"),
            ("ends in \\", r"ends in \\"),
            ("\u{202e}gnp", r"\\u\{202e\}gnp"),
            ("  ", "`  `"),
            ("", "(empty)"),
        ] {
            assert_eq!(text(sent), escaped, "{sent:?}");
        }
    }

    #[test]
    fn code_is_longer_than_the_ticks_inside() {
        for (sent, escaped) in [
            ("", "(empty)"),
            ("tk_1", "`tk_1`"),
            ("a`b", "``a`b``"),
            ("`", "`` ` ``"),
            (" x", "`  x `"),
            ("  ", "`  `"),
            ("a\nb", r"`a\nb`"),
            ("\u{1b}[0m", r"`\u{1b}[0m`"),
        ] {
            assert_eq!(code(sent), escaped, "{sent:?}");
        }
    }

    #[test]
    fn a_body_cannot_leave_its_fence() {
        for (sent, fenced) in [
            ("a\r\nb", "```text\na\nb\n```\n"),
            ("", "```text\n```\n"),
            ("```\nout?\n```", "````text\n```\nout?\n```\n````\n"),
            ("``````", "```````text\n``````\n```````\n"),
            ("~~~\n<img>", "```text\n~~~\n<img>\n```\n"),
            ("\u{200b}", "```text\n\\u{200b}\n```\n"),
        ] {
            assert_eq!(fence(sent, "text"), fenced, "{sent:?}");
        }
    }
}

//! Escapes untrusted text for Markdown.

use crate::clean;

/// Returns a title or a name as one line of escaped text.
///
/// Text that a Markdown reader may turn into a link or a mention (a URL, `@all`, `#12`) becomes a code span, where
/// readers do not look for them.
pub fn text(text: &str) -> String {
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

/// Returns an id, a URL or a value as a code span; invisible characters are escaped.
pub(super) fn code(text: &str) -> String {
    let line = clean::one_line(text);
    if line.is_empty() {
        return "(empty)".into();
    }
    let ticks = "`".repeat(longest_run(&line) + 1);
    // Markdown strips one space on each side of a code span, unless it is all spaces.
    let outer = line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']);
    let pad = if outer && line.contains(|character| character != ' ') { " " } else { "" };
    format!("{ticks}{pad}{line}{pad}{ticks}")
}

/// Returns a body in a fence that is longer than any fence in the body.
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

/// Returns the length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code, fence, text};

    #[test]
    fn escapes_markup_in_a_title() {
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
    fn delimits_code_with_more_backticks_than_it_contains() {
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
    fn fences_a_body_safely() {
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

//! Text as Markdown that shows exactly this text.

/// Returns the text with a backslash before each character that would be markup where it is. The rest stays readable as it is.
pub(super) fn escaped(text: &str) -> String {
    let has_link = ["](", "]:", "]["].iter().any(|mark| text.contains(mark));
    let mut out = String::with_capacity(text.len());
    let mut is_line_start = true;
    let mut before = None;
    for (offset, character) in text.char_indices() {
        let rest = &text[offset + character.len_utf8()..];
        let next = rest.chars().next();
        let is_markup = match character {
            '`' | '*' => true,
            '\\' => next.is_some_and(|next| next.is_ascii_punctuation()),
            // Within a word it has no effect.
            '_' => ![before, next].iter().all(|it| it.is_some_and(char::is_alphanumeric)),
            '[' | ']' => has_link,
            '~' => next == Some('~') || before == Some('~'),
            '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next)),
            '&' => rest.split_once(';').is_some_and(|(name, _)| is_entity(name)),
            '#' | '>' => is_line_start,
            '+' | '-' | '=' => {
                is_line_start && next.is_none_or(|it| it == character || it.is_whitespace())
            }
            '.' | ')' => is_list_number(&out) && next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if is_markup {
            out.push('\\');
        }
        out.push(character);
        is_line_start = character == '\n' || is_line_start && character == ' ';
        before = Some(character);
    }
    out
}

/// Returns whether this is the name of an entity such as `&amp;`.
fn is_entity(name: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric());
    name.len() <= 32 && is_name(name.strip_prefix('#').unwrap_or(name))
}

/// Returns whether the last line of a text is a number, which a dot would make an item of a list.
fn is_list_number(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default().trim_start_matches(' ');
    (1..=9).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns a line of backticks that is longer than any in the text.
pub(super) fn fence(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(3.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::{escaped, fence};

    #[test]
    fn escapes_only_what_would_be_markup() {
        for (text, expected) in [
            ("重置 VPN-001 (R&D), a_b, x * y", "重置 VPN-001 (R&D), a_b, x \\* y"),
            (r"copy \\server\share *.txt", r"copy \\\server\share \*.txt"),
            ("__init__ done", "\\_\\_init\\_\\_ done"),
            ("# 3 errors\n1) a\n2.5 MB\n- b", "\\# 3 errors\n1\\) a\n2.5 MB\n\\- b"),
            ("[1]: call me", "\\[1\\]: call me"),
            ("[todo] `x` ~~no~~ a ~ b", "[todo] \\`x\\` \\~\\~no\\~\\~ a ~ b"),
            ("a < b, <b>, &lt; &x", "a < b, \\<b>, \\&lt; &x"),
            ("---", "\\---"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
        assert_eq!((fence("a"), fence("```")), ("```".into(), "````".into()));
    }
}

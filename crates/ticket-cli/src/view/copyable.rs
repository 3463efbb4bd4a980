//! Finds and formats text that people copy from a terminal: commands, paths, URLs.
//!
//! A line break in such text would change its meaning.

use std::ops::Range;
use std::path::Path;

/// Returns a path for display, in double quotes if it contains white space.
pub(crate) fn path(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
}

/// Quotes a text as one word for a POSIX shell.
pub(crate) fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns the parts of a message that must not be wrapped, as byte ranges.
///
/// These are commands in backticks, options, paths (also in double quotes) and URLs.
pub(crate) fn whole_parts(message: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut position = 0;
    while let Some(space) = message[position..].find(|it: char| !it.is_whitespace()) {
        let start = position + space;
        let rest = &message[start..];
        let (length, is_whole) = quoted(rest).map_or_else(|| word(rest), |length| (length, true));
        if is_whole {
            parts.push(start..start + length);
        }
        position = start + length;
    }
    parts
}

/// Returns the length of the command in backticks or the path in double quotes at the start of a text.
fn quoted(text: &str) -> Option<usize> {
    let mark = text.chars().next().filter(|mark| ['`', '"'].contains(mark))?;
    let inner = &text[1..];
    let inner = &inner[..inner.find(mark)?];
    (mark == '`' || is_path_start(inner)).then_some(inner.len() + 2)
}

/// Returns the length of the first word of a text, and whether it must not be wrapped.
fn word(text: &str) -> (usize, bool) {
    let word = &text[..text.find(char::is_whitespace).unwrap_or(text.len())];
    (word.len(), word.starts_with('-') || word.contains(['/', '\\']))
}

fn is_path_start(text: &str) -> bool {
    let drive = text.get(1..3) == Some(":\\");
    drive || ["/", "~/", "./", "../"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{path, shell_word, whole_parts};

    #[test]
    fn quotes_a_word_for_a_posix_shell() {
        assert_eq!(shell_word("a b$c"), "'a b$c'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
    }

    #[test]
    fn quotes_a_path_with_white_space() {
        assert_eq!(path(Path::new("/etc/ticket.toml")), "/etc/ticket.toml");
        assert_eq!(path(Path::new("/my files/a")), "\"/my files/a\"");
    }

    #[test]
    fn finds_commands_options_paths_and_urls() {
        for (message, expected) in [
            ("", &[] as &[&str]),
            ("no part at all - \"some text\"", &["-"]),
            ("run `ticket doctor` now", &["`ticket doctor`"]),
            ("/etc/a-b.toml:3: unknown key", &["/etc/a-b.toml:3:"]),
            ("\"/my files/a-b\" cannot be read", &["\"/my files/a-b\""]),
            ("\"C:\\my files\\a\": no", &["\"C:\\my files\\a\""]),
            (
                "see https://a.example/b-c, or --time-zone",
                &["https://a.example/b-c,", "--time-zone"],
            ),
            ("an odd ` and an odd \"/quote", &["\"/quote"]),
            ("打印 /用户/a 打印", &["/用户/a"]),
        ] {
            let found: Vec<_> = whole_parts(message).into_iter().map(|it| &message[it]).collect();
            assert_eq!(found, expected, "{message}");
        }
    }
}

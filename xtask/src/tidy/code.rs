//! The code of a Rust file without its comments and literals, so that a word in a sentence is not taken for code.

/// The same text with every comment, text and character blanked out; lines and columns stay.
pub(super) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    let mut is_in_word = false;
    while let Some(first) = rest.chars().next() {
        let length = comment(rest).or_else(|| literal(rest, is_in_word));
        let taken = length.unwrap_or(first.len_utf8());
        let (text, after) = rest.split_at(taken);
        if length.is_some() {
            code.extend(text.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        } else {
            code.push(first);
        }
        is_in_word = length.is_none() && (first.is_alphanumeric() || first == '_');
        rest = after;
    }
    code
}

/// The line of a place in a text, counted from 1.
pub(super) fn line_of(text: &str, place: usize) -> usize {
    text[..place].matches('\n').count() + 1
}

/// The length of the comment that begins here.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let mut depth = 0_usize;
    let mut place = 0;
    while place < text.len() {
        let rest = &text[place..];
        if rest.starts_with("/*") {
            depth += 1;
            place += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            place += 2;
            if depth == 0 {
                return Some(place);
            }
        } else {
            place += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(text.len())
}

/// The length of the text or character that begins here; within a word none begins but after its end.
fn literal(text: &str, is_in_word: bool) -> Option<usize> {
    if text.starts_with('"') {
        return Some(quoted(text));
    }
    if text.starts_with('\'') {
        return character(text);
    }
    if is_in_word {
        return None;
    }
    let prefix = ["br", "cr", "r", "b", "c"].into_iter().find(|prefix| {
        text.strip_prefix(prefix).is_some_and(|rest| rest.trim_start_matches('#').starts_with('"'))
    })?;
    let rest = &text[prefix.len()..];
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    if !prefix.ends_with('r') {
        return (hashes == 0).then(|| prefix.len() + quoted(rest));
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let body = &rest[hashes + 1..];
    let length = body.find(&end).map_or(body.len(), |place| place + end.len());
    Some(prefix.len() + hashes + 1 + length)
}

/// The length of the text in quotation marks that begins here.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character in apostrophes; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    let (_, first) = characters.next()?;
    if first == '\\' {
        characters.next()?;
        return characters.find(|(_, character)| *character == '\'').map(|(place, _)| place + 1);
    }
    let (place, second) = characters.next()?;
    (second == '\'').then_some(place + 1)
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[test]
    fn what_is_no_code_is_blanked_out() {
        for (source, code) in [
            ("a // b", "a"),
            ("a /* b /* c */ d */ e", "a e"),
            ("f(\"x // y\") // z", "f( )"),
            (r#"f("a\"b") + c"#, "f( ) + c"),
            (r##"f(r#"a"b"#) + c"##, "f( ) + c"),
            (r#"f(b"a", br"b\") + c"#, "f( , ) + c"),
            ("x == 'a' || y", "x == || y"),
            (r"x == '\'' || x == '\u{1b}' || y", "x == || x == || y"),
            ("fn f<'t>(x: &'t str) {}", "fn f<'t>(x: &'t str) {}"),
            ("let bar = r + b;", "let bar = r + b;"),
            ("wire_struct! { kind \"type\": Raw<'t> }", "wire_struct! { kind : Raw<'t> }"),
            ("'世' + \"界\" + x", "+ + x"),
            ("f(\"never ends", "f("),
        ] {
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(&code_only(source)), code, "{source}");
        }
    }

    #[test]
    fn lines_stay_where_they_are() {
        let source = "//! one\nlet x = \"two\n  three\"; // four\n/* five\n */ six\n";
        let code = code_only(source);
        assert_eq!(code.lines().count(), source.lines().count());
        assert_eq!(code.lines().nth(4).map(str::trim), Some("six"));
    }
}

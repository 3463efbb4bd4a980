//! Escapes invisible and control characters in untrusted text.
//!
//! Anybody can write a ticket. Its text may contain escape sequences (clear the screen, set the title, write the
//! clipboard), reverse the reading direction, or hide words in invisible characters. Each such character is printed as an
//! escape of a Rust string literal, for example `\u{1b}`.
//!
//! Two kinds of invisible characters are kept, because they change how a font draws their neighbours: those in a known
//! emoji sequence, and joiners between letters of scripts that need them. Elsewhere they are escaped.

mod data_uri;
mod joiner;

use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;

/// Escapes text for one line: line breaks and tabs become `\n`, `\r` and `\t`. Data URIs are shortened.
pub fn one_line(text: &str) -> String {
    escape(&data_uri::shortened(text), Layout::OneLine)
}

/// Escapes a value that shares a line with others; quotes it if it contains a separator of the page or is blank.
///
/// Otherwise a name could imitate an id or an email address after it, and one tag could look like two.
pub fn fact(text: &str) -> String {
    let clean = one_line(text);
    let holds_marks = clean.contains(['(', ')', '<', '>', '·', ',', '"']) || clean.contains("  ");
    if holds_marks || clean.trim().is_empty() { quoted(&clean) } else { clean }
}

/// Escapes a value that follows a word of the page: like [`fact`], and quotes it also if it is more than one word.
pub fn word(text: &str) -> String {
    let fact = fact(text);
    let needs_quotes = fact.contains(|it: char| it.is_whitespace() || it == '=' || it == '\\');
    if needs_quotes && !fact.starts_with('"') { quoted(&fact) } else { fact }
}

/// Returns escaped text in quotes; it may have several lines.
pub fn quoted(clean: &str) -> String {
    format!("\"{}\"", clean.replace('"', "\\\""))
}

/// Escapes text of several lines: line breaks and tabs stay, `\r\n` becomes `\n`. Data URIs are shortened.
pub fn lines(text: &str) -> String {
    whole_lines(&data_uri::shortened(text))
}

/// Escapes text of several lines like [`lines`], but keeps data URIs.
pub fn whole_lines(text: &str) -> String {
    escape(text, Layout::Lines)
}

/// Escapes each character of a JSON text that is invisible, other than white space between values.
///
/// The value stays the same: such characters occur only in strings, where the escape has the same meaning.
pub fn json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unseen(character) && !matches!(character, '\n' | '\r' | '\t') {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

/// Returns whether a character is invisible, or has an effect other than being displayed.
///
/// These are control characters, bidirectional controls, the default ignorable characters of Unicode (zero-width
/// characters, fillers, variation selectors, tags), joiners and blanks of single scripts, line and paragraph separators,
/// interlinear annotation marks, the object replacement character, private use characters and noncharacters.
///
/// The function has a list because no Unicode property says what is visible: a blank can be a symbol and a joiner a mark,
/// and other marks without a width are visible.
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{2d7f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffc}' | '\u{1107f}' | '\u{13430}'..='\u{1343f}' | '\u{16fe4}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..)
        || u32::from(character) & 0xfffe == 0xfffe
}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    OneLine,
    Lines,
}

/// The length in bytes beyond which no emoji is looked up; the longest sequence has 35.
const MAX_EMOJI_LENGTH: usize = 64;

fn escape(text: &str, layout: Layout) -> String {
    if !text.contains(is_unseen) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for (start, cluster) in text.grapheme_indices(true) {
        if !cluster.contains(is_unseen) || is_emoji(cluster) {
            out.push_str(cluster);
            continue;
        }
        for (index, character) in cluster.char_indices() {
            match character {
                '\n' | '\t' if layout == Layout::Lines => out.push(character),
                '\r' if layout == Layout::Lines && cluster == "\r\n" => {}
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                _ if !is_unseen(character) || joiner::is_drawn(text, start + index) => {
                    out.push(character);
                }
                // Writing to a `String` cannot fail.
                _ => drop(write!(out, "\\u{{{:x}}}", u32::from(character))),
            }
        }
    }
    out
}

/// Returns whether fonts draw a grapheme cluster as one emoji.
///
/// Unicode lists every such sequence. In any other one, a joiner is invisible and could hide data.
fn is_emoji(cluster: &str) -> bool {
    // U+FE0E selects the text style of an emoji; U+FE0F may be left out.
    let base = cluster.strip_suffix('\u{fe0e}').filter(|base| base.chars().count() == 1);
    let base = base.unwrap_or(cluster);
    let unselected = |text: &str| text.replace('\u{fe0f}', "");
    cluster.len() <= MAX_EMOJI_LENGTH
        && emojis::get(base).is_some_and(|emoji| unselected(emoji.as_str()) == unselected(base))
}

#[cfg(test)]
mod tests {
    use super::{fact, is_unseen, json, lines, one_line, word};

    #[test]
    fn escapes_invisible_characters() {
        for (sent, seen) in [
            ("", ""),
            ("打印机卡纸", "打印机卡纸"),
            ("naïve e\u{301}", "naïve e\u{301}"),
            ("\u{1b}[2J\u{1b}]0;title\u{7}", r"\u{1b}[2J\u{1b}]0;title\u{7}"),
            ("a\u{9b}31mb\u{7f}", r"a\u{9b}31mb\u{7f}"),
            ("pay \u{202e}001\u{202c} now", r"pay \u{202e}001\u{202c} now"),
            ("\u{2066}x\u{2069}\u{61c}\u{200e}", r"\u{2066}x\u{2069}\u{61c}\u{200e}"),
            ("zero\u{200b}width\u{feff}", r"zero\u{200b}width\u{feff}"),
            ("soft\u{ad}hyphen", r"soft\u{ad}hyphen"),
            ("one\u{2028}two\u{2029}", r"one\u{2028}two\u{2029}"),
            ("\u{e0041}\u{e0100}", r"\u{e0041}\u{e0100}"),
            ("\u{fff9}base\u{fffa}note\u{fffb}", r"\u{fff9}base\u{fffa}note\u{fffb}"),
            ("filler\u{3164}\u{115f}", r"filler\u{3164}\u{115f}"),
            ("blank\u{2800}\u{1d159}\u{16fe4}", r"blank\u{2800}\u{1d159}\u{16fe4}"),
            ("join\u{2d7f}\u{1107f}", r"join\u{2d7f}\u{1107f}"),
            ("\u{fffc}\u{e000}\u{f8ff}", r"\u{fffc}\u{e000}\u{f8ff}"),
            ("\u{f0000}\u{10ffff}", r"\u{f0000}\u{10ffff}"),
            ("\u{fffd} stays", "\u{fffd} stays"),
            ("打印\u{3000}机\u{a0}!", "打印\u{3000}机\u{a0}!"),
        ] {
            assert_eq!(lines(sent), seen, "{sent:?}");
            assert_eq!(one_line(sent), seen, "{sent:?}");
        }
    }

    #[test]
    fn escapes_invisible_characters_of_json_without_changing_the_value() {
        let text = "\u{1b}[2J \u{9b} \u{7f} \u{202e} \u{200b} \u{e0041} \n 打印 👍";
        let escaped = json(&serde_json::to_string(text).unwrap());
        assert!(!escaped.contains(is_unseen), "{escaped:?}");
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        assert_eq!(json("[\n  \"a\"\n]"), "[\n  \"a\"\n]");
    }

    #[test]
    fn keeps_line_breaks_in_a_body_and_escapes_them_in_a_title() {
        for (sent, body, title) in [
            ("a\nb", "a\nb", r"a\nb"),
            ("a\r\nb", "a\nb", r"a\r\nb"),
            ("a\rb", r"a\rb", r"a\rb"),
            ("a\tb", "a\tb", r"a\tb"),
            ("a\r\r\n", "a\\r\n", r"a\r\r\n"),
        ] {
            assert_eq!(lines(sent), body, "{sent:?}");
            assert_eq!(one_line(sent), title, "{sent:?}");
        }
    }

    #[test]
    fn quotes_values_that_contain_separators() {
        for (sent, as_fact, as_word) in [
            ("Ann", "Ann", "Ann"),
            ("Ann Lee", "Ann Lee", r#""Ann Lee""#),
            ("Boss (u_1) <a@b.c>", r#""Boss (u_1) <a@b.c>""#, r#""Boss (u_1) <a@b.c>""#),
            ("vip, paid", r#""vip, paid""#, r#""vip, paid""#),
            ("open · SLA", r#""open · SLA""#, r#""open · SLA""#),
            ("a\" \"b", r#""a\" \"b""#, r#""a\" \"b""#),
            ("label  value", r#""label  value""#, r#""label  value""#),
            (" ", r#"" ""#, r#"" ""#),
            ("", r#""""#, r#""""#),
            ("1 as 2", "1 as 2", r#""1 as 2""#),
            ("a=b", "a=b", r#""a=b""#),
        ] {
            assert_eq!(fact(sent), as_fact, "{sent:?}");
            assert_eq!(word(sent), as_word, "{sent:?}");
        }
    }

    #[test]
    fn keeps_emoji_sequences() {
        for whole in [
            "👍",
            "👍🏽",
            "☀",
            "🇨🇳",
            "👨\u{200d}👩\u{200d}👧",
            "👩🏽\u{200d}💻",
            "🧑🏻\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}🧑🏿",
            "🏳\u{fe0f}\u{200d}🌈",
            "❤\u{fe0f}",
            "☎\u{fe0e}",
            "1\u{fe0f}\u{20e3}",
            "#\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ] {
            let text = format!("a {whole}{whole}打 b");
            assert_eq!(one_line(&text), text);
            assert_eq!(lines(&text), text);
        }
    }

    #[test]
    fn escapes_invisible_characters_in_invalid_emoji_sequences() {
        for (sent, seen) in [
            ("☀\u{200d}☀", r"☀\u{200d}☀"),
            ("👨\u{200d}", r"👨\u{200d}"),
            ("\u{200d}👨", r"\u{200d}👨"),
            ("👍\u{200d}👍", r"👍\u{200d}👍"),
            ("👨\u{200d}👩\u{200d}👧\u{200d}", r"👨\u{200d}👩\u{200d}👧\u{200d}"),
            ("❤\u{fe0f}\u{fe0f}", r"❤\u{fe0f}\u{fe0f}"),
            ("☎\u{fe0e}\u{fe0e}", r"☎\u{fe0e}\u{fe0e}"),
            ("a\u{fe0f} 中\u{fe0e}", r"a\u{fe0f} 中\u{fe0e}"),
            ("1\u{fe0f}", r"1\u{fe0f}"),
            ("😀\u{e0100}\u{e0101}", r"😀\u{e0100}\u{e0101}"),
            ("🏴\u{e0067}\u{e007f}", r"🏴\u{e0067}\u{e007f}"),
            ("😀\u{e0041}\u{e0042}", r"😀\u{e0041}\u{e0042}"),
        ] {
            assert_eq!(one_line(sent), seen);
            assert_eq!(lines(sent), seen);
        }
    }

    #[test]
    fn runs_in_linear_time() {
        for unit in [
            "👨\u{200d}",
            "\u{200d}",
            "ب\u{200c}",
            "ا\u{64b}\u{200c}\u{64b}",
            "\u{fe0f}",
            "data:a/b;base64,",
        ] {
            let text = unit.repeat(200_000);
            assert!(lines(&text).len() >= text.len() / 2);
        }
    }

    #[test]
    fn escapes_exactly_the_invisible_characters() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            assert!(!one_line(&text).contains(is_unseen), "{character:?}");
            assert!(
                !lines(&text).contains(|seen| is_unseen(seen) && !"\n\t".contains(seen)),
                "{character:?}"
            );
            assert_eq!(one_line(&text) == text, !is_unseen(character), "{character:?}");
        }
    }
}

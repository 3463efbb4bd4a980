//! Makes text from a ticket safe to look at: shows what cannot be seen, and lets nothing act on the terminal.
//!
//! A ticket is written by strangers. Its text can carry escape sequences (clear the screen, set the title,
//! write the clipboard), reverse the reading direction, or hide words in characters without a shape.
//! Each such character is printed as its number, `\u{1b}`, in the spelling of Rust's string literals.
//!
//! Two kinds of invisible characters stay as they are, because a font draws them with their neighbours: those inside
//! of a known emoji sequence, and the joiners between letters of scripts that need them. Anywhere else they hide
//! something, and are printed as numbers.

mod data_uri;
mod joiner;

use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;

/// Returns text that must stay in its line: line breaks and tabs become `\n`, `\r` and `\t`, data URIs are shortened.
pub(crate) fn one_line(text: &str) -> String {
    escaped(&data_uri::shortened(text), Layout::OneLine)
}

/// A value beside others in one line: in quotes where it holds what the page puts between them, or nothing to be seen.
///
/// So no name has an id or an address behind it that is a part of the name, and no tag is two.
pub(crate) fn fact(text: &str) -> String {
    let clean = one_line(text);
    let holds_marks = clean.contains(['(', ')', '<', '>', '·', ',', '"']) || clean.contains("  ");
    if holds_marks || clean.trim().is_empty() { quoted(&clean) } else { clean }
}

/// A value behind a word of the page: as a fact, and in quotes also where it is more than one word.
pub(crate) fn word(text: &str) -> String {
    let fact = fact(text);
    let is_more = fact.contains(|it: char| it.is_whitespace() || it == '=' || it == '\\');
    if is_more && !fact.starts_with('"') { quoted(&fact) } else { fact }
}

/// Text of any number of lines in quotes.
pub(crate) fn quoted(clean: &str) -> String {
    format!("\"{}\"", clean.replace('"', "\\\""))
}

/// Returns text of several lines: line breaks and tabs stay, `\r\n` is one line break, data URIs are shortened.
pub(crate) fn lines(text: &str) -> String {
    whole_lines(&data_uri::shortened(text))
}

/// Returns text of several lines like [`lines`], with its data URIs whole.
pub(crate) fn whole_lines(text: &str) -> String {
    escaped(text, Layout::Lines)
}

/// Whether a character has no shape of its own, or does something other than being seen.
///
/// Those are the control characters, the bidirectional controls, the ignorable characters of Unicode
/// (zero-width, fillers, variation selectors, tags), the joiners and blanks of single scripts, the separators of
/// lines and paragraphs, the marks of interlinear annotation and of an object that is not there, what is for
/// private use and so looks like anything, and the code points that are no characters.
///
/// It is a list, because no property of Unicode tells what is drawn: a blank is a symbol, a joiner is a mark, and
/// neither is seen, while other marks take no column and are.
pub(crate) fn is_unseen(character: char) -> bool {
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

/// The longest emoji sequence has 35 bytes.
const LONGEST_EMOJI: usize = 64;

fn escaped(text: &str, layout: Layout) -> String {
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
                // Writing into a text cannot fail.
                _ => drop(write!(out, "\\u{{{:x}}}", u32::from(character))),
            }
        }
    }
    out
}

/// Returns whether fonts draw these characters as one emoji.
///
/// Unicode lists every such sequence. A joiner in any other one draws nothing, and could hide something.
fn is_emoji(cluster: &str) -> bool {
    // A variation selector asks for an emoji in the style of text.
    let base = cluster.strip_suffix('\u{fe0e}').filter(|base| base.chars().count() == 1);
    cluster.len() <= LONGEST_EMOJI && emojis::get(base.unwrap_or(cluster)).is_some()
}

#[cfg(test)]
mod tests {
    use super::{fact, is_unseen, lines, one_line, word};

    #[test]
    fn what_cannot_be_seen_is_shown_as_its_number() {
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
    fn line_breaks_stay_in_a_body_and_are_shown_in_a_title() {
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
    fn no_value_passes_for_two() {
        for (sent, beside_others, behind_a_word) in [
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
            assert_eq!(fact(sent), beside_others, "{sent:?}");
            assert_eq!(word(sent), behind_a_word, "{sent:?}");
        }
    }

    #[test]
    fn shows_emoji_sequences_as_fonts_draw_them() {
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
    fn shows_what_hides_in_the_form_of_an_emoji_as_its_number() {
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
    fn takes_time_in_proportion_to_the_length_of_the_text() {
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
    fn no_single_character_passes_unseen() {
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

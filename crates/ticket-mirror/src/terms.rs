//! Text and search words in the form of the full-text index.
//!
//! The tokenizer of `SQLite` takes a run of Chinese as one word. So the characters of such a run are indexed as overlapping pairs:
//! `打印机` becomes `打印 印机 机`. A word of two or more characters is then a phrase of its pairs, and a single character is the
//! beginning of a pair.

/// Appends a text in the form of the index, and a separator.
pub(crate) fn push_text(text: &str, out: &mut String) {
    let mut previous = None;
    for character in text.chars().map(narrow) {
        if !is_unspaced(character) {
            if let Some(last) = previous.take() {
                out.extend([last, ' ']);
            }
            out.push(character);
            continue;
        }
        match previous.replace(character) {
            Some(last) => out.extend([last, character, ' ']),
            None => out.push(' '),
        }
    }
    out.extend(previous);
    out.push(' ');
}

/// Returns the query of the index for these words, all of which have to occur; `None` if there is no word.
///
/// Words in double quotes are a phrase. A `*` at the end of a word means any ending.
pub(crate) fn query(words: &str) -> Option<String> {
    let terms: Vec<_> = split(words).into_iter().filter_map(|term| phrase(&term)).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// Returns the words and quoted phrases of a search, without the quotes.
pub(crate) fn split(words: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for (index, part) in words.split('"').enumerate() {
        if index % 2 == 1 {
            terms.push(part.trim().to_owned());
        } else {
            terms.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    terms.retain(|term| !term.is_empty());
    terms
}

/// Returns a word or phrase as a phrase of the index; `None` if it has no letter or digit.
fn phrase(term: &str) -> Option<String> {
    let (term, mut is_prefix) = match term.strip_suffix('*') {
        Some(term) => (term, true),
        None => (term, false),
    };
    let mut tokens: Vec<String> = Vec::new();
    let characters: Vec<_> = term.chars().map(narrow).collect();
    let mut runs = characters.chunk_by(|a, b| {
        is_unspaced(*a) == is_unspaced(*b) && a.is_alphanumeric() == b.is_alphanumeric()
    });
    let mut last_is_single = false;
    for run in &mut runs {
        if !run[0].is_alphanumeric() {
            continue;
        }
        last_is_single = is_unspaced(run[0]) && run.len() == 1;
        if is_unspaced(run[0]) && run.len() > 1 {
            tokens.extend(run.windows(2).map(|pair| pair.iter().collect()));
        } else {
            tokens.push(run.iter().collect());
        }
    }
    // A single character is indexed as the beginning of a pair, or alone at the end of a run.
    is_prefix |= last_is_single;
    let text = tokens.join(" ");
    let star = if is_prefix { "*" } else { "" };
    (!text.is_empty()).then(|| format!("\"{}\"{star}", text.replace('"', "")))
}

/// Returns whether the character belongs to a script that is written without spaces between words.
fn is_unspaced(character: char) -> bool {
    matches!(u32::from(character),
        // Kana, CJK ideographs with extensions, Hangul, Thai and Lao, Khmer, Myanmar.
        0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF | 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2_0000..=0x3_23AF | 0x3005..=0x3007)
}

/// Returns the usual form of a full-width letter, digit or sign.
fn narrow(character: char) -> char {
    match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::{push_text, query};

    #[test]
    fn indexes_runs_without_spaces_as_pairs() {
        for (text, indexed) in [
            ("VPN disconnects", "VPN disconnects "),
            ("打印机", " 打印 印机 机 "),
            ("HP打印机 2号,卡纸", "HP 打印 印机 机  2 号 , 卡纸 纸 "),
            ("ＶＰＮ", "VPN "),
            ("", " "),
        ] {
            let mut out = String::new();
            push_text(text, &mut out);
            assert_eq!(out, indexed, "{text}");
        }
    }

    #[test]
    fn translates_words_to_phrases() {
        for (words, expected) in [
            ("vpn", Some("\"vpn\"")),
            ("  vpn   slow ", Some("\"vpn\" AND \"slow\"")),
            ("打印", Some("\"打印\"")),
            ("打印机", Some("\"打印 印机\"")),
            ("打", Some("\"打\"*")),
            ("print*", Some("\"print\"*")),
            ("\"paper jam\" HP", Some("\"paper jam\" AND \"HP\"")),
            ("HP打印机", Some("\"HP 打印 印机\"")),
            ("a\"b OR c", Some("\"a\" AND \"b OR c\"")),
            ("-NEAR(", Some("\"NEAR\"")),
            ("** \" ,", None),
            ("", None),
        ] {
            assert_eq!(query(words).as_deref(), expected, "{words}");
        }
    }
}

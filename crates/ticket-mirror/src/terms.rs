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

/// Returns the parts of a word or phrase: what is between signs and spaces, and runs with and without spaces between words.
pub(crate) fn parts(term: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for word in term.split(|it: char| !it.is_alphanumeric()) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let is_other = |it: char| is_unspaced(it) != is_unspaced(first);
            let (part, after) = rest.split_at(rest.find(is_other).unwrap_or(rest.len()));
            parts.push(part);
            rest = after;
        }
    }
    parts
}

/// Returns a word or phrase as a phrase of the index; `None` if it has no letter or digit.
fn phrase(term: &str) -> Option<String> {
    let is_sign = |character: char| !character.is_alphanumeric();
    let mut is_prefix = term.ends_with('*');
    let term = term.trim_matches(is_sign);
    let mut text = String::new();
    push_text(term, &mut text);
    match term.chars().rev().map(narrow).take_while(|it| is_unspaced(*it)).count() {
        0 => {}
        // A text may go on after a single character: then it is the beginning of a pair.
        1 => is_prefix = true,
        // A text may go on after the last pair, so the last character does not occur alone.
        _ => text.truncate(text.trim_end().rfind(' ').unwrap_or_default()),
    }
    let text = text.trim();
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
    use super::{parts, push_text, query};

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
            ("打印机2号", Some("\"打印 印机 机 2 号\"*")),
            ("重置VPN密码", Some("\"重置 置 VPN 密码\"")),
            ("打印*", Some("\"打印\"*")),
            ("** \" ,", None),
            ("", None),
        ] {
            assert_eq!(query(words).as_deref(), expected, "{words}");
        }
    }
    #[test]
    fn splits_a_word_at_signs_and_between_scripts() {
        assert_eq!(parts("VPN密码,no-2号"), ["VPN", "密码", "no", "2", "号"]);
        assert_eq!(parts("--"), [""; 0]);
    }

    /// Every part of a text that people may type finds it.
    #[test]
    fn a_text_is_found_by_its_parts() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("schema.sql")).unwrap();
        let texts = [
            (
                "打印机2号,卡纸",
                &["打印机2号", "印机2", "2号", "机2号,卡", "打印机", "卡纸", "打印机2号,卡纸"][..],
            ),
            (
                "请重置VPN密码。",
                &["重置VPN密码", "VPN密码", "置VPN", "重置vpn密码。", "\"请重置VPN\""],
            ),
            ("发票 2026 年", &["\"发票 2026\"", "发票", "2026", "\"2026 年\""]),
            ("データ・ベース", &["データ・ベース", "データ", "ベース", "タ・ベ"]),
            ("ก่อนหน้า", &["ก่อน", "ก่อนหน้า", "หน้า"]),
            ("cafe\u{301}s and naïve", &["cafe\u{301}s", "cafés", "cafes", "naive"]),
            ("ＶＰＮ－００１", &["VPN-001", "vpn", "ＶＰＮ"]),
            ("HP LaserJet (2nd floor)", &["laser*", "\"HP LaserJet\"", "(2nd", "floor)"]),
        ];
        for (row, (text, _)) in (1_i64..).zip(texts) {
            let mut indexed = String::new();
            push_text(text, &mut indexed);
            let insert = "INSERT INTO text_index (rowid, title, description, messages, notes, fields, people)
                          VALUES (?1, ?2, '', '', '', '', '')";
            connection.execute(insert, rusqlite::params![row, indexed]).unwrap();
        }
        let found = |words: &str| -> Vec<i64> {
            let sql = "SELECT rowid FROM text_index WHERE text_index MATCH ?1";
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([query(words).unwrap()], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        for (row, (text, parts)) in (1_i64..).zip(texts) {
            for part in parts {
                assert!(found(part).contains(&row), "{part} in {text}: {:?}", query(part));
            }
        }
        for absent in ["机印", "打机", "密VPN", "2026发票", "laser", "印机3号"] {
            assert_eq!(found(absent), [0_i64; 0], "{absent}");
        }
    }
}

//! The cells of a sheet.

use jiff::Timestamp;
use ticket_mirror::Value;

use super::push;

/// What a cell can hold.
const MAX_UTF16_UNITS: usize = 32_767;
/// Longer whole numbers are rounded by spreadsheet programs.
const MAX_EXACT_INTEGER: u64 = 999_999_999_999_999;

// The styles of cells, by their index in the workbook.
const TIME: &str = "1";
pub(super) const HEADER: &str = "2";
/// Texts stay texts if somebody edits them, also ids.
const TEXT: &str = "3";

/// Writes a cell, and returns whether its text had to be cut.
pub(super) fn cell(out: &mut String, letters: &str, row: u32, value: Value<'_>) -> bool {
    match value {
        Value::Null => {}
        Value::Text(text) => return text_cell(out, letters, row, TEXT, text),
        Value::Time { text, instant } => match day_number(instant) {
            Some(number) => {
                push(out, format_args!("<c r=\"{letters}{row}\" s=\"{TIME}\"><v>{number}</v></c>"));
            }
            None => return text_cell(out, letters, row, TEXT, text),
        },
        Value::Boolean(value) => {
            let value = u8::from(value);
            push(out, format_args!("<c r=\"{letters}{row}\" t=\"b\"><v>{value}</v></c>"));
        }
        Value::Integer(value) if value.unsigned_abs() > MAX_EXACT_INTEGER => {
            return text_cell(out, letters, row, TEXT, &value.to_string());
        }
        Value::Integer(value) => {
            push(out, format_args!("<c r=\"{letters}{row}\"><v>{value}</v></c>"));
        }
        Value::Number(value) => {
            push(out, format_args!("<c r=\"{letters}{row}\"><v>{value}</v></c>"));
        }
    }
    false
}

pub(super) fn text_cell(
    out: &mut String,
    letters: &str,
    row: u32,
    style: &str,
    text: &str,
) -> bool {
    push(
        out,
        format_args!(
            "<c r=\"{letters}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
        ),
    );
    let cut = cut(text);
    escape(out, cut.unwrap_or(text));
    if cut.is_some() {
        out.push('…');
    }
    out.push_str("</t></is></c>");
    cut.is_some()
}

/// Returns the beginning of a text that is too long for a cell, with room for `…`.
fn cut(text: &str) -> Option<&str> {
    if text.len() <= MAX_UTF16_UNITS {
        return None;
    }
    let (mut units, mut end) = (0, 0);
    for (index, character) in text.char_indices() {
        if units < MAX_UTF16_UNITS {
            end = index;
        }
        units += character.len_utf16();
    }
    (units > MAX_UTF16_UNITS).then(|| &text[..end])
}

/// Writes text as XML. What XML cannot say is written as `_x0007_`, and a text that looks like that as `_x005F_x0007_`.
fn escape(out: &mut String, text: &str) {
    for (index, character) in text.char_indices() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => out.push(character),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {
                push(out, format_args!("_x{:04X}_", u32::from(character)));
            }
            '_' if is_escape(&text.as_bytes()[index..]) => out.push_str("_x005F_"),
            _ => out.push(character),
        }
    }
}

fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_')
}

/// Returns the days since 1899-12-30 in UTC, as spreadsheets count them from March 1900 on.
fn day_number(instant: Timestamp) -> Option<f64> {
    const EPOCH: f64 = 25_569.0;
    const DAY: f64 = 86_400_000.0;
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of ten thousand years are exact")]
    let days = EPOCH + instant.as_millisecond() as f64 / DAY;
    (61.0..2_958_466.0).contains(&days).then_some(days)
}

#[cfg(test)]
mod tests {
    use ticket_mirror::Value;

    use super::cell;

    fn text(value: Value<'_>) -> (String, bool) {
        let mut out = String::new();
        let is_cut = cell(&mut out, "B", 7, value);
        (out, is_cut)
    }

    #[test]
    fn texts_stay_exact_and_are_no_formulas() {
        for (sent, written) in [
            ("6626871355780366331", "6626871355780366331"),
            ("=1+1", "=1+1"),
            ("打印机\n卡纸 👍🏽", "打印机\n卡纸 👍🏽"),
            ("<b>&</b>", "&lt;b&gt;&amp;&lt;/b&gt;"),
            ("a\r\u{7}\u{ffff}", "a_x000D__x0007__xFFFF_"),
            ("_x000D_ _x", "_x005F_x000D_ _x"),
        ] {
            let cell = "<c r=\"B7\" s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">";
            assert_eq!(text(Value::Text(sent)), (format!("{cell}{written}</t></is></c>"), false));
        }
    }

    #[test]
    fn other_values_have_a_type() {
        let time = |text: &'static str| Value::Time { text, instant: text.parse().unwrap() };
        for (value, written) in [
            (time("1970-01-01T12:00:00.000Z"), "<c r=\"B7\" s=\"1\"><v>25569.5</v></c>"),
            (time("2026-02-10T00:00:00.000Z"), "<c r=\"B7\" s=\"1\"><v>46063</v></c>"),
            (Value::Boolean(true), "<c r=\"B7\" t=\"b\"><v>1</v></c>"),
            (Value::Integer(-12), "<c r=\"B7\"><v>-12</v></c>"),
            (Value::Number(1.5), "<c r=\"B7\"><v>1.5</v></c>"),
            (Value::Null, ""),
        ] {
            assert_eq!(text(value), (written.to_owned(), false));
        }
        for value in [time("1600-01-01T00:00:00.000Z"), Value::Integer(i64::MAX)] {
            assert!(text(value).0.contains("inlineStr"), "{value:?}");
        }
    }

    #[test]
    fn cuts_what_is_too_long_for_a_cell() {
        for (sent, is_cut) in
            [("打".repeat(32_767), false), ("打".repeat(32_768), true), ("👍".repeat(16_384), true)]
        {
            let (written, was_cut) = text(Value::Text(&sent));
            assert_eq!(was_cut, is_cut);
            let start = written.find("preserve\">").unwrap() + 10;
            let content = &written[start..written.find("</t>").unwrap()];
            assert!((32_766..=32_767).contains(&content.encode_utf16().count()));
            assert_eq!(content.ends_with('…'), is_cut);
        }
    }
}

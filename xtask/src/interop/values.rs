//! Whether a value is still the one that was sent: each leaf of a response, beside what a client made of it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// What a client made of a leaf.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// It is not there any more.
    Gone,
    /// It is another value.
    Other { sent: String, got: String },
}

/// A leaf that did not come back as it was sent: its place, with `*` for each place in a list, and what became of it.
pub(super) type Difference = (String, Change);

/// Compares all leaves that were sent with what came back, and counts them; what came back beyond them is left alone.
pub(super) fn compare(sent: &RawValue, got: &RawValue) -> (usize, Vec<Difference>) {
    let mut differences = Vec::new();
    let count = walk("", sent.get(), Some(got.get()), &mut differences);
    (count, differences)
}

fn walk(place: &str, sent: &str, got: Option<&str>, differences: &mut Vec<Difference>) -> usize {
    if let Some(members) = object(sent) {
        let found = got.and_then(object).unwrap_or_default();
        let walk = |(name, member): (&String, &&RawValue)| {
            let got = found.get(name).map(|value| value.get());
            walk(&format!("{place}/{name}"), member.get(), got, differences)
        };
        return members.iter().map(walk).sum();
    }
    if let Some(items) = list(sent) {
        let found = got.and_then(list).unwrap_or_default();
        let walk = |(index, item): (usize, &&RawValue)| {
            let got = found.get(index).map(|value| value.get());
            walk(&format!("{place}/*"), item.get(), got, differences)
        };
        return items.iter().enumerate().map(walk).sum();
    }
    let change = match got {
        // A language may have no other way to say that nothing was sent.
        None if sent == "null" => return 1,
        Some(got) if is_same(sent, got) => return 1,
        // `null` stands in a member that the client knows of, and has nothing in.
        None | Some("null") => Change::Gone,
        Some(got) => Change::Other { sent: sent.to_owned(), got: got.to_owned() },
    };
    differences.push((place.to_owned(), change));
    1
}

/// The leaf at the end of this way, as text or as it is written; of a list the first item.
pub(super) fn leaf(json: &str, way: &[&str]) -> Option<String> {
    if let Some(items) = list(json) {
        return leaf(items.first()?.get(), way);
    }
    match way {
        [] if json == "null" => None,
        [] => Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())),
        [name, rest @ ..] => leaf(object(json)?.get(*name)?.get(), rest),
    }
}

fn object(json: &str) -> Option<BTreeMap<String, &RawValue>> {
    json.starts_with('{').then(|| serde_json::from_str(json).ok()).flatten()
}

fn list(json: &str) -> Option<Vec<&RawValue>> {
    json.starts_with('[').then(|| serde_json::from_str(json).ok()).flatten()
}

/// Whether two leaves mean the same: texts by their characters, numbers by their value, however they are written.
fn is_same(sent: &str, got: &str) -> bool {
    let text = |json: &str| serde_json::from_str::<String>(json).ok();
    sent == got
        || text(sent).is_some_and(|sent| text(got) == Some(sent))
        || decimal(sent).is_some_and(|sent| decimal(got) == Some(sent))
}

/// A number as its sign, its digits and the power of ten behind them, without zeros at either end.
fn decimal(json: &str) -> Option<(bool, String, i64)> {
    let (is_negative, json) = json.strip_prefix('-').map_or((false, json), |rest| (true, rest));
    if !json.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let (number, power) = json.split_once(['e', 'E']).unwrap_or((json, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let power = power.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let significant = significant.trim_start_matches('0');
    Some(match significant {
        "" => (false, String::new(), 0),
        digits => (is_negative, digits.to_owned(), power + zeros),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::{Change, compare, is_same, leaf};

    #[test]
    fn leaves_are_the_same_by_what_they_mean() {
        for (sent, got) in [
            ("1", "1"),
            ("1.50", "1.5"),
            ("100", "1e2"),
            ("0.001", "1e-3"),
            ("-0.0", "0"),
            ("1E+2", "100"),
            (r#""é/""#, r#""\u00e9\/""#),
            ("true", "true"),
        ] {
            assert!(is_same(sent, got), "{sent} {got}");
        }
        for (sent, got) in [
            ("1", "2"),
            ("1", "-1"),
            ("7262656095919128578", "7262656095919129000"),
            ("1", "\"1\""),
            ("10", "1"),
            ("0.1", "0.01"),
            ("true", "false"),
            ("1e400", "\"inf\""),
            ("\"a\"", "\"A\""),
        ] {
            assert!(!is_same(sent, got), "{sent} {got}");
        }
    }

    #[test]
    fn every_leaf_is_looked_for_at_its_place() {
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let sent =
            raw(r#"{"a": 1, "b": {"c": [1, 2]}, "d": null, "e": "x", "f": [{"g": 3}], "h": 4}"#);
        let got = raw(r#"{"a": 1, "b": {"c": [1, 5]}, "f": {"g": 3}, "h": null, "more": 1}"#);
        let other = |sent: &str, got: &str| Change::Other { sent: sent.into(), got: got.into() };
        assert_eq!(
            compare(&sent, &got),
            (
                7,
                vec![
                    ("/b/c/*".to_owned(), other("2", "5")),
                    ("/e".to_owned(), Change::Gone),
                    ("/f/*/g".to_owned(), Change::Gone),
                    ("/h".to_owned(), Change::Gone),
                ]
            )
        );
        assert_eq!(compare(&sent, &sent), (7, Vec::new()));
    }

    #[test]
    fn a_leaf_is_found_whether_its_parent_stands_in_a_list_or_not() {
        for (json, found) in [
            (r#"{"a": {"b": 12345678901234567890123}}"#, Some("12345678901234567890123")),
            (r#"{"a": [{"b": "x"}, {"b": "y"}]}"#, Some("x")),
            (r#"{"a": {"b": null}}"#, None),
            (r#"{"a": []}"#, None),
            (r#"{"a": 1}"#, None),
        ] {
            assert_eq!(leaf(json, &["a", "b"]).as_deref(), found, "{json}");
        }
    }
}

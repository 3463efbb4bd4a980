//! Instants: which texts and numbers are one, and which only stand for "none".

use std::sync::LazyLock;

use jiff::Timestamp;

/// What helpdesks can have seen. Outside of it something else was meant (seconds read as milliseconds fall
/// into 1970), and other tools could not print the year 9999.
static PLAUSIBLE: LazyLock<std::ops::Range<Timestamp>> = LazyLock::new(|| {
    let instant = |text: &str| text.parse().expect("an RFC 3339 instant");
    instant("2000-01-01T00:00:00Z")..instant("2101-01-01T00:00:00Z")
});

/// Whether this stands for "no instant".
pub(super) fn is_sentinel(text: &str) -> bool {
    matches!(text, "" | "0" | "-1")
}

/// An instant in milliseconds since 1970, from 2000 to the end of 2100.
pub(super) fn from_milliseconds(digits: &str) -> Option<Timestamp> {
    let milliseconds = digits.parse().ok()?;
    plausible(Timestamp::from_millisecond(milliseconds).ok()?)
}

/// An RFC 3339 instant with its offset, from 2000 to the end of 2100.
pub(super) fn from_rfc_3339(text: &str) -> Option<Timestamp> {
    plausible(text.parse().ok()?)
}

fn plausible(instant: Timestamp) -> Option<Timestamp> {
    PLAUSIBLE.contains(&instant).then_some(instant)
}

#[cfg(test)]
mod tests {
    use super::{from_milliseconds, from_rfc_3339};

    #[test]
    fn milliseconds_from_2000_to_2100_are_instants() {
        for (digits, instant) in [
            ("1616920429000", Some("2021-03-28T08:33:49Z")),
            ("1690970837624", Some("2023-08-02T10:07:17.624Z")),
            ("946684800000", Some("2000-01-01T00:00:00Z")),
            ("946684799999", None),
            ("4133980799999", Some("2100-12-31T23:59:59.999Z")),
            ("4133980800000", None),
            ("1616920429", None),
            ("99999999999999999999999", None),
            ("-5", None),
            ("1616920429000.5", None),
        ] {
            assert_eq!(
                from_milliseconds(digits).map(|at| at.to_string()).as_deref(),
                instant,
                "{digits}"
            );
        }
    }

    #[test]
    fn rfc_3339_needs_an_offset_and_keeps_every_digit() {
        for (text, instant) in [
            ("2025-11-04T09:15:22+08:00", Some("2025-11-04T01:15:22Z")),
            ("2025-11-19T05:55:25Z", Some("2025-11-19T05:55:25Z")),
            ("2025-11-19T05:55:25.123456789Z", Some("2025-11-19T05:55:25.123456789Z")),
            ("2025-11-04T09:15:22-11:30", Some("2025-11-04T20:45:22Z")),
            ("2025-11-04T09:15:22", None),
            ("2025-11-04", None),
            ("2025-02-30T00:00:00Z", None),
            ("1969-12-31T23:59:59Z", None),
            ("9999-12-31T23:59:59Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(from_rfc_3339(text).map(|at| at.to_string()).as_deref(), instant, "{text}");
        }
    }
}

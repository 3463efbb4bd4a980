//! Parses instants.

use std::ops::Range;

use jiff::Timestamp;

/// The accepted instants. Others are errors: seconds read as milliseconds are in 1970, and many tools cannot print the year 9999.
const PLAUSIBLE: Range<Timestamp> =
    Timestamp::constant(946_684_800, 0)..Timestamp::constant(4_133_980_800, 0);

/// Converts seconds since 1970 to an instant, from 2000 to the end of 2100.
pub(super) fn from_unix_seconds(seconds: i64) -> Option<Timestamp> {
    plausible(Timestamp::from_second(seconds).ok()?)
}

/// Converts milliseconds since 1970 to an instant, from 2000 to the end of 2100.
pub(super) fn from_unix_milliseconds(milliseconds: i64) -> Option<Timestamp> {
    plausible(Timestamp::from_millisecond(milliseconds).ok()?)
}

/// Parses an RFC 3339 instant with its offset, from 2000 to the end of 2100.
pub(super) fn from_rfc_3339(text: &str) -> Option<Timestamp> {
    plausible(text.parse().ok()?)
}

/// Returns whether an RFC 3339 text is the first instant of 1970, as services write a time that is not set.
pub(super) fn is_unix_epoch(text: &str) -> bool {
    text.starts_with("19") && text.parse().ok() == Some(Timestamp::UNIX_EPOCH)
}

/// Returns whether an RFC 3339 text has a second 60, which [`from_rfc_3339`] reads as second 59.
///
/// It is a leap second, or a mistake. An instant has no room for either.
pub(super) fn has_second_60(text: &str) -> bool {
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    // `09:15:60Z` and `091560Z`.
    time.chars().filter(|character| *character != ':').skip(4).take(2).eq("60".chars())
}

fn plausible(instant: Timestamp) -> Option<Timestamp> {
    PLAUSIBLE.contains(&instant).then_some(instant)
}

#[cfg(test)]
mod tests {
    use super::{
        from_rfc_3339, from_unix_milliseconds, from_unix_seconds, has_second_60, is_unix_epoch,
    };

    #[test]
    fn accepts_milliseconds_from_2000_to_2100() {
        for (milliseconds, instant) in [
            (1_616_920_429_000, Some("2021-03-28T08:33:49Z")),
            (1_690_970_837_624, Some("2023-08-02T10:07:17.624Z")),
            (946_684_800_000, Some("2000-01-01T00:00:00Z")),
            (946_684_799_999, None),
            (4_133_980_799_999, Some("2100-12-31T23:59:59.999Z")),
            (4_133_980_800_000, None),
            (1_616_920_429, None),
            (i64::MAX, None),
            (-5, None),
        ] {
            let read = from_unix_milliseconds(milliseconds).map(|at| at.to_string());
            assert_eq!(read.as_deref(), instant, "{milliseconds}");
        }
    }

    #[test]
    fn accepts_seconds_from_2000_to_2100() {
        for (seconds, instant) in [
            (1_616_920_429, Some("2021-03-28T08:33:49Z")),
            (946_684_800, Some("2000-01-01T00:00:00Z")),
            (946_684_799, None),
            (4_133_980_799, Some("2100-12-31T23:59:59Z")),
            (4_133_980_800, None),
            (1_616_920_429_000, None),
            (i64::MIN, None),
        ] {
            let read = from_unix_seconds(seconds).map(|at| at.to_string());
            assert_eq!(read.as_deref(), instant, "{seconds}");
        }
    }

    #[test]
    fn requires_an_offset_and_keeps_every_digit() {
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

    #[test]
    fn recognises_the_first_instant_of_1970() {
        for (text, is_epoch) in [
            ("1970-01-01T00:00:00Z", true),
            ("1970-01-01T00:00:00.000Z", true),
            ("1970-01-01T08:00:00+08:00", true),
            ("1969-12-31T19:00:00-05:00", true),
            ("1970-01-01T00:00:01Z", false),
        ] {
            assert_eq!(is_unix_epoch(text), is_epoch, "{text}");
        }
    }

    #[test]
    fn finds_every_leap_second() {
        for (text, instant, has) in [
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", true),
            ("2017-01-01T07:59:60.5+08:00", "2016-12-31T23:59:59.5Z", true),
            ("20161231t235960z", "2016-12-31T23:59:59Z", true),
            ("2016-12-31 23:59:60Z", "2016-12-31T23:59:59Z", true),
            ("2016-12-31T23:59:59.60Z", "2016-12-31T23:59:59.6Z", false),
            ("2016-12-31T22:59+00:00", "2016-12-31T22:59:00Z", false),
        ] {
            assert_eq!(from_rfc_3339(text).unwrap().to_string(), instant, "{text}");
            assert_eq!(has_second_60(text), has, "{text}");
        }
    }
}

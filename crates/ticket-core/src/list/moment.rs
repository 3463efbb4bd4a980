//! Points in time as people write them: RFC 3339, a date, or a time span before now.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::TimeRange;

/// A point in time as people write it.
///
/// ```
/// use ticket_core::Moment;
///
/// for text in ["2026-01-31T08:00:00+08:00", "2026-01-31", "7d", "12h", "30m"] {
///     assert!(text.parse::<Moment>().is_ok());
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An instant.
    Instant(Timestamp),
    /// A whole day, in the time zone of the reader.
    Day(Date),
    /// A time span before now.
    Ago(SignedDuration),
}

/// The text is no point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidMoment;

impl fmt::Display for InvalidMoment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "expected a date such as 2026-01-31, a time such as 2026-01-31T08:00:00Z, or how long ago: 30m (minutes), 12h, 7d or 2w",
        )
    }
}

impl Error for InvalidMoment {}

/// The range has no end, and begins after now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FutureRange {
    /// Where the range begins.
    pub since: Timestamp,
    /// The current time.
    pub now: Timestamp,
}

impl fmt::Display for FutureRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { since, now } = self;
        write!(
            formatter,
            "{since} is in the future; now is {now}, and a range without an end ends now"
        )
    }
}

impl Error for FutureRange {}

impl FromStr for Moment {
    type Err = InvalidMoment;

    /// Parses RFC 3339, a date, or a number with `w`, `d`, `h` or `m`.
    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let text = text.trim();
        if let Ok(instant) = text.parse() {
            return Ok(Self::Instant(instant));
        }
        let is_date = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
        if let (true, Ok(date)) = (is_date, text.parse()) {
            return Ok(Self::Day(date));
        }
        span(text).map(Self::Ago).ok_or(InvalidMoment)
    }
}

impl TimeRange {
    /// Returns the range between two points in time; a day at an end is included as a whole.
    ///
    /// A range without an end ends now, so that it does not grow while it is read.
    ///
    /// # Errors
    /// [`FutureRange`].
    pub fn between(
        since: Option<Moment>,
        until: Option<Moment>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Result<Self, FutureRange> {
        let since = since.map(|moment| moment.start(now, zone));
        if let (Some(since), None) = (since.filter(|since| *since > now), until) {
            return Err(FutureRange { since, now });
        }
        let until = until.map(|moment| moment.end(now, zone)).or(since.map(|_| now));
        Ok(Self { since, until })
    }
}

fn span(text: &str) -> Option<SignedDuration> {
    let (unit_start, unit) = text.char_indices().last()?;
    let hours = match unit {
        'w' => 7 * 24 * 60,
        'd' => 24 * 60,
        'h' => 60,
        'm' => 1,
        _ => return None,
    };
    let digits = &text[..unit_start];
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let minutes = digits.parse::<i64>().ok().filter(|_| is_number)?.checked_mul(hours)?;
    // A hundred years are enough, and every instant that follows exists.
    (minutes <= 100 * 366 * 24 * 60).then(|| SignedDuration::from_mins(minutes))
}

impl Moment {
    /// Returns the first instant.
    pub fn start(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Instant(instant) => instant,
            Self::Day(date) => first_of(date, zone),
            Self::Ago(span) => now.saturating_sub(span).unwrap_or(now),
        }
    }

    /// Returns the last instant: of a day, its last millisecond.
    pub fn end(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Day(date) => {
                let next = first_of(date.saturating_add(1.day()), zone);
                next.saturating_sub(1.millisecond()).unwrap_or(next)
            }
            other => other.start(now, zone),
        }
    }
}

fn first_of(date: Date, zone: &TimeZone) -> Timestamp {
    // A day without midnight begins at its first instant.
    date.to_zoned(zone.clone())
        .and_then(|zoned| zoned.start_of_day())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{FutureRange, Moment};
    use crate::TimeRange;

    fn parse(text: &str) -> Result<Moment, super::InvalidMoment> {
        text.parse()
    }

    #[test]
    fn reads_instants_days_and_spans() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        for (text, start, end) in [
            ("2026-01-31T08:00:00+08:00", "2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z"),
            ("2026-01-31", "2026-01-30T16:00:00Z", "2026-01-31T15:59:59.999Z"),
            ("7d", "2026-02-22T12:00:00Z", "2026-02-22T12:00:00Z"),
            ("2w", "2026-02-15T12:00:00Z", "2026-02-15T12:00:00Z"),
            ("12h", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("30m", "2026-03-01T11:30:00Z", "2026-03-01T11:30:00Z"),
        ] {
            let moment = parse(text).unwrap();
            assert_eq!(moment.start(now, &zone).to_string(), start, "{text}");
            assert_eq!(moment.end(now, &zone).to_string(), end, "{text}");
        }
    }

    #[test]
    fn refuses_other_texts() {
        for text in [
            "",
            "7",
            "d",
            "-7d",
            "7y",
            "1.5d",
            "2026-13-01",
            "yesterday",
            "99999999999999999d",
            "工d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_without_an_end_ends_now() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let between = |since: Option<&str>, until: Option<&str>| {
            let moment = |text: Option<&str>| text.map(|text| parse(text).unwrap());
            TimeRange::between(moment(since), moment(until), now, &TimeZone::UTC)
        };
        assert_eq!(between(Some("7d"), None).unwrap().until, Some(now));
        assert_eq!(between(None, None).unwrap(), TimeRange::default());
        assert_eq!(between(None, Some("2026-01-01")).unwrap().since, None);
        let since = "2027-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(between(Some("2027-01-01"), None), Err(FutureRange { since, now }));
        assert!(between(Some("2027-01-01"), Some("2027-01-02")).is_ok());
    }
}

//! Points in time on the command line: RFC 3339, a date, or a time span before now.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

const EXPECTED: &str = "expected a date such as 2026-01-31, a time such as 2026-01-31T08:00:00Z, or a time span before now such as 7d, 12h or 30m";

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// An instant.
    Instant(Timestamp),
    /// A whole day, in the time zone of the reader.
    Day(Date),
    /// A time span before now.
    Ago(SignedDuration),
}

/// Parses RFC 3339, a date, or a number with `w`, `d`, `h` or `m`.
pub(crate) fn parse(text: &str) -> Result<Moment, String> {
    let text = text.trim();
    if let Ok(instant) = text.parse() {
        return Ok(Moment::Instant(instant));
    }
    let is_date = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    if let (true, Ok(date)) = (is_date, text.parse()) {
        return Ok(Moment::Day(date));
    }
    span(text).map(Moment::Ago).ok_or_else(|| EXPECTED.to_owned())
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
    pub(crate) fn start(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Instant(instant) => instant,
            Self::Day(date) => first_of(date, zone),
            Self::Ago(span) => now.saturating_sub(span).unwrap_or(now),
        }
    }

    /// Returns the last instant: of a day, its last millisecond.
    pub(crate) fn end(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
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

    use super::parse;

    #[test]
    fn reads_instants_days_and_spans() {
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
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
}

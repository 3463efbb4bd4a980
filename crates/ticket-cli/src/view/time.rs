//! Formats times.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ticket_render::amount::counted;

/// The current time and the time zone of the reader.
#[derive(Clone)]
pub(crate) struct Reader {
    /// The current time, from which ages are computed.
    pub(crate) now: Timestamp,
    /// The time zone of the reader.
    pub(crate) zone: TimeZone,
}

impl Reader {
    /// Returns the day in the zone of the reader, with the offset of the zone: `2025-11-04 +08:00`.
    pub(crate) fn day(&self, time: Timestamp) -> String {
        time.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %:z").to_string()
    }

    /// Returns the time of day in the zone of the reader: `09:15`.
    pub(crate) fn clock(&self, time: Timestamp) -> String {
        time.to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    /// Returns the distance of a time from now: `3 months ago`.
    pub(crate) fn age(&self, time: Timestamp) -> String {
        age(time, self.now)
    }

    /// Returns a time in the zone of the reader with its age: `2025-11-04 09:15 +08:00, 3 months ago`.
    pub(crate) fn moment(&self, time: Timestamp) -> String {
        let clock = time.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z");
        format!("{clock}, {}", age(time, self.now))
    }
}

/// Returns the distance of a time from now in its largest sensible unit, rounded down: `3 months ago`, `in 5 hours`.
fn age(time: Timestamp, now: Timestamp) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    // The average month and year of the Gregorian calendar.
    const MONTH: u64 = 2_629_746;
    const YEAR: u64 = 31_556_952;
    let seconds = now.as_second() - time.as_second();
    let ahead = seconds < 0;
    let seconds = seconds.unsigned_abs();
    let (count, unit) = match seconds {
        0..MINUTE => return if ahead { "in a moment".into() } else { "just now".into() },
        MINUTE..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        _ if seconds < 14 * DAY => (seconds / DAY, "day"),
        _ if seconds < 2 * MONTH => (seconds / (7 * DAY), "week"),
        _ if seconds < 2 * YEAR => (seconds / MONTH, "month"),
        _ => (seconds / YEAR, "year"),
    };
    let amount = counted(count, unit);
    if ahead { format!("in {amount}") } else { format!("{amount} ago") }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::{Offset, TimeZone};

    use super::{Reader, age};

    #[test]
    fn rounds_an_age_to_its_largest_unit() {
        let now: Timestamp = "2026-02-10T00:00:00Z".parse().unwrap();
        for (time, expected) in [
            ("2026-02-10T00:00:00Z", "just now"),
            ("2026-02-09T23:59:01Z", "just now"),
            ("2026-02-09T23:59:00Z", "1 minute ago"),
            ("2026-02-09T23:00:01Z", "59 minutes ago"),
            ("2026-02-09T22:00:00Z", "2 hours ago"),
            ("2026-02-09T00:00:00Z", "1 day ago"),
            ("2026-01-27T00:00:01Z", "13 days ago"),
            ("2026-01-27T00:00:00Z", "2 weeks ago"),
            ("2025-11-04T01:15:22Z", "3 months ago"),
            ("2021-03-28T08:33:49Z", "4 years ago"),
            ("2026-02-10T00:00:30Z", "in a moment"),
            ("2026-02-10T05:00:00Z", "in 5 hours"),
            ("9999-12-30T22:00:00Z", "in 7973 years"),
        ] {
            assert_eq!(age(time.parse().unwrap(), now), expected, "{time}");
        }
        age(Timestamp::MIN, Timestamp::MAX);
    }

    #[test]
    fn shows_times_in_the_zone_of_the_reader() {
        let reader = Reader {
            now: "2026-02-10T00:00:00Z".parse().unwrap(),
            zone: TimeZone::fixed(Offset::from_hours(8).unwrap()),
        };
        let time = "2025-11-04T01:15:22Z".parse().unwrap();
        assert_eq!(reader.moment(time), "2025-11-04 09:15 +08:00, 3 months ago");
        assert_eq!(reader.day(time), "2025-11-04 +08:00");
        assert_eq!(reader.clock(time), "09:15");
        assert_eq!(reader.age(time), "3 months ago");
    }
}

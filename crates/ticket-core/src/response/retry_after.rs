//! The values of headers that ask to wait.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

/// Longer waits are ignored: one absurd value must not block everything.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// Parses seconds, which may have a fraction.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    let wait = Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()?;
    (wait <= MAX_WAIT).then_some(wait)
}

/// Parses an HTTP date and returns the time from `now` to it; zero if it has passed.
pub(super) fn until(date: &str, now: Timestamp) -> Option<Duration> {
    let date = http_date(date.trim())?;
    let wait = Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO);
    (wait <= MAX_WAIT).then_some(wait)
}

/// Parses a date in any of the three formats of HTTP (RFC 9110, section 5.6.7): the usual one, RFC 850, and `asctime`.
fn http_date(text: &str) -> Option<Timestamp> {
    let obsolete = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"].into_iter();
    let parse = |format: &str| {
        let time = strtime::parse(format, text).ok()?.to_datetime().ok()?;
        TimeZone::UTC.to_timestamp(time).ok()
    };
    let usual = rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    usual.or_else(|| obsolete.map(parse).find_map(|date| date))
}

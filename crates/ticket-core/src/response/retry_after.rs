//! The values of headers that ask to wait.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// Longer waits are ignored: one absurd value must not block everything.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// Parses seconds, which may have a fraction.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    let wait = Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()?;
    (wait <= MAX_WAIT).then_some(wait)
}

/// Parses an HTTP date and returns the time from `now` to it; zero if it has passed.
pub(super) fn until(date: &str, now: Timestamp) -> Option<Duration> {
    let date = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    let wait = Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO);
    (wait <= MAX_WAIT).then_some(wait)
}

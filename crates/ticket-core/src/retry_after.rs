//! How long a response asks to wait, in whichever header it says so.

use std::time::Duration;

use jiff::fmt::rfc2822;

use crate::Response;

/// A longer wait is taken for nonsense: one absurd value must not stall everything.
const LONGEST: Duration = Duration::from_mins(5);

impl Response {
    /// How long the response asks to wait: the larger of `Retry-After` and `x-ogw-ratelimit-reset`.
    ///
    /// The first is in seconds or a date, the second in seconds that may have a fraction. A value that is no number,
    /// negative, or more than five minutes is none. A date counts from [`received_at`](Self::received_at); without that it is
    /// none.
    pub fn retry_after(&self) -> Option<Duration> {
        let reset = self.header(&["x-ogw-ratelimit-reset"]).and_then(seconds);
        let after = self
            .header(&["retry-after"])
            .and_then(|text| seconds(text).or_else(|| self.until(text)));
        reset.max(after)
    }

    /// The time from the response to a date.
    fn until(&self, date: &str) -> Option<Duration> {
        let date = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
        let wait =
            Duration::try_from(date.duration_since(self.received_at?)).unwrap_or(Duration::ZERO);
        (wait <= LONGEST).then_some(wait)
    }
}

fn seconds(text: &str) -> Option<Duration> {
    let wait = Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()?;
    (wait <= LONGEST).then_some(wait)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderValue;

    use crate::Response;

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let mut response = Response::saved("get_ticket", "");
        response.received_at = Some("2015-10-21T07:27:30Z".parse().unwrap());
        for (name, value) in headers {
            response.headers.insert(*name, HeaderValue::from_static(value));
        }
        response.retry_after()
    }

    #[test]
    fn seconds_fractions_and_dates_are_understood_and_nonsense_is_none() {
        let reset = "x-ogw-ratelimit-reset";
        for (headers, milliseconds) in [
            (vec![], None),
            (vec![(reset, "7")], Some(7_000)),
            (vec![(reset, "0.25")], Some(250)),
            (vec![("retry-after", "3")], Some(3_000)),
            (vec![("retry-after", "3"), (reset, "7")], Some(7_000)),
            (vec![("retry-after", "9"), (reset, "7")], Some(9_000)),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], Some(30_000)),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT")], Some(0)),
            (vec![("retry-after", "Wed, 21 Oct 2035 07:28:00 GMT")], None),
            (vec![(reset, "NaN")], None),
            (vec![(reset, "-1")], None),
            (vec![(reset, "1e30")], None),
            (vec![(reset, "301")], None),
            (vec![(reset, "soon")], None),
            (vec![("retry-after", "soon"), (reset, "1")], Some(1_000)),
        ] {
            assert_eq!(wait(&headers), milliseconds.map(Duration::from_millis), "{headers:?}");
        }
    }

    #[test]
    fn a_date_counts_from_the_response_and_says_nothing_without_its_time() {
        let mut response = Response::saved("get_ticket", "");
        let date = HeaderValue::from_static("Wed, 21 Oct 2015 07:28:00 GMT");
        response.headers.insert("retry-after", date);
        assert_eq!(response.retry_after(), None);
    }
}

//! The server's own clock: tokio's, and what a test has moved it forward.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// As far as it goes, a hundred years: an instant far enough ahead cannot be told.
const FARTHEST: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// A clock that follows tokio's, paused or not, and can be moved forward.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_milliseconds: AtomicU64,
}

impl Clock {
    pub(crate) fn now(&self) -> Instant {
        Instant::now() + Duration::from_millis(self.ahead_milliseconds.load(Ordering::Relaxed))
    }

    /// Moves it forward, by whole milliseconds.
    pub(crate) fn advance(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(FARTHEST);
        let further = |ahead: u64| Some(ahead.saturating_add(milliseconds).min(FARTHEST));
        // The closure never declines, so that there is no error to look at.
        let _ = self.ahead_milliseconds.fetch_update(Ordering::Relaxed, Ordering::Relaxed, further);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_goes_with_the_time_of_the_runtime_and_ahead_of_it() {
        let (clock, start) = (Clock::default(), Instant::now());
        tokio::time::advance(Duration::from_secs(5)).await;
        clock.advance(Duration::from_secs(7));
        assert_eq!(clock.now() - start, Duration::from_secs(12));
    }

    #[tokio::test(start_paused = true)]
    async fn it_stops_where_an_instant_could_not_be_told() {
        let (clock, start) = (Clock::default(), Instant::now());
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now() - start, Duration::from_millis(FARTHEST));
    }
}

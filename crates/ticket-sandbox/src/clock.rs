//! The clock of token lifetimes and rate limits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// The most that the clock can be ahead: a hundred years. Larger instants could overflow.
const MAX_AHEAD: u64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// A clock that follows tokio's clock, paused or not, and can be advanced.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    ahead_milliseconds: AtomicU64,
}

impl Clock {
    pub(crate) fn now(&self) -> Instant {
        Instant::now() + Duration::from_millis(self.ahead_milliseconds.load(Ordering::Relaxed))
    }

    /// Advances the clock by whole milliseconds.
    pub(crate) fn advance(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(MAX_AHEAD);
        let advance = |ahead: u64| Some(ahead.saturating_add(milliseconds).min(MAX_AHEAD));
        // The closure never returns `None`, so this cannot fail.
        let _ = self.ahead_milliseconds.fetch_update(Ordering::Relaxed, Ordering::Relaxed, advance);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn follows_the_clock_of_the_runtime() {
        let (clock, start) = (Clock::default(), Instant::now());
        tokio::time::advance(Duration::from_secs(5)).await;
        clock.advance(Duration::from_secs(7));
        assert_eq!(clock.now() - start, Duration::from_secs(12));
    }

    #[tokio::test(start_paused = true)]
    async fn stops_before_an_instant_overflows() {
        let (clock, start) = (Clock::default(), Instant::now());
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now() - start, Duration::from_millis(MAX_AHEAD));
    }
}

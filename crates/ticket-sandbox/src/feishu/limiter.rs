//! Rate limits.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// A rate limiter with one or more sliding windows.
///
/// Feishu does not document the kind of window. The sliding window is the strictest: a client that keeps it also keeps
/// any other.
#[derive(Debug)]
pub(crate) struct Limiter {
    windows: Vec<Window>,
}

#[derive(Debug)]
struct Window {
    limit: u32,
    length: Duration,
    /// The calls within the window, oldest first.
    calls: VecDeque<Instant>,
}

/// A full window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// The limit of the window.
    pub(crate) limit: u32,
    /// The time until the next call is allowed.
    pub(crate) reset: Duration,
}

impl Limiter {
    /// Creates windows with these limits and lengths.
    pub(crate) fn new(windows: impl IntoIterator<Item = (u32, Duration)>) -> Self {
        let window = |(limit, length)| Window { limit, length, calls: VecDeque::new() };
        Self { windows: windows.into_iter().map(window).collect() }
    }

    /// Counts a call if every window has room. A rejected call is not counted.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Exceeded> {
        for window in &mut self.windows {
            window.expire(now);
        }
        // A retry is useful only when the slowest window has room.
        let full = self.windows.iter().filter_map(|window| window.exceeded(now));
        if let Some(exceeded) = full.max_by_key(|exceeded| exceeded.reset) {
            return Err(exceeded);
        }
        for window in &mut self.windows {
            window.calls.push_back(now);
        }
        Ok(())
    }
}

impl Window {
    fn expire(&mut self, now: Instant) {
        while self.calls.front().is_some_and(|call| now.duration_since(*call) >= self.length) {
            self.calls.pop_front();
        }
    }

    fn exceeded(&self, now: Instant) -> Option<Exceeded> {
        let full = self.calls.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX);
        full.then(|| {
            // A window with limit 0 never has room; report its length.
            let since_oldest =
                self.calls.front().map_or(Duration::ZERO, |call| now.duration_since(*call));
            Exceeded { limit: self.limit, reset: self.length.saturating_sub(since_oldest) }
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn milliseconds(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[tokio::test(start_paused = true)]
    async fn rejects_the_eleventh_call_of_a_second() {
        let mut limiter = Limiter::new([(10, SECOND)]);
        for _ in 0..10 {
            assert_eq!(limiter.take(Instant::now()), Ok(()));
        }
        advance(milliseconds(400)).await;
        assert_eq!(
            limiter.take(Instant::now()),
            Err(Exceeded { limit: 10, reset: milliseconds(600) })
        );
        advance(milliseconds(599)).await;
        assert_eq!(
            limiter.take(Instant::now()),
            Err(Exceeded { limit: 10, reset: milliseconds(1) })
        );
        advance(milliseconds(1)).await;
        for _ in 0..10 {
            assert_eq!(limiter.take(Instant::now()), Ok(()));
        }
        assert!(limiter.take(Instant::now()).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn window_is_sliding() {
        let mut limiter = Limiter::new([(10, SECOND)]);
        advance(milliseconds(900)).await;
        for _ in 0..10 {
            assert_eq!(limiter.take(Instant::now()), Ok(()));
        }
        // A fixed window would be empty again in the next full second.
        advance(milliseconds(200)).await;
        assert_eq!(
            limiter.take(Instant::now()),
            Err(Exceeded { limit: 10, reset: milliseconds(800) })
        );
    }

    #[tokio::test(start_paused = true)]
    async fn evenly_spaced_calls_are_never_rejected() {
        let mut limiter = Limiter::new([(10, SECOND)]);
        for _ in 0..1000 {
            assert_eq!(limiter.take(Instant::now()), Ok(()));
            advance(milliseconds(100)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn slowest_of_two_windows_decides() {
        let mut limiter = Limiter::new([(2, SECOND), (3, 60 * SECOND)]);
        assert_eq!((limiter.take(Instant::now()), limiter.take(Instant::now())), (Ok(()), Ok(())));
        assert_eq!(limiter.take(Instant::now()), Err(Exceeded { limit: 2, reset: SECOND }));
        advance(SECOND).await;
        assert_eq!(limiter.take(Instant::now()), Ok(()));
        assert_eq!(limiter.take(Instant::now()), Err(Exceeded { limit: 3, reset: 59 * SECOND }));
        advance(59 * SECOND).await;
        // The call that the minute rejected must not count in the second.
        assert_eq!((limiter.take(Instant::now()), limiter.take(Instant::now())), (Ok(()), Ok(())));
    }

    #[tokio::test(start_paused = true)]
    async fn limit_zero_rejects_every_call() {
        let mut limiter = Limiter::new([(0, SECOND)]);
        for _ in 0..3 {
            assert_eq!(limiter.take(Instant::now()), Err(Exceeded { limit: 0, reset: SECOND }));
            advance(60 * SECOND).await;
        }
    }
}

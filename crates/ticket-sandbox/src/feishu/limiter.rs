//! How many calls are answered in a window of time.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Counts calls in one or more windows that slide: no stretch of a window's length holds more calls than its limit.
///
/// The documentation names the limits and not the kind of window. The sliding one is the strictest that they allow, so
/// that a client which satisfies it satisfies any.
#[derive(Debug)]
pub(crate) struct Limiter {
    windows: Vec<Window>,
}

#[derive(Debug)]
struct Window {
    limit: u32,
    length: Duration,
    /// When the calls that still count were answered, oldest first.
    calls: VecDeque<Instant>,
}

/// A window that is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// How many calls the window has room for.
    pub(crate) limit: u32,
    /// How long it takes until there is room.
    pub(crate) reset: Duration,
}

impl Limiter {
    /// Begins with empty windows of these limits and lengths.
    pub(crate) fn new(windows: impl IntoIterator<Item = (u32, Duration)>) -> Self {
        let window = |(limit, length)| Window { limit, length, calls: VecDeque::new() };
        Self { windows: windows.into_iter().map(window).collect() }
    }

    /// Counts a call where every window has room for it; a call that is refused is not counted.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Exceeded> {
        for window in &mut self.windows {
            window.forget(now);
        }
        // Of two full windows the one that takes longer decides when another try is of use.
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
    fn forget(&mut self, now: Instant) {
        while self.calls.front().is_some_and(|call| now.duration_since(*call) >= self.length) {
            self.calls.pop_front();
        }
    }

    fn exceeded(&self, now: Instant) -> Option<Exceeded> {
        let full = self.calls.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX);
        full.then(|| {
            // A window without any room is never free; its length is as good a response as any.
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
    async fn ten_calls_a_second_are_answered_and_the_eleventh_is_told_when() {
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
    async fn the_window_slides_so_that_no_second_holds_twenty() {
        let mut limiter = Limiter::new([(10, SECOND)]);
        advance(milliseconds(900)).await;
        for _ in 0..10 {
            assert_eq!(limiter.take(Instant::now()), Ok(()));
        }
        // The clock's next full second, where a window that is fixed would be empty again.
        advance(milliseconds(200)).await;
        assert_eq!(
            limiter.take(Instant::now()),
            Err(Exceeded { limit: 10, reset: milliseconds(800) })
        );
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_are_evenly_spaced_are_never_refused() {
        let mut limiter = Limiter::new([(10, SECOND)]);
        for _ in 0..1000 {
            assert_eq!(limiter.take(Instant::now()), Ok(()));
            advance(milliseconds(100)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_windows_the_one_that_takes_longer_responses() {
        let mut limiter = Limiter::new([(2, SECOND), (3, 60 * SECOND)]);
        assert_eq!((limiter.take(Instant::now()), limiter.take(Instant::now())), (Ok(()), Ok(())));
        assert_eq!(limiter.take(Instant::now()), Err(Exceeded { limit: 2, reset: SECOND }));
        advance(SECOND).await;
        assert_eq!(limiter.take(Instant::now()), Ok(()));
        assert_eq!(limiter.take(Instant::now()), Err(Exceeded { limit: 3, reset: 59 * SECOND }));
        advance(59 * SECOND).await;
        // A call that the minute refused must not have filled the second.
        assert_eq!((limiter.take(Instant::now()), limiter.take(Instant::now())), (Ok(()), Ok(())));
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_of_zero_refuses_every_call() {
        let mut limiter = Limiter::new([(0, SECOND)]);
        for _ in 0..3 {
            assert_eq!(limiter.take(Instant::now()), Err(Exceeded { limit: 0, reset: SECOND }));
            advance(60 * SECOND).await;
        }
    }
}

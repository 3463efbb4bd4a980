//! A rate limit on the client: as many slots as the limit, each free again one window after its response.
//!
//! Counting from the *response* makes a rejection impossible: the service counts a request between sending and response, so no
//! delay can push the counts of one slot closer together than a window. The price is the response time, once per window.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use crate::mapping::Limit;

/// The rate limits of an operation for a credential; clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Limiter {
    windows: Arc<[Window]>,
    /// The time until which the service asked to wait.
    resume_at: Arc<Mutex<Option<Instant>>>,
}

/// A limit: a number of requests per window.
#[derive(Debug, Clone)]
struct Window {
    length: Duration,
    /// A permit for each free slot. It is fair, so that no caller waits forever.
    permits: Arc<Semaphore>,
    slots: Arc<Mutex<FreeSlots>>,
}

/// The free slots of a window. It stores one time for each request of the last window, whatever the limit is.
#[derive(Debug)]
struct FreeSlots {
    /// The number of slots that may be used at once.
    ready: usize,
    /// The time from which each other free slot may be used.
    resting: BinaryHeap<Reverse<Instant>>,
}

/// The permission to send one request, in every window.
#[derive(Debug)]
pub(super) struct Slot(Vec<Held>);

/// A slot in use. It is returned when it is dropped.
#[derive(Debug)]
struct Held {
    window: Window,
    /// The time from which it may be used again.
    free_from: Instant,
    /// Released after `free_from` is returned, so that each permit finds its slot.
    _permit: OwnedSemaphorePermit,
}

impl Limiter {
    /// Creates a limiter for a fraction of these limits, with at least one request per window.
    pub(super) fn new(limits: &[Limit], fraction: f64) -> Self {
        let window = |limit: &Limit| {
            let requests = (f64::from(limit.requests) * fraction).max(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is at least one, and a value out of range becomes the largest number"
            )]
            let slots = (requests as usize).min(Semaphore::MAX_PERMITS);
            Window {
                length: Duration::from_secs(limit.seconds.into()),
                permits: Arc::new(Semaphore::new(slots)),
                slots: Arc::new(Mutex::new(FreeSlots { ready: slots, resting: BinaryHeap::new() })),
            }
        };
        Self { windows: limits.iter().map(window).collect(), resume_at: Arc::default() }
    }

    /// Waits until a request may be sent. A slot that is dropped unused is free at once.
    pub(super) async fn slot(&self) -> Slot {
        let mut held = Vec::with_capacity(self.windows.len());
        for window in &*self.windows {
            held.push(window.hold().await);
        }
        loop {
            let free_from = held.iter().map(|held| held.free_from).chain(self.resume_at()).max();
            match free_from {
                Some(instant) if instant > Instant::now() => sleep_until(instant).await,
                _ => break,
            }
        }
        Slot(held)
    }

    /// Takes a permit when the service does not ask to wait.
    pub(super) async fn unless_paused<'a>(&self, permits: &'a Semaphore) -> SemaphorePermit<'a> {
        loop {
            let permit = permits.acquire().await.expect("it is never closed");
            let pause = self.resume_at().filter(|instant| *instant > Instant::now());
            let Some(instant) = pause else { return permit };
            // Other callers may use the permit meanwhile.
            drop(permit);
            sleep_until(instant).await;
        }
    }

    /// Makes all callers wait: the service rejected a request because another program uses the same limit.
    pub(super) fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut resume_at = self.resume_at.lock().unwrap_or_else(PoisonError::into_inner);
        *resume_at = (*resume_at).max(Some(until));
    }

    fn resume_at(&self) -> Option<Instant> {
        *self.resume_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Window {
    async fn hold(&self) -> Held {
        let permit = self.permits.clone().acquire_owned().await.expect("it is never closed");
        let free_from = self.slots.lock().unwrap_or_else(PoisonError::into_inner).take();
        Held { window: self.clone(), free_from, _permit: permit }
    }
}

impl FreeSlots {
    /// Takes the slot that may be used first, and returns the time from which it may be used.
    fn take(&mut self) -> Instant {
        let now = Instant::now();
        while self.resting.peek().is_some_and(|Reverse(free_from)| *free_from <= now) {
            self.resting.pop();
            self.ready += 1;
        }
        if self.ready > 0 {
            self.ready -= 1;
            return now;
        }
        let Reverse(earliest) = self.resting.pop().expect("each permit has its slot");
        earliest
    }
}

impl Slot {
    /// Marks the request as sent. If it is cancelled, the service may still count it for this long.
    pub(super) fn sent(&mut self, longest: Duration) {
        self.free_after(longest);
    }

    /// Marks the response as received: the service has counted the request.
    pub(super) fn received(mut self) {
        self.free_after(Duration::ZERO);
    }

    /// Frees the slot one window after this time.
    fn free_after(&mut self, time: Duration) {
        let now = Instant::now();
        for held in &mut self.0 {
            held.free_from = now + time + held.window.length;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut slots = self.window.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.resting.push(Reverse(self.free_from));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use tokio::sync::Semaphore;
    use tokio::time::{Instant, advance, sleep, timeout};

    use super::Limiter;
    use crate::mapping::Limit;

    const TEN_A_SECOND: &[Limit] = &[Limit { requests: 10, seconds: 1 }];

    /// A strict service: it checks all windows of the limits, wherever they begin.
    #[derive(Default)]
    struct Service {
        counted: Mutex<VecDeque<Instant>>,
    }

    impl Service {
        /// Counts a request and returns whether a limit was exceeded.
        fn counts(&self, limits: &[Limit]) -> bool {
            let mut counted = self.counted.lock().unwrap();
            let now = Instant::now();
            counted.push_back(now);
            limits.iter().all(|limit| {
                let length = Duration::from_secs(limit.seconds.into());
                let within = counted.iter().rev().take_while(|at| now - **at < length).count();
                within <= limit.requests as usize
            })
        }
    }

    /// Sends many requests at once, each counted and answered after a delay; returns the total time.
    async fn send(
        limits: &'static [Limit],
        requests: u64,
        delay: fn(u64) -> (u64, u64),
    ) -> Duration {
        let (limiter, service) = (Limiter::new(limits, 1.0), Arc::new(Service::default()));
        let start = Instant::now();
        let tasks: Vec<_> = (0..requests)
            .map(|number| {
                let (limiter, service) = (limiter.clone(), service.clone());
                tokio::spawn(async move {
                    let mut slot = limiter.slot().await;
                    slot.sent(Duration::from_secs(30));
                    let (out, back) = delay(number);
                    sleep(Duration::from_millis(out)).await;
                    assert!(service.counts(limits), "request {number} is rejected");
                    sleep(Duration::from_millis(back)).await;
                    slot.received();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn uses_nearly_the_whole_limit_without_a_rejection() {
        let quick = send(TEN_A_SECOND, 60, |_| (0, 0)).await;
        assert!(quick <= Duration::from_millis(5_010), "{quick:?}");
        let usual = send(TEN_A_SECOND, 60, |number| (number * 37 % 61, number * 53 % 59)).await;
        assert!(usual <= Duration::from_millis(5_800), "{usual:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn delays_cause_no_rejection() {
        // The first request is slow on the way out, the next ones on the way back, the others are fast.
        for delays in [
            (|number| if number < 10 { (900, 0) } else { (0, 0) }) as fn(u64) -> (u64, u64),
            |number| if number % 2 == 0 { (0, 900) } else { (700, 0) },
            |number| (number * 7_919 % 997, number * 104_729 % 499),
        ] {
            send(TEN_A_SECOND, 100, delays).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn keeps_both_of_two_windows() {
        const BOTH: &[Limit] =
            &[Limit { requests: 50, seconds: 1 }, Limit { requests: 100, seconds: 60 }];
        let time = send(BOTH, 150, |_| (1, 1)).await;
        assert!((Duration::from_mins(1)..Duration::from_secs(62)).contains(&time), "{time:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn cancelled_request_counts_until_its_deadline() {
        const ONE: &[Limit] = &[Limit { requests: 1, seconds: 1 }];
        let limiter = Limiter::new(ONE, 1.0);
        drop(limiter.slot().await);
        let mut slot = limiter.slot().await;
        slot.sent(Duration::from_secs(5));
        drop(slot);
        let start = Instant::now();
        limiter.slot().await.received();
        assert_eq!(start.elapsed().as_secs(), 6, "five for the deadline and one for the window");
    }

    #[tokio::test(start_paused = true)]
    async fn cancelled_wait_frees_its_slots() {
        const BOTH: &[Limit] =
            &[Limit { requests: 5, seconds: 1 }, Limit { requests: 1, seconds: 10 }];
        let limiter = Limiter::new(BOTH, 1.0);
        limiter.slot().await.received();
        for _ in 0..20 {
            let waiting = timeout(Duration::from_millis(10), limiter.slot()).await;
            assert!(waiting.is_err(), "the second window is used up");
        }
        advance(Duration::from_secs(10)).await;
        let slot = timeout(Duration::from_millis(10), limiter.slot()).await;
        assert!(slot.is_ok(), "cancelled waits hold no slot");
    }

    #[tokio::test(start_paused = true)]
    async fn callers_wait_for_the_longest_pause() {
        let limiter = Limiter::new(TEN_A_SECOND, 1.0);
        limiter.pause(Duration::from_secs(7));
        limiter.pause(Duration::from_secs(3));
        let start = Instant::now();
        limiter.slot().await.received();
        assert_eq!(start.elapsed().as_secs(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn unused_slot_is_free_at_once() {
        const ONE: &[Limit] = &[Limit { requests: 1, seconds: 10 }];
        let limiter = Limiter::new(ONE, 1.0);
        let start = Instant::now();
        for _ in 0..5 {
            drop(limiter.slot().await);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn pause_releases_the_permit_of_a_waiting_caller() {
        let (limiter, permits) = (Limiter::new(TEN_A_SECOND, 1.0), Semaphore::new(1));
        let busy = permits.acquire().await.unwrap();
        let start = Instant::now();
        let paused = async {
            drop(limiter.unless_paused(&permits).await);
            start.elapsed().as_secs()
        };
        let other = async {
            limiter.pause(Duration::from_secs(7));
            drop(busy);
            drop(Limiter::default().unless_paused(&permits).await);
            start.elapsed().as_secs()
        };
        assert_eq!(tokio::join!(paused, other), (7, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn keeps_a_fraction_of_a_limit() {
        for (fraction, at_once) in [(0.5, 5), (0.001, 1), (1.0, 10), (2.55, 25)] {
            let limiter = Limiter::new(TEN_A_SECOND, fraction);
            let mut used = 0;
            while let Ok(slot) = timeout(Duration::from_millis(1), limiter.slot()).await {
                slot.received();
                used += 1;
            }
            assert_eq!(used, at_once, "{fraction}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn remembers_only_the_requests_of_the_last_window() {
        const MANY: &[Limit] = &[Limit { requests: 1_000, seconds: 60 }];
        let limiter = Limiter::new(MANY, 1_000.0);
        let remembered = || limiter.windows[0].slots.lock().unwrap().resting.capacity();
        assert_eq!(remembered(), 0, "before the first request");
        for _ in 0..20 {
            for _ in 0..10 {
                limiter.slot().await.received();
            }
            advance(Duration::from_mins(1)).await;
        }
        assert!(remembered() < 20, "{} times for 10 requests in a window", remembered());
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_wait_without_limits() {
        let limiter = Limiter::default();
        let start = Instant::now();
        for _ in 0..1_000 {
            limiter.slot().await.received();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}

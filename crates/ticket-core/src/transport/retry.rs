//! Decides whether a failed attempt is retried, and after which wait.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::TransportConfig;
use crate::{Error, ErrorKind, Request};

/// The cost of a retry.
const COST: u32 = 5;

/// Limits the retries of all calls together, so that a failing service does not get several times as many requests.
///
/// It starts full; each retry takes some of it, each success gives a little back.
#[derive(Debug)]
pub(super) struct Budget {
    left: AtomicU32,
    full: u32,
}

impl Budget {
    /// Creates a budget for this many retries in a row.
    pub(super) fn new(retry_budget: u32) -> Self {
        let full = retry_budget.saturating_mul(COST);
        Self { left: AtomicU32::new(full), full }
    }

    /// Gives back a little after a success.
    pub(super) fn refund(&self) {
        let give = |left: u32| (left < self.full).then(|| left + 1);
        // A full budget stays full.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }

    /// Takes the cost of a retry, if there is enough.
    fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(COST);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}

/// The failed attempts of a call.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Failures {
    /// The number that `max_attempts` limits.
    counted: u64,
    /// The number rejected by a rate limit that named its wait. Only the deadline limits them: a program that shares a limit with
    /// another one gets many.
    limited: u64,
}

impl Failures {
    /// Counts a failed attempt.
    pub(super) fn count(&mut self, error: &Error) {
        if is_limit(error) {
            self.limited += 1;
        } else {
            self.counted += 1;
        }
    }
}

/// The minimum wait after a rate limit. These rejections are not counted, so they must not follow each other at once.
const MIN_LIMIT_WAIT: Duration = Duration::from_millis(100);

/// Returns whether a rate limit rejected the request and named its wait.
fn is_limit(error: &Error) -> bool {
    error.kind() == ErrorKind::RateLimited && error.retry_after().is_some()
}

/// Returns the wait before the next attempt; `None` if there is none.
///
/// `failures` includes this one; `left` is the time until the deadline of the call.
pub(super) fn wait(
    error: &Error,
    request: &Request,
    failures: Failures,
    left: Duration,
    settings: &TransportConfig,
    budget: &Budget,
) -> Option<Duration> {
    let (failed, is_used_up, minimum) = if is_limit(error) {
        (failures.limited, false, MIN_LIMIT_WAIT)
    } else {
        let is_used_up = failures.counted >= settings.max_attempts.into();
        (failures.counted, is_used_up, Duration::ZERO)
    };
    if !error.is_retryable() || !request.is_repeatable || is_used_up {
        return None;
    }
    let maximum = settings
        .initial_backoff
        .saturating_mul(1 << failed.saturating_sub(1).min(16))
        .min(settings.max_backoff);
    // Random, so that callers that failed together do not retry together.
    let backoff = maximum.mul_f64(fastrand::f64()).max(minimum);
    let wait = error.retry_after().map_or(backoff, |named| named.max(backoff));
    // There is no wait for an attempt that cannot start in time. A wait that the service named is free of budget.
    (wait < left && (error.retry_after().is_some() || budget.take())).then_some(wait)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Budget, Failures, MIN_LIMIT_WAIT, wait};
    use crate::transport::TransportConfig;
    use crate::{BaseUrl, Error, ErrorKind, Request};

    const LEFT: Duration = Duration::from_mins(1);

    fn get() -> Request {
        let base = BaseUrl::new("https://desk.example").unwrap();
        Request::get("get_ticket", base.join(&["tickets"]).unwrap())
    }

    /// This many failed attempts that count.
    fn made(counted: u64) -> Failures {
        Failures { counted, limited: 0 }
    }

    fn unavailable() -> Error {
        Error::new(ErrorKind::Unavailable, "down")
    }

    fn limited(seconds: u64) -> Error {
        Error::new(ErrorKind::RateLimited, "too many requests").about(
            None,
            None,
            Some(Duration::from_secs(seconds)),
        )
    }

    #[test]
    fn backoff_grows_up_to_its_maximum() {
        let settings = TransportConfig::default();
        let budget = Budget::new(1_000);
        for (count, longest) in [(1, 200), (2, 400), (3, 800)] {
            for _ in 0..100 {
                let wait =
                    wait(&unavailable(), &get(), made(count), LEFT, &settings, &budget).unwrap();
                assert!(wait <= Duration::from_millis(longest), "{count}: {wait:?}");
            }
        }
        let patient = TransportConfig { max_attempts: 100, ..settings };
        let wait = wait(&unavailable(), &get(), made(99), LEFT, &patient, &budget).unwrap();
        assert!(wait <= patient.max_backoff);
    }

    #[test]
    fn backoff_is_random() {
        let budget = Budget::new(1_000);
        let one = || {
            wait(&unavailable(), &get(), made(3), LEFT, &TransportConfig::default(), &budget)
                .unwrap()
        };
        let waits: std::collections::BTreeSet<_> = (0..100).map(|_| one()).collect();
        assert!(waits.len() > 90, "{waits:?}");
        // The probability that all of them are in one half is 2^-99.
        let half = Duration::from_millis(400);
        assert!(waits.first() < Some(&half) && waits.last() > Some(&half), "{waits:?}");
    }

    #[test]
    fn retry_after_is_obeyed_and_free_of_budget() {
        let empty = Budget::new(0);
        let wait = |error: &Error, left| {
            wait(error, &get(), made(1), left, &TransportConfig::default(), &empty)
        };
        assert_eq!(wait(&limited(7), LEFT), Some(Duration::from_secs(7)));
        assert_eq!(wait(&limited(60), LEFT), None, "the next attempt cannot start in time");
        assert_eq!(wait(&unavailable(), LEFT), None, "the budget is empty");
    }

    #[test]
    fn rate_limits_with_retry_after_are_not_counted() {
        let budget = Budget::new(0);
        let settings = TransportConfig {
            max_attempts: 1,
            initial_backoff: Duration::ZERO,
            ..TransportConfig::default()
        };
        for seconds in [0, 1] {
            let mut failures = Failures::default();
            for _ in 0..1_000 {
                failures.count(&limited(seconds));
                let wait =
                    wait(&limited(seconds), &get(), failures, LEFT, &settings, &budget).unwrap();
                assert!(wait >= MIN_LIMIT_WAIT.max(Duration::from_secs(seconds)), "{wait:?}");
            }
        }
        let mut failures = Failures::default();
        let without_wait = Error::new(ErrorKind::RateLimited, "too many requests");
        failures.count(&without_wait);
        assert_eq!(wait(&without_wait, &get(), failures, LEFT, &settings, &Budget::new(9)), None);
    }

    #[test]
    fn retries_transient_errors_of_repeatable_requests() {
        let budget = Budget::new(100);
        let settings = TransportConfig::default();
        for kind in ErrorKind::ALL {
            let wait = wait(&Error::new(*kind, ""), &get(), made(1), LEFT, &settings, &budget);
            assert_eq!(wait.is_some(), kind.is_retryable(), "{kind}");
        }
        let post = Request::post_json("create", get().url, "{}");
        assert_eq!(wait(&unavailable(), &post, made(1), LEFT, &settings, &budget), None);
        assert!(
            wait(&unavailable(), &post.repeatable(), made(1), LEFT, &settings, &budget).is_some()
        );
        assert_eq!(
            wait(
                &unavailable(),
                &get(),
                made(settings.max_attempts.into()),
                LEFT,
                &settings,
                &budget
            ),
            None
        );
    }

    #[test]
    fn budget_is_spent_by_retries_and_refilled_by_successes() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take() && !budget.take());
        for _ in 0..5 {
            budget.refund();
        }
        assert!(budget.take() && !budget.take());
        for _ in 0..1_000 {
            budget.refund();
        }
        assert!(
            budget.take() && budget.take() && !budget.take(),
            "the budget is never more than full"
        );
    }
}

//! Whether a failed attempt is worth another one, and after which wait.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::TransportConfig;
use crate::{Error, ErrorKind, Request};

/// What one more attempt costs of the budget.
const PRICE: u32 = 5;

/// How many attempts all calls together may repeat: a service that is down must not be asked several times as often.
///
/// It starts full, each repetition takes some of it, each success gives a little back.
#[derive(Debug)]
pub(super) struct Budget {
    left: AtomicU32,
    full: u32,
}

impl Budget {
    /// A budget for so many repetitions in a row.
    pub(super) fn new(retry_budget: u32) -> Self {
        let full = retry_budget.saturating_mul(PRICE);
        Self { left: AtomicU32::new(full), full }
    }

    /// A call succeeded.
    pub(super) fn refund(&self) {
        let give = |left: u32| (left < self.full).then(|| left + 1);
        // Nothing to give back to a full budget.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }

    /// Takes what one more attempt costs, where there is enough.
    fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(PRICE);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}

/// The failed attempts of a call.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Failures {
    /// Those that the settings bound.
    counted: u64,
    /// Those that a rate limit refused, naming the wait. The deadline of the call alone bounds them: each one says when the service
    /// responses again, and whoever shares a limit with another program gets many.
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

/// The shortest wait after a rate limit, whatever the service names and the settings say: refusals are not counted, so they must not
/// follow each other at once.
const SHORTEST_LIMIT: Duration = Duration::from_millis(100);

/// Returns whether a rate limit refused the request and named the wait.
fn is_limit(error: &Error) -> bool {
    error.kind() == ErrorKind::RateLimited && error.retry_after().is_some()
}

/// Returns the wait before another attempt; `None` where there is to be none.
///
/// `failures` includes this one; `left` is what is left of the time for the whole call.
pub(super) fn wait(
    error: &Error,
    request: &Request,
    failures: Failures,
    left: Duration,
    settings: &TransportConfig,
    budget: &Budget,
) -> Option<Duration> {
    let (made, is_used_up, shortest) = if is_limit(error) {
        (failures.limited, false, SHORTEST_LIMIT)
    } else {
        let is_used_up = failures.counted >= settings.max_attempts.into();
        (failures.counted, is_used_up, Duration::ZERO)
    };
    if !error.is_retryable() || !request.is_repeatable || is_used_up {
        return None;
    }
    let longest = settings
        .initial_backoff
        .saturating_mul(1 << made.saturating_sub(1).min(16))
        .min(settings.max_backoff);
    // Anywhere between nothing and the longest: those who failed together must not come back together.
    let backoff = longest.mul_f64(fastrand::f64()).max(shortest);
    let wait = error.retry_after().map_or(backoff, |named| named.max(backoff));
    // What cannot begin in time is not waited for. A service that names its time is not asked in vain, so that is free.
    (wait < left && (error.retry_after().is_some() || budget.take())).then_some(wait)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Budget, Failures, SHORTEST_LIMIT, wait};
    use crate::transport::TransportConfig;
    use crate::{BaseUrl, Error, ErrorKind, Request};

    const LEFT: Duration = Duration::from_mins(1);

    fn get() -> Request {
        let base = BaseUrl::new("https://desk.example").unwrap();
        Request::get("get_ticket", base.join(&["tickets"]).unwrap())
    }

    /// So many failed attempts that count.
    fn made(counted: u64) -> Failures {
        Failures { counted, limited: 0 }
    }

    fn unavailable() -> Error {
        Error::new(ErrorKind::Unavailable, "down")
    }

    fn limited(seconds: u64) -> Error {
        Error::new(ErrorKind::RateLimited, "slowly").about(
            None,
            None,
            Some(Duration::from_secs(seconds)),
        )
    }

    #[test]
    fn the_wait_grows_and_stays_below_its_longest() {
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
    fn those_who_failed_together_do_not_come_back_together() {
        let budget = Budget::new(1_000);
        let one = || {
            wait(&unavailable(), &get(), made(3), LEFT, &TransportConfig::default(), &budget)
                .unwrap()
        };
        let waits: std::collections::BTreeSet<_> = (0..100).map(|_| one()).collect();
        assert!(waits.len() > 90, "{waits:?}");
        // That all of them lie in one half of the time is less likely than winning a lottery four times in a row.
        let half = Duration::from_millis(400);
        assert!(waits.first() < Some(&half) && waits.last() > Some(&half), "{waits:?}");
    }

    #[test]
    fn what_the_service_names_is_waited_and_costs_nothing() {
        let empty = Budget::new(0);
        let wait = |error: &Error, left| {
            wait(error, &get(), made(1), left, &TransportConfig::default(), &empty)
        };
        assert_eq!(wait(&limited(7), LEFT), Some(Duration::from_secs(7)));
        assert_eq!(wait(&limited(60), LEFT), None, "it cannot begin in time");
        assert_eq!(wait(&unavailable(), LEFT), None, "the budget is empty");
    }

    #[test]
    fn a_limit_that_names_its_wait_does_not_count_and_never_hurries() {
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
                assert!(wait >= SHORTEST_LIMIT.max(Duration::from_secs(seconds)), "{wait:?}");
            }
        }
        let mut failures = Failures::default();
        let nameless = Error::new(ErrorKind::RateLimited, "slowly");
        failures.count(&nameless);
        assert_eq!(wait(&nameless, &get(), failures, LEFT, &settings, &Budget::new(9)), None);
    }

    #[test]
    fn only_what_time_can_mend_and_what_is_safe_is_repeated() {
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
    fn a_budget_runs_out_and_fills_with_success() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take() && !budget.take());
        for _ in 0..5 {
            budget.refund();
        }
        assert!(budget.take() && !budget.take());
        for _ in 0..1_000 {
            budget.refund();
        }
        assert!(budget.take() && budget.take() && !budget.take(), "it is never more than full");
    }
}

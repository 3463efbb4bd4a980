//! Remembers which events were received.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use ticket_core::model::Timestamp;

use super::{MAX_AGE, MAX_CLOCK_SKEW};

/// How many events are remembered, by default.
const CAPACITY: usize = 100_000;

/// The ids of the events that were received, as long as [`EventVerifier`](super::EventVerifier) would accept them again.
///
/// Feishu may send an event several times, even after it was answered.
#[derive(Debug)]
pub struct SeenEvents {
    ids: HashSet<String>,
    /// The ids with the time when they were received, oldest first.
    order: VecDeque<(Timestamp, String)>,
    max_age: Duration,
    capacity: usize,
}

impl Default for SeenEvents {
    fn default() -> Self {
        Self::new(MAX_AGE, CAPACITY)
    }
}

impl SeenEvents {
    /// Remembers this many events; the age is that of [`with_max_age`](super::EventVerifier::with_max_age). If there are more, the
    /// oldest are forgotten.
    pub fn new(max_age: Duration, capacity: usize) -> Self {
        Self { ids: HashSet::new(), order: VecDeque::new(), max_age, capacity }
    }

    /// Adds the id of an event that was received at `now`, and returns whether it is new.
    pub fn insert(&mut self, id: &str, now: Timestamp) -> bool {
        // The sender's clock may be ahead.
        let kept = self.max_age + MAX_CLOCK_SKEW;
        self.forget_while(|time, _| {
            Duration::try_from(now.duration_since(time)).is_ok_and(|age| age > kept)
        });
        if self.ids.contains(id) {
            return false;
        }
        let capacity = self.capacity.max(1);
        self.forget_while(|_, count| count >= capacity);
        self.ids.insert(id.to_owned());
        self.order.push_back((now, id.to_owned()));
        true
    }

    /// Removes an event that could not be handled, so that it counts as new when Feishu sends it again.
    pub fn remove(&mut self, id: &str) {
        if self.ids.remove(id) {
            self.order.retain(|(_, known)| known != id);
        }
    }

    /// Forgets the oldest event as long as `condition` holds for its time and the number of events.
    fn forget_while(&mut self, condition: impl Fn(Timestamp, usize) -> bool) {
        while let Some((time, _)) = self.order.front()
            && condition(*time, self.order.len())
            && let Some((_, id)) = self.order.pop_front()
        {
            self.ids.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ticket_core::model::Timestamp;

    use super::SeenEvents;
    use crate::event::MAX_CLOCK_SKEW;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_769_846_400 + second).unwrap()
    }

    #[test]
    fn remembers_an_event_as_long_as_it_would_be_accepted() {
        let mut seen = SeenEvents::new(Duration::from_secs(100), 10);
        let end = 100 + i64::try_from(MAX_CLOCK_SKEW.as_secs()).unwrap();
        assert!(seen.insert("a", at(0)));
        assert!(!seen.insert("a", at(0)) && !seen.insert("a", at(end)));
        assert!(seen.insert("b", at(end)) && seen.insert("a", at(end + 1)));
        assert_eq!((seen.ids.len(), seen.order.len()), (2, 2));
    }

    #[test]
    fn forgets_the_oldest_event_if_there_are_too_many() {
        let mut seen = SeenEvents::new(Duration::from_secs(100), 2);
        assert!(seen.insert("a", at(0)) && seen.insert("b", at(0)) && seen.insert("c", at(0)));
        assert!(!seen.insert("b", at(0)) && !seen.insert("c", at(0)) && seen.insert("a", at(0)));
        assert_eq!((seen.ids.len(), seen.order.len()), (2, 2));
    }

    #[test]
    fn a_removed_event_is_new_again() {
        let mut seen = SeenEvents::default();
        assert!(seen.insert("a", at(0)) && seen.insert("b", at(0)));
        seen.remove("a");
        seen.remove("unknown");
        assert!(seen.insert("a", at(0)) && !seen.insert("b", at(0)));
        assert_eq!((seen.ids.len(), seen.order.len()), (2, 2));
    }
}

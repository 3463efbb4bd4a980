//! Generated tickets: what both services have in common.

pub(crate) mod cases;
pub(crate) mod date;
pub(crate) mod people;
pub(crate) mod timeline;

use std::time::{Duration, SystemTime};

use crate::random::Random;

/// The most tickets that can be generated.
pub(crate) const MAX_TICKETS: usize = 10_000_000;
/// The period in which tickets were created, by default.
pub(crate) const PERIOD: Duration = Duration::from_hours(120 * 24);
/// The last moment of the year 9999, in milliseconds.
const LAST_EPOCH: i64 = 253_402_300_799_999;

/// Tickets that were created together, as by an import.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Burst {
    /// The number of tickets.
    pub(crate) count: usize,
    /// The period in which they were created.
    pub(crate) within: Duration,
}

/// The generated tickets. Ticket `k` is a function of the seed, `k` and the epoch; nothing is stored.
#[derive(Debug, Clone)]
pub(crate) struct Generator {
    /// The number of tickets; their numbers `k` start at 0.
    pub(crate) count: u64,
    pub(crate) seed: u64,
    /// When the tickets are looked at, in milliseconds: nothing happens later.
    pub(crate) epoch: i64,
    /// The length of the period before the epoch in which the tickets were created, in milliseconds.
    period: i64,
    /// The first tickets belong to these, in their order.
    bursts: Vec<Burst>,
}

/// What a sequence of random numbers decides.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Topic {
    Id,
    CreatedAt,
    Timeline,
    Facts,
    Details,
    Guest,
    Agent,
    Stranger,
    Thread,
    Message,
}

impl Generator {
    /// Generates tickets that were created within `period` before `epoch`.
    pub(crate) fn new(count: usize, seed: u64, epoch: i64, period: Duration) -> Self {
        let period = milliseconds(period);
        let epoch = epoch.clamp(period, LAST_EPOCH);
        Self { count: count as u64, seed, epoch, period, bursts: Vec::new() }
    }

    /// Sets the bursts.
    pub(crate) fn with_bursts(self, bursts: Vec<Burst>) -> Self {
        Self { bursts, ..self }
    }

    /// Returns the random numbers of a topic and two further numbers.
    pub(crate) fn random(&self, topic: Topic, k: u64, part: u64) -> Random {
        Random::of(&[self.seed, topic as u64, k, part])
    }

    /// Returns when a ticket was created.
    ///
    /// The moments are fixed: while the epoch advances, only the oldest tickets become the newest.
    pub(crate) fn created_at(&self, k: u64) -> i64 {
        match self.burst(k) {
            None => self.moment(&mut self.random(Topic::CreatedAt, k, 0)),
            Some((number, burst)) => {
                let end = self.moment(&mut self.random(Topic::CreatedAt, number, 1));
                let within = milliseconds(burst.within).unsigned_abs();
                let before = self.random(Topic::CreatedAt, k, 2).below(within).cast_signed();
                (end - before).max(0)
            }
        }
    }

    /// Returns a moment of the period.
    fn moment(&self, random: &mut Random) -> i64 {
        let offset = random.below(self.period.unsigned_abs()).cast_signed();
        self.epoch - (self.epoch - offset).rem_euclid(self.period)
    }

    /// Returns the burst of a ticket, with its number.
    fn burst(&self, k: u64) -> Option<(u64, Burst)> {
        let mut end = 0_u64;
        (0..).zip(&self.bursts).find_map(|(number, burst)| {
            end = end.saturating_add(burst.count as u64);
            (k < end).then_some((number, *burst))
        })
    }
}

/// Returns a period in milliseconds, at least one.
fn milliseconds(period: Duration) -> i64 {
    i64::try_from(period.as_millis()).unwrap_or(i64::MAX).clamp(1, LAST_EPOCH)
}

/// Returns the current time in milliseconds.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EPOCH: i64 = 1_764_000_000_000;

    #[test]
    fn creation_is_within_the_period_and_does_not_move() {
        let period = PERIOD.as_millis().try_into().unwrap_or(0);
        let (first, later) =
            (Generator::new(1000, 1, EPOCH, PERIOD), Generator::new(1000, 1, EPOCH + 1000, PERIOD));
        for k in 0..1000 {
            let created_at = first.created_at(k);
            assert!((0..period).contains(&(EPOCH - created_at)), "{created_at}");
            assert_eq!(later.created_at(k), created_at);
        }
    }

    #[test]
    fn bursts_are_created_together_and_do_not_move() {
        let bursts = [(30, Duration::from_mins(1)), (20, Duration::ZERO)];
        let bursts = bursts.map(|(count, within)| Burst { count, within });
        let at = |epoch| Generator::new(60, 1, epoch, PERIOD).with_bursts(bursts.into());
        let (first, later) = (at(EPOCH), at(EPOCH + 1000));
        let times = |range: std::ops::Range<u64>| -> Vec<_> {
            range.map(|k| first.created_at(k)).collect()
        };
        let length = |times: &[i64]| times.iter().max().unwrap() - times.iter().min().unwrap();
        assert!((1_000..60_000).contains(&length(&times(0..30))));
        assert_eq!(length(&times(30..50)), 0);
        assert!(length(&times(50..60)) > 24 * 60 * 60 * 1_000);
        for (k, time) in (0..60).zip(times(0..60)) {
            assert!(time <= EPOCH);
            assert_eq!(later.created_at(k), time);
        }
    }

    #[test]
    fn extreme_epochs_and_periods_do_not_overflow() {
        for epoch in [i64::MIN, -1, 0, i64::MAX] {
            for period in [Duration::ZERO, PERIOD, Duration::MAX] {
                let generator = Generator::new(1, 1, epoch, period);
                assert!((0..=generator.epoch).contains(&generator.created_at(7)));
            }
        }
        assert_eq!(Generator::new(1, 1, EPOCH, Duration::ZERO).created_at(9), EPOCH);
    }
}

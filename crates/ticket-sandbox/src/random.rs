//! Pseudo-random numbers that are the same in every run.

/// A sequence of pseudo-random numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// Starts the sequence of these numbers. Each combination has its own.
    pub(crate) fn of(parts: &[u64]) -> Self {
        Self(parts.iter().fold(0, |state, part| mix(state ^ part)))
    }

    /// Returns the next number.
    pub(crate) fn next(&mut self) -> u64 {
        let number = mix(self.0);
        self.0 = self.0.wrapping_add(STEP);
        number
    }

    /// Returns a number below `end`; 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Returns true in this percentage of all calls.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// Returns one item. The slice must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.index(items.len())]
    }

    /// Returns an index below `length`.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// Returns one item, with these weights. The slice must not be empty.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(u64, T)]) -> T {
        let mut left = self.below(items.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[0].1
    }

    /// Returns a number from `least` to about twice `most`: each doubling is equally likely.
    pub(crate) fn spread(&mut self, least: i64, most: i64) -> i64 {
        let doublings = (most / least.max(1)).max(1).ilog2();
        let base = least << self.below(u64::from(doublings) + 1);
        base + self.below(base.unsigned_abs()).cast_signed()
    }
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Mixes the bits of a number.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(STEP);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn sequences_must_not_change_between_versions() {
        let mut random = Random::of(&[1, 2]);
        assert_eq!([random.below(1000), random.below(1000), random.below(1000)], [936, 436, 653]);
    }

    #[test]
    fn numbers_stay_within_their_range() {
        let mut random = Random::of(&[]);
        let mut picked = [0; 3];
        for _ in 0..1000 {
            assert!(random.below(7) < 7);
            assert!((5..1280).contains(&random.spread(5, 640)));
            picked[random.weighted(&[(1, 0), (0, 1), (3, 2)])] += 1;
        }
        assert_eq!(random.below(0), 0);
        assert!(picked[0] > 150 && picked[1] == 0 && picked[2] > 600, "{picked:?}");
    }
}

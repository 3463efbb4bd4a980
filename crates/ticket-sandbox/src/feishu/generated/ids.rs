//! Ids of generated tickets: decimal, above 2^53, and in no order.

use crate::generated::Topic;
use crate::random::Random;

/// The least id. Ids of the service look like it.
const BASE: u64 = 7_000_000_000_000_000_000;
/// All ids are below `BASE + RANGE`; a power of two.
const RANGE: u64 = 1 << 58;
/// An odd factor, which has an inverse modulo `RANGE`.
const FACTOR: u64 = 0x009e_3779_b97f_4a7c | 1;
const INVERSE: u64 = inverse(FACTOR);

/// Returns the id of ticket `k`.
pub(crate) fn encode(seed: u64, k: u64) -> u64 {
    BASE + (k.wrapping_mul(FACTOR).wrapping_add(shift(seed)) & (RANGE - 1))
}

/// Returns the number `k` of the ticket with this id, which may not exist.
pub(crate) fn decode(seed: u64, id: &str) -> Option<u64> {
    let number: u64 = id.parse().ok()?;
    let offset = number.checked_sub(BASE).filter(|offset| *offset < RANGE)?;
    // Another spelling, such as leading zeros, is another id.
    let is_canonical = !id.starts_with(['0', '+']);
    is_canonical.then(|| offset.wrapping_sub(shift(seed)).wrapping_mul(INVERSE) & (RANGE - 1))
}

/// Each seed has its own ids.
fn shift(seed: u64) -> u64 {
    Random::of(&[seed, Topic::Id as u64]).next()
}

/// Returns the inverse of an odd number modulo 2^64. Each step doubles the number of correct bits.
const fn inverse(factor: u64) -> u64 {
    let mut inverse = factor;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(factor.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_are_not_in_order() {
        let ids: Vec<_> = (0..10_000).map(|k| encode(1, k)).collect();
        for (k, id) in (0..).zip(&ids) {
            assert_eq!(decode(1, &id.to_string()), Some(k));
        }
        assert!(ids.iter().all(|id| *id > 1 << 53 && id.to_string().len() == 19));
        assert!(!ids.is_sorted() && ids.iter().min() < ids.first());
        assert_ne!(encode(1, 0), encode(2, 0));
    }

    #[test]
    fn other_ids_are_unknown() {
        for id in [
            "",
            "1",
            "-1",
            "x",
            "6999999999999999999",
            "9999999999999999999",
            "99999999999999999999",
        ] {
            assert_eq!(decode(1, id), None, "{id}");
        }
        assert_eq!(decode(1, &format!("0{}", encode(1, 0))), None);
        assert_eq!(decode(1, &format!("+{}", encode(1, 0))), None);
    }
}

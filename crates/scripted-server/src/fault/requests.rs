//! Which requests of a route a rule matches.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use super::FaultRuleError;

/// The syntax.
const USAGE: &str = "`3`, `2-4`, `5-`, `every 10`, `0.5%` or `0.5% seed 7`, or nothing for all";
/// 100 percent.
const MILLION: u32 = 1_000_000;

/// Which requests of a route a rule matches.
///
/// Requests are counted from 1 for each route, starting when the rule is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Requests {
    /// All requests.
    #[default]
    All,
    /// An inclusive range of numbers; `None` has no end.
    Range(NonZeroU64, Option<NonZeroU64>),
    /// Every n-th request.
    Every(NonZeroU64),
    /// A pseudo-random share, the same in each run.
    Share {
        /// Parts per million, 1 to 1,000,000.
        per_million: u32,
        /// The seed of the pseudo-random choice.
        seed: u64,
    },
}

impl Requests {
    /// Returns whether the request with this number at this route matches.
    pub(crate) fn contains(self, route: &str, number: u64) -> bool {
        match self {
            Self::All => true,
            Self::Range(first, last) => {
                number >= first.get() && last.is_none_or(|last| number <= last.get())
            }
            Self::Every(step) => number.is_multiple_of(step.get()),
            Self::Share { per_million, seed } => {
                let seed = route.bytes().fold(seed, |seed, byte| hash(seed ^ u64::from(byte)));
                hash(seed ^ number) % u64::from(MILLION) < u64::from(per_million)
            }
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<_> = text.split_whitespace().collect();
        match words[..] {
            [] => Some(Self::All),
            ["every", step] => step.parse().ok().map(Self::Every),
            [share, "seed", seed] => Self::share(share, seed.parse().ok()?),
            [share] if share.ends_with('%') => Self::share(share, 0),
            [range] => match range.split_once('-') {
                None => range.parse().ok().map(|one| Self::Range(one, Some(one))),
                Some((first, "")) => Some(Self::Range(first.parse().ok()?, None)),
                Some((first, last)) => {
                    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
                    (first <= last).then_some(Self::Range(first, Some(last)))
                }
            },
            _ => None,
        }
    }

    /// Parses a percentage with at most four decimal places.
    fn share(text: &str, seed: u64) -> Option<Self> {
        let percent = text.strip_suffix('%')?;
        let (whole, rest) = percent.split_once('.').unwrap_or((percent, "0"));
        if rest.is_empty() || rest.len() > 4 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let rest: u32 = format!("{rest:0<4}").parse().ok()?;
        let per_million = whole.parse::<u32>().ok()?.checked_mul(10_000)?.checked_add(rest)?;
        (1..=MILLION).contains(&per_million).then_some(Self::Share { per_million, seed })
    }
}

/// Mixes the bits of a number (`SplitMix64`).
fn hash(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

impl fmt::Display for Requests {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::All => Ok(()),
            Self::Range(first, Some(last)) if first == last => write!(formatter, "{first}"),
            Self::Range(first, Some(last)) => write!(formatter, "{first}-{last}"),
            Self::Range(first, None) => write!(formatter, "{first}-"),
            Self::Every(step) => write!(formatter, "every {step}"),
            Self::Share { per_million, seed } => {
                let rest = format!(".{:04}", per_million % 10_000);
                write!(
                    formatter,
                    "{}{}%",
                    per_million / 10_000,
                    rest.trim_end_matches(['0', '.'])
                )?;
                if seed == 0 { Ok(()) } else { write!(formatter, " seed {seed}") }
            }
        }
    }
}

impl FromStr for Requests {
    type Err = FaultRuleError;

    fn from_str(text: &str) -> Result<Self, FaultRuleError> {
        Self::parse(text).ok_or_else(|| {
            FaultRuleError::new(format!("invalid requests `{}`; expected {USAGE}", text.trim()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Requests;

    fn numbers(text: &str) -> Vec<u64> {
        let requests: Requests = text.parse().expect(text);
        (1..=12).filter(|number| requests.contains("a", *number)).collect()
    }

    #[test]
    fn parses_and_matches_numbers() {
        let all: Vec<_> = (1..=12).collect();
        for (text, expected) in [
            ("", all.clone()),
            ("3", vec![3]),
            ("2-4", vec![2, 3, 4]),
            ("10-", vec![10, 11, 12]),
            ("every 5", vec![5, 10]),
            ("100%", all),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
            let requests: Requests = text.parse().expect(text);
            assert_eq!(requests.to_string(), text);
        }
    }

    #[test]
    fn share_has_the_given_size_and_is_reproducible() {
        let matching = |text: &str, route: &str| -> Vec<u64> {
            let requests: Requests = text.parse().expect(text);
            assert_eq!(requests.to_string(), text);
            (1..=100_000).filter(|number| requests.contains(route, *number)).collect()
        };
        let five = matching("5%", "a");
        assert!((4_700..5_300).contains(&five.len()), "{}", five.len());
        assert!((30..80).contains(&matching("0.05% seed 1", "a").len()));
        assert_eq!(five, matching("5%", "a"));
        assert_ne!(five, matching("5% seed 1", "a"));
        assert_ne!(five, matching("5%", "b"), "each route has its own choice");
        assert_eq!(&five[..3], [5, 108, 114], "the choice must not change between versions");
    }

    #[test]
    fn rejects_invalid_requests() {
        for text in [
            "0", "0-2", "4-2", "-3", "every", "every 0", "x", "1 2", "0%", "101%", "5.%",
            "0.00001%", "%", "3 seed 1", "5% seed",
        ] {
            let error = text.parse::<Requests>().expect_err(text).to_string();
            assert!(error.contains("`2-4`") && error.contains(text), "{error}");
        }
    }
}

//! The keys of the table: the valid values of each, and the setting that it changes.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ticket_core::transport::{Proxy, TransportConfig};

/// The key for the timeout of the whole call.
pub(super) const CALL_TIMEOUT: &str = "call_timeout";
/// The option that overrides `call_timeout`.
pub(super) const TIMEOUT: &str = "--timeout";
/// The key for the number of concurrent requests.
pub(super) const CONCURRENCY: &str = "concurrency";

/// The shortest timeout, in seconds.
const SHORTEST: f64 = 0.001;
/// The longest timeout or backoff, in seconds: a day.
const LONGEST: f64 = 86_400.0;
/// The range of `rate_limit_fraction`.
const FRACTIONS: RangeInclusive<f64> = 0.001..=1_000.0;
/// The longest user agent, in bytes.
const LONGEST_USER_AGENT: usize = 256;

type Set<T> = fn(&mut TransportConfig, T);

/// A key of the table.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    shape: Shape,
}

/// The valid values of a key.
#[derive(Debug)]
enum Shape {
    /// Seconds with an optional fraction, and their minimum.
    Seconds(f64, Set<Duration>),
    /// A whole number, its minimum and its maximum.
    Whole(u32, u32, Set<u32>),
    /// A fraction or a multiple of the documented rate limit.
    Fraction,
    UserAgent,
    Proxy,
    Certificates,
}

/// All keys, in the order of `docs/configuration.md`.
pub(crate) static KEYS: &[Key] = &[
    seconds("connect_timeout", SHORTEST, |settings, time| settings.connect_timeout = time),
    seconds("attempt_timeout", SHORTEST, |settings, time| settings.attempt_timeout = time),
    seconds(CALL_TIMEOUT, SHORTEST, |settings, time| settings.call_timeout = time),
    whole("max_attempts", 1, 100, |settings, number| settings.max_attempts = number),
    seconds("initial_backoff", 0.0, |settings, time| settings.initial_backoff = time),
    seconds("max_backoff", 0.0, |settings, time| settings.max_backoff = time),
    whole("retry_budget", 0, 1_000_000, |settings, number| settings.retry_budget = number),
    whole("max_body_bytes", 1, 1 << 30, |settings, number| settings.max_body_bytes = size(number)),
    whole(CONCURRENCY, 1, 256, |settings, number| settings.concurrency = size(number)),
    Key { name: "rate_limit_fraction", shape: Shape::Fraction },
    Key { name: "user_agent", shape: Shape::UserAgent },
    Key { name: "proxy", shape: Shape::Proxy },
    Key { name: "ca_file", shape: Shape::Certificates },
];

static TIMEOUT_KEY: Key = seconds(TIMEOUT, SHORTEST, |settings, time| settings.call_timeout = time);

const fn seconds(name: &'static str, least: f64, set: Set<Duration>) -> Key {
    Key { name, shape: Shape::Seconds(least, set) }
}

const fn whole(name: &'static str, least: u32, most: u32, set: Set<u32>) -> Key {
    Key { name, shape: Shape::Whole(least, most, set) }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The value of a key in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'t> {
    /// A number without a fraction.
    Whole(i64),
    /// A number with a fraction.
    Fraction(f64),
    /// A string.
    Text(&'t str),
    /// Any other value.
    Other,
}

impl Given<'_> {
    /// Returns the number, with or without a fraction.
    fn number(self) -> Option<f64> {
        match self {
            Self::Whole(number) => i32::try_from(number).ok().map(f64::from),
            Self::Fraction(number) => Some(number),
            Self::Text(_) | Self::Other => None,
        }
    }
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(super) key: &'static Key,
    pub(super) value: Value,
}

/// A valid value, and the function that sets it.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Seconds(Duration, Set<Duration>),
    Whole(u32, Set<u32>),
    Fraction(f64),
    UserAgent(String),
    Proxy(Proxy),
    /// The path of a PEM file.
    Certificates(PathBuf),
}

impl Key {
    /// Parses a value of this key. A path is relative to `folder`, the folder of the config file.
    ///
    /// # Errors
    /// If the value is invalid. The message continues a sentence that begins with the name of the key.
    pub(crate) fn read(&'static self, given: Given<'_>, folder: &Path) -> Result<Entry, String> {
        if let (Shape::Proxy, Given::Text(text)) = (&self.shape, given) {
            let proxy = Proxy::parse(text).map_err(|error| error.to_string())?;
            return Ok(Entry { key: self, value: Value::Proxy(proxy) });
        }
        self.value(given, folder)
            .map(|value| Entry { key: self, value })
            .ok_or_else(|| format!("must be {}", self.expected()))
    }

    fn value(&self, given: Given<'_>, folder: &Path) -> Option<Value> {
        Some(match (&self.shape, given) {
            (Shape::Seconds(least, set), given) => {
                Value::Seconds(duration(*least, given.number()?)?, *set)
            }
            (Shape::Fraction, given) => {
                let number = given.number().filter(|it| FRACTIONS.contains(it))?;
                Value::Fraction(number)
            }
            (Shape::Whole(least, most, set), Given::Whole(number)) => {
                let number = u32::try_from(number).ok()?;
                (*least..=*most).contains(&number).then_some(Value::Whole(number, *set))?
            }
            (Shape::UserAgent, Given::Text(text)) => {
                let is_one = text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
                    && text.trim() == text
                    && text.len() <= LONGEST_USER_AGENT;
                is_one.then(|| Value::UserAgent(text.to_owned()))?
            }
            (Shape::Certificates, Given::Text(text)) => Value::Certificates(folder.join(text)),
            _ => return None,
        })
    }

    /// Describes the valid values.
    fn expected(&self) -> String {
        match self.shape {
            Shape::Seconds(least, _) => format!("a number of seconds from {least} to {LONGEST}"),
            Shape::Whole(least, most, _) => format!("a whole number from {least} to {most}"),
            Shape::Fraction => {
                format!("a number from {} to {}", FRACTIONS.start(), FRACTIONS.end())
            }
            Shape::UserAgent => {
                format!(
                    "a text in quotes of at most {LONGEST_USER_AGENT} printable ASCII characters"
                )
            }
            Shape::Proxy => "an address in quotes such as \"http://proxy.example:3128\"".into(),
            Shape::Certificates => "the path of a PEM file in quotes".into(),
        }
    }
}

impl Entry {
    /// Returns whether the entry decides the route of a call, and so who can read it.
    pub(super) fn is_route(&self) -> bool {
        matches!(self.value, Value::Proxy(_) | Value::Certificates(_))
    }
}

impl Value {
    /// Returns the value for display; of a proxy only host and port.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Seconds(time, _) => format!("{} s", time.as_secs_f64()),
            Self::Whole(number, _) => number.to_string(),
            Self::Fraction(number) => number.to_string(),
            Self::UserAgent(text) => text.clone(),
            Self::Proxy(proxy) => proxy.address(),
            Self::Certificates(file) => file.display().to_string(),
        }
    }
}

/// Parses the value of `--timeout`.
///
/// # Errors
/// If it is not a number of seconds within the range.
pub(crate) fn timeout(text: &str) -> Result<Entry, String> {
    let given = text.parse().map_or(Given::Other, Given::Fraction);
    TIMEOUT_KEY
        .read(given, Path::new(""))
        .map_err(|_| format!("expected {}", TIMEOUT_KEY.expected()))
}

fn duration(least: f64, seconds: f64) -> Option<Duration> {
    (least..=LONGEST).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
}

//! Durations, due times and satisfaction.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::IndexMap;
use crate::present::present;

/// Times and durations of the handling, as the provider measured them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Metrics {
    /// When an agent first responded.
    pub first_response_at: Option<Timestamp>,
    /// When an agent last responded.
    pub last_response_at: Option<Timestamp>,
    /// When the first agent joined.
    pub agent_joined_at: Option<Timestamp>,
    /// From the time when the first agent joined to the first response, in seconds.
    pub first_response_seconds: Option<u64>,
    /// From the time when the first agent joined to the last response, in seconds.
    pub agent_service_seconds: Option<Seconds>,
    /// From the creation to the time when the first agent joined, in seconds.
    pub bot_service_seconds: Option<u64>,
    /// From the time when the first agent joined to the end, in seconds.
    pub resolution_seconds: Option<u64>,
    /// The part of the resolution in which the ticket was not on hold, in seconds.
    pub processing_seconds: Option<u64>,
    /// The time that people worked on the ticket, as they recorded it, in seconds.
    pub work_seconds: Option<Seconds>,
}

present!(Metrics {
    first_response_at,
    last_response_at,
    agent_joined_at,
    first_response_seconds,
    agent_service_seconds,
    bot_service_seconds,
    resolution_seconds,
    processing_seconds,
    work_seconds,
});

/// The service level agreement: due times, and whether one was missed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sla {
    /// The name of the agreement, as the tenant calls it.
    pub name: Option<String>,
    /// When the first response is due.
    pub first_response_due: Option<Timestamp>,
    /// When the resolution is due.
    pub resolution_due: Option<Timestamp>,
    /// Whether a due time was missed, as the provider says.
    pub breached: Option<bool>,
}

present!(Sla { name, first_response_due, resolution_due, breached });

/// The requester's rating of the service (CSAT).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Satisfaction {
    /// The rating, on the scale from `min` to `max`; more is better.
    pub score: Option<i64>,
    /// The worst rating of the scale.
    pub min: Option<i64>,
    /// The best rating of the scale.
    pub max: Option<i64>,
    /// The requester's comment.
    pub comment: Option<String>,
    /// Reasons chosen from a list, each as a map from BCP 47 language tag to text.
    #[serde(default)]
    pub reasons: Vec<IndexMap<String, String>>,
    /// When the rating was given.
    pub submitted_at: Option<Timestamp>,
}

present!(Satisfaction { score, comment, reasons, submitted_at } constants { min, max });

/// A duration in seconds, exact to the millisecond. In JSON it is a number, `90` or `1.8`.
///
/// ```
/// use ticket_model::Seconds;
///
/// let three_hundredths_of_a_minute = Seconds::from_milliseconds(1_800).unwrap();
/// assert_eq!(three_hundredths_of_a_minute.to_string(), "1.8");
/// assert_eq!(serde_json::to_string(&three_hundredths_of_a_minute).unwrap(), "1.8");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seconds {
    milliseconds: u64,
}

impl Seconds {
    /// The maximum: 10^12 seconds, up to which a JSON number (a double) keeps three decimals.
    pub const MAX: Self = Self { milliseconds: 1_000_000_000_000_000 };

    /// Creates a duration from milliseconds; `None` above [`Seconds::MAX`].
    pub fn from_milliseconds(milliseconds: u64) -> Option<Self> {
        (milliseconds <= Self::MAX.milliseconds).then_some(Self { milliseconds })
    }

    /// Returns the duration in milliseconds.
    pub const fn as_milliseconds(self) -> u64 {
        self.milliseconds
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.milliseconds / 1_000, self.milliseconds % 1_000);
        if rest == 0 {
            write!(formatter, "{whole}")
        } else {
            let fraction = format!("{rest:03}");
            write!(formatter, "{whole}.{}", fraction.trim_end_matches('0'))
        }
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.milliseconds.is_multiple_of(1_000) {
            serializer.serialize_u64(self.milliseconds / 1_000)
        } else {
            // Up to fifteen digits the nearest double of a decimal prints as that decimal.
            #[allow(
                clippy::cast_precision_loss,
                reason = "at most 10^15, which a double holds exactly"
            )]
            serializer.serialize_f64(self.milliseconds as f64 / 1_000.0)
        }
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        let milliseconds = (seconds * 1_000.0).round();
        #[allow(clippy::cast_precision_loss, reason = "10^15 is exact")]
        let longest = Self::MAX.milliseconds as f64;
        if !(0.0..=longest).contains(&milliseconds) {
            return Err(de::Error::custom(format_args!(
                "{seconds} is not a duration from 0 to {} seconds",
                Self::MAX
            )));
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded, and within the range checked above"
        )]
        let milliseconds = milliseconds as u64;
        Ok(Self { milliseconds })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Seconds {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Seconds".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number",
            "minimum": 0,
            "description": "A duration in seconds, with at most three decimals.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Seconds;

    #[test]
    fn seconds_print_and_read_back_exactly() {
        for (milliseconds, text) in [
            (0, "0"),
            (1, "0.001"),
            (10, "0.01"),
            (1_800, "1.8"),
            (2_557_497_000, "2557497"),
            (Seconds::MAX.milliseconds - 1, "999999999999.999"),
        ] {
            let seconds = Seconds::from_milliseconds(milliseconds).unwrap();
            assert_eq!(seconds.to_string(), text);
            let json = serde_json::to_string(&seconds).unwrap();
            assert_eq!(json, text);
            assert_eq!(serde_json::from_str::<Seconds>(&json).unwrap(), seconds);
        }
    }

    #[test]
    fn seconds_refuse_what_is_no_duration() {
        assert_eq!(Seconds::from_milliseconds(u64::MAX), None);
        for text in ["-1", "1e300", "\"1\"", "null"] {
            assert!(serde_json::from_str::<Seconds>(text).is_err(), "{text}");
        }
    }
}

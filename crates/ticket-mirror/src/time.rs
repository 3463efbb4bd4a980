//! Times as the mirror stores them.

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

/// Returns RFC 3339 in UTC with exactly three decimals, so that texts sort by time. Shorter units are cut off.
pub(crate) fn text(time: Timestamp) -> String {
    let round = TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Floor);
    format!("{:.3}", time.round(round).unwrap_or(time))
}

/// Reads a time that was stored.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn texts_sort_by_time() {
        let texts = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0509Z", "2026-01-01T00:00:00.5Z"]
            .map(|time| text(time.parse().unwrap()));
        assert_eq!(
            texts,
            ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.050Z", "2026-01-01T00:00:00.500Z"]
        );
        assert!(texts.is_sorted());
    }
}

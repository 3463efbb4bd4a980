//! Numbers with their units.

/// Returns a number and its noun: `1 day`, `2 days`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Returns a duration in units and in exact seconds: `1d 10h 24m 29s (123869 seconds)`.
///
/// `whole` is the number of whole seconds; `exact` is the number with its decimals, as printed.
pub fn duration(whole: u64, exact: &str) -> String {
    let exact_words = if exact == "1" { "1 second".into() } else { format!("{exact} seconds") };
    if whole < 60 {
        return exact_words;
    }
    let parts = [
        (whole / 86_400, "d"),
        (whole / 3_600 % 24, "h"),
        (whole / 60 % 60, "m"),
        (whole % 60, "s"),
    ];
    let words: Vec<_> = parts
        .iter()
        .filter(|(amount, _)| *amount > 0)
        .map(|(amount, unit)| format!("{amount}{unit}"))
        .collect();
    format!("{} ({exact_words})", words.join(" "))
}

/// Returns a rounded size and the exact number of bytes: `1.2 kB (1220 bytes)`.
pub fn size(bytes: u64) -> String {
    let exact = counted(bytes, "byte");
    let short = short_size(bytes);
    if short == exact { exact } else { format!("{short} ({exact})") }
}

/// Returns a rounded size: `1.2 kB`.
pub fn short_size(bytes: u64) -> String {
    let units =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        None => counted(bytes, "byte"),
        Some((unit, name)) => {
            let tenths = bytes / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, size};

    #[test]
    fn shows_exact_durations_and_sizes() {
        for (whole, exact, expected) in [
            (0, "0", "0 seconds"),
            (1, "1", "1 second"),
            (1, "1.8", "1.8 seconds"),
            (66, "66", "1m 6s (66 seconds)"),
            (3_600, "3600", "1h (3600 seconds)"),
            (123_869, "123869", "1d 10h 24m 29s (123869 seconds)"),
            (2_557_497, "2557497.5", "29d 14h 24m 57s (2557497.5 seconds)"),
        ] {
            assert_eq!(duration(whole, exact), expected);
        }
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_220, "1.2 kB (1220 bytes)"),
            (5_000_000, "5.0 MB (5000000 bytes)"),
            (u64::MAX, "18446744.0 TB (18446744073709551615 bytes)"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}

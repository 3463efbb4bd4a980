//! Dates of the Gregorian calendar.

const DAY: i64 = 24 * 60 * 60 * 1000;
/// The offset of the written times: eight hours east of UTC.
const OFFSET: i64 = 8 * 60 * 60 * 1000;

/// Formats milliseconds as RFC 3339, such as `2025-11-04T09:15:22+08:00`.
pub(crate) fn rfc3339(milliseconds: i64) -> String {
    let local = milliseconds + OFFSET;
    let (year, month, day) = civil(local.div_euclid(DAY));
    let seconds = local.rem_euclid(DAY) / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00")
}

/// Returns year, month and day of a day since 1970-01-01.
///
/// The years start in March, so that the leap day is the last of its year. Four hundred years have 146,097 days.
pub(crate) fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, day_of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_known_moments() {
        for (milliseconds, text) in [
            (0, "1970-01-01T08:00:00+08:00"),
            (1_762_218_922_000, "2025-11-04T09:15:22+08:00"),
            (1_709_164_799_999, "2024-02-29T07:59:59+08:00"),
            (1_709_222_400_000, "2024-03-01T00:00:00+08:00"),
            (951_782_400_000, "2000-02-29T08:00:00+08:00"),
            (-28_800_001, "1969-12-31T23:59:59+08:00"),
            (253_402_271_999_000, "9999-12-31T23:59:59+08:00"),
        ] {
            assert_eq!(rfc3339(milliseconds), text);
        }
    }
}

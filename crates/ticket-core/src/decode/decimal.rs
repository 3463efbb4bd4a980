//! Exact decimal minutes: as floats, 0.03 minutes are 1.7999999999999998 seconds.

/// Converts decimal minutes to milliseconds, rounded to the nearest; `None` if the text is not a decimal number, is negative, or
/// is too large.
pub(super) fn minutes_to_milliseconds(text: &str) -> Option<u64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    // digits × 10^-places minutes, with 60,000 milliseconds in a minute
    let digits: u128 = [whole, fraction].concat().parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    let scaled = digits.checked_mul(60_000)?;
    let factor = 10_u128.checked_pow(places.unsigned_abs());
    let milliseconds = match factor {
        _ if digits == 0 => 0,
        Some(factor) if places > 0 => {
            scaled / factor + u128::from(scaled % factor >= factor.div_ceil(2))
        }
        Some(factor) => scaled.checked_mul(factor)?,
        None if places > 0 => 0, // far below a millisecond
        None => return None,
    };
    milliseconds.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::minutes_to_milliseconds;

    #[test]
    fn converts_minutes_exactly() {
        for (minutes, milliseconds) in [
            ("0", Some(0)),
            ("1", Some(60_000)),
            ("42624.95", Some(2_557_497_000)),
            ("0.03", Some(1_800)),
            ("0.00001", Some(1)),
            ("0.000008", Some(0)),
            ("42624.949999999997", Some(2_557_497_000)),
            ("4.262495e4", Some(2_557_497_000)),
            ("4262495E-2", Some(2_557_497_000)),
            ("1e2", Some(6_000_000)),
            ("0e999", Some(0)),
            ("1e-999", Some(0)),
            ("0.00005671372782015641057722910123862803", Some(3)),
            ("-1", None),
            ("-0.5", None),
            ("1e400", None),
            ("", None),
            (".5", None),
            ("1.", None),
            ("1e", None),
            ("one", None),
            ("99999999999999999999999999999999999999999", None),
        ] {
            assert_eq!(minutes_to_milliseconds(minutes), milliseconds, "{minutes}");
        }
    }
}

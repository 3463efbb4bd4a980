//! The parts of the text form: times, sizes, statuses, headers, origins.

use std::fmt;
use std::time::Duration;

use super::Fault;

/// Writes a time in seconds or milliseconds.
pub(super) struct Time(pub(super) Duration);

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            0 => formatter.write_str("0ms"),
            milliseconds if milliseconds % 1000 == 0 => write!(formatter, "{}s", self.0.as_secs()),
            milliseconds => write!(formatter, "{milliseconds}ms"),
        }
    }
}

pub(super) fn parse_time(text: &str) -> Option<Duration> {
    let (count, milliseconds) = match text.strip_suffix("ms") {
        Some(count) => (count, 1),
        None => (text.strip_suffix('s')?, 1000),
    };
    Some(Duration::from_millis(count.parse::<u64>().ok()?.checked_mul(milliseconds)?))
}

/// The units of sizes, largest first.
const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Writes a size in the largest unit that divides it.
pub(super) struct Size(pub(super) u64);

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = *self;
        let fits = |(_, unit): &&(&str, u64)| bytes >= *unit && bytes.is_multiple_of(*unit);
        let (name, unit) = UNITS.iter().find(fits).unwrap_or(&("B", 1));
        write!(formatter, "{}{name}", bytes / unit)
    }
}

pub(super) fn parse_size(text: &str) -> Option<u64> {
    let (count, unit) =
        UNITS.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))?;
    count.parse::<u64>().ok()?.checked_mul(*unit)
}

pub(super) fn status(
    formatter: &mut fmt::Formatter<'_>,
    status: u16,
    code: Option<i64>,
) -> fmt::Result {
    write!(formatter, " {status}")?;
    code.map_or(Ok(()), |code| write!(formatter, " code {code}"))
}

/// Parses `STATUS [code CODE]`.
fn parse_status_and_code(text: &str) -> Option<(u16, Option<i64>)> {
    let mut words = text.split_whitespace();
    let status = words.next()?.parse().ok().filter(|status| (200..600).contains(status))?;
    let code = match words.next() {
        None => None,
        Some("code") => Some(words.next()?.parse().ok()?),
        Some(_) => return None,
    };
    words.next().is_none().then_some((status, code))
}

pub(super) fn parse_echo(text: &str) -> Option<Fault> {
    parse_status_and_code(text).map(|(status, code)| Fault::Echo { status, code })
}

pub(super) fn parse_status(text: &str) -> Option<Fault> {
    let (status, headers) = match text.split_once(" with ") {
        Some((status, headers)) => {
            (status, headers.split(';').map(parse_header).collect::<Option<_>>()?)
        }
        None => (text, Vec::new()),
    };
    let (status, code) = parse_status_and_code(status)?;
    Some(Fault::Status { status, code, headers })
}

/// Parses `NAME: VALUE`. Control characters are invalid, so that a value cannot end its header.
fn parse_header(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    let (name, value) = (name.trim(), value.trim());
    let is_name_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let is_name = !name.is_empty() && name.bytes().all(is_name_byte);
    let is_value = !value.contains(char::is_control);
    (is_name && is_value).then(|| (name.to_owned(), value.to_owned()))
}

/// Parses `STATUS [to ORIGIN]`.
pub(super) fn parse_redirect(text: &str) -> Option<Fault> {
    let mut words = text.split_whitespace();
    let status = words.next()?.parse().ok().filter(|status| (300..400).contains(status))?;
    let to = match words.next() {
        None => None,
        Some("to") => Some(parse_origin(words.next()?)?),
        Some(_) => return None,
    };
    words.next().is_none().then_some(Fault::Redirect { status, to })
}

/// Parses `http://HOST[:PORT]`, without a path.
fn parse_origin(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let is_origin = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    is_origin.then(|| url.as_str().trim_end_matches('/').to_owned())
}

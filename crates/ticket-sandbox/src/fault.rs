//! What can go wrong between a service and its client, as values that know nothing of any service.

mod bomb;
mod catalogue;
mod requests;
mod rule;
mod rules;
mod script;
mod text;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

pub use catalogue::CatalogueEntry;
pub use requests::Requests;
pub use rule::{Rule, RuleError};
pub(crate) use rules::Rules;
pub(crate) use script::{End, Service, script};

/// One way in which a response goes wrong.
///
/// It has one text form, which [`FromStr`] reads and [`Display`](fmt::Display) writes; [`Fault::catalogue`] lists them.
///
/// ```
/// use ticket_sandbox::Fault;
///
/// let fault: Fault = "status 400 code 99991400 with x-ogw-ratelimit-reset: 0.5".parse()?;
/// assert_eq!(fault.name(), "status");
/// assert_eq!(fault.to_string(), "status 400 code 99991400 with x-ogw-ratelimit-reset: 0.5");
/// # Ok::<(), ticket_sandbox::RuleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Another HTTP status, with the page of a gateway as body.
    Status {
        /// The status, from 200 to 599.
        status: u16,
        /// With a code, the body is the envelope in which this service refuses.
        code: Option<i64>,
        /// Headers besides, names and values.
        headers: Vec<(String, String)>,
    },
    /// All tokens reach their end before the request is answered.
    Expire,
    /// All tokens are revoked before the request is answered.
    Revoke,
    /// All tokens are refused from this request on, and handed out again all the same.
    Spoil,
    /// The response comes so much later.
    Delay(Duration),
    /// Nothing is ever sent, and the connection stays open.
    Silence,
    /// Half of the body is sent and then nothing, and the connection stays open.
    Stall,
    /// The response comes byte by byte, with so much time before each.
    Drip(Duration),
    /// The connection ends in the middle of the body.
    Cut,
    /// The connection ends in the middle of a chunk.
    CutChunk,
    /// The connection ends without a response.
    Close,
    /// The connection is reset without a response.
    Reset,
    /// What is sent is no HTTP.
    Garbage,
    /// The announced length is off by so many bytes, the body is whole.
    Length(i64),
    /// The body is said to be gzip, and is none.
    GzipGarbage,
    /// The body is gzip that inflates to so many bytes.
    GzipBomb(u64),
    /// A redirect.
    Redirect {
        /// The status, from 300 to 399.
        status: u16,
        /// Another origin, such as `http://127.0.0.1:4000`; `None` stays on this one.
        to: Option<String>,
    },
    /// HTTP 200 with a page.
    Html,
    /// HTTP 200 with an empty body.
    Empty,
    /// HTTP 200 with `null`.
    Null,
    /// The right response about another ticket than the one asked for.
    AnotherTicket,
    /// A body of so many lists, one in the other.
    Nested(u32),
    /// The right response, with so many lists in a field that nobody knows.
    NestedField(u32),
    /// A body of so many bytes, announced.
    Huge(u64),
    /// A body of so many bytes, in chunks, not announced.
    HugeChunked(u64),
    /// A body that repeats the whole request, headers and all.
    Echo {
        /// The status, from 200 to 599.
        status: u16,
        /// With a code, the request is the message in the envelope in which this service refuses.
        code: Option<i64>,
    },
}

impl Fault {
    /// Every fault there is, each with how it is written and what it does.
    pub fn catalogue() -> &'static [CatalogueEntry] {
        catalogue::CATALOGUE
    }

    /// The first word of the text form, by which the catalogue knows it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Expire => "expire",
            Self::Revoke => "revoke",
            Self::Spoil => "spoil",
            Self::Delay(_) => "delay",
            Self::Silence => "silence",
            Self::Stall => "stall",
            Self::Drip(_) => "drip",
            Self::Cut => "cut",
            Self::CutChunk => "cut-chunk",
            Self::Close => "close",
            Self::Reset => "reset",
            Self::Garbage => "garbage",
            Self::Length(_) => "length",
            Self::GzipGarbage => "gzip-garbage",
            Self::GzipBomb(_) => "gzip-bomb",
            Self::Redirect { .. } => "redirect",
            Self::Html => "html",
            Self::Empty => "empty",
            Self::Null => "null",
            Self::AnotherTicket => "another-ticket",
            Self::Nested(_) => "nested",
            Self::NestedField(_) => "nested-field",
            Self::Huge(_) => "huge",
            Self::HugeChunked(_) => "huge-chunked",
            Self::Echo { .. } => "echo",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())?;
        match self {
            Self::Delay(time) | Self::Drip(time) => write!(formatter, " {}", text::Time(*time)),
            Self::GzipBomb(size) | Self::Huge(size) | Self::HugeChunked(size) => {
                write!(formatter, " {}", text::Size(*size))
            }
            Self::Nested(depth) | Self::NestedField(depth) => write!(formatter, " {depth}"),
            Self::Length(off) => write!(formatter, " {off:+}"),
            Self::Redirect { status, to: None } => write!(formatter, " {status}"),
            Self::Redirect { status, to: Some(to) } => write!(formatter, " {status} to {to}"),
            Self::Echo { status, code } => text::status(formatter, *status, *code),
            Self::Status { status, code, headers } => {
                text::status(formatter, *status, *code)?;
                for (index, (name, value)) in headers.iter().enumerate() {
                    let before = if index == 0 { " with" } else { ";" };
                    write!(formatter, "{before} {name}: {value}")?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl FromStr for Fault {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let text = text.trim();
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let Some(entry) = catalogue::CATALOGUE.iter().find(|entry| entry.name == name) else {
            let names: Vec<_> = catalogue::CATALOGUE.iter().map(|entry| entry.name).collect();
            return Err(RuleError::new(format!(
                "there is no fault `{name}`; there are {}",
                names.join(", ")
            )));
        };
        (entry.read)(rest.trim()).ok_or_else(|| {
            RuleError::new(format!(
                "`{text}` cannot be understood: it is written `{}`, such as `{}`",
                entry.usage, entry.example
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn every_example_of_the_catalogue_is_read_and_written_the_same() {
        for entry in Fault::catalogue() {
            let fault: Fault = entry.example.parse().expect(entry.example);
            assert_eq!((fault.name(), &*fault.to_string()), (entry.name, entry.example));
            assert!(entry.usage.starts_with(entry.name), "{}", entry.usage);
            // One line of a terminal, also where it is set in.
            assert!(entry.about.ends_with('.') && entry.about.len() <= 92, "{}", entry.about);
        }
    }

    #[test]
    fn no_fault_stands_in_the_catalogue_twice() {
        let names: std::collections::BTreeSet<_> =
            Fault::catalogue().iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), Fault::catalogue().len());
    }

    #[test]
    fn other_spellings_of_a_fault_are_read_as_well() {
        for (text, canonical) in [
            (" silence ", "silence"),
            ("delay 1500ms", "delay 1500ms"),
            ("delay 2000ms", "delay 2s"),
            ("gzip-bomb 1024MiB", "gzip-bomb 1GiB"),
            ("huge 1000B", "huge 1000B"),
            ("length 12", "length +12"),
            ("redirect 308 to http://127.0.0.1:9/", "redirect 308 to http://127.0.0.1:9"),
            ("status 418", "status 418"),
            ("status 200 code -7", "status 200 code -7"),
            (
                "status 429 with Retry-After:Wed, 21 Oct 2015 07:28:00 GMT ; x-ogw-ratelimit-reset: NaN",
                "status 429 with Retry-After: Wed, 21 Oct 2015 07:28:00 GMT; x-ogw-ratelimit-reset: NaN",
            ),
            ("status 429 with Retry-After:", "status 429 with Retry-After: "),
        ] {
            let fault: Fault = text.parse().expect(text);
            assert_eq!(fault.to_string(), canonical);
            assert_eq!(canonical.parse::<Fault>().expect(canonical), fault);
        }
    }

    #[test]
    fn what_is_no_fault_is_refused_with_how_it_is_written() {
        for text in [
            "status",
            "status 99",
            "status 600",
            "status 503 code",
            "status 503 code x",
            "status 503 with",
            "status 503 with a",
            "status 503 with a b: c",
            "status 503 with : c",
            "status 503 with a: b\r\nc: d",
            "silence 3s",
            "delay",
            "delay 3",
            "delay 3h",
            "drip -1ms",
            "delay 99999999999999999999s",
            "cut now",
            "length",
            "length x",
            "gzip-bomb 3MB",
            "huge 99999999999GiB",
            "redirect 200",
            "redirect 302 to",
            "redirect 302 to ftp://x",
            "redirect 302 to http://h/path",
            "redirect 302 http://h",
            "nested",
            "nested -1",
            "echo 1",
        ] {
            let refusal = text.parse::<Fault>().expect_err(text).to_string();
            let name = text.split(' ').next().unwrap_or_default();
            assert!(refusal.contains(&format!("it is written `{name}")), "{refusal}");
            assert!(refusal.contains(&format!("such as `{name}")), "{refusal}");
        }
        let refusal = "sleep 3s".parse::<Fault>().expect_err("no fault").to_string();
        assert!(refusal.starts_with("there is no fault `sleep`; there are status, "), "{refusal}");
        for entry in Fault::catalogue() {
            assert!(refusal.contains(entry.name), "{refusal}");
        }
    }
}

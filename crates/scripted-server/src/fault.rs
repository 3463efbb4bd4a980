//! Faults and the rules that inject them.

mod active_rules;
mod catalogue;
mod gzip_bomb;
mod page;
mod plan;
mod requests;
mod rule;
mod text;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

pub(crate) use active_rules::ActiveRules;
pub use catalogue::FaultInfo;
pub use page::PageFault;
pub(crate) use plan::plan;
pub use requests::Requests;
pub use rule::{FaultRule, FaultRuleError};

/// A way in which a reply goes wrong.
///
/// [`FromStr`] parses the text form that [`Display`](fmt::Display) writes. [`Fault::catalogue`] lists all faults.
///
/// ```
/// use scripted_server::Fault;
///
/// let fault: Fault = "status 400 code 99991400 with x-ogw-ratelimit-reset: 0.5".parse()?;
/// assert_eq!(fault.name(), "status");
/// assert_eq!(fault.to_string(), "status 400 code 99991400 with x-ogw-ratelimit-reset: 0.5");
/// # Ok::<(), scripted_server::FaultRuleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Another HTTP status, with the HTML page of a gateway or with an error code.
    Status {
        /// The status, from 200 to 599.
        status: u16,
        /// Sends an error with this code in the format of the service, instead of the page.
        code: Option<i64>,
        /// Names and values of additional headers.
        headers: Vec<(String, String)>,
    },
    /// All tokens expire before the request is answered.
    Expire,
    /// All tokens are revoked before the request is answered.
    Revoke,
    /// All tokens are rejected from now on, but still handed out.
    Spoil,
    /// The correct reply is sent after this time.
    Delay(Duration),
    /// Nothing is sent and the connection stays open.
    Silence,
    /// Half of the body is sent and the connection stays open.
    Stall,
    /// The correct reply is sent byte by byte, with this pause before each byte.
    Drip(Duration),
    /// The connection is closed within the body.
    Cut,
    /// The connection is closed within a chunk.
    CutChunk,
    /// The connection is closed without a reply.
    Close,
    /// The connection is reset without a reply.
    Reset,
    /// Bytes are sent that are not HTTP.
    Garbage,
    /// `Content-Length` is wrong by this many bytes; the body is complete.
    Length(i64),
    /// `Content-Encoding: gzip` with a body that is not gzip.
    GzipGarbage,
    /// A gzip body that inflates to this many bytes.
    GzipBomb(u64),
    /// A redirect.
    Redirect {
        /// The status, from 300 to 399.
        status: u16,
        /// Another origin, such as `http://127.0.0.1:4000`; `None` redirects to another path of this one.
        to: Option<String>,
    },
    /// HTTP 200 with an HTML page.
    Html,
    /// HTTP 200 with an empty body.
    Empty,
    /// HTTP 200 with `null`.
    Null,
    /// The reply about another ticket than the requested one.
    AnotherTicket,
    /// A wrong page of a list; the correct reply if the request is not about one.
    Page(PageFault),
    /// A body of this many nested lists.
    Nested(u32),
    /// The correct reply, with this many nested lists in an unknown field.
    NestedField(u32),
    /// A body of this many bytes, with `Content-Length`.
    Huge(u64),
    /// A body of this many bytes, in chunks.
    HugeChunked(u64),
    /// A body that repeats the whole request, credentials included.
    Echo {
        /// The status, from 200 to 599.
        status: u16,
        /// Sends an error with this code in the format of the service, with the request as its message.
        code: Option<i64>,
    },
}

impl Fault {
    /// Lists all faults, each with its syntax and its effect.
    pub fn catalogue() -> &'static [FaultInfo] {
        catalogue::CATALOGUE
    }

    /// Returns the first word of the text form.
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
            Self::Page(fault) => fault.name(),
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
            Self::Length(difference) => write!(formatter, " {difference:+}"),
            Self::Redirect { status, to: None } => write!(formatter, " {status}"),
            Self::Redirect { status, to: Some(to) } => write!(formatter, " {status} to {to}"),
            Self::Echo { status, code } => text::status(formatter, *status, *code),
            Self::Status { status, code, headers } => {
                text::status(formatter, *status, *code)?;
                for (index, (name, value)) in headers.iter().enumerate() {
                    let separator = if index == 0 { " with" } else { ";" };
                    write!(formatter, "{separator} {name}: {value}")?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl FromStr for Fault {
    type Err = FaultRuleError;

    fn from_str(text: &str) -> Result<Self, FaultRuleError> {
        let text = text.trim();
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let Some(entry) = catalogue::CATALOGUE.iter().find(|entry| entry.name == name) else {
            let names: Vec<_> = catalogue::CATALOGUE.iter().map(|entry| entry.name).collect();
            return Err(FaultRuleError::new(format!(
                "unknown fault `{name}`; known faults: {}",
                names.join(", ")
            )));
        };
        (entry.parse)(rest.trim()).ok_or_else(|| {
            FaultRuleError::new(format!(
                "invalid fault `{text}`; expected `{}`, such as `{}`",
                entry.usage, entry.example
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn examples_of_the_catalogue_round_trip() {
        for entry in Fault::catalogue() {
            let fault: Fault = entry.example.parse().expect(entry.example);
            assert_eq!((fault.name(), &*fault.to_string()), (entry.name, entry.example));
            assert!(entry.usage.starts_with(entry.name), "{}", entry.usage);
            // Fits on one indented line of a terminal.
            assert!(entry.about.ends_with('.') && entry.about.len() <= 92, "{}", entry.about);
        }
    }

    #[test]
    fn catalogue_has_no_duplicates() {
        let names: std::collections::BTreeSet<_> =
            Fault::catalogue().iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), Fault::catalogue().len());
    }

    #[test]
    fn parses_other_spellings() {
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
    fn error_of_an_invalid_fault_shows_its_syntax() {
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
            let error = text.parse::<Fault>().expect_err(text).to_string();
            let name = text.split(' ').next().unwrap_or_default();
            assert!(error.contains(&format!("expected `{name}")), "{error}");
            assert!(error.contains(&format!("such as `{name}")), "{error}");
        }
        let error = "sleep 3s".parse::<Fault>().expect_err("unknown fault").to_string();
        assert!(error.starts_with("unknown fault `sleep`; known faults: status, "), "{error}");
        for entry in Fault::catalogue() {
            assert!(error.contains(entry.name), "{error}");
        }
    }
}

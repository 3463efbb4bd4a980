//! The arguments of the tools.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use ticket_core::model::Status;
use ticket_core::{ListQuery, Moment, TicketId, TimeRange};

use crate::cursor;
use crate::error::ToolError;
use crate::page::{DEFAULT_CHARS, MAX_CHARS, MIN_CHARS, Page};

/// What every tool takes, and the rest.
pub(crate) struct Call {
    /// The answer to fill.
    pub(crate) page: Page,
    rest: Map<String, Value>,
}

impl Call {
    /// Reads the budget and the cursor.
    ///
    /// # Errors
    /// If one of them is invalid.
    pub(crate) fn read(tool: &str, mut rest: Map<String, Value>) -> Result<Self, ToolError> {
        // A key without a value is as good as none.
        rest.retain(|_, value| !value.is_null());
        let max_chars = match rest.remove("max_chars") {
            None => DEFAULT_CHARS,
            Some(value) => value
                .as_u64()
                .filter(|number| (MIN_CHARS..=MAX_CHARS).contains(number))
                .ok_or_else(|| {
                    ToolError::new(format!("invalid max_chars: {value}"))
                        .with_hint(format!("a whole number from {MIN_CHARS} to {MAX_CHARS}"))
                })?,
        };
        let cursor = match rest.remove("cursor") {
            None => None,
            Some(Value::String(text)) => Some(text),
            Some(value) => {
                return Err(ToolError::new(format!("invalid cursor: {value}"))
                    .with_hint("pass the cursor of the last answer as a string"));
            }
        };
        let mut members: Vec<_> =
            rest.iter().map(|(key, value)| (key, value.to_string())).collect();
        members.sort_unstable();
        let call = cursor::hash((tool, members));
        let max_chars = usize::try_from(max_chars).expect("the largest budget is small");
        Ok(Self { page: Page::new(call, max_chars, cursor.as_deref())?, rest })
    }

    /// Reads the arguments of the tool itself.
    ///
    /// # Errors
    /// If one is missing, unknown, or of another type.
    pub(crate) fn arguments<T: DeserializeOwned>(self) -> Result<(T, Page), ToolError> {
        let Self { page, rest } = self;
        let arguments = serde_json::from_value(Value::Object(rest))
            .map_err(|error| ToolError::new(format!("invalid arguments: {error}")))?;
        Ok((arguments, page))
    }
}

/// Which tickets to list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Filters {
    /// Words, for `search` only.
    pub(crate) words: Option<String>,
    pub(crate) source: Option<String>,
    status: Vec<String>,
    created_since: Option<String>,
    created_until: Option<String>,
    updated_since: Option<String>,
    updated_until: Option<String>,
    requester: Option<String>,
    assignee: Option<String>,
    tags: Vec<String>,
}

impl Filters {
    /// Returns the query.
    ///
    /// # Errors
    /// If a status or a time is unknown.
    pub(crate) fn query(&self, now: Timestamp, zone: &TimeZone) -> Result<ListQuery, ToolError> {
        let statuses = self.status.iter().map(|word| {
            let status = Status::ALL.iter().find(|status| status.as_str() == word);
            status.copied().ok_or_else(|| {
                let words: Vec<_> = Status::ALL.iter().map(|status| status.as_str()).collect();
                ToolError::new(format!("unknown status \"{word}\""))
                    .with_hint(format!("one of {}", words.join(", ")))
            })
        });
        let moment = |name: &str, text: &Option<String>| {
            let moment = text.as_deref().map(str::parse::<Moment>).transpose();
            moment.map_err(|error| ToolError::new(format!("invalid {name}: {error}")))
        };
        let range = |name: &str, since: &Option<String>, until: &Option<String>| {
            let since = moment(&format!("{name}_since"), since)?;
            let until = moment(&format!("{name}_until"), until)?;
            TimeRange::between(since, until, now, zone)
                .map_err(|error| ToolError::new(format!("invalid {name}_since: {error}")))
        };
        Ok(ListQuery {
            statuses: statuses.collect::<Result<_, _>>()?,
            created: range("created", &self.created_since, &self.created_until)?,
            updated: range("updated", &self.updated_since, &self.updated_until)?,
            requester: self.requester.clone(),
            assignee: self.assignee.clone(),
            tags: self.tags.clone(),
            text: self.words.clone(),
            ..ListQuery::default()
        })
    }
}

/// A ticket, `SOURCE:ID`.
#[derive(Debug, Clone)]
pub(crate) struct TicketName {
    pub(crate) source: String,
    pub(crate) id: String,
}

impl TicketName {
    /// Parses `SOURCE:ID`; the id may contain colons.
    ///
    /// # Errors
    /// If the source is missing, or the id is invalid.
    pub(crate) fn parse(text: &str) -> Result<Self, ToolError> {
        let hint =
            "write SOURCE:ID, as search and list return it, such as feishu:6626871355780366331";
        let split = text.split_once(':').filter(|(source, _)| !source.is_empty());
        let (source, id) = split.ok_or_else(|| {
            ToolError::new(format!("no source before the id: \"{text}\"")).with_hint(hint)
        })?;
        let id =
            TicketId::new(id).map_err(|error| ToolError::new(error.message()).with_hint(hint))?;
        Ok(Self { source: source.to_owned(), id: id.as_str().to_owned() })
    }
}

/// The arguments of `get`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Get {
    pub(crate) ticket: String,
    #[serde(default)]
    pub(crate) live: bool,
}

/// The arguments of `explain`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explain {
    pub(crate) ticket: String,
    pub(crate) field: Option<String>,
    #[serde(default)]
    pub(crate) live: bool,
}

/// The arguments of `sql`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sql {
    pub(crate) query: String,
}

/// The arguments of a tool without any of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

//! The filters of `ticket list` and `ticket search`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::tz::TimeZone;
use ticket_core::model::Status;
use ticket_core::{ErrorKind, FutureRange, ListQuery, Moment, TimeRange};

use crate::outcome::Failure;

/// Which tickets to list.
#[derive(Debug, Args)]
pub(crate) struct Filters {
    /// Only tickets with this status; may be repeated.
    #[arg(long = "status", value_name = "VALUE", value_parser = status())]
    statuses: Vec<Status>,

    /// Only tickets created at this time or later: 2026-01-31, 2026-01-31T08:00:00+08:00, or how long ago: 2w, 7d, 12h, 30m (minutes).
    #[arg(long, value_name = "TIME")]
    created_since: Option<Moment>,

    /// Only tickets created at this time or earlier; a date includes the whole day.
    #[arg(long, value_name = "TIME")]
    created_until: Option<Moment>,

    /// Only tickets changed at this time or later.
    #[arg(long, value_name = "TIME")]
    updated_since: Option<Moment>,

    /// Only tickets changed at this time or earlier; a date includes the whole day.
    #[arg(long, value_name = "TIME")]
    updated_until: Option<Moment>,

    /// Only tickets of this requester: the provider's id, as `requester.id` in the JSON.
    #[arg(
        long_help = "Only tickets of this requester: the provider's id, as `requester.id` in the JSON. For Request Tracker it is \
                     the login name",
        long,
        value_name = "ID"
    )]
    requester: Option<String>,

    /// Only tickets of this assignee: the provider's id, as `assignee.id` in the JSON.
    #[arg(
        long_help = "Only tickets of this assignee: the provider's id, as `assignee.id` in the JSON. For Request Tracker it is \
                     the login name",
        long,
        value_name = "ID"
    )]
    assignee: Option<String>,

    /// Only tickets with this tag; may be repeated.
    #[arg(long = "tag", value_name = "NAME")]
    tags: Vec<String>,
}

impl Filters {
    /// Returns the query. Dates are in this time zone.
    ///
    /// # Errors
    /// If a range without an end begins in the future.
    pub(crate) fn query(
        &self,
        now: jiff::Timestamp,
        zone: &TimeZone,
    ) -> Result<ListQuery, Failure> {
        let range = |option: &str, since: Option<Moment>, until: Option<Moment>| {
            TimeRange::between(since, until, now, zone).map_err(|FutureRange { since, now }| {
                let message = format!("the time of {option} is in the future: {since}");
                Failure::new(ErrorKind::InvalidRequest, message).with_hint(format!(
                    "give an earlier time: now is {now:.0}, and a range without an end ends now"
                ))
            })
        };
        Ok(ListQuery {
            statuses: self.statuses.clone(),
            created: range("--created-since", self.created_since, self.created_until)?,
            updated: range("--updated-since", self.updated_since, self.updated_until)?,
            requester: self.requester.clone(),
            assignee: self.assignee.clone(),
            tags: self.tags.clone(),
            ..ListQuery::default()
        })
    }
}

fn status() -> impl TypedValueParser<Value = Status> {
    let words = Status::ALL.iter().map(|status| status.as_str());
    PossibleValuesParser::new(words).map(|word| {
        let status = Status::ALL.iter().find(|status| status.as_str() == word);
        *status.expect("the parser accepts only these words")
    })
}

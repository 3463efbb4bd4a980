//! Translates a query to `TicketSQL`, the search language of RT.

use ticket_core::{Error, ErrorKind, ListQuery, VocabularyOverrides};
use ticket_model::Timestamp;

use super::CAPABILITIES;
use crate::map;

/// Returns the query in `TicketSQL`. RT reads instants in the time zone of the user, so that they are sent as seconds before `now`.
///
/// # Errors
/// [`InvalidRequest`](ticket_core::ErrorKind::InvalidRequest) if RT cannot answer it.
pub(crate) fn ticket_sql(
    query: &ListQuery,
    overrides: &VocabularyOverrides,
    now: Timestamp,
) -> Result<String, Error> {
    CAPABILITIES.check(query)?;
    // A query must not be empty.
    let mut all = vec!["id > 0".to_owned()];
    if !query.statuses.is_empty() {
        let mut any = Vec::new();
        for status in &query.statuses {
            for word in overrides.words_of_status(map::STATUSES, *status)? {
                any.push(format!("Status = {}", quoted(&word)));
            }
        }
        all.push(format!("({})", any.join(" OR ")));
    }
    for (field, range) in [("Created", &query.created), ("LastUpdated", &query.updated)] {
        let ends = [(">=", range.since), ("<=", range.until)];
        for (operator, end) in ends {
            if let Some(end) = end {
                let seconds = now.as_second() - end.as_second();
                all.push(format!("{field} {operator} {}", quoted(&before_now(seconds))));
            }
        }
    }
    if let Some(id) = &query.requester {
        all.push(format!("Requestor.Name = {}", quoted(id)));
    }
    if let Some(id) = &query.assignee {
        all.push(format!("Owner = {}", quoted(id)));
    }
    if let Some(text) = &query.text {
        let text = quoted(text);
        all.push(format!("(Subject LIKE {text} OR Content LIKE {text})"));
    }
    if let Some(id) = &query.after {
        let number: u64 = id.parse().map_err(|_| {
            let message = format!("\"{}\" is not the id of a ticket", id.escape_debug());
            Error::new(ErrorKind::InvalidRequest, message).with_hint("ids of RT are numbers")
        })?;
        all.push(format!("id > {number}"));
    }
    for (name, value) in &query.native {
        match name.as_str() {
            "queue" => all.push(format!("Queue = {}", quoted(value))),
            _ => all.push(format!("({value})")),
        }
    }
    Ok(all.join(" AND "))
}

/// Returns an instant in words that RT reads the same in every time zone.
fn before_now(seconds: i64) -> String {
    if seconds < 0 {
        format!("now + {} seconds", -seconds)
    } else {
        format!("{seconds} seconds ago")
    }
}

/// Returns a text in quotes, which it cannot leave.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use ticket_core::{ErrorKind, ListQuery, TimeRange, VocabularyOverrides};
    use ticket_model::{Status, Timestamp};

    use super::ticket_sql;

    fn now() -> Timestamp {
        "2026-01-10T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn translates_a_query_to_ticket_sql() {
        let at = |text: &str| Some(text.parse().unwrap());
        let overrides =
            VocabularyOverrides::default().with_status("等待客户", Status::WaitingOnRequester);
        for (query, expected) in [
            (ListQuery::default(), "id > 0"),
            (
                ListQuery {
                    statuses: vec![Status::Closed, Status::WaitingOnRequester],
                    ..ListQuery::default()
                },
                "id > 0 AND (Status = 'rejected' OR Status = 'deleted' OR Status = '等待客户')",
            ),
            (
                ListQuery {
                    created: TimeRange {
                        since: at("2026-01-09T00:00:00Z"),
                        until: at("2026-01-10T00:01:00Z"),
                    },
                    updated: TimeRange { since: at("2026-01-09T23:59:59Z"), until: None },
                    ..ListQuery::default()
                },
                "id > 0 AND Created >= '86400 seconds ago' AND Created <= 'now + 60 seconds' \
                 AND LastUpdated >= '1 seconds ago'",
            ),
            (
                ListQuery {
                    requester: Some("o'brien@desk.example".into()),
                    assignee: Some("agent1".into()),
                    text: Some("\\' OR id > 0 OR '".into()),
                    after: Some("17".into()),
                    native: vec![
                        ("queue".into(), "客户支持".into()),
                        ("query".into(), "Priority > 50".into()),
                    ],
                    ..ListQuery::default()
                },
                "id > 0 AND Requestor.Name = 'o\\'brien@desk.example' AND Owner = 'agent1' \
                 AND (Subject LIKE '\\\\\\' OR id > 0 OR \\'' OR Content LIKE '\\\\\\' OR id > 0 OR \\'') \
                 AND id > 17 AND Queue = '客户支持' AND (Priority > 50)",
            ),
        ] {
            assert_eq!(ticket_sql(&query, &overrides, now()).unwrap(), expected);
        }
    }

    #[test]
    fn refuses_an_id_that_is_no_number() {
        let query = ListQuery { after: Some("1 OR id > 0".into()), ..ListQuery::default() };
        let error = ticket_sql(&query, &VocabularyOverrides::default(), now()).unwrap_err();
        assert_eq!(error.message(), "\"1 OR id > 0\" is not the id of a ticket");
    }

    #[test]
    fn refuses_a_status_that_no_word_means() {
        let query = ListQuery { statuses: vec![Status::InProgress], ..ListQuery::default() };
        let error = ticket_sql(&query, &VocabularyOverrides::default(), now()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.message(), "the service has no status that means in_progress");
    }
}

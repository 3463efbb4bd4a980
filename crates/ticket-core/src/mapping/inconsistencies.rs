//! Fields of one ticket that contradict each other. They are reported; nothing is changed.

use jiff::Timestamp;
use serde::Serialize;
use ticket_model::{Status, Ticket};

/// Fields of a ticket that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inconsistency {
    /// The paths of the fields.
    pub fields: Vec<String>,
    /// The contradiction in a sentence.
    pub message: String,
}

/// Returns the inconsistencies of a ticket: its status, then its times, then its durations.
///
/// ```
/// use ticket_core::mapping::inconsistencies::inconsistencies;
/// use ticket_core::model::Ticket;
///
/// let ticket: Ticket = serde_json::from_str(r#"{
///     "provider": "any", "id": "1",
///     "created_at": "2025-11-04T10:00:00Z", "closed_at": "2025-11-03T10:00:00Z"
/// }"#)?;
/// assert_eq!(inconsistencies(&ticket)[0].message, "closed_at is before created_at");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn inconsistencies(ticket: &Ticket) -> Vec<Inconsistency> {
    let mut found = Vec::new();
    status(ticket, &mut found);
    order(ticket, &mut found);
    durations(ticket, &mut found);
    found
}

fn add(found: &mut Vec<Inconsistency>, fields: &[&str], message: String) {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    found.push(Inconsistency { fields, message });
}

/// Compares the status with the status changes and the times of closing and resolution.
fn status(ticket: &Ticket, found: &mut Vec<Inconsistency>) {
    let Some(status) = &ticket.status else { return };
    let last = ticket
        .status_changes
        .iter()
        .enumerate()
        .filter(|(_, change)| change.created_at.is_some())
        .max_by_key(|(index, change)| (change.created_at, *index));
    if let Some((index, change)) = last
        && let Some(to) = change.to.as_ref().filter(|to| *to != status)
    {
        let field = format!("status_changes[{index}].to");
        let message = format!(
            "the status is {}, while its history ends in {}",
            status.native_or_value(),
            to.native_or_value()
        );
        add(found, &["status", &field], message);
    }
    let is_over = matches!(status.value, Status::Closed | Status::Resolved);
    let is_known = status.value != Status::Other;
    if is_known && status.value != Status::Closed && ticket.closed_at.is_some() {
        let message =
            format!("the status is {}, while there is a time of closing", status.native_or_value());
        add(found, &["status", "closed_at"], message);
    }
    if is_known && !is_over && ticket.resolved_at.is_some() {
        let message = format!(
            "the status is {}, while there is a time of resolution",
            status.native_or_value()
        );
        add(found, &["status", "resolved_at"], message);
    }
}

/// Compares times that must follow each other.
fn order(ticket: &Ticket, found: &mut Vec<Inconsistency>) {
    let metrics = ticket.metrics.as_ref();
    let mut later = vec![
        ("updated_at".to_owned(), ticket.updated_at),
        ("started_at".to_owned(), ticket.started_at),
        ("resolved_at".to_owned(), ticket.resolved_at),
        ("closed_at".to_owned(), ticket.closed_at),
        ("metrics.agent_joined_at".to_owned(), metrics.and_then(|metrics| metrics.agent_joined_at)),
        (
            "metrics.first_response_at".to_owned(),
            metrics.and_then(|metrics| metrics.first_response_at),
        ),
        (
            "metrics.last_response_at".to_owned(),
            metrics.and_then(|metrics| metrics.last_response_at),
        ),
    ];
    let messages = ticket.conversation.iter().flat_map(|conversation| &conversation.messages);
    later.extend(messages.enumerate().map(|(index, message)| {
        (format!("conversation.messages[{index}].created_at"), message.created_at)
    }));
    later.extend(
        ticket.status_changes.iter().enumerate().map(|(index, change)| {
            (format!("status_changes[{index}].created_at"), change.created_at)
        }),
    );
    before("created_at", ticket.created_at, &later, found);
    for (field, time) in &later[1..] {
        if let (Some(updated), Some(time)) = (ticket.updated_at, *time)
            && updated < time
        {
            add(found, &["updated_at", field], format!("{field} is after updated_at"));
        }
    }
    if let Some(metrics) = metrics {
        let responses = [
            ("metrics.first_response_at".to_owned(), metrics.first_response_at),
            ("metrics.last_response_at".to_owned(), metrics.last_response_at),
        ];
        before("metrics.agent_joined_at", metrics.agent_joined_at, &responses, found);
        before("metrics.first_response_at", metrics.first_response_at, &responses[1..], found);
    }
}

/// Reports each of the `later` times that is before `time`.
fn before(
    first: &str,
    time: Option<Timestamp>,
    later: &[(String, Option<Timestamp>)],
    found: &mut Vec<Inconsistency>,
) {
    let Some(time) = time else { return };
    for (field, other) in later {
        if other.is_some_and(|other| other < time) {
            add(found, &[first, field], format!("{field} is before {first}"));
        }
    }
}

/// Compares durations with the time between their two ends.
fn durations(ticket: &Ticket, found: &mut Vec<Inconsistency>) {
    let Some(metrics) = &ticket.metrics else { return };
    let service = metrics.agent_service_seconds.map(|seconds| seconds.as_milliseconds() / 1_000);
    for (duration, seconds, from, start, to, end) in [
        (
            "metrics.first_response_seconds",
            metrics.first_response_seconds,
            "metrics.agent_joined_at",
            metrics.agent_joined_at,
            "metrics.first_response_at",
            metrics.first_response_at,
        ),
        (
            "metrics.agent_service_seconds",
            service,
            "metrics.agent_joined_at",
            metrics.agent_joined_at,
            "metrics.last_response_at",
            metrics.last_response_at,
        ),
        (
            "metrics.bot_service_seconds",
            metrics.bot_service_seconds,
            "created_at",
            ticket.created_at,
            "metrics.agent_joined_at",
            metrics.agent_joined_at,
        ),
        (
            "metrics.resolution_seconds",
            metrics.resolution_seconds,
            "metrics.agent_joined_at",
            metrics.agent_joined_at,
            "closed_at",
            ticket.closed_at,
        ),
    ] {
        let (Some(seconds), Some(start), Some(end)) = (seconds, start, end) else { continue };
        let between = end.as_second() - start.as_second();
        // Ends that are rounded differently, and the time between a response and its record, make no conflict.
        if u64::try_from(between).is_ok_and(|between| seconds.abs_diff(between) > 60) {
            let message = format!(
                "{duration} is {seconds}, while {between} seconds lie between {from} and {to}"
            );
            add(found, &[duration, from, to], message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inconsistencies;

    fn found(members: &str) -> Vec<String> {
        let text = format!(r#"{{"provider": "any", "id": "1", {members}}}"#);
        let ticket = serde_json::from_str(&text).unwrap();
        inconsistencies(&ticket).into_iter().map(|contradicting| contradicting.message).collect()
    }

    #[test]
    fn reports_nothing_for_a_consistent_ticket() {
        let agreed = r#""status": {"value": "closed", "native": "50"}, "created_at": "2025-11-04T10:00:00Z",
            "updated_at": "2025-11-04T12:00:00Z", "closed_at": "2025-11-04T12:00:00Z",
            "status_changes": [{"to": {"value": "closed", "native": "50"}, "created_at": "2025-11-04T12:00:00Z"}],
            "metrics": {"agent_joined_at": "2025-11-04T10:01:00Z", "bot_service_seconds": 60,
                "first_response_at": "2025-11-04T10:02:00Z", "first_response_seconds": 60}"#;
        assert_eq!(found(agreed), [""; 0]);
    }

    #[test]
    fn reports_each_inconsistency() {
        for (members, message) in [
            (
                r#""status": {"value": "open", "native": "open"}, "status_changes": [
                    {"to": {"value": "resolved", "native": "resolved"}, "created_at": "2025-11-04T12:00:00Z"},
                    {"to": {"value": "open", "native": "open"}, "created_at": "2025-11-04T11:00:00Z"}]"#,
                "the status is open, while its history ends in resolved",
            ),
            (
                r#""status": {"value": "open", "native": "3"}, "closed_at": "2025-11-04T12:00:00Z""#,
                "the status is 3, while there is a time of closing",
            ),
            (
                r#""status": {"value": "open", "native": "3"}, "resolved_at": "2025-11-04T12:00:00Z""#,
                "the status is 3, while there is a time of resolution",
            ),
            (
                r#""created_at": "2025-11-04T12:00:00Z", "metrics": {"first_response_at": "2025-11-04T11:00:00Z"}"#,
                "metrics.first_response_at is before created_at",
            ),
            (
                r#""created_at": "2025-11-04T12:00:00Z", "conversation": {"messages": [{"created_at": "2025-11-04T11:00:00Z"}]}"#,
                "conversation.messages[0].created_at is before created_at",
            ),
            (
                r#""updated_at": "2025-11-04T12:00:00Z", "status_changes": [{"created_at": "2025-11-04T13:00:00Z"}]"#,
                "status_changes[0].created_at is after updated_at",
            ),
            (
                r#""metrics": {"agent_joined_at": "2025-11-04T12:00:00Z", "first_response_at": "2025-11-04T12:01:40Z",
                    "first_response_seconds": 123869}"#,
                "metrics.first_response_seconds is 123869, while 100 seconds lie between metrics.agent_joined_at and metrics.first_response_at",
            ),
            (
                r#""metrics": {"first_response_at": "2025-11-04T12:01:40Z", "last_response_at": "2025-11-04T12:00:00Z"}"#,
                "metrics.last_response_at is before metrics.first_response_at",
            ),
        ] {
            assert_eq!(found(members), [message]);
        }
    }

    #[test]
    fn compares_durations_of_any_size() {
        let members = r#""metrics": {"agent_joined_at": "2025-11-04T12:00:00Z",
            "first_response_at": "2025-11-04T11:59:00Z", "first_response_seconds": 9223372036854775807}"#;
        assert_eq!(found(members), ["metrics.first_response_at is before metrics.agent_joined_at"]);
    }

    #[test]
    fn accepts_any_time_with_a_status_of_the_tenant() {
        let members =
            r#""status": {"value": "other", "native": "vip"}, "closed_at": "2025-11-04T12:00:00Z""#;
        assert_eq!(found(members), [""; 0]);
    }
}

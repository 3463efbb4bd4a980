//! Labels and phrases that the page and the Markdown share.

use std::fmt::Display;

use ticket_core::mapping::inconsistencies;
use ticket_model::{
    Actor, Coded, CustomField, Json, Metrics, ParticipantRole, Seconds, Ticket, Timestamp,
    Visibility,
};

use crate::amount::duration;
use crate::clean::fact;

/// Returns a normalised value in words, followed by the native value in parentheses if it differs.
pub fn coded<T: Display>(coded: &Coded<T>) -> String {
    let value = coded.value.to_string();
    let text = value.replace('_', " ");
    match coded.native.as_deref() {
        Some(native) if native != value && !native.is_empty() => {
            format!("{text} ({})", fact(native))
        }
        _ => text,
    }
}

/// Returns the value of a custom field as the provider sent it, for a line with other values.
pub fn native(value: &Json) -> String {
    fact(value.to_text().as_deref().unwrap_or(value.as_str()))
}

/// Returns a list of texts in one line; `None` for another value.
pub fn texts(value: &Json) -> Option<String> {
    let texts: Vec<String> = serde_json::from_str(value.as_str()).ok()?;
    Some(texts.iter().map(|text| fact(text)).collect::<Vec<_>>().join(", "))
}

/// Returns what a reader has to know about a conversation that is not complete for sure.
pub fn incomplete(complete: Option<bool>) -> Option<&'static str> {
    match complete {
        Some(true) => None,
        Some(false) => Some("incomplete"),
        None => Some("possibly incomplete"),
    }
}

/// Returns the role of an actor; empty if it is unknown.
pub fn role(actor: &Actor) -> String {
    actor.role.as_ref().map(coded).unwrap_or_default()
}

/// Returns the label of a participant: the name of a role that the tenant defined, or the normalised role.
pub fn participant(role: Option<&Coded<ParticipantRole>>) -> String {
    match role {
        None => "Participant".into(),
        Some(Coded { value: ParticipantRole::Other, native: Some(native) }) => fact(native),
        Some(Coded { value: ParticipantRole::Cc, .. }) => "CC".into(),
        Some(role) => {
            let word = role.value.to_string();
            word[..1].to_uppercase() + &word[1..]
        }
    }
}

/// Returns who sees a message.
pub fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Internal => "INTERNAL NOTE",
        // The enum is non-exhaustive: a new value may be internal or public.
        _ => "visibility unknown",
    }
}

/// Returns the rules of a custom field: `required`, `read-only`, `position 1`.
pub fn field_rules(field: &CustomField) -> Vec<String> {
    let required = field.required.map(|required| if required { "required" } else { "optional" });
    let editable = field.editable.map(|editable| if editable { "editable" } else { "read-only" });
    let position = field.position.map(|position| format!("position {position}"));
    required.into_iter().chain(editable).map(str::to_owned).chain(position).collect()
}

/// Returns a score with its scale: `2 on a scale from 1 (worst) to 5 (best)`.
pub fn score(score: i64, min: Option<i64>, max: Option<i64>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => {
            format!("{score} on a scale from {min} (worst) to {max} (best)")
        }
        (Some(min), None) => format!("{score} on a scale from {min} (worst)"),
        (None, Some(max)) => format!("{score} on a scale to {max} (best)"),
        (None, None) => score.to_string(),
    }
}

/// Returns the first inconsistency of a ticket and the number of the others; `None` if there are none.
pub fn inconsistency_line(ticket: &Ticket) -> Option<String> {
    let found = inconsistencies::inconsistencies(ticket);
    let (first, more) = found.split_first()?;
    Some(match more.len() {
        0 => first.message.clone(),
        more => format!("{}; {more} more", first.message),
    })
}

/// Returns whether the requester got a solution.
pub fn solved(solved: bool) -> &'static str {
    if solved { "solved" } else { "not solved" }
}

/// Returns whether the SLA was breached.
pub fn breached(breached: bool) -> &'static str {
    if breached { "BREACHED" } else { "not breached" }
}

/// Returns the times of the metrics, each with its label.
pub fn moments(metrics: &Metrics) -> [(&'static str, Option<Timestamp>); 3] {
    let Metrics { first_response_at, last_response_at, agent_joined_at, .. } = metrics;
    [
        ("Agent joined", *agent_joined_at),
        ("First response", *first_response_at),
        ("Last response", *last_response_at),
    ]
}

/// Returns the durations of the metrics, each with its label.
pub fn durations(metrics: &Metrics) -> [(&'static str, Option<String>); 6] {
    // `moments` has the times. Without `..` here, a new field does not compile until it is in one of the two.
    let Metrics {
        first_response_at: _,
        last_response_at: _,
        agent_joined_at: _,
        first_response_seconds,
        agent_service_seconds,
        bot_service_seconds,
        resolution_seconds,
        processing_seconds,
        work_seconds,
    } = metrics;
    let whole = |seconds: &Option<u64>| seconds.map(|it| duration(it, &it.to_string()));
    let exact = |seconds: &Option<Seconds>| {
        seconds.map(|it| duration(it.as_milliseconds() / 1_000, &it.to_string()))
    };
    [
        ("First response after", whole(first_response_seconds)),
        ("Bot handling time", whole(bot_service_seconds)),
        ("Agent handling time", exact(agent_service_seconds)),
        ("Resolved after", whole(resolution_seconds)),
        ("Processing time", whole(processing_seconds)),
        ("Recorded work", exact(work_seconds)),
    ]
}

#[cfg(test)]
mod tests {
    use ticket_model::{Actor, Coded, Role, Status};

    use super::{coded, role};

    #[test]
    fn shows_the_native_value_if_it_differs() {
        for (value, native, expected) in [
            (Status::Open, "open", "open"),
            (Status::InProgress, "in_progress", "in progress"),
            (Status::Closed, "50", "closed (50)"),
            (Status::Other, "parked", "other (parked)"),
            (Status::Other, "a) · solved", "other (\"a) · solved\")"),
        ] {
            assert_eq!(coded(&Coded::new(value, native)), expected);
        }
    }

    #[test]
    fn shows_a_role_with_or_without_a_native_value() {
        for (given, expected) in [
            (Some(Coded::new(Role::Agent, "internal_member")), "agent (internal_member)"),
            (Some(Coded::new(Role::Bot, "bot")), "bot"),
            (Some(Coded::derived(Role::Agent)), "agent"),
            (None, ""),
        ] {
            assert_eq!(role(&Actor { role: given, person: None }), expected);
        }
    }
}

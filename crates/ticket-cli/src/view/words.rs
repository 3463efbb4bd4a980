//! The words that the page and the Markdown share.

use ticket_model::{
    Actor, Channel, Content, CustomField, Handling, Kind, Metrics, Priority, Status, Timestamp,
    Visibility,
};

use crate::view::clean::fact;
use crate::view::time::duration;

/// Our word as people write it, with the provider's word behind it where that is another one.
fn pair(ours: &str, native: &str) -> String {
    let spoken = ours.replace('_', " ");
    if native == ours || native.is_empty() {
        spoken
    } else {
        format!("{spoken} ({})", fact(native))
    }
}

pub(crate) fn status(status: &Status) -> String {
    let Status { category, native } = status;
    pair(category.as_str(), native)
}

pub(crate) fn priority(priority: &Priority) -> String {
    let Priority { level, native } = priority;
    pair(level.as_str(), native)
}

pub(crate) fn kind(kind: &Kind) -> String {
    let Kind { kind, native } = kind;
    pair(kind.as_str(), native)
}

pub(crate) fn handling(handling: &Handling) -> String {
    let Handling { by, native } = handling;
    pair(by.as_str(), native)
}

pub(crate) fn channel(channel: &Channel) -> String {
    let Channel { kind, native } = channel;
    pair(kind.as_str(), native)
}

pub(crate) fn content(content: &Content) -> String {
    let Content { kind, native } = content;
    pair(kind.as_str(), native)
}

/// What an actor is to the ticket; nothing where neither we nor the provider have a word.
pub(crate) fn role(actor: &Actor) -> String {
    let native = actor.native.as_deref().unwrap_or_default();
    match actor.role {
        Some(role) => pair(role.as_str(), native),
        None if native.is_empty() => String::new(),
        None => fact(native),
    }
}

pub(crate) fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Internal => "INTERNAL NOTE",
        // The list is open: a word that is new to us promises nothing.
        _ => "visibility unknown",
    }
}

/// The rules of a custom field: `required, read-only, position 1`.
pub(crate) fn field_rules(field: &CustomField) -> Vec<String> {
    let required = field.required.map(|required| if required { "required" } else { "optional" });
    let editable = field.editable.map(|editable| if editable { "editable" } else { "read-only" });
    let position = field.position.map(|position| format!("position {position}"));
    required.into_iter().chain(editable).map(str::to_owned).chain(position).collect()
}

/// A score and its scale: `5 on a scale from 1 to 5`.
pub(crate) fn score(score: i64, min: Option<i64>, max: Option<i64>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{score} on a scale from {min} to {max}"),
        (Some(min), None) => format!("{score} on a scale from {min}"),
        (None, Some(max)) => format!("{score} on a scale to {max}"),
        (None, None) => score.to_string(),
    }
}

pub(crate) fn solved(solved: bool) -> &'static str {
    if solved { "solved" } else { "not solved" }
}

pub(crate) fn breached(breached: bool) -> &'static str {
    if breached { "BREACHED" } else { "not breached" }
}

/// The times among the figures, each with its label.
pub(crate) fn moments(metrics: &Metrics) -> [(&'static str, Option<Timestamp>); 3] {
    let Metrics { first_response_at, last_response_at, agent_joined_at, .. } = metrics;
    [
        ("Agent joined", *agent_joined_at),
        ("First response", *first_response_at),
        ("Last response", *last_response_at),
    ]
}

/// The durations among the figures, each with its label.
pub(crate) fn durations(metrics: &Metrics) -> [(&'static str, Option<String>); 5] {
    // The times are with `moments`; a field that is new has to be put into one of the two.
    let Metrics {
        first_response_at: _,
        last_response_at: _,
        agent_joined_at: _,
        first_response_seconds,
        agent_service_seconds,
        bot_service_seconds,
        resolution_seconds,
        processing_seconds,
    } = metrics;
    let whole = |seconds: &Option<u64>| seconds.map(|it| duration(it, &it.to_string()));
    let exact =
        agent_service_seconds.map(|it| duration(it.as_milliseconds() / 1_000, &it.to_string()));
    [
        ("Answered in", whole(first_response_seconds)),
        ("Bot service", whole(bot_service_seconds)),
        ("Agent service", exact),
        ("Resolved in", whole(resolution_seconds)),
        ("Worked on for", whole(processing_seconds)),
    ]
}

#[cfg(test)]
mod tests {
    use ticket_model::{Actor, ActorRole, Status, StatusCategory};

    use super::{role, status};

    #[test]
    fn the_native_word_is_told_where_it_is_another_one() {
        for (category, native, expected) in [
            (StatusCategory::Open, "open", "open"),
            (StatusCategory::InProgress, "in_progress", "in progress"),
            (StatusCategory::Closed, "50", "closed (50)"),
            (StatusCategory::Other, "parked", "other (parked)"),
            (StatusCategory::Other, "a) · solved", "other (\"a) · solved\")"),
        ] {
            assert_eq!(status(&Status { category, native: native.into() }), expected);
        }
    }

    #[test]
    fn a_role_may_be_known_by_one_side_only() {
        let actor = |role, native: Option<&str>| Actor {
            role,
            native: native.map(Into::into),
            person: None,
        };
        for (actor, expected) in [
            (actor(Some(ActorRole::Agent), Some("internal_member")), "agent (internal_member)"),
            (actor(Some(ActorRole::Bot), Some("bot")), "bot"),
            (actor(Some(ActorRole::Agent), None), "agent"),
            (actor(None, Some("ghost")), "ghost"),
            (actor(None, None), ""),
        ] {
            assert_eq!(role(&actor), expected);
        }
    }
}

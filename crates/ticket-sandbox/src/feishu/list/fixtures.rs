//! The fixtures that a query matches.

use serde_json::value::RawValue;

use super::query::Query;
use crate::tickets::{self, Object, Ticket};

/// Returns the matching fixtures, in their own order: Feishu documents no order.
pub(super) fn matches(query: &Query) -> Vec<&'static RawValue> {
    let all = tickets::of("feishu").iter();
    all.filter(|ticket| admits(query, ticket)).map(|ticket| ticket.object).collect()
}

fn admits(query: &Query, ticket: &Ticket) -> bool {
    let Some(object) = tickets::object(ticket.object.get()) else { return false };
    let is_text = |key: &str, wanted: Option<&String>| {
        wanted.is_none_or(|wanted| text(&object, key).as_ref() == Some(wanted))
    };
    let has_member = |key: &str, member: &str, wanted: Option<&String>| {
        wanted.is_none_or(|wanted| {
            members(&object, key).iter().any(|one| text(one, member).as_ref() == Some(wanted))
        })
    };
    let integer = |key| integer(&object, key);
    let status = integer("status");
    (query.statuses.is_empty() || status.is_some_and(|status| query.statuses.contains(&status)))
        && Query::admits(query.ticket_type, integer("ticket_type"))
        && Query::admits(query.channel, integer("channel"))
        && Query::admits(query.solve, integer("solve"))
        && Query::admits(query.score, integer("score"))
        && is_text("ticket_id", query.ticket_id.as_ref())
        && has_member("agents", "id", query.agent_id.as_ref())
        && has_member("closed_by", "id", query.closed_by_id.as_ref())
        && has_member("guest", "id", query.guest_id.as_ref())
        && has_member("guest", "name", query.guest_name.as_ref())
        && (query.tags.is_empty()
            || query.tags.iter().any(|tag| has_member("tags", "name", Some(tag))))
        && Query::contains(query.created, integer("created_at"))
        && Query::contains(query.updated, integer("updated_at"))
}

/// Returns an integer of the ticket, also if it was sent as a string.
fn integer(object: &Object<'_>, key: &str) -> Option<i64> {
    object.get(key)?.get().trim_matches('"').parse().ok()
}

/// Returns a string of an object, also if it was sent as an integer.
fn text(object: &Object<'_>, key: &str) -> Option<String> {
    let raw = object.get(key)?.get();
    serde_json::from_str(raw)
        .ok()
        .or_else(|| raw.parse::<i64>().ok().map(|number| number.to_string()))
}

/// Returns the object or the list of objects at a key of the ticket.
fn members<'a>(object: &Object<'a>, key: &str) -> Vec<Object<'a>> {
    let Some(raw) = object.get(key).map(|raw| raw.get()) else { return Vec::new() };
    let many: Result<Vec<&RawValue>, _> = serde_json::from_str(raw);
    match many {
        Ok(many) => many.iter().filter_map(|one| tickets::object(one.get())).collect(),
        Err(_) => tickets::object(raw).into_iter().collect(),
    }
}

//! The list of tickets: pages and filters.

use scripted_server::Reply;
use serde::Serialize;
use serde_json::value::RawValue;

use super::failure::Failure;
use crate::tickets::{self, Object, Ticket};

/// The default page size.
const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum page size.
const MAX_PAGE_SIZE: usize = 200;
/// The most tickets that can be listed, over all pages.
const MAX_TICKETS: usize = 10_000;

/// Returns the requested page, in the order of the fixtures: Feishu documents no order.
pub(crate) fn reply(query: &str) -> Result<Reply, Failure> {
    #[derive(Serialize)]
    struct Body<'a> {
        code: i32,
        msg: &'static str,
        data: Data<'a>,
    }
    #[derive(Serialize)]
    struct Data<'a> {
        total: usize,
        tickets: Vec<&'a RawValue>,
    }
    let query = Query::parse(query)?;
    let mut matches: Vec<&RawValue> = tickets::of("feishu")
        .iter()
        .filter(|ticket| query.matches(ticket))
        .map(|ticket| ticket.object)
        .collect();
    matches.truncate(MAX_TICKETS);
    let total = matches.len();
    let skipped = (query.page - 1).saturating_mul(query.page_size);
    let tickets = matches.into_iter().skip(skipped).take(query.page_size).collect();
    Ok(Reply::json_of(200, &Body { code: 0, msg: "success", data: Data { total, tickets } }))
}

/// The parsed query.
#[derive(Debug)]
struct Query {
    page: usize,
    page_size: usize,
    statuses: Vec<i64>,
    /// Required integers, by key of the ticket.
    integers: Vec<(&'static str, i64)>,
    /// Required strings, by key of the ticket.
    texts: Vec<(&'static str, String)>,
    /// Required members of a person, by key of the ticket and key of the person.
    people: Vec<(&'static str, &'static str, String)>,
    /// Inclusive ranges of milliseconds, by key of the ticket.
    windows: Vec<(&'static str, i64, i64)>,
}

impl Query {
    fn parse(query: &str) -> Result<Self, Failure> {
        let mut parsed = Self {
            page: 1,
            page_size: DEFAULT_PAGE_SIZE,
            statuses: Vec::new(),
            integers: Vec::new(),
            texts: Vec::new(),
            people: Vec::new(),
            windows: Vec::new(),
        };
        let (mut created, mut updated) = ([None; 2], [None; 2]);
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let integer = || value.parse::<i64>().map_err(|_| Failure::BadRequest);
            match &*key {
                "page" => parsed.page = within(&value, usize::MAX)?,
                "page_size" => parsed.page_size = within(&value, MAX_PAGE_SIZE)?,
                "status_list" => parsed.statuses.push(integer()?),
                // The list uses other names than the ticket.
                "type" => parsed.integers.push(("ticket_type", integer()?)),
                "solved" => parsed.integers.push(("solve", integer()?)),
                "channel" => parsed.integers.push(("channel", integer()?)),
                "score" => parsed.integers.push(("score", integer()?)),
                "ticket_id" => parsed.texts.push(("ticket_id", value.into_owned())),
                "agent_id" => parsed.people.push(("agents", "id", value.into_owned())),
                "closed_by_id" => parsed.people.push(("closed_by", "id", value.into_owned())),
                "guest_id" => parsed.people.push(("guest", "id", value.into_owned())),
                "guest_name" => parsed.people.push(("guest", "name", value.into_owned())),
                "create_time_start" => created[0] = Some(integer()?),
                "create_time_end" => created[1] = Some(integer()?),
                "update_time_start" => updated[0] = Some(integer()?),
                "update_time_end" => updated[1] = Some(integer()?),
                _ => {}
            }
        }
        for (key, ends) in [("created_at", created), ("updated_at", updated)] {
            match ends {
                [None, None] => {}
                [Some(start), Some(end)] => parsed.windows.push((key, start, end)),
                // The documentation requires both start and end.
                _ => return Err(Failure::BadRequest),
            }
        }
        Ok(parsed)
    }

    fn matches(&self, ticket: &Ticket) -> bool {
        let Some(object) = tickets::object(ticket.object.get()) else { return false };
        let status = integer(&object, "status");
        (self.statuses.is_empty() || status.is_some_and(|status| self.statuses.contains(&status)))
            && self.integers.iter().all(|(key, wanted)| integer(&object, key) == Some(*wanted))
            && self.texts.iter().all(|(key, wanted)| text(&object, key).as_ref() == Some(wanted))
            && self.people.iter().all(|(key, member, wanted)| {
                people(&object, key)
                    .iter()
                    .any(|person| text(person, member).as_ref() == Some(wanted))
            })
            && self.windows.iter().all(|(key, start, end)| {
                integer(&object, key).is_some_and(|time| (*start..=*end).contains(&time))
            })
    }
}

/// Parses a number from 1 to `max`.
fn within(value: &str, max: usize) -> Result<usize, Failure> {
    value.parse().ok().filter(|number| (1..=max).contains(number)).ok_or(Failure::BadRequest)
}

/// Returns an integer of the ticket, also if it was sent as a string.
fn integer(object: &Object<'_>, key: &str) -> Option<i64> {
    object.get(key)?.get().trim_matches('"').parse().ok()
}

/// Returns a string of the ticket or of a person, also if it was sent as an integer.
fn text(object: &Object<'_>, key: &str) -> Option<String> {
    let raw = object.get(key)?.get();
    serde_json::from_str(raw)
        .ok()
        .or_else(|| raw.parse::<i64>().ok().map(|number| number.to_string()))
}

/// Returns the person or the list of people at a key of the ticket.
fn people<'a>(object: &Object<'a>, key: &str) -> Vec<Object<'a>> {
    let Some(raw) = object.get(key).map(|raw| raw.get()) else { return Vec::new() };
    let many: Result<Vec<&RawValue>, _> = serde_json::from_str(raw);
    match many {
        Ok(many) => many.iter().filter_map(|one| tickets::object(one.get())).collect(),
        Err(_) => tickets::object(raw).into_iter().collect(),
    }
}

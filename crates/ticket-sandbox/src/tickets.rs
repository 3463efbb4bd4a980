//! The served tickets, from the fixtures.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::value::RawValue;

/// A served ticket.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// The id, as in a path.
    pub(crate) id: &'static str,
    /// The whole response body, byte for byte.
    pub(crate) body: &'static [u8],
    /// The ticket object inside the body, unchanged.
    pub(crate) object: &'static RawValue,
}

/// A JSON object whose values keep their text.
pub(crate) type Object<'a> = BTreeMap<String, &'a RawValue>;

static ENGAGELAB: LazyLock<Vec<Ticket>> = LazyLock::new(|| load("engagelab", &["data"]));
static FEISHU: LazyLock<Vec<Ticket>> = LazyLock::new(|| load("feishu", &["data", "ticket"]));

/// Returns the tickets of a provider in the order of the fixtures; empty for an unknown provider.
pub(crate) fn of(provider: &str) -> &'static [Ticket] {
    match provider {
        "engagelab" => &ENGAGELAB,
        "feishu" => &FEISHU,
        _ => &[],
    }
}

/// Returns the ticket with this id.
pub(crate) fn find(provider: &str, id: &str) -> Option<&'static Ticket> {
    of(provider).iter().find(|ticket| ticket.id == id)
}

/// Returns a ticket with another id.
pub(crate) fn another(provider: &str, id: &str) -> &'static Ticket {
    of(provider).iter().find(|ticket| ticket.id != id).expect("each provider has several tickets")
}

/// Parses a JSON object.
pub(crate) fn object(json: &str) -> Option<Object<'_>> {
    serde_json::from_str(json).ok()
}

fn load(provider: &str, keys: &[&str]) -> Vec<Ticket> {
    let served = ticket_fixtures::of(provider).filter(|case| case.served);
    served
        .map(|case| {
            let (object, id) = ticket(case.body, keys)
                .unwrap_or_else(|| panic!("{} is served but is not a ticket", case.file));
            Ticket { id, body: case.body, object }
        })
        .collect()
}

/// Follows `keys` to the ticket object, and reads its id: a string or an integer.
fn ticket(body: &'static [u8], keys: &[&str]) -> Option<(&'static RawValue, &'static str)> {
    let text = std::str::from_utf8(body).ok()?;
    // A response may start with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut value: &'static RawValue = serde_json::from_str(text).ok()?;
    for key in keys {
        value = *object(value.get())?.get(*key)?;
    }
    let id = object(value.get())?.get("ticket_id")?.get().trim_matches('"');
    Some((value, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_served_ticket_by_id() {
        for provider in ["engagelab", "feishu"] {
            let served: Vec<_> = ticket_fixtures::of(provider).filter(|case| case.served).collect();
            assert_eq!(of(provider).len(), served.len());
            for (ticket, case) in of(provider).iter().zip(served) {
                let found = find(provider, ticket.id).expect(case.file);
                assert_eq!(found.body, case.body, "{}", case.file);
                assert!(found.object.get().starts_with('{'), "{}", case.file);
            }
        }
    }

    #[test]
    fn providers_do_not_share_tickets() {
        assert!(find("feishu", "6626871355780366331").is_some());
        assert!(find("engagelab", "6626871355780366331").is_none());
        assert!(of("zendesk").is_empty());
    }
}

//! The tickets that are served, taken out of the fixtures once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::value::RawValue;

/// A served ticket.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// Its id, as a path has it.
    pub(crate) id: &'static str,
    /// The whole response, byte for byte.
    pub(crate) response: &'static [u8],
    /// The ticket's object inside the response, as it stands there.
    pub(crate) object: &'static RawValue,
}

/// An object whose values stay as they were written.
pub(crate) type Object<'a> = BTreeMap<String, &'a RawValue>;

static ENGAGELAB: LazyLock<Vec<Ticket>> = LazyLock::new(|| load("engagelab", &["data"]));
static FEISHU: LazyLock<Vec<Ticket>> = LazyLock::new(|| load("feishu", &["data", "ticket"]));

/// The tickets of a provider in the order of the fixtures; none for one that is not known.
pub(crate) fn of(provider: &str) -> &'static [Ticket] {
    match provider {
        "engagelab" => &ENGAGELAB,
        "feishu" => &FEISHU,
        _ => &[],
    }
}

/// The ticket of a provider with this id.
pub(crate) fn find(provider: &str, id: &str) -> Option<&'static Ticket> {
    of(provider).iter().find(|ticket| ticket.id == id)
}

/// A ticket of a provider with another id.
pub(crate) fn another(provider: &str, id: &str) -> &'static Ticket {
    of(provider).iter().find(|ticket| ticket.id != id).expect("each provider has several tickets")
}

/// Reads text as an object.
pub(crate) fn object(json: &str) -> Option<Object<'_>> {
    serde_json::from_str(json).ok()
}

fn load(provider: &str, way: &[&str]) -> Vec<Ticket> {
    let served = ticket_fixtures::of(provider).filter(|case| case.served);
    served
        .map(|case| {
            let (object, id) = ticket(case.body, way)
                .unwrap_or_else(|| panic!("{} is served and is no ticket", case.file));
            Ticket { id, response: case.body, object }
        })
        .collect()
}

/// Follows the keys on the `way` to the ticket's object, and reads the id in it: a text or an integer.
fn ticket(body: &'static [u8], way: &[&str]) -> Option<(&'static RawValue, &'static str)> {
    let text = std::str::from_utf8(body).ok()?;
    // A served response may begin with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut value: &'static RawValue = serde_json::from_str(text).ok()?;
    for key in way {
        value = *object(value.get())?.get(*key)?;
    }
    let id = object(value.get())?.get("ticket_id")?.get().trim_matches('"');
    Some((value, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_served_case_is_found_by_its_id() {
        for provider in ["engagelab", "feishu"] {
            let served: Vec<_> = ticket_fixtures::of(provider).filter(|case| case.served).collect();
            assert_eq!(of(provider).len(), served.len());
            for (ticket, case) in of(provider).iter().zip(served) {
                let found = find(provider, ticket.id).expect(case.file);
                assert_eq!(found.response, case.body, "{}", case.file);
                assert!(found.object.get().starts_with('{'), "{}", case.file);
            }
        }
    }

    #[test]
    fn a_ticket_of_one_provider_is_none_of_the_other() {
        assert!(find("feishu", "6626871355780366331").is_some());
        assert!(find("engagelab", "6626871355780366331").is_none());
        assert!(of("zendesk").is_empty());
    }
}

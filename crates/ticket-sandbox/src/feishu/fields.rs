//! The definitions of custom fields: `GET /ticket_customized_fields`.

mod definitions;

use scripted_server::{PageFault, Reply};
use serde::Serialize;
use url::form_urlencoded;

use super::failure::Failure;
use super::success;
use crate::random::Random;

pub(crate) use definitions::{FIELDS, Field, Type, key};

/// The default page size.
const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum page size.
const MAX_PAGE_SIZE: usize = 100;
/// When the fields were created, in milliseconds.
const CREATED_AT: u64 = 1_591_239_289_000;

/// An option of a dropdown.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) name: &'static str,
    pub(crate) children: &'static [Choice],
}

impl Field {
    /// Returns the id of the field with this index.
    pub(crate) fn id(index: usize) -> String {
        (6_948_728_206_392_295_444 + index as u64 * 131_073).to_string()
    }

    /// Returns the tag of an option: a UUID that depends on the indices from the top level down.
    pub(crate) fn tag(index: usize, path: &[usize]) -> String {
        let path = path.iter().map(|part| *part as u64 + 1);
        let mut random =
            Random::of(&[index as u64 + 1].into_iter().chain(path).collect::<Vec<_>>());
        let digits = format!("{:016x}{:016x}", random.next(), random.next());
        let (first, second, third) = (&digits[..8], &digits[8..12], &digits[13..16]);
        format!("{first}-{second}-4{third}-a{}-{}", &digits[17..20], &digits[20..])
    }
}

/// A definition as it is sent. The position and the times are strings here.
#[derive(Serialize)]
struct Definition {
    ticket_customized_field_id: String,
    helpdesk_id: String,
    key_name: &'static str,
    display_name: &'static str,
    position: String,
    field_type: &'static str,
    description: &'static str,
    visible: bool,
    editable: bool,
    required: bool,
    created_at: String,
    updated_at: String,
    created_by: Author,
    updated_by: Author,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropdown_options: Option<Options>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropdown_allow_multiple: Option<bool>,
}

#[derive(Serialize)]
struct Author {
    id: &'static str,
    avatar_url: &'static str,
    name: &'static str,
    email: &'static str,
}

#[derive(Serialize)]
struct Options {
    children: Vec<OptionNode>,
}

#[derive(Serialize)]
struct OptionNode {
    tag: String,
    display_name: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<OptionNode>,
}

const AUTHOR: fn() -> Author = || Author {
    id: "ou_37019b7c830210acd88fdce886e25c71",
    avatar_url: "https://example.com/avatar/admin.png",
    name: "管理员",
    email: "helpdesk.admin@example.com",
};

impl Definition {
    fn of(index: usize, helpdesk_id: &str) -> Self {
        let field = &FIELDS[index];
        let choices = field.choices();
        let times = (CREATED_AT + index as u64 * 86_400_000).to_string();
        Self {
            ticket_customized_field_id: Field::id(index),
            helpdesk_id: helpdesk_id.to_owned(),
            key_name: field.key_name,
            display_name: field.display_name,
            position: (index + 1).to_string(),
            field_type: field.kind.name(),
            description: field.description,
            visible: field.visible,
            editable: true,
            required: field.required,
            updated_at: times.clone(),
            created_at: times,
            created_by: AUTHOR(),
            updated_by: AUTHOR(),
            dropdown_options: choices
                .map(|choices| Options { children: nodes(index, choices, &[]) }),
            dropdown_allow_multiple: choices.map(|_| matches!(field.kind, Type::MultiSelect(_))),
        }
    }
}

fn nodes(field: usize, choices: &[Choice], path: &[usize]) -> Vec<OptionNode> {
    let node = |(index, choice): (usize, &Choice)| {
        let path = [path, &[index]].concat();
        OptionNode {
            tag: Field::tag(field, &path),
            display_name: choice.name,
            children: nodes(field, choice.children, &path),
        }
    };
    choices.iter().enumerate().map(node).collect()
}

/// Returns a page of definitions.
pub(crate) fn reply(
    query: &str,
    helpdesk_id: &str,
    fault: Option<PageFault>,
) -> Result<Reply, Failure> {
    #[derive(Serialize)]
    struct Data {
        has_more: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_page_token: Option<String>,
        items: Vec<Definition>,
    }
    let (mut size, mut start) = (DEFAULT_PAGE_SIZE, 0);
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "page_size" => size = super::within(&value, MAX_PAGE_SIZE)?,
            "page_token" => start = parse_token(&value).ok_or(Failure::BadRequest)?,
            _ => {}
        }
    }
    // The page before this one leads here again: a client that follows it never ends.
    if fault == Some(PageFault::Repeated) {
        start = start.saturating_sub(size);
    }
    let end = (start + size).min(FIELDS.len());
    let has_more = end < FIELDS.len();
    let items = match fault {
        Some(PageFault::Empty) => Vec::new(),
        _ => (start..end).map(|index| Definition::of(index, helpdesk_id)).collect(),
    };
    let next_page_token = has_more.then(|| token(end));
    Ok(success(Data { has_more, next_page_token, items }))
}

/// Returns the token of the page that starts here. A client must not look into it.
fn token(start: usize) -> String {
    format!("p{:08x}", start * 0x0001_0003)
}

fn parse_token(text: &str) -> Option<usize> {
    (1..FIELDS.len()).find(|start| token(*start) == text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tags_are_distinct_uuids() {
        fn collect(nodes: &[OptionNode], tags: &mut Vec<String>, depth: usize) -> usize {
            nodes.iter().fold(depth, |deepest, node| {
                tags.push(node.tag.clone());
                deepest.max(collect(&node.children, tags, depth + 1))
            })
        }
        let (mut tags, mut deepest) = (Vec::new(), 0);
        for (index, field) in FIELDS.iter().enumerate() {
            if let Some(choices) = field.choices() {
                deepest = deepest.max(collect(&nodes(index, choices, &[]), &mut tags, 0));
            }
        }
        assert_eq!(deepest, 3);
        assert_eq!(tags.iter().collect::<BTreeSet<_>>().len(), tags.len());
        for tag in tags {
            let lengths: Vec<_> = tag.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{tag}");
        }
    }

    #[test]
    fn keys_are_distinct_and_need_two_pages() {
        let keys: BTreeSet<_> = FIELDS.iter().map(|field| field.key_name).collect();
        assert_eq!(keys.len(), FIELDS.len());
        assert!(FIELDS.len() > DEFAULT_PAGE_SIZE + 5);
    }
}

//! Replaces the id of a dropdown option by its label, with the definitions of the custom fields.
//!
//! The documentation says that a ticket has the label; live responses have the option's `tag`.

use std::collections::HashMap;

use serde_json::Value;
use ticket_core::decode::Document;
use ticket_core::{Decoded, Error, Response};
use ticket_model::{CustomField, Json};

use crate::{LIST_FIELDS, error, wire};

/// The labels of the options of each field, by the id of the field and the tag of the option.
pub(crate) type Labels = HashMap<(String, String), String>;

/// How deep options may be nested; three levels are documented.
const MAX_DEPTH: usize = 8;

/// Replaces the tags of options in the ticket by their labels, if there are pages of definitions.
///
/// # Errors
/// If a page is not a successful response of the call for definitions.
pub(crate) fn add(decoded: &mut Decoded, responses: &[Response]) -> Result<(), Error> {
    let mut labels = Labels::new();
    for response in Response::all(responses, LIST_FIELDS) {
        read(response, &mut labels).map_err(|error| response.complete(error))?;
    }
    replace_all(&mut decoded.ticket.custom_fields, &labels);
    Ok(())
}

/// Replaces the tags of options in these fields by their labels.
pub(crate) fn replace_all(fields: &mut [CustomField], labels: &Labels) {
    if !labels.is_empty() {
        for field in fields {
            replace(field, labels);
        }
    }
}

/// Returns whether a value of the ticket looks like the tag of an option, so that the definitions are needed.
#[cfg(feature = "http")]
pub(crate) fn are_needed(fields: &[CustomField]) -> bool {
    let values = fields.iter().filter_map(|field| field.value.as_ref());
    values.flat_map(tags).any(|tag| is_uuid(&tag))
}

/// Returns whether the text is 32 hexadecimal digits, with or without hyphens.
fn is_uuid(text: &str) -> bool {
    let digits = text.bytes().filter(|byte| *byte != b'-');
    let are_hexadecimal = digits.clone().all(|byte| byte.is_ascii_hexdigit());
    are_hexadecimal && digits.count() == 32
}

/// Returns the texts of a value that may be tags: the text itself, tags separated by commas, or the items of a list, which may be a
/// text of JSON.
fn tags(value: &Json) -> Vec<String> {
    let text = value.to_text();
    let list = text.as_deref().unwrap_or(value.as_str());
    if let Ok(tags) = serde_json::from_str(list) {
        return tags;
    }
    let Some(text) = text else { return Vec::new() };
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    // Any other text may have commas too.
    if parts.iter().all(|part| is_uuid(part)) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![text]
}

/// Replaces the value of a field by labels, if it is the tag of an option, or a list of them.
fn replace(field: &mut CustomField, labels: &Labels) {
    let (Some(id), Some(value)) = (&field.id, &field.value) else { return };
    let tags = tags(value);
    let label = |tag: &String| labels.get(&(id.clone(), tag.clone())).cloned();
    let Some(names) = tags.iter().map(label).collect::<Option<Vec<_>>>() else { return };
    let is_list = value.to_text().is_none_or(|text| text.trim_start().starts_with('['));
    let json = match names.as_slice() {
        [] => return,
        [name] if !is_list => serde_json::to_string(name),
        names => serde_json::to_string(names),
    };
    let label = json.ok().and_then(|json| json.parse().ok());
    if let Some(label) = label {
        field.native = field.value.replace(label);
    }
}

/// Adds the labels of a page of definitions, and returns the token of the next one.
pub(crate) fn read(response: &Response, labels: &mut Labels) -> Result<Option<String>, Error> {
    if !response.is_success() {
        return Err(error::error_response(response));
    }
    let document = Document::open(response)?;
    let root = document.root();
    let wire::FieldsEnvelope { code, data, unknown: _ } = document.parse()?;
    error::check_code(response, &root, &code)?;
    let Some((cursor, data)) = root.object(data) else { return Ok(None) };
    let wire::FieldsData { items, has_more, next_page_token, unknown: _ } = data;
    cursor.list(items, |cursor, definition| {
        let wire::FieldDefinition { ticket_customized_field_id, dropdown_options, unknown: _ } =
            definition;
        let id = cursor.id(ticket_customized_field_id);
        if let (Some(id), Some((cursor, options))) = (id, cursor.object(dropdown_options))
            && let Some(children) = cursor.json(options.children)
            && let Ok(children) = children.parse::<Value>()
        {
            collect(&id, "", &children, MAX_DEPTH, labels);
        }
    });
    let token = cursor.text(next_page_token).filter(|token| !token.is_empty());
    Ok(token.filter(|_| cursor.flag(has_more) == Some(true)))
}

/// Adds the labels of options and of those below them, as a path: `Hardware / Laptop`.
fn collect(field: &str, path: &str, options: &Value, depth: usize, labels: &mut Labels) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for option in options.as_array().into_iter().flatten() {
        let text = |key: &str| option.get(key).and_then(Value::as_str);
        // Without a name, the tag stays.
        let own = text("display_name").filter(|name| !name.is_empty());
        let parts = [Some(path).filter(|path| !path.is_empty()), own];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" / ");
        if let Some(tag) = text("tag").filter(|_| own.is_some()) {
            labels.insert((field.to_owned(), tag.to_owned()), name.clone());
        }
        if let Some(children) = option.get("children") {
            collect(field, &name, children, depth, labels);
        }
    }
}

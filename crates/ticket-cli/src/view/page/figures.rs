//! Renders satisfaction, custom fields, metrics and unmapped values.

use ticket_model::{CustomField, IndexMap, Json, Metrics, Relation, Satisfaction};

use super::LONGEST_LABEL;
use crate::view::clean::{fact, one_line, quoted};
use crate::view::cut::cut;
use crate::view::ink::{PLAIN, QUIET, StyledText};
use crate::view::sheet::{TextLayout, body};
use crate::view::time::Reader;
use crate::view::words;
use crate::view::wrap::columns;

/// A custom field with a wider name has its value on the next line.
const MAX_NAME_WIDTH: usize = 24;
/// The number of characters after which an unmapped value is cut.
const MAX_VALUE_LENGTH: usize = 120;

/// Writes the rating of the requester.
pub(crate) fn satisfaction(
    sheet: &mut TextLayout,
    satisfaction: Option<&Satisfaction>,
    reader: &Reader,
) {
    let Some(Satisfaction { score, min, max, comment, reasons, submitted_at }) = satisfaction
    else {
        return;
    };
    sheet.heading("Satisfaction", "");
    if let Some(score) = score {
        sheet.inner_row("Score", &StyledText::of(PLAIN, &words::score(*score, *min, *max)));
    }
    if let Some(comment) = comment {
        sheet.inner_row("Comment", &StyledText::of(PLAIN, &body(comment)));
    }
    for reason in reasons {
        let mut ink = StyledText::default();
        for (language, text) in reason {
            ink.line();
            ink.push(PLAIN, &fact(text));
            ink.word(QUIET, &format!("({})", fact(language)));
        }
        sheet.inner_row("Reason", &ink);
    }
    if let Some(time) = submitted_at {
        sheet.inner_row("Submitted", &StyledText::of(PLAIN, &reader.moment(*time)));
    }
}

/// Writes the custom fields, each with its other names and its rules.
pub(crate) fn custom_fields(sheet: &mut TextLayout, fields: &[CustomField]) {
    if fields.is_empty() {
        return;
    }
    sheet.heading("Custom fields", "");
    let longest = fields.iter().map(|field| columns(&names(field)[0]));
    let longest = longest.filter(|columns| *columns <= MAX_NAME_WIDTH).max().unwrap_or(0);
    sheet.set_longest_label(longest.max(LONGEST_LABEL));
    for field in fields {
        let mut ink = StyledText::default();
        match &field.value {
            Some(value) => match value.to_text() {
                // Without quotes, a label could imitate the id after it.
                Some(text) if field.native.is_some() => ink.push(PLAIN, &fact(&text)),
                Some(text) if text.is_empty() => ink.push(QUIET, "(empty text)"),
                // Without quotes, the last line could imitate the details of the field.
                Some(text) if text.contains('\n') => ink.push(PLAIN, &quoted(&body(&text))),
                Some(text) => ink.push(PLAIN, &body(&text)),
                None => {
                    // Without brackets, an option could imitate the ids after it.
                    let texts = words::texts(value).filter(|_| field.native.is_none());
                    ink.push(PLAIN, &texts.unwrap_or_else(|| one_line(value.as_str())));
                }
            },
            None => ink.push(QUIET, "no value"),
        }
        if let Some(native) = &field.native {
            ink.word(QUIET, &format!("({})", words::native(native)));
        }
        let names = names(field);
        let mut details = StyledText::default();
        for detail in names.iter().skip(1).chain(&words::field_rules(field)) {
            details.fact(QUIET, detail);
        }
        if !details.is_empty() {
            ink.line();
            ink.append(&details);
        }
        sheet.inner_row(&names[0], &ink);
    }
    sheet.set_longest_label(LONGEST_LABEL);
}

/// Returns the names of a field, the best one first; at least one.
fn names(field: &CustomField) -> Vec<String> {
    let CustomField { id, key, label, value: _, native: _, required: _, editable: _, position: _ } =
        field;
    let mut names: Vec<_> = [label, key, id]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty())
        .map(|name| fact(name))
        .collect();
    if names.is_empty() {
        names.push("unnamed".into());
    }
    names
}

/// Writes the metrics of the ticket.
pub(crate) fn metrics(sheet: &mut TextLayout, metrics: Option<&Metrics>, reader: &Reader) {
    let Some(metrics) = metrics else { return };
    sheet.heading("Metrics", "");
    let moments = words::moments(metrics)
        .into_iter()
        .map(|(label, time)| (label, time.map(|time| reader.moment(time))));
    for (label, words) in moments.chain(words::durations(metrics)) {
        sheet.inner_row(label, &StyledText::of(PLAIN, &words.unwrap_or_default()));
    }
}

/// Writes the links to other tickets and pages.
pub(crate) fn relations(sheet: &mut TextLayout, relations: &[Relation]) {
    if relations.is_empty() {
        return;
    }
    sheet.heading("Relations", "");
    for Relation { relation_type, id, url } in relations {
        let label = relation_type.as_ref().map_or_else(|| "related".into(), words::coded);
        let mut ink = StyledText::default();
        for (style, part) in [(PLAIN, id), (QUIET, url)] {
            if let Some(part) = part {
                ink.fact(style, &fact(part));
            }
        }
        sheet.inner_row(&label, &ink);
    }
}

/// Writes the unmapped values: the JSON pointer and the beginning of the value.
pub(crate) fn extra(sheet: &mut TextLayout, extra: &IndexMap<String, Json>) {
    if extra.is_empty() {
        return;
    }
    sheet.heading("Unmapped values", "not in the model, or invalid");
    for (pointer, value) in extra {
        let mut ink = StyledText::of(QUIET, &one_line(pointer));
        ink.line();
        ink.push(PLAIN, "  ");
        ink.append(&cut(value.as_str(), MAX_VALUE_LENGTH));
        sheet.text(2, &ink);
    }
}

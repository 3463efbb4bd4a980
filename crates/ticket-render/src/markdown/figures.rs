//! Renders SLA, satisfaction, custom fields, metrics and unmapped values as Markdown.

use ticket_model::{CustomField, IndexMap, Json, Metrics, Relation, Satisfaction, Sla};

use super::Document;
use super::escape::{code, fence, text};
use crate::words;

pub(super) fn sla(document: &mut Document, sla: Option<&Sla>) {
    let Some(Sla { name, first_response_due, resolution_due, breached }) = sla else { return };
    document.optional_item("SLA", name.as_deref().map(text));
    document.time("First response due", *first_response_due);
    document.time("Resolution due", *resolution_due);
    document
        .optional_item("SLA state", breached.map(|breached| words::breached(breached).to_owned()));
}

pub(super) fn relations(document: &mut Document, relations: &[Relation]) {
    if relations.is_empty() {
        return;
    }
    document.heading(2, "Relations");
    for Relation { relation_type, id, url } in relations {
        let label = relation_type.as_ref().map_or_else(|| "related".into(), words::coded);
        let parts: Vec<_> = [id, url].into_iter().flatten().map(|it| code(it)).collect();
        document.item(&text(&label), &parts.join(" · "));
    }
}

pub(super) fn satisfaction(document: &mut Document, satisfaction: Option<&Satisfaction>) {
    let Some(Satisfaction { score, min, max, comment, reasons, submitted_at }) = satisfaction
    else {
        return;
    };
    document.heading(2, "Satisfaction");
    document.optional_item("Score", score.map(|score| words::score(score, *min, *max)));
    for reason in reasons {
        let texts: Vec<_> = reason
            .iter()
            .map(|(tag, reason)| format!("{} ({})", text(reason), text(tag)))
            .collect();
        document.item("Reason", &texts.join(", "));
    }
    document.time("Submitted", *submitted_at);
    if let Some(comment) = comment {
        document.block(&fence(comment, "text"));
    }
}

pub(super) fn custom_fields(document: &mut Document, fields: &[CustomField]) {
    if fields.is_empty() {
        return;
    }
    document.heading(2, "Custom fields");
    for field in fields {
        let CustomField { id, key, label, value, native, required: _, editable: _, position: _ } =
            field;
        let mut names = label.as_deref().map(text).into_iter().chain(key.as_deref().map(code));
        let first = names.next().or_else(|| id.as_deref().map(code));
        let value = value.as_ref().map_or_else(|| "no value".into(), |value| code(value.as_str()));
        let value = match native {
            Some(native) => format!("{value} ({})", code(native.as_str())),
            None => value,
        };
        document.item(first.as_deref().unwrap_or("unnamed"), &value);
        let mut details: Vec<_> = names.collect();
        details.extend(id.as_deref().filter(|_| label.is_some() || key.is_some()).map(code));
        details.extend(words::field_rules(field));
        if !details.is_empty() {
            document.nested(|document| document.item("Field", &details.join(", ")));
        }
    }
}

pub(super) fn metrics(document: &mut Document, metrics: Option<&Metrics>) {
    let Some(metrics) = metrics else { return };
    document.heading(2, "Metrics");
    for (label, time) in words::moments(metrics) {
        document.time(label, time);
    }
    for (label, duration) in words::durations(metrics) {
        document.optional_item(label, duration);
    }
}

pub(super) fn extra(document: &mut Document, extra: &IndexMap<String, Json>) {
    if extra.is_empty() {
        return;
    }
    document.heading(2, "Unmapped values");
    document.block(
        "Values that are not in the model, or invalid, by their JSON pointer in the response.\n",
    );
    for (pointer, value) in extra {
        document.item(&code(pointer), &code(value.as_str()));
    }
}

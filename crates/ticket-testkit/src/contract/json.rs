//! The ticket as JSON.

use ticket_core::model::Ticket;
use ticket_core::{Record, VocabularyOverrides};

use super::harness::{Harness, Problems, Scenario, TestResult, fetch};
use super::outcome::Outcome;
use crate::SourceUnderTest;

pub(super) async fn ticket_json_is_stable(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    #[cfg(feature = "schema")]
    let schema = schema()?;
    for (id, _) in &subject.tickets {
        let mut texts = Vec::new();
        // Two sources, so that a cache cannot hide a difference.
        for _ in 0..2 {
            let outcome = if subject.is_in_memory {
                let source = subject.source("", Scenario::default().settings)?;
                fetch(&*source, id, subject.timeout).await
            } else {
                Harness::start(subject, Scenario::default()).await?.fetch(id).await
            };
            let Outcome::Ticket(record) = outcome else {
                problems.add(id, outcome.expect_ticket(id));
                continue;
            };
            let text =
                serde_json::to_string(&record.ticket).map_err(|error| format!("{id}: {error}"))?;
            problems.add(id, changed_by_parsing(&record.ticket, &text));
            problems.add(id, decoded_differently(subject, &record));
            #[cfg(feature = "schema")]
            problems.add(id, schema_error(&schema, &text));
            texts.push(text);
        }
        if let [one, other] = &texts[..]
            && one != other
        {
            problems.add(id, [format!("first {one}, then {other}")]);
        }
    }
    Ok(problems)
}

fn changed_by_parsing(ticket: &Ticket, text: &str) -> Option<String> {
    match serde_json::from_str::<Ticket>(text) {
        Ok(again) if again == *ticket => None,
        Ok(_) => Some(format!("the JSON parses to another ticket: {text}")),
        Err(error) => Some(format!("the JSON cannot be parsed: {error} in {text}")),
    }
}

/// Returns a problem if the decoder returns another ticket than the source.
fn decoded_differently(subject: &SourceUnderTest, record: &Record) -> Option<String> {
    let responses = &record.origin.responses;
    match subject.decoder?.decode(responses, &VocabularyOverrides::default()) {
        Ok(decoded) if decoded.ticket == record.ticket => None,
        Ok(_) => Some("the decoder returns another ticket for the same response".to_owned()),
        Err(error) => Some(format!("the decoder rejects the same response: {error}")),
    }
}

#[cfg(feature = "schema")]
fn schema() -> Result<jsonschema::Validator, String> {
    let schema =
        serde_json::from_str(&ticket_model::schema()).map_err(|error| error.to_string())?;
    jsonschema::validator_for(&schema).map_err(|error| error.to_string())
}

#[cfg(feature = "schema")]
fn schema_error(schema: &jsonschema::Validator, text: &str) -> Option<String> {
    let ticket = serde_json::from_str(text).ok()?;
    let error = schema.validate(&ticket).err()?;
    Some(format!("invalid at {} by the schema: {error}", error.instance_path()))
}

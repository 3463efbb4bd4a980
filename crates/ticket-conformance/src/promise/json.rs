//! The ticket as JSON.

use ticket_core::model::Ticket;
use ticket_core::{Record, VocabularyOverrides};

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene, fetch};
use crate::Subject;

pub(super) async fn a_ticket_is_stable_json(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    #[cfg(feature = "schema")]
    let schema = schema()?;
    for (id, _) in &subject.tickets {
        let mut texts = Vec::new();
        // Two sources, so that nothing that one remembers makes them agree.
        for _ in 0..2 {
            let outcome = if subject.is_in_memory {
                let source = subject.source("", Play::default().settings)?;
                fetch(&*source, id, subject.patience).await
            } else {
                Scene::of(subject, Play::default()).await?.fetch(id).await
            };
            let Outcome::Ticket(record) = outcome else {
                faults.add(id, outcome.unless_ticket(id));
                continue;
            };
            let text =
                serde_json::to_string(&record.ticket).map_err(|error| format!("{id}: {error}"))?;
            faults.add(id, changed_by_reading(&record.ticket, &text));
            faults.add(id, read_otherwise(subject, &record));
            #[cfg(feature = "schema")]
            faults.add(id, refused_by(&schema, &text));
            texts.push(text);
        }
        if let [one, other] = &texts[..]
            && one != other
        {
            faults.add(id, [format!("once it is {one}, and then {other}")]);
        }
    }
    Ok(faults)
}

fn changed_by_reading(ticket: &Ticket, text: &str) -> Option<String> {
    match serde_json::from_str::<Ticket>(text) {
        Ok(again) if again == *ticket => None,
        Ok(_) => Some(format!("it reads back as another ticket: {text}")),
        Err(error) => Some(format!("it cannot be read back: {error} in {text}")),
    }
}

/// What is wrong where the pure half makes another ticket of the responses than the source.
fn read_otherwise(subject: &Subject, record: &Record) -> Option<String> {
    let responses = &record.origin.responses;
    match subject.decoder?.decode(responses, &VocabularyOverrides::default()) {
        Ok(decoded) if decoded.ticket == record.ticket => None,
        Ok(_) => Some("the decoder reads another ticket in the same response".to_owned()),
        Err(error) => Some(format!("the decoder cannot read the same response: {error}")),
    }
}

#[cfg(feature = "schema")]
fn schema() -> Result<jsonschema::Validator, String> {
    let schema =
        serde_json::from_str(&ticket_model::schema()).map_err(|error| error.to_string())?;
    jsonschema::validator_for(&schema).map_err(|error| error.to_string())
}

#[cfg(feature = "schema")]
fn refused_by(schema: &jsonschema::Validator, text: &str) -> Option<String> {
    let ticket = serde_json::from_str(text).ok()?;
    let refusal = schema.validate(&ticket).err()?;
    Some(format!("the schema refuses {}: {refusal}", refusal.instance_path()))
}

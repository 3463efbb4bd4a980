//! The shape that is promised: every key always printed, absent keys accepted, the schema agrees.

use ticket_model::{Present, Satisfaction, Ticket};

fn smallest() -> Ticket {
    Ticket::new("any", "1")
}

#[test]
fn prints_every_key_of_a_minimal_ticket() {
    let printed = serde_json::to_string_pretty(&smallest()).unwrap();
    let expected = r#"{
  "provider": "any",
  "id": "1",
  "helpdesk_id": null,
  "url": null,
  "title": null,
  "description": null,
  "status": null,
  "priority": null,
  "type": null,
  "handling": null,
  "channel": null,
  "requester": null,
  "submitter": null,
  "assignee": null,
  "agents": [],
  "collaborators": [],
  "followers": [],
  "participants": [],
  "closed_by": null,
  "team": null,
  "tags": [],
  "custom_fields": [],
  "attachments": [],
  "conversation": null,
  "notes": [],
  "status_changes": [],
  "relations": [],
  "sla": null,
  "satisfaction": null,
  "solved": null,
  "metrics": null,
  "created_at": null,
  "updated_at": null,
  "started_at": null,
  "due_at": null,
  "resolved_at": null,
  "closed_at": null,
  "extra": {}
}"#;
    assert_eq!(printed, expected);
}

#[test]
fn rejects_a_ticket_without_provider_or_id() {
    for text in [r#"{"id": "1"}"#, r#"{"provider": "any"}"#, r#"{"provider": null, "id": "1"}"#] {
        assert!(serde_json::from_str::<Ticket>(text).is_err(), "{text}");
    }
}

#[test]
fn full_ticket_round_trips() {
    let text = include_str!("full.json");
    let ticket: Ticket = serde_json::from_str(text).unwrap();
    let printed = serde_json::to_string_pretty(&ticket).unwrap();
    assert_eq!(printed.trim(), text.trim());
    assert_eq!(serde_json::from_str::<Ticket>(&printed).unwrap(), ticket);
}

#[test]
fn scale_without_a_score_is_no_satisfaction() {
    let scale = Satisfaction { min: Some(1), max: Some(5), ..Satisfaction::default() };
    assert_eq!(scale.clone().present(), None);
    let rated = Satisfaction { score: Some(4), ..scale };
    assert!(rated.is_present());
}

#[cfg(feature = "schema")]
mod schema {
    use ticket_model::schema;

    /// The full ticket without the number that only `Json` can hold.
    fn full() -> serde_json::Value {
        serde_json::from_str(&include_str!("full.json").replace("1e400", "400")).unwrap()
    }

    fn validator() -> jsonschema::Validator {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    }

    #[test]
    fn schema_accepts_printed_tickets() {
        for printed in [full(), serde_json::to_value(super::smallest()).unwrap()] {
            let errors: Vec<_> =
                validator().iter_errors(&printed).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }

    #[test]
    fn schema_rejects_a_missing_key_and_an_unknown_word() {
        let full = full();
        let mut without_title = full.clone();
        without_title.as_object_mut().unwrap().remove("title");
        let mut unknown_word = full.clone();
        unknown_word["status"]["value"] = "halted".into();
        let mut number_as_id = full;
        number_as_id["id"] = 7.into();
        for broken in [without_title, unknown_word, number_as_id] {
            assert!(!validator().is_valid(&broken));
        }
    }

    #[test]
    fn schema_names_the_model_version() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        assert_eq!(schema["$id"], format!("urn:ticket-model:{}", ticket_model::MODEL_VERSION));
    }
}

//! Survival against a desk made for it: an honest desk survives, and what a careless one does is found and named.

use std::sync::atomic::{AtomicU64, Ordering};

use ticket_conformance::{Case, mutated, survive_mutations};
use ticket_core::decode::{Document, Scalar};
use ticket_core::mapping::Rule;
use ticket_core::model::Ticket;
use ticket_core::{Decoded, Error, ErrorKind, Response, wire_struct};

use crate::made::{Made, said};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
    }
}

/// What a desk does not take care of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Carelessness {
    None,
    PanicsWithoutSubject,
    QuotesAsSent,
    QuotesWithoutEnd,
    RefusesWithoutReason,
    RefusesAsACallMay,
    ForgetsWhoIsAsked,
    CountsItsReadings,
    MakesUpExtra,
    TakesAnyId,
    TakesAnyStatus,
}

fn read(
    careless: Carelessness,
    readings: &AtomicU64,
    response: &Response,
) -> Result<Decoded, Error> {
    if !response.is_success() && careless != Carelessness::TakesAnyStatus {
        let error = Error::new(ErrorKind::Rejected, "the service refused");
        return Err(response.complete(error).with_provider("desk"));
    }
    parse(careless, readings, response).map_err(|error| match careless {
        Carelessness::ForgetsWhoIsAsked => error,
        _ => response.complete(error).with_provider("desk"),
    })
}

fn parse(
    careless: Carelessness,
    readings: &AtomicU64,
    response: &Response,
) -> Result<Decoded, Error> {
    let document = Document::open(response)?;
    let cursor = document.root();
    let Wire { number, subject, unknown } = document.parse()?;
    cursor.unknown(unknown);
    let (id, subject) = (cursor.integer_id(number), cursor.text(subject));
    let unreadable = |message: String| Error::new(ErrorKind::InvalidResponse, message);
    let is = |carelessness| careless == carelessness;
    let has_subject = subject.is_some() || !is(Carelessness::PanicsWithoutSubject);
    assert!(has_subject, "there is always a subject");
    if is(Carelessness::QuotesAsSent) && subject.as_deref() != Some("no\npaper") {
        return Err(unreadable(subject.unwrap_or("no subject".to_owned())));
    }
    let id = match id {
        Some(id) => id,
        None if is(Carelessness::TakesAnyId) => String::new(),
        None if is(Carelessness::QuotesWithoutEnd) => {
            return Err(unreadable(response.body.escape_ascii().to_string().repeat(50)));
        }
        None if is(Carelessness::RefusesAsACallMay) => {
            return Err(Error::new(ErrorKind::Configuration, "the desk is not named"));
        }
        None if is(Carelessness::RefusesWithoutReason) => {
            return Err(Error::new(ErrorKind::NotFound, "there is no such ticket"));
        }
        None => return Err(unreadable("no id".to_owned())),
    };
    let mut ticket: Ticket = serde_json::from_str(r#"{"provider": "desk", "id": ""}"#).unwrap();
    ticket.id = id;
    ticket.title = subject;
    let overrides = readings.fetch_add(1, Ordering::Relaxed);
    if is(Carelessness::CountsItsReadings) {
        ticket.title = Some(overrides.to_string());
    }
    let (mut extra, diagnostics) = document.close()?;
    if is(Carelessness::MakesUpExtra) {
        extra.values_mut().for_each(|value| *value = "7".parse().unwrap());
    }
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::text(&["title"], &["/subject"]),
];

const CASE: Case = Case {
    name: "simple",
    body: br#"{"number": 17, "subject": "no\npaper", "floor": {"of": ["house", 2]}}"#,
};

/// What is said when a desk of this kind does not survive.
fn verdict(careless: Carelessness) -> Option<String> {
    let readings = AtomicU64::new(0);
    let desk =
        Made { read: |response: &Response| read(careless, &readings, response), rules: RULES };
    said(|| survive_mutations(&desk, &[CASE]))
}

#[test]
fn an_honest_desk_survives() {
    assert_eq!(verdict(Carelessness::None), None);
}

#[test]
fn what_a_careless_desk_does_is_found_and_named() {
    for (carelessness, said) in [
        (Carelessness::PanicsWithoutSubject, "the reading panics: there is always a subject"),
        (Carelessness::QuotesAsSent, "in it: desk: "),
        (Carelessness::QuotesWithoutEnd, "a failure is told in "),
        (Carelessness::RefusesWithoutReason, "the response is no refusal of the kind not_found"),
        (Carelessness::RefusesAsACallMay, "the error is of the kind configuration: a call may"),
        (Carelessness::ForgetsWhoIsAsked, "the error does not know its response"),
        (Carelessness::CountsItsReadings, "read a second time it is another"),
        (Carelessness::MakesUpExtra, "in extra is not what was sent: 7"),
        (Carelessness::TakesAnyId, "the ticket is desk:"),
        (Carelessness::TakesAnyStatus, "a ticket is read although the HTTP status is "),
    ] {
        let verdict = verdict(carelessness).unwrap_or_else(|| panic!("{carelessness:?} survives"));
        assert!(verdict.contains(said), "{carelessness:?}: {verdict}");
        assert!(verdict.starts_with("simple changed by seed "), "{verdict}");
    }
}

#[test]
fn a_seed_that_was_named_gives_the_same_body_again() {
    let verdict = verdict(Carelessness::PanicsWithoutSubject).expect("it does not survive");
    let seed = verdict.split(' ').nth(4).and_then(|seed| seed.parse().ok()).expect("a seed");
    let body = mutated(CASE.body, seed).escape_ascii().to_string();
    assert!(verdict.ends_with(&format!("the body: b\"{body}\"")), "{verdict}");
}

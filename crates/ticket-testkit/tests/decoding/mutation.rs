//! A correct decoder passes; each defect is reported with the seed of the mutation.

use std::sync::atomic::{AtomicU64, Ordering};

use ticket_core::decode::{Document, Scalar};
use ticket_core::model::Ticket;
use ticket_core::{Decoded, Error, ErrorKind, Response, wire_struct};
use ticket_testkit::{SampleResponse, check_mutated_responses, mutated_body};

use crate::decoder::{TestDecoder, panic_message};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
    }
}

/// What the decoder does wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Defect {
    None,
    PanicsWithoutSubject,
    QuotesControlCharacters,
    QuotesTooMuch,
    RejectsASuccess,
    ReportsACallError,
    OmitsTheProvider,
    ChangesEachTime,
    InventsExtra,
    AcceptsAMissingId,
    IgnoresTheStatus,
}

fn decode(defect: Defect, count: &AtomicU64, response: &Response) -> Result<Decoded, Error> {
    if !response.is_success() && defect != Defect::IgnoresTheStatus {
        let error = Error::new(ErrorKind::Rejected, "the request was rejected");
        return Err(response.complete(error).with_provider("helpdesk"));
    }
    decode_ticket(defect, count, response).map_err(|error| match defect {
        Defect::OmitsTheProvider => error,
        _ => response.complete(error).with_provider("helpdesk"),
    })
}

fn decode_ticket(defect: Defect, count: &AtomicU64, response: &Response) -> Result<Decoded, Error> {
    let document = Document::open(response)?;
    let cursor = document.root();
    let Wire { number, subject, unknown } = document.parse()?;
    cursor.unknown(unknown);
    let (id, subject) = (cursor.integer_id(number), cursor.text(subject));
    let unreadable = |message: String| Error::new(ErrorKind::InvalidResponse, message);
    let is = |other| defect == other;
    let has_subject = subject.is_some() || !is(Defect::PanicsWithoutSubject);
    assert!(has_subject, "the subject is missing");
    if is(Defect::QuotesControlCharacters) && subject.as_deref() != Some("no\npaper") {
        return Err(unreadable(subject.unwrap_or("no subject".to_owned())));
    }
    let id = match id {
        Some(id) => id,
        None if is(Defect::AcceptsAMissingId) => String::new(),
        None if is(Defect::QuotesTooMuch) => {
            return Err(unreadable(response.body.escape_ascii().to_string().repeat(50)));
        }
        None if is(Defect::ReportsACallError) => {
            return Err(Error::new(ErrorKind::Configuration, "the helpdesk is missing"));
        }
        None if is(Defect::RejectsASuccess) => {
            return Err(Error::new(ErrorKind::NotFound, "unknown ticket"));
        }
        None => return Err(unreadable("no id".to_owned())),
    };
    let mut ticket = Ticket::new("helpdesk", id);
    ticket.title = subject;
    let number = count.fetch_add(1, Ordering::Relaxed);
    if is(Defect::ChangesEachTime) {
        ticket.title = Some(number.to_string());
    }
    let (mut extra, diagnostics) = document.close()?;
    if is(Defect::InventsExtra) {
        extra.values_mut().for_each(|value| *value = "7".parse().unwrap());
    }
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}

const TABLE: &str = r#"[
{"targets":["provider"],"kind":"constant","words":{"*":"helpdesk"}},
{"targets":["id"],"sources":["/number"],"kind":"required","name":"id"},
{"targets":["title"],"sources":["/subject"],"kind":"copied","name":"text"}
]"#;

const SAMPLE: SampleResponse = SampleResponse {
    name: "simple",
    body: br#"{"number": 17, "subject": "no\npaper", "floor": {"of": ["house", 2]}}"#,
};

/// Returns the message of the failed check.
fn message(defect: Defect) -> Option<String> {
    let count = AtomicU64::new(0);
    let decoder = TestDecoder {
        decode: |response: &Response| decode(defect, &count, response),
        table: TABLE,
    };
    panic_message(|| check_mutated_responses(&decoder, &[SAMPLE]))
}

#[test]
fn correct_decoder_passes() {
    assert_eq!(message(Defect::None), None);
}

#[test]
fn each_defect_is_reported() {
    for (defect, problem) in [
        (Defect::PanicsWithoutSubject, "the decoder panics: the subject is missing"),
        (Defect::QuotesControlCharacters, "the message of an error contains '\\n': helpdesk: "),
        (Defect::QuotesTooMuch, "the message of an error has "),
        (Defect::RejectsASuccess, "a successful response is the error not_found"),
        (Defect::ReportsACallError, "the error has the kind configuration; "),
        (Defect::OmitsTheProvider, "the error lacks provider or HTTP status"),
        (Defect::ChangesEachTime, "the result differs the second time"),
        (Defect::InventsExtra, "in extra was not sent: 7"),
        (Defect::AcceptsAMissingId, "the ticket has provider `helpdesk` and id ``"),
        (Defect::IgnoresTheStatus, " is a ticket"),
    ] {
        let message = message(defect).unwrap_or_else(|| panic!("{defect:?} is not reported"));
        assert!(message.contains(problem), "{defect:?}: {message}");
        assert!(message.starts_with("simple with mutation "), "{message}");
    }
}

#[test]
fn reported_seed_reproduces_the_body() {
    let message = message(Defect::PanicsWithoutSubject).expect("it is reported");
    let seed = message.split(' ').nth(3).and_then(|seed| seed.parse().ok()).expect("a seed");
    let body = mutated_body(SAMPLE.body, seed).escape_ascii().to_string();
    assert!(message.ends_with(&format!("the body: b\"{body}\"")), "{message}");
}

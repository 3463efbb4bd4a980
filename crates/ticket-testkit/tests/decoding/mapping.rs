//! A correct decoder passes; each defect is reported with its location.

use ticket_core::decode::{Cursor, Document, FieldState, Scalar};
use ticket_core::model::{Tag, Ticket};
use ticket_core::{Decoded, Error, ErrorKind, Response, wire_struct};
use ticket_testkit::SampleResponse;

use crate::decoder::{TestDecoder, closed, verify};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
        body: String,
        labels: Vec<FieldState<Scalar<'t>>>,
    }
}

/// What the decoder does wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Defect {
    None,
    SwapsTwoFields,
    ChangesACopiedValue,
    UsesTheWrongSource,
    DropsUnknownKeys,
    RejectsAnEmptySubject,
    DropsAField,
    AcceptsAMissingId,
    MapsOnlyUnsentValues,
    DropsSomeValues,
}

fn read(defect: Defect, response: &Response) -> Result<Decoded, Error> {
    let document = Document::open(response)?;
    let cursor = document.root();
    let Wire { number, subject, body, labels, unknown } = document.parse()?;
    if defect != Defect::DropsUnknownKeys {
        cursor.unknown(unknown);
    }
    let id = match cursor.integer_id(number) {
        None if defect == Defect::AcceptsAMissingId => "0".to_owned(),
        id => id.ok_or_else(|| Error::new(ErrorKind::InvalidResponse, "no id"))?,
    };
    let (subject, body) = (cursor.text(subject), cursor.text(body));
    if defect == Defect::RejectsAnEmptySubject && subject.as_deref() == Some("") {
        return Err(Error::new(ErrorKind::InvalidResponse, "no subject"));
    }
    let (mut title, mut description) = (subject.clone(), body.clone());
    match defect {
        Defect::SwapsTwoFields => (title, description) = (body, subject),
        Defect::ChangesACopiedValue => title = subject.map(|subject| subject.to_uppercase()),
        Defect::UsesTheWrongSource => description = body.or(subject),
        Defect::DropsAField => description = None,
        Defect::MapsOnlyUnsentValues => {
            cursor.key("subject").invalid("never sent");
            title = None;
        }
        Defect::DropsSomeValues => {
            title = subject.filter(|subject| !subject.contains("unknown"));
        }
        Defect::None
        | Defect::DropsUnknownKeys
        | Defect::RejectsAnEmptySubject
        | Defect::AcceptsAMissingId => {}
    }
    let mut ticket = Ticket::new("helpdesk", id);
    (ticket.title, ticket.description) = (title, description);
    let tag = |cursor: &Cursor<'_>, name| Tag { id: None, name: cursor.id_of(name) };
    ticket.tags = cursor.list(labels, tag).unwrap_or_default();
    closed(document, ticket)
}

const TABLE: &str = r#"[
{"targets":["provider"],"kind":"constant","words":{"*":"helpdesk"}},
{"targets":["id"],"sources":["/number"],"kind":"required","name":"id"},
{"targets":["title"],"sources":["/subject"],"kind":"copied","name":"text"},
{"targets":["description"],"sources":["/body"],"kind":"copied","name":"text"},
{"targets":["tags[i].name"],"sources":["/labels/[i]"],"kind":"copied","name":"text"}
]
"#;

const SAMPLES: &[SampleResponse] = &[
    SampleResponse {
        name: "full",
        body: br#"{"number": 7, "subject": "Paper jam", "body": "It jams.", "labels": ["a", "b"]}"#,
    },
    SampleResponse {
        name: "minimal",
        body: br#"{"number": 8, "subject": null, "body": null, "labels": []}"#,
    },
];

/// Returns the mismatches of the decoder with a defect; empty if there are none.
fn mismatches(defect: Defect, samples: &[SampleResponse]) -> String {
    let decode = |response: &Response| read(defect, response);
    verify(&TestDecoder { decode, table: TABLE }, samples, TABLE)
}

#[test]
fn correct_decoder_passes() {
    assert_eq!(mismatches(Defect::None, SAMPLES), "");
}

#[test]
fn each_defect_is_reported_at_its_place() {
    for (defect, found) in [
        (Defect::SwapsTwoFields, r#"+ {"targets":["title"],"sources":["/body"],"#),
        (
            Defect::ChangesACopiedValue,
            r#"+ {"targets":["title"],"sources":["/subject"],"kind":"converted","name":"custom"}"#,
        ),
        (
            Defect::UsesTheWrongSource,
            r#"+ {"targets":["description"],"sources":["/body","/subject"],"#,
        ),
        (Defect::DropsUnknownKeys, "/unknown~10~0: an unknown key is not in extra (full)"),
        (Defect::RejectsAnEmptySubject, "/subject: a response with another value is rejected"),
        (Defect::DropsAField, "/body: it is unmapped: write the reason as `note` of its row"),
        (Defect::AcceptsAMissingId, "id: a response without it is accepted as a ticket"),
        (Defect::MapsOnlyUnsentValues, r#"- {"targets":["title"],"sources":["/subject"],"#),
        (
            Defect::DropsSomeValues,
            r#"+ {"targets":["title"],"sources":["/subject"],"kind":"converted","name":"custom"}"#,
        ),
    ] {
        let mismatches = mismatches(defect, SAMPLES);
        assert!(mismatches.contains(found), "{defect:?} is not reported:\n{mismatches}");
    }
}

#[test]
fn fields_that_no_response_has_are_reported() {
    const MINIMAL: &[SampleResponse] =
        &[SampleResponse { name: "id only", body: br#"{"number": 7}"# }];
    let mismatches = mismatches(Defect::None, MINIMAL);
    for field in ["/subject", "/body"] {
        let found = format!("{field}: no response has a value there: add one that has");
        assert!(mismatches.contains(&found), "{mismatches}");
    }
}

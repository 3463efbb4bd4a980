//! A correct decoder passes; each defect is reported with its location.

use ticket_core::decode::{Cursor, Document, FieldState, Scalar};
use ticket_core::mapping::Rule;
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

/// How the decoder differs from its table.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Defect {
    None,
    SwapsTwoFields,
    ChangesACopiedValue,
    UsesTheWrongSource,
    DropsUnknownKeys,
    RejectsAnEmptySubject,
    DropsAField,
    HasARedundantRow,
    ClaimsIntegers,
    MapsOnlyUnsentValues,
    DropsSomeValues,
}

/// A table with a redundant row.
const REDUNDANT: &[Rule] = &[
    Rule::constant(&["provider"], "`helpdesk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::text(&["description"], &["/body"]),
    Rule::id(&["tags[i].name"], &["/labels/[i]"]),
];

/// A table that claims integers for a text.
const WRONG_KIND: &[Rule] = &[
    Rule::constant(&["provider"], "`helpdesk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::integer(&["title"], &["/subject"]),
    Rule::text(&["description"], &["/body"]),
    Rule::id(&["tags[i].name"], &["/labels/[i]"]),
];

fn read(defect: Defect, response: &Response) -> Result<Decoded, Error> {
    let document = Document::open(response)?;
    let cursor = document.root();
    let Wire { number, subject, body, labels, unknown } = document.parse()?;
    if defect != Defect::DropsUnknownKeys {
        cursor.unknown(unknown);
    }
    let id =
        cursor.integer_id(number).ok_or_else(|| Error::new(ErrorKind::InvalidResponse, "no id"))?;
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
        | Defect::HasARedundantRow
        | Defect::ClaimsIntegers => {}
    }
    let mut ticket = Ticket::new("helpdesk", id);
    (ticket.title, ticket.description) = (title, description);
    let tag = |cursor: &Cursor<'_>, name| Tag { id: None, name: cursor.id_of(name) };
    ticket.tags = cursor.list(labels, tag).unwrap_or_default();
    closed(document, ticket)
}

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`helpdesk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::text(&["description"], &["/body"]),
    Rule::id(&["tags[i].name"], &["/labels/[i]"]),
];

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
fn mismatches(defect: Defect, cases: &[SampleResponse]) -> String {
    let rules = match defect {
        Defect::HasARedundantRow => REDUNDANT,
        Defect::ClaimsIntegers => WRONG_KIND,
        _ => RULES,
    };
    verify(&TestDecoder { decode: |response: &Response| read(defect, response), rules }, cases)
}

#[test]
fn correct_decoder_passes() {
    assert_eq!(mismatches(Defect::None, SAMPLES), "");
}

#[test]
fn each_defect_is_reported_at_its_place() {
    for (defect, location) in [
        (Defect::SwapsTwoFields, "/subject: description changes if it is"),
        (
            Defect::ChangesACopiedValue,
            "title: \"PAPER JAM\" is explained as copied, but was not sent (full)",
        ),
        (Defect::UsesTheWrongSource, "/subject: description changes if it is"),
        (Defect::DropsUnknownKeys, "/unknown~10~0: an unknown key is not in extra (full)"),
        (Defect::RejectsAnEmptySubject, "/subject: the response is rejected if it is \"\" (full)"),
        (Defect::DropsAField, "description: no change of /body affects it"),
        (
            Defect::ClaimsIntegers,
            "/subject: its row accepts it as `integer`, but it is in extra if it is 7 (full)",
        ),
        (Defect::MapsOnlyUnsentValues, "/subject: no response has a value there that is mapped"),
        (Defect::DropsSomeValues, "/subject: \"an unknown word\" was sent and is lost (full)"),
        (Defect::HasARedundantRow, "/subject, title: this row is redundant (all)"),
    ] {
        let mismatches = mismatches(defect, SAMPLES);
        assert!(mismatches.contains(location), "{defect:?} is not reported:\n{mismatches}");
    }
}

#[test]
fn rows_without_a_leaf_are_reported() {
    const MINIMAL: &[SampleResponse] =
        &[SampleResponse { name: "id only", body: br#"{"number": 7}"# }];
    let mismatches = mismatches(Defect::None, MINIMAL);
    assert!(mismatches.contains("/labels/[i]: no response has it"), "{mismatches}");
    assert!(mismatches.contains("/subject: no response has it"), "{mismatches}");
}

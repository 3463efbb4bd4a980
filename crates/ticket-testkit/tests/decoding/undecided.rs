//! A mapping with undecided fields.

use ticket_core::decode::{Cursor, Document, FieldState, Members, Scalar};
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::explain::{How, explain};
use ticket_core::model::Ticket;
use ticket_core::{
    Decoded, Decoder, DiagnosticKind, Error, ErrorKind, Response, VocabularyOverrides, wire_struct,
};
use ticket_testkit::{SampleResponse, check_mutated_responses};

use crate::decoder::{TestDecoder, checked, closed, verify};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
        customer: Customer<'t>,
        labels: Vec<FieldState<Scalar<'t>>>,
        fields: Members<'t>,
    }
}

wire_struct! {
    struct Customer {
        name: String,
        vip: bool,
    }
}

/// A decoder that maps only the number.
fn decoder() -> impl MappingDescription {
    TestDecoder { decode: |response: &Response| checked(response, decode_ticket), table: TABLE }
}

fn decode_ticket(response: &Response) -> Result<Decoded, Error> {
    let document = Document::open(response)?;
    let cursor = document.root();
    let Wire { number, subject, customer, labels, fields, unknown } = document.parse()?;
    cursor.unknown(unknown);
    let id = cursor.integer_id(number).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, "the ticket has no id").with_path("/number")
    })?;
    cursor.undecided(subject);
    if let Some((cursor, customer)) = cursor.object(customer) {
        self::customer(&cursor, customer);
    }
    cursor.undecided(labels);
    cursor.undecided(fields);
    closed(document, Ticket::new("helpdesk", id))
}

fn customer(cursor: &Cursor<'_>, Customer { name, vip, unknown }: Customer<'_>) {
    cursor.unknown(unknown);
    cursor.undecided(name);
    cursor.undecided(vip);
}

const TABLE: &str = r#"[
{"targets":["provider"],"kind":"constant","words":{"*":"helpdesk"}},
{"targets":["id"],"sources":["/number"],"kind":"required","name":"id"},
{"sources":["/customer/name"],"kind":"undecided"},
{"sources":["/customer/vip"],"kind":"undecided"},
{"sources":["/fields"],"kind":"undecided"},
{"sources":["/labels"],"kind":"undecided"},
{"sources":["/subject"],"kind":"undecided"}
]
"#;

const SAMPLES: &[SampleResponse] = &[
    SampleResponse {
        name: "full",
        body: br#"{"number": 7, "subject": "Paper jam", "customer": {"name": "Ada", "vip": true}, "labels": ["a", "b"],
            "fields": {"colour": "red"}}"#,
    },
    SampleResponse { name: "minimal", body: br#"{"number": 8, "subject": null, "customer": {"name": 7}}"# },
];

#[test]
fn correct_decoder_passes() {
    assert_eq!(verify(&decoder(), SAMPLES, TABLE), "");
    check_mutated_responses(&decoder(), SAMPLES);
}

#[test]
fn undecided_values_are_in_extra_and_are_explained_once() {
    let response = Response::saved("get_ticket", SAMPLES[0].body);
    let decoded =
        decoder().decode(std::slice::from_ref(&response), &VocabularyOverrides::default()).unwrap();
    let pointers = ["/subject", "/customer/name", "/customer/vip", "/labels", "/fields"];
    assert_eq!(decoded.ticket.extra.keys().collect::<Vec<_>>(), pointers);
    assert_eq!(decoded.ticket.extra["/labels"].as_str(), r#"["a","b"]"#);
    let diagnostics = decoded.diagnostics;
    assert_eq!(diagnostics.len(), pointers.len());
    assert!(
        diagnostics.iter().all(|diagnostic| diagnostic.kind == DiagnosticKind::Undecided),
        "{diagnostics:?}"
    );
    let explained =
        explain(&decoder(), std::slice::from_ref(&response), &VocabularyOverrides::default())
            .unwrap();
    let explanations = |pointer: &str| {
        let is_here =
            |it: &&ticket_core::mapping::explain::Explained| it.sources[0].pointer == pointer;
        explained.iter().filter(|it| !it.sources.is_empty()).filter(is_here).collect::<Vec<_>>()
    };
    for pointer in pointers {
        let [only] = explanations(pointer)[..] else {
            panic!("{pointer} is not explained once: {explained:?}")
        };
        assert_eq!((only.how, &*only.note), (How::Extra, "documented, but not mapped yet"));
    }
}

#[test]
fn differences_between_table_and_code_are_reported() {
    let decided = TABLE.replace(
        r#"{"sources":["/subject"],"kind":"undecided"}"#,
        r#"{"targets":["title"],"sources":["/subject"],"kind":"copied","name":"text"}"#,
    );
    let too_much = TABLE.replace("\n]", ",\n{\"sources\":[\"/colour\"],\"kind\":\"undecided\"}\n]");
    for (table, found) in [
        (&decided, "\n- {\"targets\":[\"title\"]"),
        (&decided, "\n+ {\"sources\":[\"/subject\"],\"kind\":\"undecided\"}"),
        (&too_much, "\n- {\"sources\":[\"/colour\"],\"kind\":\"undecided\"}"),
    ] {
        let mismatches = verify(&decoder(), SAMPLES, table);
        assert!(mismatches.contains(found), "{found} is not reported:\n{mismatches}");
    }
}

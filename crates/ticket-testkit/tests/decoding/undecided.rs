//! A mapping with undecided fields.

use ticket_core::decode::{Cursor, Document, FieldState, Members, Scalar};
use ticket_core::mapping::explain::{How, explain};
use ticket_core::mapping::{MappingDescription, Rule};
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
fn decoder(rules: &'static [Rule]) -> impl MappingDescription {
    TestDecoder { decode: |response: &Response| checked(response, decode_ticket), rules }
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

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`helpdesk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::undecided(&["/subject"]),
    Rule::undecided(&["/customer/name"]),
    Rule::undecided(&["/customer/vip"]),
    Rule::undecided(&["/labels/[i]"]),
    Rule::undecided(&["/fields/colour"]),
];

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
    assert_eq!(verify(&decoder(RULES), SAMPLES), "");
    check_mutated_responses(&decoder(RULES), SAMPLES);
}

#[test]
fn undecided_values_are_in_extra_and_are_explained_once() {
    let response = Response::saved("get_ticket", SAMPLES[0].body);
    let decoded = decoder(RULES)
        .decode(std::slice::from_ref(&response), &VocabularyOverrides::default())
        .unwrap();
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
        explain(&decoder(RULES), std::slice::from_ref(&response), &VocabularyOverrides::default())
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
    const DECIDED: &[Rule] = &[
        Rule::constant(&["provider"], "`helpdesk`"),
        Rule::required(&["id"], &["/number"]),
        Rule::text(&["title"], &["/subject"]),
        Rule::undecided(&["/customer/name"]),
        Rule::unmapped(&["/customer/vip"], "not needed"),
        Rule::undecided(&["/labels/[i]"]),
    ];
    const TOO_MUCH: &[Rule] = &[
        Rule::constant(&["provider"], "`helpdesk`"),
        Rule::undecided(&["/number"]),
        Rule::undecided(&["/subject"]),
        Rule::undecided(&["/customer/name"]),
        Rule::undecided(&["/customer/vip"]),
        Rule::undecided(&["/labels/[i]"]),
        Rule::undecided(&["/fields/colour"]),
        Rule::undecided(&["/colour"]),
    ];
    for (rules, found) in [
        (DECIDED, "/subject: the code is undecided, but no row says so (full)"),
        (DECIDED, "/customer/vip: the code is undecided, but no row says so (full)"),
        (DECIDED, "/fields/colour: the code is undecided, but no row says so (full)"),
        (TOO_MUCH, "/number: its row is undecided, but the code maps it (full)"),
        (TOO_MUCH, "/colour: no response has it (all)"),
    ] {
        let mismatches = verify(&decoder(rules), SAMPLES);
        assert!(mismatches.contains(found), "{found} is not reported:\n{mismatches}");
    }
}

//! A mapping of which not everything is decided: the proof holds the table and the code to the same.

use ticket_conformance::{Case, survive_mutations};
use ticket_core::decode::{Cursor, Document, FieldState, Members, Scalar};
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::Rule;
use ticket_core::mapping::explain::{How, explain};
use ticket_core::model::Ticket;
use ticket_core::{
    Decoded, Decoder, DiagnosticKind, Error, ErrorKind, Response, VocabularyOverrides, wire_struct,
};

use crate::made::{Made, proof};

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

/// A desk with this table; its code has decided of the number alone.
fn desk(rules: &'static [Rule]) -> impl MappingDescription {
    Made { read, rules }
}

fn read(response: &Response) -> Result<Decoded, Error> {
    parse(response).map_err(|error| response.complete(error).with_provider("desk"))
}

fn parse(response: &Response) -> Result<Decoded, Error> {
    if !response.is_success() {
        return Err(Error::new(ErrorKind::Rejected, "the service refused"));
    }
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
    let ticket = serde_json::json!({"provider": "desk", "id": id}).to_string();
    let mut ticket: Ticket = serde_json::from_str(&ticket).expect("it is a ticket");
    let (extra, diagnostics) = document.close()?;
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}

fn customer(cursor: &Cursor<'_>, Customer { name, vip, unknown }: Customer<'_>) {
    cursor.unknown(unknown);
    cursor.undecided(name);
    cursor.undecided(vip);
}

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::undecided(&["/subject"]),
    Rule::undecided(&["/customer/name"]),
    Rule::undecided(&["/customer/vip"]),
    Rule::undecided(&["/labels/[i]"]),
    Rule::undecided(&["/fields/colour"]),
];

const CASES: &[Case] = &[
    Case {
        name: "full",
        body: br#"{"number": 7, "subject": "A jam", "customer": {"name": "Ada", "vip": true}, "labels": ["a", "b"],
            "fields": {"colour": "red"}}"#,
    },
    Case { name: "little", body: br#"{"number": 8, "subject": null, "customer": {"name": 7}}"# },
];

#[test]
fn a_mapping_that_has_decided_of_the_id_alone_is_proved() {
    assert_eq!(proof(&desk(RULES), CASES), "");
    survive_mutations(&desk(RULES), CASES);
}

#[test]
fn what_is_undecided_stands_in_extra_as_it_was_sent_and_is_told_once() {
    let response = Response::saved("get_ticket", CASES[0].body);
    let decoded = desk(RULES)
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
    let explained = explain(&desk(RULES), &response, &VocabularyOverrides::default()).unwrap();
    let told = |pointer: &str| {
        let is_here =
            |it: &&ticket_core::mapping::explain::Explained| it.sources[0].pointer == pointer;
        explained.iter().filter(|it| !it.sources.is_empty()).filter(is_here).collect::<Vec<_>>()
    };
    for pointer in pointers {
        let [only] = told(pointer)[..] else { panic!("{pointer} is told once: {explained:?}") };
        assert_eq!((only.how, &*only.note), (How::Extra, "documented, but not mapped yet"));
    }
}

#[test]
fn a_table_that_has_decided_and_code_that_has_not_are_found_and_the_other_way_round() {
    const DECIDED: &[Rule] = &[
        Rule::constant(&["provider"], "`desk`"),
        Rule::required(&["id"], &["/number"]),
        Rule::text(&["title"], &["/subject"]),
        Rule::undecided(&["/customer/name"]),
        Rule::unmapped(&["/customer/vip"], "nobody asks for it"),
        Rule::undecided(&["/labels/[i]"]),
    ];
    const TOO_MUCH: &[Rule] = &[
        Rule::constant(&["provider"], "`desk`"),
        Rule::undecided(&["/number"]),
        Rule::undecided(&["/subject"]),
        Rule::undecided(&["/customer/name"]),
        Rule::undecided(&["/customer/vip"]),
        Rule::undecided(&["/labels/[i]"]),
        Rule::undecided(&["/fields/colour"]),
        Rule::undecided(&["/colour"]),
    ];
    for (rules, found) in [
        (DECIDED, "/subject: the code has not decided, and no row says so (full)"),
        (DECIDED, "/customer/vip: the code has not decided, and no row says so (full)"),
        (DECIDED, "/fields/colour: the code has not decided, and no row says so (full)"),
        (TOO_MUCH, "/number: its row is undecided, and the code has decided (full)"),
        (TOO_MUCH, "/colour: no response has it (all)"),
    ] {
        let verdict = proof(&desk(rules), CASES);
        assert!(verdict.contains(found), "{found} is not found:\n{verdict}");
    }
}

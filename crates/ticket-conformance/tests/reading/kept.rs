//! A mapping that keeps what has no field: the proof holds the table and the code to the same, and `explain` says what it is.

use ticket_conformance::{Case, survive_mutations};
use ticket_core::decode::{Document, FieldState, Members, Scalar};
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::Rule;
use ticket_core::mapping::explain::{How, explain};
use ticket_core::model::Ticket;
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, VocabularyOverrides, wire_struct};

use crate::made::{Made, proof};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        reference: String,
        seals: Vec<FieldState<Scalar<'t>>>,
        subject: String,
        meta: Members<'t>,
    }
}

/// A desk with this table; its code keeps the reference and the seals, and has no use for the subject.
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
    let Wire { number, reference, seals, subject, meta, unknown } = document.parse()?;
    cursor.unknown(unknown);
    let id = cursor.integer_id(number).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, "the ticket has no id").with_path("/number")
    })?;
    cursor.kept(reference);
    cursor.kept(seals);
    cursor.text(subject);
    cursor.kept(meta);
    let ticket = serde_json::json!({"provider": "desk", "id": id}).to_string();
    let mut ticket: Ticket = serde_json::from_str(&ticket).expect("it is a ticket");
    let (extra, diagnostics) = document.close()?;
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::kept(&["/reference"], NOTES[0]),
    Rule::kept(&["/seals/[i]"], NOTES[1]),
    Rule::unmapped(&["/subject"], "nobody asks for it"),
    Rule::kept(&["/meta"], NOTES[2]),
];

const NOTES: [&str; 3] = ["what people quote", "who sealed it", "what the tool for imports left"];

const CASES: &[Case] = &[
    Case {
        name: "full",
        body: br#"{"number": 7, "reference": "D-7", "seals": ["a", "b"], "subject": "A jam",
            "meta": {"run": 3, "by": {"name": "x"}}}"#,
    },
    Case { name: "odd", body: br#"{"number": 8, "reference": ["D-8"], "seals": null}"# },
];

#[test]
fn a_mapping_that_keeps_what_has_no_field_is_proved() {
    assert_eq!(proof(&desk(RULES), CASES), "");
    survive_mutations(&desk(RULES), CASES);
}

#[test]
fn what_is_kept_stands_in_extra_as_it_was_sent_without_a_remark_and_is_explained_by_its_row() {
    for (case, extra) in [
        (
            &CASES[0],
            &[
                ("/reference", r#""D-7""#),
                ("/seals", r#"["a","b"]"#),
                ("/meta", r#"{"run":3,"by":{"name":"x"}}"#),
            ][..],
        ),
        (&CASES[1], &[("/reference", r#"["D-8"]"#)]),
    ] {
        let response = Response::saved("get_ticket", case.body);
        let decoded = desk(RULES)
            .decode(std::slice::from_ref(&response), &VocabularyOverrides::default())
            .unwrap();
        let kept = decoded.ticket.extra.iter().map(|(pointer, json)| (&**pointer, json.as_str()));
        assert_eq!(kept.collect::<Vec<_>>(), extra);
        assert_eq!(decoded.diagnostics, []);
        let explained = explain(&desk(RULES), &response, &VocabularyOverrides::default()).unwrap();
        let told: Vec<_> = explained.iter().filter(|it| it.how == How::Extra).collect();
        let notes: Vec<_> = told.iter().map(|it| &*it.note).collect();
        assert_eq!(notes, NOTES[..extra.len()]);
    }
}

#[test]
fn a_row_that_keeps_and_code_that_does_not_are_found_and_the_other_way_round() {
    const WRONG: &[Rule] = &[
        Rule::constant(&["provider"], "`desk`"),
        Rule::required(&["id"], &["/number"]),
        Rule::unmapped(&["/reference"], "nobody asks for it"),
        Rule::undecided(&["/seals/[i]"]),
        Rule::kept(&["/subject"], "the matter"),
    ];
    let verdict = proof(&desk(WRONG), CASES);
    for found in [
        "/reference: the code keeps it in extra, and no row says so (full)",
        "/seals/0: its row is undecided, and the code has decided (full)",
        "/subject: its row says that it is kept, and the code does not keep it (full)",
    ] {
        assert!(verdict.contains(found), "{found} is not found:\n{verdict}");
    }
}

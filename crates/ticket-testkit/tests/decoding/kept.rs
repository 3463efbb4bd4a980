//! A mapping that keeps values in `extra` on purpose.

use ticket_core::decode::{Document, FieldState, Members, Scalar};
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::explain::{How, explain};
use ticket_core::model::Ticket;
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, VocabularyOverrides, wire_struct};
use ticket_testkit::{SampleResponse, check_mutated_responses};

use crate::decoder::{TestDecoder, checked, closed, verify};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        reference: String,
        seals: Vec<FieldState<Scalar<'t>>>,
        subject: String,
        meta: Members<'t>,
    }
}

/// A decoder that keeps the reference, the seals and the metadata, and ignores the subject.
fn decoder() -> impl MappingDescription {
    TestDecoder { decode: |response: &Response| checked(response, decode_ticket), table: TABLE }
}

fn decode_ticket(response: &Response) -> Result<Decoded, Error> {
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
    closed(document, Ticket::new("helpdesk", id))
}

const TABLE: &str = r#"[
{"targets":["provider"],"kind":"constant","words":{"*":"helpdesk"}},
{"targets":["id"],"sources":["/number"],"kind":"required","name":"id"},
{"sources":["/reference"],"kind":"kept","note":"reference number"},
{"sources":["/seals"],"kind":"kept","note":"seals of the inspectors"},
{"sources":["/subject"],"kind":"unmapped","note":"not needed"},
{"sources":["/meta"],"kind":"kept","note":"metadata of an import"}
]
"#;

const NOTES: [&str; 3] = ["reference number", "seals of the inspectors", "metadata of an import"];

const SAMPLES: &[SampleResponse] = &[
    SampleResponse {
        name: "full",
        body: br#"{"number": 7, "reference": "D-7", "seals": ["a", "b"], "subject": "Paper jam",
            "meta": {"run": 3, "by": {"name": "x"}}}"#,
    },
    SampleResponse {
        name: "other types",
        body: br#"{"number": 8, "reference": ["D-8"], "seals": null}"#,
    },
];

#[test]
fn correct_decoder_passes() {
    assert_eq!(verify(&decoder(), SAMPLES, TABLE), "");
    check_mutated_responses(&decoder(), SAMPLES);
}

#[test]
fn kept_values_are_in_extra_without_diagnostic_and_are_explained() {
    for (case, extra) in [
        (
            &SAMPLES[0],
            &[
                ("/reference", r#""D-7""#),
                ("/seals", r#"["a","b"]"#),
                ("/meta", r#"{"run":3,"by":{"name":"x"}}"#),
            ][..],
        ),
        (&SAMPLES[1], &[("/reference", r#"["D-8"]"#)]),
    ] {
        let response = Response::saved("get_ticket", case.body);
        let decoded = decoder()
            .decode(std::slice::from_ref(&response), &VocabularyOverrides::default())
            .unwrap();
        let kept = decoded.ticket.extra.iter().map(|(pointer, json)| (&**pointer, json.as_str()));
        assert_eq!(kept.collect::<Vec<_>>(), extra);
        assert_eq!(decoded.diagnostics, []);
        let explained =
            explain(&decoder(), std::slice::from_ref(&response), &VocabularyOverrides::default())
                .unwrap();
        let kept: Vec<_> = explained.iter().filter(|it| it.how == How::Extra).collect();
        let notes: Vec<_> = kept.iter().map(|it| &*it.note).collect();
        assert_eq!(notes, NOTES[..extra.len()]);
    }
}

#[test]
fn differences_between_table_and_code_are_reported() {
    let wrong = TABLE
        .replace(r#"["/reference"],"kind":"kept""#, r#"["/reference"],"kind":"unmapped""#)
        .replace(r#"["/subject"],"kind":"unmapped""#, r#"["/subject"],"kind":"kept""#)
        .replace(r#""note":"metadata of an import""#, r#""note":"""#);
    let mismatches = verify(&decoder(), SAMPLES, &wrong);
    for found in [
        "/reference: it is kept: write the reason as `note` of its row",
        "/subject: it is unmapped: write the reason as `note` of its row",
        "/meta: it is kept: write the reason as `note` of its row",
        "\n- {\"sources\":[\"/subject\"],\"kind\":\"kept\",\"note\":\"not needed\"},",
        "\n+ {\"sources\":[\"/subject\"],\"kind\":\"unmapped\"}",
    ] {
        assert!(mismatches.contains(found), "{found} is not reported:\n{mismatches}");
    }
}

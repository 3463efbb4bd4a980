//! The proof against a desk made for it: it passes when the desk is honest, and names the place when it is not.

use ticket_conformance::Case;
use ticket_core::decode::{Cursor, Document, FieldState, Scalar};
use ticket_core::mapping::Rule;
use ticket_core::model::{Tag, Ticket};
use ticket_core::{Decoded, Error, ErrorKind, Response, wire_struct};

use crate::made::{Made, proof};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
        body: String,
        labels: Vec<FieldState<Scalar<'t>>>,
    }
}

/// In which way the desk does not do what its table says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Lie {
    None,
    SwapsTwoFields,
    ChangesWhatItCopies,
    LetsOneFieldDecideAnother,
    DropsUnknownKeys,
    RefusesAnEmptySubject,
    ForgetsAField,
    SaysOneThingTwice,
    SaysItReadsIntegers,
    ReadsWhatNobodySends,
    DropsWhatItDoesNotLike,
}

/// A row more than there is anything for: it says of a field what another row says already.
const ONE_TOO_MANY: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::text(&["description"], &["/body"]),
    Rule::id(&["tags[i].name"], &["/labels/[i]"]),
];

/// A row that says of a text that it is an integer.
const OF_ANOTHER_KIND: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::integer(&["title"], &["/subject"]),
    Rule::text(&["description"], &["/body"]),
    Rule::id(&["tags[i].name"], &["/labels/[i]"]),
];

fn read(lie: Lie, response: &Response) -> Result<Decoded, Error> {
    let document = Document::open(response)?;
    let cursor = document.root();
    let Wire { number, subject, body, labels, unknown } = document.parse()?;
    if lie != Lie::DropsUnknownKeys {
        cursor.unknown(unknown);
    }
    let id =
        cursor.integer_id(number).ok_or_else(|| Error::new(ErrorKind::InvalidResponse, "no id"))?;
    let (subject, body) = (cursor.text(subject), cursor.text(body));
    if lie == Lie::RefusesAnEmptySubject && subject.as_deref() == Some("") {
        return Err(Error::new(ErrorKind::InvalidResponse, "no subject"));
    }
    let (mut title, mut description) = (subject.clone(), body.clone());
    match lie {
        Lie::SwapsTwoFields => (title, description) = (body, subject),
        Lie::ChangesWhatItCopies => title = subject.map(|subject| subject.to_uppercase()),
        Lie::LetsOneFieldDecideAnother => description = body.or(subject),
        Lie::ForgetsAField => description = None,
        Lie::ReadsWhatNobodySends => {
            cursor.key("subject").invalid("what nobody sends");
            title = None;
        }
        Lie::DropsWhatItDoesNotLike => {
            title = subject.filter(|subject| !subject.contains("nobody"));
        }
        Lie::None
        | Lie::DropsUnknownKeys
        | Lie::RefusesAnEmptySubject
        | Lie::SaysOneThingTwice
        | Lie::SaysItReadsIntegers => {}
    }
    let text = format!(r#"{{"provider": "desk", "id": "{id}"}}"#);
    let mut ticket: Ticket = serde_json::from_str(&text).expect("it is a ticket");
    (ticket.title, ticket.description) = (title, description);
    let tag = |cursor: &Cursor<'_>, name| Tag { id: None, name: cursor.id_of(name) };
    ticket.tags = cursor.list(labels, tag).unwrap_or_default();
    let (extra, diagnostics) = document.close()?;
    ticket.extra = extra;
    Ok(Decoded { ticket, diagnostics })
}

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::text(&["description"], &["/body"]),
    Rule::id(&["tags[i].name"], &["/labels/[i]"]),
];

const CASES: &[Case] = &[
    Case {
        name: "full",
        body: br#"{"number": 7, "subject": "A jam", "body": "It jams.", "labels": ["a", "b"]}"#,
    },
    Case { name: "little", body: br#"{"number": 8, "subject": null, "body": null, "labels": []}"# },
];

/// What the proof says of a desk; nothing where it passes.
fn verdict(lie: Lie, cases: &[Case]) -> String {
    let rules = match lie {
        Lie::SaysOneThingTwice => ONE_TOO_MANY,
        Lie::SaysItReadsIntegers => OF_ANOTHER_KIND,
        _ => RULES,
    };
    proof(&Made { read: |response: &Response| read(lie, response), rules }, cases)
}

#[test]
fn an_honest_desk_passes() {
    assert_eq!(verdict(Lie::None, CASES), "");
}

#[test]
fn each_lie_is_found_at_its_place() {
    for (lie, place) in [
        (Lie::SwapsTwoFields, "/subject: description moves when it is"),
        (
            Lie::ChangesWhatItCopies,
            "title: \"A JAM\" is said to be copied, and was not sent (full)",
        ),
        (Lie::LetsOneFieldDecideAnother, "/subject: description moves when it is"),
        (Lie::DropsUnknownKeys, "/nobody~10~0: an unknown key is not in extra (full)"),
        (Lie::RefusesAnEmptySubject, "/subject: the response is refused when it is \"\" (full)"),
        (Lie::ForgetsAField, "description: no change of /body moves it"),
        (
            Lie::SaysItReadsIntegers,
            "/subject: its row reads it as `integer`, and it stays in extra when it is 7 (full)",
        ),
        (Lie::ReadsWhatNobodySends, "/subject: no response has a value there that is read"),
        (
            Lie::DropsWhatItDoesNotLike,
            "/subject: \"a word that nobody knows\" was sent, and nobody says what became of it (full)",
        ),
        (Lie::SaysOneThingTwice, "/subject, title: nobody would miss this row (all)"),
    ] {
        let verdict = verdict(lie, CASES);
        assert!(verdict.contains(place), "{lie:?} is not found:\n{verdict}");
    }
}

#[test]
fn a_leaf_without_a_row_and_a_row_without_a_leaf_are_found() {
    const LITTLE: &[Case] = &[Case { name: "id only", body: br#"{"number": 7}"# }];
    let verdict = verdict(Lie::None, LITTLE);
    assert!(verdict.contains("/labels/[i]: no response has it"), "{verdict}");
    assert!(verdict.contains("/subject: no response has it"), "{verdict}");
}

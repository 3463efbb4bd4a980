//! Decoding loses nothing, and an invalid value never fails the whole ticket.

use ticket_core::decode::{
    Cursor, Document, FieldState, Members, OneOrMany, Scalar, TextOr, look_up,
};
use ticket_core::{Diagnostic, Error, ErrorKind, Response, wire_struct};
use ticket_model::{Coded, IndexMap, Json};

wire_struct! {
    struct Envelope {
        ticket: Ticket<'t>,
    }
}
wire_struct! {
    struct Ticket {
        id: Scalar<'t>,
        title: String,
        urgent: bool,
        kind "type": Scalar<'t>,
        rating: Scalar<'t>,
        opened: Scalar<'t>,
        closed: Scalar<'t>,
        waited: Scalar<'t>,
        notes: OneOrMany<Note<'t>>,
        survey: OneOrMany<Note<'t>>,
        people: Vec<FieldState<TextOr<'t, Person<'t>>>>,
        fields: Members<'t>,
    }
}
wire_struct! {
    struct Note {
        text: String,
    }
}
wire_struct! {
    struct Person {
        name: String,
    }
}
wire_struct! {
    struct File {
        size: Scalar<'t>,
        secret: Scalar<'t>,
    }
}

#[derive(Debug, Default, PartialEq)]
struct Seen {
    id: Option<String>,
    title: Option<String>,
    urgent: Option<bool>,
    kind: Option<Coded<char>>,
    rating: Option<i64>,
    opened: Option<String>,
    closed: Option<String>,
    waited: Option<u64>,
    notes: Vec<Option<String>>,
    survey: Option<String>,
    people: Option<Vec<Option<String>>>,
    fields: Vec<(String, Option<Json>)>,
}

/// What was read, `extra`, and the diagnostics.
type Read = (Seen, IndexMap<String, Json>, Vec<Diagnostic>);

fn read(text: &str) -> Result<Read, Error> {
    let response = Response::saved("get_ticket", text.to_owned());
    let document = Document::open(&response)?;
    let cursor = document.root();
    let Envelope { ticket, unknown } = document.parse()?;
    cursor.unknown(unknown);
    let seen = match cursor.object(ticket) {
        None => Seen::default(),
        Some((cursor, ticket)) => read_ticket(&cursor, ticket),
    };
    let (extra, diagnostics) = document.close()?;
    Ok((seen, extra, diagnostics))
}

fn read_ticket(cursor: &Cursor<'_>, ticket: Ticket<'_>) -> Seen {
    let Ticket {
        id,
        title,
        urgent,
        kind,
        rating,
        opened,
        closed,
        waited,
        notes,
        survey,
        people,
        fields,
        unknown,
    } = ticket;
    cursor.unknown(unknown);
    let note = |cursor: &Cursor<'_>, Note { text, unknown }: Note<'_>| {
        cursor.unknown(unknown);
        cursor.text(text)
    };
    Seen {
        id: cursor.id(id),
        title: cursor.text(title),
        urgent: cursor.flag(urgent),
        kind: cursor.word(kind, |word| (word == "a").then_some('A'), '?'),
        rating: cursor.rating(rating, 1, 5),
        opened: cursor.unix_milliseconds(opened).map(|instant| instant.to_string()),
        closed: cursor.unix_seconds(closed).map(|instant| instant.to_string()),
        waited: cursor.seconds(waited),
        notes: cursor.one_or_many(notes, note),
        survey: cursor.only(survey, note).flatten(),
        people: cursor.list(people, |cursor, person| match person {
            TextOr::Text(raw) => cursor.id_of(raw),
            TextOr::Object(Person { name, unknown }) => {
                cursor.unknown(unknown);
                cursor.text(name)
            }
        }),
        fields: cursor
            .object(fields)
            .map(|(cursor, members)| {
                members
                    .into_iter()
                    .map(|(key, raw)| {
                        (key.as_str().to_owned(), cursor.key(key.as_str()).json_of(raw))
                    })
                    .collect()
            })
            .unwrap_or_default(),
    }
}

fn seen(text: &str) -> Seen {
    read(text).unwrap().0
}

fn extra(text: &str) -> Vec<(String, String)> {
    let (_, extra, _) = read(text).unwrap();
    extra.into_iter().map(|(pointer, json)| (pointer, json.to_string())).collect()
}

fn diagnostics(text: &str) -> Vec<String> {
    read(text).unwrap().2.iter().map(ToString::to_string).collect()
}

fn error(text: &str) -> Error {
    read(text).unwrap_err()
}

#[test]
fn documented_values_leave_nothing_in_extra_or_diagnostics() {
    let text = r#"{"ticket": {"id": "7", "title": "Jam", "urgent": true, "type": "a", "rating": 5,
        "opened": 1616920429000, "closed": 1616920430, "waited": 90, "notes": {"text": "n"}, "survey": {"text": "s"},
        "people": ["p", {"name": "q"}], "fields": {"x": [1, 2]}}}"#;
    assert_eq!(
        seen(text),
        Seen {
            id: Some("7".into()),
            title: Some("Jam".into()),
            urgent: Some(true),
            kind: Some(Coded::new('A', "a")),
            rating: Some(5),
            opened: Some("2021-03-28T08:33:49Z".into()),
            closed: Some("2021-03-28T08:33:50Z".into()),
            waited: Some(90),
            notes: vec![Some("n".into())],
            survey: Some("s".into()),
            people: Some(vec![Some("p".into()), Some("q".into())]),
            fields: vec![("x".into(), Some("[1,2]".parse().unwrap()))],
        }
    );
    assert_eq!(extra(text), []);
    assert_eq!(diagnostics(text), [""; 0]);
}

#[test]
fn treats_null_as_absent() {
    let null = r#"{"ticket": {"id": null, "title": null, "urgent": null, "type": null, "rating": null,
        "opened": null, "closed": null, "waited": null, "notes": null, "survey": null, "people": null, "fields": null}}"#;
    for text in [null, r#"{"ticket": {}}"#] {
        assert_eq!(seen(text), Seen::default());
        assert_eq!(extra(text), []);
        assert_eq!(diagnostics(text), [""; 0]);
    }
}

#[test]
fn treats_sentinels_as_absent() {
    for opened in ["-1", "0", "\"\"", "\"-1\""] {
        let text = format!(
            r#"{{"ticket": {{"opened": {opened}, "closed": {opened}, "waited": -1, "id": ""}}}}"#
        );
        assert_eq!(seen(&text), Seen::default(), "{opened}");
        assert_eq!(extra(&text), [], "{opened}");
    }
}

#[test]
fn keeps_and_reports_implausible_instants() {
    for opened in ["1616920429", "-2", "253402300799000"] {
        let text = format!(r#"{{"ticket": {{"id": "7", "opened": {opened}}}}}"#);
        assert_eq!(seen(&text), Seen { id: Some("7".into()), ..Seen::default() }, "{opened}");
        assert_eq!(extra(&text), [("/ticket/opened".to_owned(), opened.to_owned())]);
        assert_eq!(diagnostics(&text).len(), 1, "{:?}", diagnostics(&text));
    }
}

#[test]
fn keeps_and_reports_values_of_the_wrong_type() {
    for member in [
        "id", "title", "urgent", "type", "rating", "opened", "closed", "waited", "notes", "survey",
        "people", "fields",
    ] {
        for value in ["1.5", "[[]]", r#"[{"deep":[1,2]}]"#, "1e400", "false", "-0.0"] {
            let understood = matches!(
                (member, value),
                ("urgent", "false")
                    | ("notes" | "people" | "survey", "[[]]" | r#"[{"deep":[1,2]}]"#)
            );
            if understood {
                continue;
            }
            let text = format!(r#"{{"ticket": {{"{member}": {value}, "later": 1}}}}"#);
            let pointer = format!("/ticket/{member}");
            assert_eq!(
                extra(&text),
                [(pointer, value.to_owned()), ("/ticket/later".to_owned(), "1".to_owned())],
                "{member} {value}"
            );
            assert_eq!(seen(&text), Seen::default(), "{member} {value}");
        }
    }
}

#[test]
fn keeps_the_index_of_an_invalid_item() {
    let text =
        r#"{"ticket": {"people": ["p", null, true, {"name": 3}], "notes": [{"text": "n"}, 4]}}"#;
    let seen = seen(text);
    assert_eq!(seen.people.unwrap(), [Some("p".to_owned()), None, None, None]);
    assert_eq!(seen.notes, [Some("n".to_owned()), None]);
    assert_eq!(
        extra(text),
        [
            ("/ticket/people/2".to_owned(), "true".to_owned()),
            ("/ticket/people/3/name".to_owned(), "3".to_owned()),
            ("/ticket/notes/1".to_owned(), "4".to_owned()),
        ]
    );
}

#[test]
fn accepts_a_list_of_one_as_one_object() {
    assert_eq!(seen(r#"{"ticket": {"survey": [{"text": "s"}]}}"#).survey, Some("s".into()));
    let two = r#"{"ticket": {"survey": [{"text": "s"}, {"text": "t"}]}}"#;
    assert_eq!(seen(two).survey, None);
    assert_eq!(
        extra(two),
        [("/ticket/survey".to_owned(), r#"[{"text":"s"},{"text":"t"}]"#.to_owned())]
    );
    assert_eq!(seen(r#"{"ticket": {"survey": []}}"#).survey, None);
}

#[test]
fn keeps_unknown_keys_in_order() {
    let deep = format!("{}1{}", "[".repeat(3_000), "]".repeat(3_000));
    let text = format!(
        r#"{{"z": 18446744073709551616, "ticket": {{"a/b": 1e400, "t~": "\ud83d", "id": "1", "deep": {deep}}}, "a": null}}"#
    );
    assert_eq!(seen(&text).id.as_deref(), Some("1"));
    let expected: [(&str, &str); 5] = [
        ("/z", "18446744073709551616"),
        ("/ticket/a~1b", "1e400"),
        ("/ticket/t~0", r#""\ufffd""#),
        ("/ticket/deep", &deep),
        ("/a", "null"),
    ];
    assert_eq!(extra(&text), expected.map(|(pointer, json)| (pointer.to_owned(), json.to_owned())));
    assert_eq!(diagnostics(&text).len(), 6, "and the surrogate");
}

#[test]
fn replaces_and_reports_half_surrogate_pairs() {
    let text = r#"{"ticket": {"title": "cut \ud83d", "fields": {"x": "\ud83d"}, "notes": 1e999}}"#;
    let read = seen(text);
    assert_eq!(read.title.unwrap(), "cut \u{FFFD}");
    assert_eq!(read.fields[0].1.as_ref().unwrap().as_str(), r#""\ufffd""#);
    assert_eq!(extra(text), [("/ticket/notes".to_owned(), "1e999".to_owned())]);
    for pointer in ["/ticket/title", "/ticket/fields/x"] {
        let diagnostic = format!("{pointer}: half of a surrogate pair");
        assert!(diagnostics(text).contains(&diagnostic), "{:?}", diagnostics(text));
    }
    assert_eq!(diagnostics(text).len(), 3, "{:?}", diagnostics(text));
}

#[test]
fn diagnostics_are_not_much_larger_than_the_response() {
    let key = "k".repeat(200_000);
    let halves = r#""\ud83d","#.repeat(20_000);
    // Once for each half below it, or in it, the key would fill four gigabytes, and its halves three.
    let below = format!(r#"{{"ticket": {{"{key}": [{halves}1]}}}}"#);
    let inside = format!(r#"{{"ticket": {{"{}": 1}}}}"#, r"\ud83d".repeat(30_000));
    for text in [below, inside] {
        let room: usize = diagnostics(&text).iter().map(String::len).sum();
        assert!(room < 3 * text.len(), "{room}");
    }
}

#[test]
fn integers_never_pass_through_a_float() {
    for beside in ["", r#", "notes": 1e999"#] {
        let text = format!(r#"{{"ticket": {{"id": 72626560959191285781234567890{beside}}}}}"#);
        assert_eq!(seen(&text).id.as_deref(), Some("72626560959191285781234567890"), "{beside}");
    }
}

#[test]
fn rejects_large_numbers_that_are_no_json() {
    for number in ["01e400", "1.e400", "-01e400", "[1,01e400]", "1e400.5", "1e", "1e400x"] {
        let error = error(&format!(r#"{{"ticket": {{"id": "1", "notes": {number}}}}}"#));
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{number}");
    }
}

#[test]
fn reports_unknown_words_and_unexpected_types_with_pointers() {
    let text = r#"{"ticket": {"id": 5, "type": "zzz", "rating": "4", "notes": [{"text": "n"}]}}"#;
    assert_eq!(seen(text).kind, Some(Coded::new('?', "zzz")));
    assert_eq!(
        diagnostics(text),
        [
            "/ticket/id: an integer instead of a text",
            "/ticket/type: unknown word \"zzz\"",
            "/ticket/rating: a text instead of an integer",
            "/ticket/notes: a list instead of an object",
        ]
    );
}

#[test]
fn reads_sizes_and_choices_or_keeps_them() {
    for (text, values, messages) in [
        (r#"{"size": 812, "secret": 1}"#, (Some(812), Some(true)), &[][..]),
        (r#"{"size": null, "secret": 0}"#, (None, Some(false)), &[]),
        (
            r#"{"size": "812", "secret": "1"}"#,
            (Some(812), Some(true)),
            &["/size: a text instead of an integer", "/secret: a text instead of an integer"],
        ),
        (
            r#"{"size": -1, "secret": 2}"#,
            (None, None),
            &["/size: not a size in bytes", "/secret: not 0 or 1"],
        ),
    ] {
        let response = Response::saved("get_ticket", text);
        let document = Document::open(&response).unwrap();
        let cursor = document.root();
        let File { size, secret, unknown: _ } = document.parse().unwrap();
        let is_secret = look_up(&[("0", false), ("1", true)]);
        let seen = (cursor.integer_size(size), cursor.choice(secret, is_secret, "0 or 1"));
        assert_eq!(seen, values, "{text}");
        let (extra, diagnostics) = document.close().unwrap();
        let told: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(told, messages);
        let unreadable = told.iter().filter(|diagnostic| diagnostic.contains(": not "));
        assert_eq!(extra.len(), unreadable.count(), "{text}");
    }
}

#[test]
fn refuses_duplicates_of_documented_keys() {
    let error = error(r#"{"ticket": {"title": "a", "notes": [{"text": "n", "text": "m"}]}}"#);
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.to_string().contains("duplicate key `text`"), "{error}");
    let plain = self::error(r#"{"ticket": {"title": "a", "title": "b"}}"#);
    assert_eq!(plain.to_string(), "duplicate key `title` at /ticket/title");
    // What may be a text or an object is read by itself, and the place is the nearest one around it.
    let within = self::error(r#"{"ticket": {"people": [{"name": "a", "name": "b"}], "id": 7}}"#);
    assert_eq!(within.to_string(), "duplicate key `name` at /ticket/people");
}

#[test]
fn describes_bodies_that_are_not_responses() {
    for (body, message) in [
        ("", "the response is empty"),
        (" \n", "the response is empty"),
        ("null", "the response is null, not an object"),
        ("[1]", "the response is a list, not an object"),
        ("\"x\"", "the response is a text, not an object"),
        ("7", "the response is a number, not an object"),
        (
            "<html>\u{1b}",
            "the response is an HTML or XML page, not JSON (no content type); it begins with \"<html>\\u{1b}\"",
        ),
        ("Bad gateway", "the response is not JSON; it begins with \"Bad gateway\""),
        (
            r#"{"ticket": {"title": "abc"#,
            "the response ends after 25 bytes, in the middle of a value at /ticket/title",
        ),
        (
            r#"{"ticket": {"notes": [{"text": "x"}, {"#,
            "the response ends after 38 bytes, in the middle of a value at /ticket/notes/1",
        ),
        (
            r#"{"ticket": {"title": x}}"#,
            "the response is not JSON: expected value at line 1 column 22 at /ticket/title",
        ),
    ] {
        let error = error(body);
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn skips_a_byte_order_mark_and_refuses_invalid_utf_8() {
    assert_eq!(seen("\u{feff}{\"ticket\": {\"id\": \"1\"}}").id.as_deref(), Some("1"));
    let response = Response::saved("get_ticket", &b"{\"a\": \"\xff\"}"[..]);
    let error = Document::open(&response).unwrap_err();
    assert_eq!(error.to_string(), "the response is not UTF-8: invalid byte at offset 7");
}

//! Tests where responses begin and end.

use std::io::{BufReader, Cursor, Read, repeat};

use super::Stream;

/// The largest response of these tests.
const LARGEST: usize = 100;

fn responses(source: impl Read) -> Vec<(u64, String)> {
    // With the smallest buffer, every split of the bytes occurs.
    let responses = Stream::new(BufReader::with_capacity(1, source), LARGEST);
    let text = |body: Vec<u8>| String::from_utf8(body).unwrap();
    responses
        .map(|(line, body)| (line, body.map_or_else(|error| format!("! {error}"), text)))
        .collect()
}

#[test]
fn reads_responses_of_one_or_several_lines() {
    for (text, expected) in [
        ("", &[] as &[(u64, &str)]),
        (" \n\r\n\t", &[]),
        ("{}\n{}\r\n\n {}", &[(1, "{}"), (2, "{}"), (4, "{}")]),
        (
            "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n",
            &[(1, "{\n  \"a\": 1\n}"), (4, "{\n  \"a\": 2\n}")],
        ),
        ("[\n{},\n{}\n]\n{}", &[(1, "[\n{},\n{}\n]"), (5, "{}")]),
        ("{\"a\":1}{\"a\":2}", &[(1, "{\"a\":1}"), (1, "{\"a\":2}")]),
        ("null\n12\n\"}\"\n", &[(1, "null"), (2, "12"), (3, "\"}\"")]),
        ("\"\\ud83d\"\n1e999\n", &[(1, "\"\\ud83d\""), (2, "1e999")]),
    ] {
        let expected = expected.iter().map(|(line, text)| (*line, (*text).to_owned()));
        assert_eq!(responses(Cursor::new(text)), expected.collect::<Vec<_>>(), "{text:?}");
    }
}

#[test]
fn an_invalid_response_does_not_affect_others() {
    for broken in [
        "nonsense",
        "{\"code\":0,\"da",
        "{\"code\":0,",
        "{\"code\":",
        "{\"list\":[",
        "{\"list\":[1,",
        "{\"code\":0}}",
        "<html>",
        "{\n  \"code\": 0,\n  \"data\": {",
        "{\n  \"code\": nonsense,\n  \"data\": {\n    \"a\": 1\n  }\n}",
    ] {
        let text = format!("{{\"a\":1}}\n{broken}\n{{\"a\":2}}\n{{\n  \"a\": 3\n}}\n");
        let lines = broken.lines().count() as u64;
        let rest =
            [(2 + lines, "{\"a\":2}".to_owned()), (3 + lines, "{\n  \"a\": 3\n}".to_owned())];
        let found = responses(Cursor::new(&text));
        assert_eq!(found[0], (1, "{\"a\":1}".to_owned()), "{broken}");
        assert!(found.ends_with(&rest), "{broken}: {found:?}");
        let between: Vec<_> = found[1..found.len() - 2].iter().map(|it| &*it.1).collect();
        assert_eq!(between.concat(), broken);
    }
}

#[test]
fn counts_an_invalid_response_of_several_lines_once() {
    let broken = "{\n  \"code\": nonsense,\n  \"data\": {\n    \"a\": 1\n  }\n}";
    assert_eq!(responses(Cursor::new(broken)), [(1, broken.to_owned())]);
}

#[test]
fn skips_a_response_that_is_too_large() {
    let large = |length: usize| repeat(b'1').take(length as u64).chain(Cursor::new("\n{}"));
    let whole = responses(large(LARGEST));
    assert_eq!(whole, [(1, "1".repeat(LARGEST)), (2, "{}".to_owned())]);
    let error = "! it is larger than 64 MiB".to_owned();
    for length in [LARGEST + 1, 10 * LARGEST] {
        assert_eq!(
            responses(large(length)),
            [(1, error.clone()), (2, "{}".to_owned())],
            "{length}"
        );
    }
    let lines = format!("{{\n{}  \"a\": 1\n}}\n{{}}", "  \"a\": 1,\n".repeat(LARGEST));
    assert_eq!(responses(Cursor::new(lines)), [(1, error), (LARGEST as u64 + 4, "{}".to_owned())]);
}

#[test]
fn parses_unclosed_brackets_only_once() {
    let lines = 200_000;
    let responses = Stream::new(Cursor::new("[\n".repeat(lines)), 8 << 20);
    assert_eq!(responses.filter(|(_, body)| body.as_ref().unwrap() == b"[").count(), lines);
}

#[test]
fn ends_at_a_read_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("it is on fire"))
        }
    }
    let found = responses(Cursor::new("{}\n{\n").chain(Broken));
    assert_eq!(found, [(1, "{}".to_owned()), (2, "! it is on fire".to_owned())]);
}

//! Guards of answers: what is taken for a ticket, and that nothing of it is lost.

use super::{Guard, Hazard, Held, Removal, Test, Theme};

const DECIMAL: &str = "crates/ticket-core/src/decode/decimal.rs";
const DOCUMENT: &str = "crates/ticket-core/src/decode/document.rs";
const SHAPE: &str = "crates/ticket-core/src/decode/shape.rs";
const SCAN: &str = "crates/ticket-core/src/decode/scan.rs";
const TIME: &str = "crates/ticket-core/src/decode/time.rs";
const VALUES: &str = "crates/ticket-core/src/decode/values.rs";

const fn decode(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/decode.rs", name }
}

const fn feishu(name: &'static str) -> Test {
    Test { file: "crates/feishu-provider/tests/mapping.rs", name }
}

const fn engagelab(name: &'static str) -> Test {
    Test { file: "crates/engagelab-provider/tests/mapping.rs", name }
}

/// The test that tries what every provider promises, of a provider that has no token.
const KEPT_BY_ENGAGELAB: Test = Test {
    file: "crates/engagelab-provider/tests/conformance.rs",
    name: "passes_the_contract_tests",
};

const PINNED: &str = "every_fixture_matches_its_snapshot";
const PROMISED: &str = "mutated_responses_are_decoded_or_rejected";

pub(super) const THEME: Theme = Theme {
    title: "Answers",
    hazards: &[
        Hazard {
            what: "A list is read as an object, item by member",
            guards: &[Guard {
                name: "object-is-an-object",
                does: "where an object is asked for, a list is something odd",
                held: Held::By(Removal {
                    file: SHAPE,
                    text: "while list.next_element::<IgnoredAny>()?.is_some() {}\n        place.put(Sent::Odd);",
                    without: "while list.next_element::<IgnoredAny>()?.is_some() {}\n        place.put(Sent::Null);",
                    test: decode("a_body_that_is_no_answer_is_named_for_what_it_is"),
                }),
            }],
        },
        Hazard {
            what: "Numbers pass through floats: 2^64 changes, ids change in their last digits",
            guards: &[
                Guard {
                    name: "digits-stay",
                    does: "a number that is no 64 bit integer is read from its digits",
                    held: Held::By(Removal {
                        file: SHAPE,
                        text: "if !self.pass.is_exact() {",
                        without: "if false {",
                        test: decode("integers_never_pass_through_a_float"),
                    }),
                },
                Guard {
                    name: "extra-as-it-was-sent",
                    does: "what goes to `extra` is cut out of the bytes as they came",
                    held: Held::By(Removal {
                        file: DOCUMENT,
                        text: "let json = self.original[range.clone()].parse::<Json>()",
                        without: "let json = self.parsed()[range.clone()].parse::<Json>()",
                        test: decode(
                            "half_a_surrogate_pair_becomes_the_replacement_character_and_is_counted",
                        ),
                    }),
                },
                Guard {
                    name: "exact-bytes",
                    does: "the bytes of the answer stay beside the ticket",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/session.rs",
                        text: "answers: vec![answer]",
                        without: "answers: vec![Answer { body: crate::Bytes::from_static(b\"{}\"), ..answer }]",
                        test: Test {
                            file: "crates/engagelab-provider/tests/http.rs",
                            name: "keeps_the_exact_response",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "Bad UTF-8 or half an emoji passes one way of reading and fails another",
            guards: &[
                Guard {
                    name: "text-or-nothing",
                    does: "the body is checked as UTF-8 once, and read as text from then on",
                    held: Held::By(Removal {
                        file: DOCUMENT,
                        text: "let original = simdutf8::compat::from_utf8(body).map_err(|error| {",
                        without: "let body = &*String::from_utf8_lossy(body).into_owned().leak().as_bytes();\n        \
                                  let original = simdutf8::compat::from_utf8(body).map_err(|error| {",
                        test: decode("a_byte_order_mark_is_skipped_and_bad_utf_8_is_named"),
                    }),
                },
                Guard {
                    name: "half-an-emoji",
                    does: "half of a surrogate pair becomes the replacement character, and the rest is read",
                    held: Held::By(Removal {
                        file: SCAN,
                        text: "for place in lone_surrogates(&text[range.clone()]) {",
                        without: "for place in lone_surrogates(&text[range.clone()]).into_iter().take(0) {",
                        test: decode(
                            "half_a_surrogate_pair_becomes_the_replacement_character_and_is_counted",
                        ),
                    }),
                },
                Guard {
                    name: "half-an-emoji-is-counted",
                    does: "and it is reported where it stood",
                    held: Held::By(Removal {
                        file: DOCUMENT,
                        text: "notes.remarks.push(Remark { pointer, finding: Finding::LoneSurrogate });",
                        without: "let _ = (pointer, Finding::LoneSurrogate);",
                        test: decode(
                            "half_a_surrogate_pair_becomes_the_replacement_character_and_is_counted",
                        ),
                    }),
                },
            ],
        },
        Hazard {
            what: "One odd field that nobody reads (nesting of 129, 1e400) makes the whole ticket unreadable",
            guards: &[
                Guard {
                    name: "nesting-without-end",
                    does: "a value whose shape is free stays raw text, however deep it is",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/decode/raw.rs",
                        text: "<&RawValue>::deserialize(deserializer).map(Self)",
                        without: "<&RawValue>::deserialize(deserializer).and_then(|raw| {\n            \
                                  let tree = serde_json::from_str::<serde_json::Value>(raw.get());\n            \
                                  tree.map(|_| Self(raw)).map_err(serde::de::Error::custom)\n        })",
                        test: decode("unknown_keys_of_any_kind_are_kept_in_the_order_sent"),
                    }),
                },
                Guard {
                    name: "numbers-beyond-a-double",
                    does: "a number beyond a double costs nothing but itself",
                    held: Held::By(Removal {
                        file: SCAN,
                        text: "is_ok_and(f64::is_infinite)",
                        without: "is_ok_and(f64::is_nan)",
                        test: decode("a_wrong_shape_costs_nothing_but_its_own_place"),
                    }),
                },
                Guard {
                    name: "other-json-libraries",
                    does: "no library is used that overflows the stack on deep nesting (a choice)",
                    held: Held::Unwatched("a choice among libraries, of which one is used"),
                },
            ],
        },
        Hazard {
            what: "Lists come where the documentation shows objects, and official clients fail on real tickets",
            guards: &[
                Guard {
                    name: "one-or-many",
                    does: "where there is evidence for it, a list is understood in the place of an object",
                    held: Held::By(Removal {
                        file: SHAPE,
                        text: "Vec::from_list(Place::new(&mut many, place.pass), list)?;",
                        without: "<bool as Shape>::from_list(Place::new(&mut Sent::Absent, place.pass), list)?;\n        \
                                  many = if false { Sent::Value(Vec::new()) } else { Sent::Odd };",
                        test: decode("a_list_of_one_is_one_and_a_list_of_two_is_kept"),
                    }),
                },
                Guard {
                    name: "tolerance-is-counted",
                    does: "each such tolerance is reported",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/decode/at.rs",
                        text: "self.document.remark(self.pointer(), Finding::Tolerated { documented, sent });",
                        without: "let _ = (documented, sent);",
                        test: decode("words_and_tolerances_are_reported_where_they_stand"),
                    }),
                },
            ],
        },
        Hazard {
            what: "HTTP 200 with a proxy's page, with a code of failure, with nothing, with `null`, with a byte order mark; HTTP 502 with code 0",
            guards: &[
                Guard {
                    name: "page-is-told",
                    does: "a page is told as one, with its content type and how it begins",
                    held: Held::By(Removal {
                        file: DOCUMENT,
                        text: "if original.trim_ascii_start().starts_with('<') {",
                        without: "if false {",
                        test: feishu(PINNED),
                    }),
                },
                Guard {
                    name: "empty-is-told",
                    does: "an empty body is told as one",
                    held: Held::By(Removal {
                        file: DOCUMENT,
                        text: "if original.trim_ascii().is_empty() {",
                        without: "if false {",
                        test: decode("a_body_that_is_no_answer_is_named_for_what_it_is"),
                    }),
                },
                Guard {
                    name: "byte-order-mark",
                    does: "a byte order mark is skipped",
                    held: Held::By(Removal {
                        file: DOCUMENT,
                        text: "body.strip_prefix(\"\\u{feff}\".as_bytes()).unwrap_or(body)",
                        without: "body",
                        test: decode("a_byte_order_mark_is_skipped_and_bad_utf_8_is_named"),
                    }),
                },
                Guard {
                    name: "quotations-in-one-line",
                    does: "what is quoted of an answer stays in its line, with nothing unseen in it",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/decode/quote.rs",
                        text: "shown.extend(character.escape_debug());",
                        without: "shown.push(character);",
                        test: Test {
                            file: "crates/ticket-core/src/decode/quote.rs",
                            name: "a_quotation_cannot_break_out_of_its_line",
                        },
                    }),
                },
                Guard {
                    name: "status-of-feishu",
                    does: "a ticket of Feishu comes only with HTTP 2xx",
                    held: Held::By(Removal {
                        file: "crates/feishu-provider/src/lib.rs",
                        text: "if !answer.is_success() {",
                        without: "if false {",
                        test: feishu(PROMISED),
                    }),
                },
                Guard {
                    name: "status-of-engagelab",
                    does: "and so does one of EngageLab",
                    held: Held::By(Removal {
                        file: "crates/engagelab-provider/src/lib.rs",
                        text: "if !answer.is_success() {",
                        without: "if false {",
                        test: engagelab(PROMISED),
                    }),
                },
                Guard {
                    name: "code-of-feishu",
                    does: "any other code than 0 is a refusal of Feishu",
                    held: Held::By(Removal {
                        file: "crates/feishu-provider/src/error.rs",
                        text: "Err(told(answer, said))",
                        without: "Ok(drop(told(answer, said)))",
                        test: feishu(PINNED),
                    }),
                },
                Guard {
                    name: "code-of-engagelab",
                    does: "and of EngageLab",
                    held: Held::By(Removal {
                        file: "crates/engagelab-provider/src/lib.rs",
                        text: "Some(code) => return Err(error::refusal_with(code, answer)),",
                        without: "Some(_) => {}",
                        test: engagelab(PINNED),
                    }),
                },
                Guard {
                    name: "code-is-an-integer",
                    does: "a code that is no integer is no success",
                    held: Held::By(Removal {
                        file: VALUES,
                        text: "Scalar::Text(_) | Scalar::Number(_) => None,",
                        without: "Scalar::Text(_) | Scalar::Number(_) => Some(0),",
                        test: feishu(PINNED),
                    }),
                },
            ],
        },
        Hazard {
            what: "An answer is taken for one to another question, or its error does not say whose it is",
            guards: &[
                Guard {
                    name: "answer-of-the-question",
                    does: "an answer to another question is not read",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/dialect.rs",
                        text: "Answer::first(answers, self.ticket_operation()).map_err(named)?",
                        without: "answers.first().ok_or_else(|| named(Error::new(crate::ErrorKind::InvalidRequest, \"\")))?",
                        test: KEPT_BY_ENGAGELAB,
                    }),
                },
                Guard {
                    name: "error-knows-its-answer",
                    does: "an error names the provider and the HTTP status",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/dialect.rs",
                        text: ".map_err(|error| named(answer.complete(error)))",
                        without: "",
                        test: KEPT_BY_ENGAGELAB,
                    }),
                },
            ],
        },
        Hazard {
            what: "Another ticket comes than the one asked for",
            guards: &[Guard {
                name: "the-ticket-asked-for",
                does: "another id in the answer is an error",
                held: Held::By(Removal {
                    file: "crates/ticket-core/src/transport/session.rs",
                    text: "if decoded.ticket.id == id.as_str() {",
                    without: "if decoded.ticket.id == id.as_str() || true {",
                    test: Test {
                        file: "crates/feishu-provider/tests/http.rs",
                        name: "rejects_another_ticket_than_requested",
                    },
                }),
            }],
        },
        Hazard {
            what: "-1 becomes a time of 1969, seconds read as milliseconds one of 1970, and the year 9999 breaks other tools",
            guards: &[
                Guard {
                    name: "sentinels",
                    does: "what stands for no time is none",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/decode/scalar.rs",
                        text: "matches!(integer, 0 | -1)",
                        without: "*integer == 1",
                        test: decode("sentinels_are_absent_and_leave_no_trace"),
                    }),
                },
                Guard {
                    name: "plausible-times",
                    does: "a time outside of 2000 to 2100 is none",
                    held: Held::By(Removal {
                        file: TIME,
                        text: "PLAUSIBLE.contains(&instant).then_some(instant)",
                        without: "Some(instant)",
                        test: Test {
                            file: TIME,
                            name: "milliseconds_from_2000_to_2100_are_instants",
                        },
                    }),
                },
                Guard {
                    name: "what-cannot-be-read-stays",
                    does: "it is kept in `extra` and reported, and does not cost the ticket",
                    held: Held::By(Removal {
                        file: VALUES,
                        text: "if value.is_none() {",
                        without: "if false && value.is_none() {",
                        test: decode(
                            "an_instant_that_nobody_can_have_meant_is_kept_and_reported_and_costs_no_ticket",
                        ),
                    }),
                },
            ],
        },
        Hazard {
            what: "0.03 minutes are 1.7999999999999998 seconds in floats",
            guards: &[Guard {
                name: "exact-decimals",
                does: "decimal minutes become milliseconds in integers",
                held: Held::By(Removal {
                    file: DECIMAL,
                    text: "    let (mantissa, exponent) =",
                    without: "    if let Ok(minutes) = text.parse::<f64>() {\n        return Some((minutes * 60_000.0) as u64);\n    \
                              }\n    let (mantissa, exponent) =",
                    test: Test {
                        file: DECIMAL,
                        name: "minutes_become_milliseconds_without_floats",
                    },
                }),
            }],
        },
    ],
};

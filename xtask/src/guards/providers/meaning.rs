//! Guards of the providers that no promise can know of: what a word or a form means, or who watches a clock.

use super::super::{Guard, Hazard, Held, Line, Removal, Test, Theme};

const ENGAGELAB: &str = "crates/engagelab-provider/src/map.rs";
const ENGAGELAB_ERROR: &str = "crates/engagelab-provider/src/error.rs";
const FEISHU: &str = "crates/feishu-provider/src/map.rs";
const FEISHU_ERROR: &str = "crates/feishu-provider/src/error.rs";
const FEISHU_TOKEN: &str = "crates/feishu-provider/src/token.rs";

/// A text in the place of an object is pinned with its report.
const PINNED: &str = "every_fixture_matches_its_snapshot";

const fn engagelab(name: &'static str) -> Test {
    Test { file: "crates/engagelab-provider/tests/meaning.rs", name }
}

const fn feishu(name: &'static str) -> Test {
    Test { file: "crates/feishu-provider/tests/meaning.rs", name }
}

const CHECK: Test =
    Test { file: "crates/feishu-provider/tests/http.rs", name: "check_reports_every_failure" };

const LIFE: &str = "the suite knows the token in an answer, and not the time for which it is good; see the tests of the token above";

pub(in crate::guards) const THEME: Theme = Theme {
    title: "Providers, beyond their promises",
    hazards: &[
        Hazard {
            what: "A value means something else than its number or its absence says, which no suite knows that knows no provider",
            guards: &[
                Guard {
                    name: "engagelab-sender-without-an-id",
                    does: "a sender without an id is nobody, and not the requester",
                    held: Held::By(Removal {
                        file: ENGAGELAB,
                        text: "let is_requester = person.id.is_some()\n        &&",
                        without: "let is_requester =",
                        test: engagelab("recognizes_the_requester_by_id"),
                    }),
                },
                Guard {
                    name: "engagelab-visibility",
                    does: "a message that does not say whether it is internal is not public",
                    held: Held::By(Removal {
                        file: ENGAGELAB,
                        text: "None => Visibility::Unknown,",
                        without: "None => Visibility::Public,",
                        test: engagelab("maps_message_visibility"),
                    }),
                },
                Guard {
                    name: "feishu-solve",
                    does: "what is neither yes nor no is neither",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "at.choice(solve, look_up(SOLVED),",
                        without: "at.choice(solve, |code| Some(code == \"2\"),",
                        test: feishu("maps_solve_to_a_boolean"),
                    }),
                },
                Guard {
                    name: "feishu-language",
                    does: "a key that is no language is not made one",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "(fits && is_lower(language) && is_lower(region))",
                        without: "(fits || is_lower(language) || is_lower(region))",
                        test: feishu("maps_reasons_by_language"),
                    }),
                },
                Guard {
                    name: "engagelab-tolerated-name",
                    does: "a bare name in the place of a team is reported",
                    held: Held::By(Removal {
                        file: ENGAGELAB,
                        text: "at.tolerate(\"an object\", \"a text\");",
                        without: "",
                        test: Test {
                            file: "crates/engagelab-provider/tests/mapping.rs",
                            name: PINNED,
                        },
                    }),
                },
                Guard {
                    name: "feishu-tolerated-reason",
                    does: "a reason without a language is reported",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "at.tolerate(\"an object\", \"a text\");",
                        without: "",
                        test: Test {
                            file: "crates/feishu-provider/tests/mapping.rs",
                            name: PINNED,
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "The check of the credentials takes a failure for a success; the suite asks for tickets alone",
            guards: &[
                Guard {
                    name: "feishu-status-of-the-check",
                    does: "it passes only with HTTP 2xx",
                    held: Held::By(Removal {
                        file: FEISHU_ERROR,
                        text: "if !answer.is_success() {",
                        without: "if false {",
                        test: CHECK,
                    }),
                },
                Guard {
                    name: "feishu-code-of-the-check",
                    does: "and with code 0",
                    held: Held::By(Removal {
                        file: FEISHU_ERROR,
                        text: "check_code(answer, &document.root(), &code)",
                        without: "Ok(drop((document.root(), code)))",
                        test: CHECK,
                    }),
                },
            ],
        },
        Hazard {
            what: "A guard stands behind another one, or protects what nobody can see",
            guards: &[
                Guard {
                    name: "engagelab-zero-as-text",
                    does: "a code that is `\"0\"` as a text is left out of the error that tells of no envelope",
                    held: Held::Unnoticed(
                        Line {
                            file: ENGAGELAB_ERROR,
                            text: "match code.filter(|code| code != \"0\") {",
                        },
                        "it changes a word of an error whose kind is the same",
                    ),
                },
                Guard {
                    name: "feishu-expired-token",
                    does: "a token that has ended is dropped before another one is fetched",
                    held: Held::Unnoticed(
                        Line {
                            file: FEISHU_TOKEN,
                            text: "held.token = None;\n            held.token = Some",
                        },
                        "doubled: it is not used, whether it is dropped or not",
                    ),
                },
                Guard {
                    name: "feishu-life-of-a-token",
                    does: "a token without a life is none",
                    held: Held::Unnoticed(
                        Line {
                            file: FEISHU_TOKEN,
                            text: "at.seconds(expire).ok_or_else(|| missing(place))?",
                        },
                        LIFE,
                    ),
                },
                Guard {
                    name: "feishu-longest-life",
                    does: "a token lives a day at most",
                    held: Held::Unnoticed(
                        Line { file: FEISHU_TOKEN, text: "seconds.min(86_400)" },
                        LIFE,
                    ),
                },
                Guard {
                    name: "feishu-wiped-answer",
                    does: "the answer with the token is wiped",
                    held: Held::Unnoticed(
                        Line { file: FEISHU_TOKEN, text: "answer.wipe();" },
                        "nobody reads the memory of a program from outside",
                    ),
                },
                Guard {
                    name: "feishu-limit-of-lists",
                    does: "lists are asked for as often as the pages allow",
                    held: Held::Unnoticed(
                        Line {
                            file: "crates/feishu-provider/src/capabilities.rs",
                            text: "limits: &[Limit { requests: 50, seconds: 1 }, Limit { requests: 1_000, seconds: 60 }],",
                        },
                        "one list is asked for to prove credentials, and no other",
                    ),
                },
            ],
        },
    ],
};

//! Guards of the providers that no promise can know of: what a word or a form means, or who watches a clock.

use super::super::{Guard, Hazard, Held, Removal, Test, Theme};

const ENGAGELAB: &str = "crates/engagelab-provider/src/map.rs";
const FEISHU: &str = "crates/feishu-provider/src/map.rs";

const fn engagelab(name: &'static str) -> Test {
    Test { file: "crates/engagelab-provider/tests/meaning.rs", name }
}

const fn feishu(name: &'static str) -> Test {
    Test { file: "crates/feishu-provider/tests/meaning.rs", name }
}

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
                        test: engagelab(
                            "a_sender_without_a_documented_word_is_the_requester_where_the_ids_agree",
                        ),
                    }),
                },
                Guard {
                    name: "engagelab-visibility",
                    does: "a message that does not say whether it is internal is not public",
                    held: Held::By(Removal {
                        file: ENGAGELAB,
                        text: "None => Visibility::Unknown,",
                        without: "None => Visibility::Public,",
                        test: engagelab("a_message_is_internal_public_or_nobody_says"),
                    }),
                },
                Guard {
                    name: "feishu-solve",
                    does: "what is neither yes nor no is neither",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "at.choice(solve, look_up(SOLVED),",
                        without: "at.choice(solve, |code| Some(code == \"2\"),",
                        test: feishu("solve_is_no_or_yes_and_nothing_else"),
                    }),
                },
                Guard {
                    name: "feishu-language",
                    does: "a key that is no language is not made one",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "(fits && is_lower(language) && is_lower(region))",
                        without: "(fits || is_lower(language) || is_lower(region))",
                        test: feishu("a_reason_has_its_language"),
                    }),
                },
            ],
        },
        Hazard {
            what: "A guard stands behind another one",
            guards: &[
                Guard {
                    name: "engagelab-refusal-of-a-success",
                    does: "a refusal with HTTP 200 is never told by that status",
                    held: Held::Unwatched(
                        "doubled: the status of a success means nothing but a refusal in the core's table, too",
                    ),
                },
                Guard {
                    name: "feishu-expired-token",
                    does: "a token that has ended is dropped before another one is fetched",
                    held: Held::Unwatched("doubled: it is not used, whether it is dropped or not"),
                },
                Guard {
                    name: "feishu-longest-life",
                    does: "a token lives a day at most",
                    held: Held::Unwatched(
                        "the suite knows the token of an answer, and not the time for which it is good",
                    ),
                },
            ],
        },
    ],
};

//! Guards of Feishu's token, with which every client of Feishu has had trouble.

use super::{Guard, Hazard, Held, Removal, Test, Theme};

const ERROR: &str = "crates/feishu-provider/src/error.rs";
const TOKEN: &str = "crates/feishu-provider/src/token.rs";

const fn token(name: &'static str) -> Test {
    Test { file: "crates/feishu-provider/tests/token.rs", name }
}

const fn http(name: &'static str) -> Test {
    Test { file: "crates/feishu-provider/tests/http.rs", name }
}

pub(super) const THEME: Theme = Theme {
    title: "Feishu's token",
    hazards: &[
        Hazard {
            what: "A token that the service refuses stays in use until the program is started again",
            guards: &[
                Guard {
                    name: "refused-token-is-replaced",
                    does: "after the codes 99991663, 99991664 and 99991671 another token is fetched, and the request sent once more",
                    held: Held::By(Removal {
                        file: ERROR,
                        text: r#"&["99991663", "99991664", "99991671"]"#,
                        without: r#"&["99991663", "99991671"]"#,
                        test: token("refreshes_the_token_on_every_token_code"),
                    }),
                },
                Guard {
                    name: "only-the-refused-token",
                    does: "a token is dropped only if it is the one that was refused",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "if held.generation == used.generation() { held.token.take() } else { None }",
                        without: "held.token.take()",
                        test: http("refreshes_a_revoked_token_once_for_a_thousand_fetches"),
                    }),
                },
                Guard {
                    name: "second-refusal-is-final",
                    does: "a second refusal ends the call",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/session.rs",
                        text: "std::mem::take(&mut may_renew)",
                        without: "may_renew",
                        test: token("gives_up_when_a_new_token_is_rejected"),
                    }),
                },
            ],
        },
        Hazard {
            what: "Of 64 callers without a token each fetches one",
            guards: &[
                Guard {
                    name: "one-token-call",
                    does: "a lock is held while a token is fetched, and all who wait for it share the token",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "let mut held = self.turn().await?;\n        self.current(&mut held).await",
                        without: "self.current(&mut Held::default()).await",
                        test: token("concurrent_callers_share_one_token_call"),
                    }),
                },
                Guard {
                    name: "whoever-gives-up-lets-go",
                    does: "whoever gives up while fetching a token lets the next one fetch it",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "let mut held = self.turn().await?;\n        self.current(&mut held).await",
                        without: "let mut held = std::mem::ManuallyDrop::new(self.turn().await?);\n        let current = \
                                  self.current(&mut held).await;\n        drop(std::mem::ManuallyDrop::into_inner(held));\n        current",
                        test: token("cancelled_caller_lets_the_next_one_fetch_the_token"),
                    }),
                },
                Guard {
                    name: "one-failed-token-call",
                    does: "whoever waited for a token call that failed shares its failure: a wrong secret is not sent 64 times",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "Some(error) if self.failures.load(Ordering::Acquire) != before => {",
                        without: "Some(error) if self.failures.load(Ordering::Acquire) < before => {",
                        test: token("waiting_callers_share_a_failed_token_call"),
                    }),
                },
            ],
        },
        Hazard {
            what: "The token call hands out the same token while 30 minutes are left, also the one that was just refused",
            guards: &[
                Guard {
                    name: "the-same-token-is-final",
                    does: "the refused token, when it comes back, is not sent again",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "if is_the_same {",
                        without: "if is_the_same && refused.is_none() {",
                        test: http("gives_up_when_the_same_token_is_issued_again"),
                    }),
                },
                Guard {
                    name: "the-same-token-is-forgotten",
                    does: "and it is not kept for the next call",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "held.token = None;\n            return Ok(None);",
                        without: "return Ok(None);",
                        test: token("drops_a_token_that_stays_rejected"),
                    }),
                },
                Guard {
                    name: "a-given-token-is-final",
                    does: "a token that somebody else obtained cannot be replaced, so its refusal is final",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/authorize.rs",
                        text: "Ok(None)",
                        without: "Ok(Some(_used.clone()))",
                        test: token("does_not_refresh_a_configured_token"),
                    }),
                },
            ],
        },
        Hazard {
            what: "A token's life is taken for two hours, or its margin for longer than its life",
            guards: &[
                Guard {
                    name: "life-by-the-answer",
                    does: "each token lives as long as its answer says",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "usable_until: asked_at + left -",
                        without: "usable_until: asked_at + Duration::from_secs(7_200) -",
                        test: token(
                            "a_token_is_kept_for_the_life_that_its_answer_names_less_a_margin",
                        ),
                    }),
                },
                Guard {
                    name: "margin",
                    does: "it is not used in its last moments",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: " - MARGIN.min(left / 2)",
                        without: "",
                        test: token(
                            "a_token_is_kept_for_the_life_that_its_answer_names_less_a_margin",
                        ),
                    }),
                },
                Guard {
                    name: "margin-of-a-short-life",
                    does: "these are half of its life at the most, so that a short life does not cost a call for each fetch",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "MARGIN.min(left / 2)",
                        without: "MARGIN",
                        test: token("caches_short_lived_tokens"),
                    }),
                },
                Guard {
                    name: "life-from-the-question-on",
                    does: "its life counts from before the call, by a clock that nobody sets",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "usable_until: asked_at +",
                        without: "usable_until: asked_at + asked_at.elapsed() +",
                        test: token(
                            "an_answer_that_comes_late_does_not_lengthen_the_life_of_its_token",
                        ),
                    }),
                },
            ],
        },
        Hazard {
            what: "A refused token comes with HTTP 400 or 200, a failed token call with 200, a gateway's 502 with code 0",
            guards: &[
                Guard {
                    name: "code-of-the-token-call",
                    does: "a token call is a success only with code 0",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "error::check_code(answer, &at, &code)?;",
                        without: "let _ = &code;",
                        test: token("accepts_a_token_only_with_http_2xx_and_code_0"),
                    }),
                },
                Guard {
                    name: "status-of-the-token-call",
                    does: "and only with HTTP 2xx",
                    held: Held::By(Removal {
                        file: TOKEN,
                        text: "if !answer.is_success() {",
                        without: "if false {",
                        test: token("accepts_a_token_only_with_http_2xx_and_code_0"),
                    }),
                },
                Guard {
                    name: "code-0-is-no-code",
                    does: "where the code of a failure says success, the HTTP status decides",
                    held: Held::By(Removal {
                        file: ERROR,
                        text: r#".filter(|code| *code != "0")"#,
                        without: "",
                        test: Test { file: ERROR, name: "without_a_code_the_http_status_decides" },
                    }),
                },
            ],
        },
        Hazard {
            what: "HTTP 401 comes with codes of the helpdesk, which no other token mends",
            guards: &[Guard {
                name: "the-code-decides",
                does: "whether a refusal is about the token its code decides, never the HTTP status",
                held: Held::By(Removal {
                    file: ERROR,
                    text: "error.code().is_some_and(|code| TOKEN_REFUSED.contains(&code))",
                    without: "error.kind() == ErrorKind::Unauthenticated",
                    test: token("keeps_the_token_on_helpdesk_errors"),
                }),
            }],
        },
    ],
};

//! Guards of exchanges: how long they may take, how much may come back, and what is a failure on the way.

use super::{Guard, Hazard, Held, Removal, Test, Theme};

const ATTEMPT: &str = "crates/ticket-core/src/transport/attempt.rs";
const CLIENT: &str = "crates/ticket-core/src/transport/client.rs";
const SESSION: &str = "crates/ticket-core/src/transport/session.rs";

const fn requests(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/transport/requests.rs", name }
}

const fn answers(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/transport/answers.rs", name }
}

const fn deadlines(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/transport/deadlines.rs", name }
}

pub(super) const THEME: Theme = Theme {
    title: "Exchanges",
    hazards: &[
        Hazard {
            what: "A server that says nothing, or one byte now and then, holds a call for ever",
            guards: &[
                Guard {
                    name: "deadline-of-connecting",
                    does: "a connection must be made in time",
                    held: Held::By(Removal {
                        file: CLIENT,
                        text: ".connect_timeout(settings.connect_timeout)",
                        without: "",
                        test: deadlines(
                            "a_connection_that_nobody_accepts_ends_at_its_own_deadline",
                        ),
                    }),
                },
                Guard {
                    name: "deadline-of-an-attempt",
                    does: "an attempt has one deadline, its body included",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: "timeout(settings.attempt_timeout, exchange)",
                        without: "timeout(std::time::Duration::MAX, exchange)",
                        test: deadlines("a_drip_of_bytes_does_not_put_off_the_deadline"),
                    }),
                },
                Guard {
                    name: "deadline-of-a-call",
                    does: "a whole call has another one",
                    held: Held::By(Removal {
                        file: SESSION,
                        text: "timeout_at(call.deadline,",
                        without: "timeout_at(call.deadline + std::time::Duration::from_secs(3_600),",
                        test: deadlines("the_whole_call_has_a_deadline_of_its_own"),
                    }),
                },
                Guard {
                    name: "deadline-of-waits",
                    does: "what cannot begin before that is not waited for",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/retry.rs",
                        text: "(wait < left && (",
                        without: "((",
                        test: Test {
                            file: "crates/ticket-core/src/transport/retry.rs",
                            name: "what_the_service_names_is_waited_and_costs_nothing",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "A body of hundreds of megabytes, or a small one that becomes as much, fills the memory",
            guards: &[
                Guard {
                    name: "number-of-items",
                    does: "an answer with more than 100,000 items and unknown keys is refused: each takes hundreds of times the \
                           bytes of `{},`",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/decode/pass.rs",
                        text: "self.left.0.get().checked_sub(1)",
                        without: "Some(self.left.0.get())",
                        test: Test {
                            file: "crates/ticket-core/src/decode/pass.rs",
                            name: "more_items_than_any_ticket_has_are_refused_before_they_fill_the_memory",
                        },
                    }),
                },
                Guard {
                    name: "announced-length",
                    does: "a body that is announced as too large is not read",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: "if announced > limit as u64 {",
                        without: "if announced == u64::MAX {",
                        test: answers("a_body_beyond_the_limit_is_not_read"),
                    }),
                },
                Guard {
                    name: "length-while-reading",
                    does: "reading ends at the limit, whatever was announced",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: "Some(chunk) if body.len() + chunk.len() > limit =>",
                        without: "Some(chunk) if chunk.len() == usize::MAX =>",
                        test: answers("a_body_beyond_the_limit_is_not_read"),
                    }),
                },
                Guard {
                    name: "no-compression",
                    does: "a compressed answer is refused and never inflated",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: r#".is_some_and(|encoding| encoding != "identity")"#,
                        without: r#".is_some_and(|encoding| encoding == "compress")"#,
                        test: answers("compression_that_was_not_asked_for_is_refused"),
                    }),
                },
                Guard {
                    name: "no-wish-for-compression",
                    does: "none is asked for: the client is built without what inflates",
                    held: Held::Watched(requests(
                        "a_request_carries_its_credentials_and_nothing_that_was_not_asked_for",
                    )),
                },
            ],
        },
        Hazard {
            what: "The client calls a connection that was cut and a text that is no JSON by the same name",
            guards: &[
                Guard {
                    name: "bytes-before-meaning",
                    does: "whatever fails while bytes are read is a failure of the connection",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: r#".map_err(|error| failed(error, "the answer was cut short").with_http_status(status))?;"#,
                        without: ".map_err(|error| Error::new(ErrorKind::Unreadable, error.to_string()))?;",
                        test: answers("what_is_cut_short_is_a_failure_of_the_connection"),
                    }),
                },
                Guard {
                    name: "a-whole-body-is-final",
                    does: "what came whole and cannot be read is not asked for again",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/error/kind.rs",
                        text: "Self::RateLimited | Self::Unavailable | Self::Connection | Self::Timeout => true,",
                        without: "Self::RateLimited | Self::Unavailable | Self::Connection | Self::Timeout | Self::Unreadable => true,",
                        test: Test {
                            file: "crates/ticket-core/src/error/kind.rs",
                            name: "only_what_time_can_mend_is_tried_again",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "A client for each request makes each of them up to ninety times as slow (a choice)",
            guards: &[Guard {
                name: "one-client",
                does: "all sources that share a transport share its connections",
                held: Held::By(Removal {
                    file: CLIENT,
                    text: "Ok(slot.get_or_init(|| client))",
                    without: "Ok(Box::leak(Box::new(client)))",
                    test: requests("clones_share_one_connection"),
                }),
            }],
        },
    ],
};

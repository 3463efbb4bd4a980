//! Guards of limits, and of trying again.

use super::{Guard, Hazard, Held, Removal, Test, Theme};

const FEISHU: &str = "crates/feishu-provider/src/error.rs";
const KINDS: &str = "crates/ticket-core/src/error/kind.rs";
const LIMIT: &str = "crates/ticket-core/src/transport/limit.rs";
const RETRY: &str = "crates/ticket-core/src/transport/retry.rs";
const RETRY_AFTER: &str = "crates/ticket-core/src/retry_after.rs";
const SESSION: &str = "crates/ticket-core/src/transport/session.rs";

const fn limit(name: &'static str) -> Test {
    Test { file: LIMIT, name }
}

const fn retry(name: &'static str) -> Test {
    Test { file: RETRY, name }
}

const NAMED: Test = Test {
    file: RETRY_AFTER,
    name: "seconds_fractions_and_dates_are_understood_and_nonsense_is_none",
};
const CODES: Test =
    Test { file: FEISHU, name: "documented_codes_have_their_kind_at_any_http_status" };

pub(super) const THEME: Theme = Theme {
    title: "Limits and trying again",
    hazards: &[
        Hazard {
            what: "Feishu refuses for a limit with HTTP 429 or 400, and says when to come back in a header of its own",
            guards: &[
                Guard {
                    name: "code-of-the-limit",
                    does: "the code 99991400 means the limit at any HTTP status",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "code(99_991_400, ErrorKind::RateLimited,",
                        without: "code(99_991_400, ErrorKind::InvalidRequest,",
                        test: CODES,
                    }),
                },
                Guard {
                    name: "both-headers",
                    does: "both headers are read, and the longer wait counts",
                    held: Held::By(Removal {
                        file: RETRY_AFTER,
                        text: "reset.max(after)",
                        without: "after.or(reset)",
                        test: NAMED,
                    }),
                },
                Guard {
                    name: "numbers-that-are-none",
                    does: "what is no number, negative or endless is no wait",
                    held: Held::By(Removal {
                        file: RETRY_AFTER,
                        text: "Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()?",
                        without: "Duration::from_secs_f64(text.trim().parse().ok()?)",
                        test: NAMED,
                    }),
                },
                Guard {
                    name: "named-wait",
                    does: "what the service names is waited, however short the own wait is",
                    held: Held::By(Removal {
                        file: RETRY,
                        text: "error.retry_after().map_or(backoff, |named| named.max(backoff))",
                        without: "backoff",
                        test: retry("what_the_service_names_is_waited_and_costs_nothing"),
                    }),
                },
            ],
        },
        Hazard {
            what: "The quota of a month is used up, and a client that goes on asking makes tens of thousands of calls",
            guards: &[
                Guard {
                    name: "code-of-the-quota",
                    does: "the code 99991403 is the quota and no limit",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "code(99_991_403, ErrorKind::QuotaExhausted,",
                        without: "code(99_991_403, ErrorKind::RateLimited,",
                        test: Test {
                            file: "crates/feishu-provider/tests/http.rs",
                            name: "does_not_retry_an_exhausted_quota",
                        },
                    }),
                },
                Guard {
                    name: "quota-is-final",
                    does: "a quota that is used up is never tried again",
                    held: Held::By(Removal {
                        file: KINDS,
                        text: "            | Self::QuotaExhausted\n",
                        without: "            => false,\n            Self::QuotaExhausted => true,\n            Self::Refused\n",
                        test: Test { file: KINDS, name: "only_what_time_can_mend_is_tried_again" },
                    }),
                },
            ],
        },
        Hazard {
            what: "A limiter lets through in bursts, or counts from the start of a request, and the service refuses",
            guards: &[
                Guard {
                    name: "slot-for-a-window",
                    does: "there are as many slots as the limit, each free again one window later",
                    held: Held::By(Removal {
                        file: LIMIT,
                        text: "held.free_from = now + time + held.window.length;",
                        without: "held.free_from = now + time;",
                        test: limit("nothing_is_refused_and_nearly_the_whole_allowance_is_used"),
                    }),
                },
                Guard {
                    name: "window-from-the-answer",
                    does: "the window counts from the answer, not from the sending",
                    held: Held::By(Removal {
                        file: LIMIT,
                        text: "        self.free_after(longest);\n    }\n\n    /// The answer came: the service has counted the \
                               request by now.\n    pub(super) fn answered(mut self) {\n        self.free_after(Duration::ZERO);",
                        without: "        let _ = longest;\n        self.free_after(Duration::ZERO);\n    }\n\n    \
                                  /// The answer came.\n    pub(super) fn answered(self) {",
                        test: limit("no_jitter_can_cause_a_refusal"),
                    }),
                },
                Guard {
                    name: "slot-of-a-cancelled-request",
                    does: "a request that is given up keeps its slot until the service can no longer count it",
                    held: Held::By(Removal {
                        file: LIMIT,
                        text: "self.free_after(longest);",
                        without: "let _ = longest;",
                        test: limit("a_request_that_is_given_up_counts_until_its_deadline"),
                    }),
                },
                Guard {
                    name: "every-window",
                    does: "an operation with two limits keeps both",
                    held: Held::By(Removal {
                        file: LIMIT,
                        text: "for window in &*self.windows {",
                        without: "for window in self.windows.iter().take(1) {",
                        test: limit("two_windows_are_both_kept"),
                    }),
                },
                Guard {
                    name: "limits-of-feishu",
                    does: "the documented limit of Feishu's tickets is kept, so that nothing has to be repeated",
                    held: Held::By(Removal {
                        file: "crates/feishu-provider/src/capabilities.rs",
                        text: "limits: &[Limit { requests: 10, seconds: 1 }],",
                        without: "limits: &[],",
                        test: Test {
                            file: "crates/feishu-provider/tests/http.rs",
                            name: "waits_for_the_rate_limit_so_that_no_request_is_rejected",
                        },
                    }),
                },
                Guard {
                    name: "everybody-pauses",
                    does: "where the service refuses all the same, since another program uses the limit, all tasks wait as long as it names",
                    held: Held::By(Removal {
                        file: SESSION,
                        text: "self.limiter(request).pause(wait);",
                        without: "let _ = wait;",
                        test: Test {
                            file: "crates/ticket-core/tests/transport/limits.rs",
                            name: "when_another_program_uses_up_the_limit_all_wait_until_it_recovers_and_then_go_on",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "One absurd wait stalls everything",
            guards: &[Guard {
                name: "longest-named-wait",
                does: "a wait beyond five minutes is nonsense, and counts as none",
                held: Held::By(Removal {
                    file: RETRY_AFTER,
                    text: "parse().ok()?).ok()?;\n    (wait <= LONGEST).then_some(wait)",
                    without: "parse().ok()?).ok()?;\n    Some(wait)",
                    test: NAMED,
                }),
            }],
        },
        Hazard {
            what: "A service that comes back is knocked over by all who try again",
            guards: &[
                Guard {
                    name: "jitter",
                    does: "the wait is anywhere between nothing and its bound",
                    held: Held::By(Removal {
                        file: RETRY,
                        text: "longest.mul_f64(fastrand::f64())",
                        without: "longest",
                        test: retry("those_who_failed_together_do_not_come_back_together"),
                    }),
                },
                Guard {
                    name: "bounded-wait",
                    does: "the bound doubles with each attempt, up to a longest",
                    held: Held::By(Removal {
                        file: RETRY,
                        text: ".min(settings.longest_backoff)",
                        without: ".saturating_mul(1_000_000)",
                        test: retry("the_wait_grows_and_stays_below_its_longest"),
                    }),
                },
                Guard {
                    name: "few-attempts",
                    does: "a request is sent only so often",
                    held: Held::By(Removal {
                        file: RETRY,
                        text: "|| made >= settings.attempts.into()",
                        without: "",
                        test: retry("only_what_time_can_mend_and_what_is_safe_is_repeated"),
                    }),
                },
                Guard {
                    name: "budget",
                    does: "all calls together repeat only so often",
                    held: Held::By(Removal {
                        file: RETRY,
                        text: "|| budget.take())",
                        without: "|| budget.take() || true)",
                        test: Test {
                            file: "crates/ticket-core/tests/transport/repetition.rs",
                            name: "all_calls_together_repeat_only_so_often",
                        },
                    }),
                },
                Guard {
                    name: "safe-to-repeat",
                    does: "only what is safe to send twice is repeated",
                    held: Held::By(Removal {
                        file: RETRY,
                        text: "|| !request.is_repeatable ",
                        without: "",
                        test: retry("only_what_time_can_mend_and_what_is_safe_is_repeated"),
                    }),
                },
            ],
        },
        Hazard {
            what: "What is worth another try is not tried again, or what never is, is",
            guards: &[
                Guard {
                    name: "kinds-worth-another-try",
                    does: "a connection that was refused, reset or cut is tried again, as is a deadline that passed",
                    held: Held::By(Removal {
                        file: KINDS,
                        text: "Self::RateLimited | Self::Unavailable | Self::Connection | Self::Timeout => true,",
                        without: "Self::RateLimited | Self::Unavailable => true, Self::Connection | Self::Timeout => false,",
                        test: Test {
                            file: "crates/ticket-core/tests/transport/repetition.rs",
                            name: "what_time_can_mend_is_tried_again_and_nothing_else",
                        },
                    }),
                },
                Guard {
                    name: "statuses-worth-another-try",
                    does: "408, 429 and 5xx are tried again, and no other status",
                    held: Held::By(Removal {
                        file: KINDS,
                        text: "408 => Self::Timeout,",
                        without: "",
                        test: Test { file: KINDS, name: "a_status_has_one_meaning" },
                    }),
                },
                Guard {
                    name: "code-of-an-internal-error",
                    does: "Feishu's code 155000 is tried again, at any HTTP status",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "code(155_000, ErrorKind::Unavailable,",
                        without: "code(155_000, ErrorKind::Refused,",
                        test: CODES,
                    }),
                },
            ],
        },
    ],
};

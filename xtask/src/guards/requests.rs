//! Guards of requests: where they may go, and with whose settings.

use super::{Guard, Hazard, Held, Removal, Test, Theme};

const ATTEMPT: &str = "crates/ticket-core/src/transport/attempt.rs";
const CLIENT: &str = "crates/ticket-core/src/transport/client.rs";
const ID: &str = "crates/ticket-core/src/id.rs";
const REQUEST: &str = "crates/ticket-core/src/request.rs";
const SETTINGS: &str = "crates/ticket-cli/src/settings.rs";

const fn requests(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/transport/requests.rs", name }
}

const fn repetition(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/transport/repetition.rs", name }
}

const fn address(name: &'static str) -> Test {
    Test { file: REQUEST, name }
}

const fn process(name: &'static str) -> Test {
    Test { file: "crates/ticket-cli/tests/process/settings.rs", name }
}

pub(super) const THEME: Theme = Theme {
    title: "Requests",
    hazards: &[
        Hazard {
            what: "A redirect takes headers that the client does not know as credentials to another host, and 307 or 308 take \
                   the body with the app's secret along",
            guards: &[
                Guard {
                    name: "redirect-is-not-followed",
                    does: "the client follows no redirect",
                    held: Held::By(Removal {
                        file: CLIENT,
                        text: "redirect::Policy::none()",
                        without: "redirect::Policy::limited(10)",
                        test: requests("a_redirect_is_an_error_and_the_other_host_hears_nothing"),
                    }),
                },
                Guard {
                    name: "redirect-of-the-token-call",
                    does: "the token call is not exempt from that",
                    held: Held::By(Removal {
                        file: CLIENT,
                        text: "redirect::Policy::none()",
                        without: "redirect::Policy::limited(10)",
                        test: Test {
                            file: "crates/feishu-provider/tests/token.rs",
                            name: "token_call_does_not_follow_redirects",
                        },
                    }),
                },
                Guard {
                    name: "redirect-is-an-error",
                    does: "an answer that points elsewhere is a refusal, and no success",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: "if response.status().is_redirection() &&",
                        without: "if false && response.status().is_redirection() &&",
                        test: requests("a_redirect_is_an_error_and_the_other_host_hears_nothing"),
                    }),
                },
                Guard {
                    name: "no-referer",
                    does: "the client sends no referer",
                    held: Held::Unwatched(
                        "a second line of defence: the client sends one only where it follows a redirect, which it does not",
                    ),
                },
            ],
        },
        Hazard {
            what: "Over plain http everybody on the way reads the credentials",
            guards: &[
                Guard {
                    name: "https-or-loopback",
                    does: "a base URL is https, or leads to this machine",
                    held: Held::By(Removal {
                        file: REQUEST,
                        text: r#""http" if is_loopback(&url) => Ok(Self(url)),"#,
                        without: r#""http" => Ok(Self(url)),"#,
                        test: address("https_and_loopback_may_be_a_base_and_nothing_else"),
                    }),
                },
                Guard {
                    name: "loopback-means-loopback",
                    does: "a name that only begins or ends like this machine's is another machine",
                    held: Held::By(Removal {
                        file: REQUEST,
                        text: r#"name == "localhost""#,
                        without: r#"name.starts_with("localhost")"#,
                        test: address("https_and_loopback_may_be_a_base_and_nothing_else"),
                    }),
                },
                Guard {
                    name: "https-for-every-request",
                    does: "the transport looks again, whoever built the request",
                    held: Held::By(Removal {
                        file: CLIENT,
                        text: r#"("http", true) => (&self.plain, false),"#,
                        without: r#"("http", _) => (&self.plain, false),"#,
                        test: requests("http_to_another_machine_is_never_sent"),
                    }),
                },
                Guard {
                    name: "untrusted-certificate",
                    does: "a certificate that nobody vouches for ends the call, and is told as such",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/attempt.rs",
                        text: "if is_untrusted(&error) {",
                        without: "if is_untrusted(&error) && false {",
                        test: Test {
                            file: "crates/ticket-core/tests/transport/tls.rs",
                            name: "a_certificate_that_nobody_vouches_for_is_final_and_told_as_such",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "A wrong address is told as a ticket that does not exist, and whoever mirrors tickets deletes them",
            guards: &[
                Guard {
                    name: "no-such-ticket-by-feishu",
                    does: "HTTP 404 without a code of Feishu says nothing of a ticket",
                    held: Held::By(Removal {
                        file: "crates/feishu-provider/src/error.rs",
                        text: "ErrorKind::NotFound => ErrorKind::Unreadable,",
                        without: "",
                        test: Test {
                            file: "crates/feishu-provider/src/error.rs",
                            name: "only_a_code_says_that_there_is_no_such_ticket",
                        },
                    }),
                },
                Guard {
                    name: "no-such-ticket-by-engagelab",
                    does: "nor does a page in the place of EngageLab's JSON",
                    held: Held::By(Removal {
                        file: "crates/engagelab-provider/src/error.rs",
                        text: "ErrorKind::NotFound if said.is_none() => ErrorKind::Unreadable,",
                        without: "",
                        test: Test {
                            file: "crates/engagelab-provider/src/error.rs",
                            name: "only_the_service_says_that_there_is_no_such_ticket",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "A proxy of the environment gets the credentials of plain requests, also of those to this machine",
            guards: &[
                Guard {
                    name: "no-named-proxy-for-loopback",
                    does: "a proxy of the settings hears nothing of loopback addresses",
                    held: Held::By(Removal {
                        file: CLIENT,
                        text: "if is_loopback {",
                        without: "if false {",
                        test: requests("no_proxy_of_the_settings_hears_of_a_loopback_address"),
                    }),
                },
                Guard {
                    name: "no-system-proxy-for-loopback",
                    does: "nor does one of the environment",
                    held: Held::By(Removal {
                        file: CLIENT,
                        text: "builder = builder.no_proxy();",
                        without: "builder = builder.http1_only();",
                        test: Test {
                            file: "crates/ticket-cli/tests/process/get.rs",
                            name: "no_proxy_is_used_for_an_address_of_this_computer",
                        },
                    }),
                },
                Guard {
                    name: "proxy-of-its-own-profile",
                    does: "a proxy of a profile carries credentials of that profile alone",
                    held: Held::By(Removal {
                        file: "crates/ticket-cli/src/commands/transports.rs",
                        text: "let leads = table.leads(values.place());",
                        without: "let leads = true;",
                        test: Test {
                            file: "crates/ticket-cli/tests/process/transport.rs",
                            name: "a_proxy_carries_credentials_of_its_own_profile_alone",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "Without certificates on the machine no client can be built, not even for plain http, and loading them takes time",
            guards: &[Guard {
                name: "loopback-without-certificates",
                does: "the client for plain http knows nothing of certificates",
                held: Held::By(Removal {
                    file: CLIENT,
                    text: r#"("http", true) => (&self.plain, false),"#,
                    without: r#"("http", true) => (&self.plain, true),"#,
                    test: Test {
                        file: "crates/ticket-cli/tests/process/get.rs",
                        name: "this_computer_needs_no_certificates",
                    },
                }),
            }],
        },
        Hazard {
            what: "The HTTP client repeats by itself what was refused below HTTP, uncounted and beyond every budget",
            guards: &[
                Guard {
                    name: "one-policy-of-repetition",
                    does: "the client's own repetitions are off",
                    held: Held::Unwatched(
                        "a second line of defence: it repeats what HTTP/2 or HTTP/3 refuse unread, and only HTTP/1.1 is spoken",
                    ),
                },
                Guard {
                    name: "one-request-an-attempt",
                    does: "a service sees as many requests as there were attempts",
                    held: Held::Watched(repetition(
                        "what_time_can_mend_is_tried_again_and_nothing_else",
                    )),
                },
            ],
        },
        Hazard {
            what: "Settings mixed from several places send a secret to the address of somebody else",
            guards: &[
                Guard {
                    name: "one-place-for-all-settings",
                    does: "where a profile was named, the environment is not even looked at",
                    held: Held::By(Removal {
                        file: SETTINGS,
                        text: "if named { Values::new(Place::Environment, []) } else { environment::read(provider)? }",
                        without: "environment::read(provider)?",
                        test: process("a_profile_and_the_environment_are_never_mixed"),
                    }),
                },
                Guard {
                    name: "the-environment-alone",
                    does: "one setting of the environment is enough for the file not to count",
                    held: Held::By(Removal {
                        file: SETTINGS,
                        text: "if !environment.is_empty() {",
                        without: "if Gaps::of(provider, &environment).is_none() {",
                        test: process(
                            "the_profile_default_is_used_where_the_environment_says_nothing",
                        ),
                    }),
                },
                Guard {
                    name: "no-file-of-the-current-folder",
                    does: "the config file lies in the user's config folder, or was named",
                    held: Held::By(Removal {
                        file: "crates/ticket-cli/src/settings/file.rs",
                        text: "let folder = etcetera::choose_base_strategy().ok()?.config_dir();",
                        without: "let folder = std::env::current_dir().ok()?;",
                        test: process("no_file_of_the_current_folder_is_read"),
                    }),
                },
                Guard {
                    name: "no-relative-home",
                    does: "a home folder such as `.` is none",
                    held: Held::By(Removal {
                        file: "crates/ticket-cli/src/settings/file.rs",
                        text: "folder.is_absolute().then(||",
                        without: "true.then(||",
                        test: process(
                            "a_home_folder_that_is_relative_means_no_file_of_the_current_folder",
                        ),
                    }),
                },
            ],
        },
        Hazard {
            what: "A ticket id goes into a path: `..` walks up, `//` changes the host, tabs and line breaks vanish",
            guards: &[
                Guard {
                    name: "letters-of-an-id",
                    does: "an id has letters, digits and `_ . : -` alone",
                    held: Held::By(Removal {
                        file: ID,
                        text: "!is_allowed(*character)",
                        without: "false && !is_allowed(*character)",
                        test: Test { file: ID, name: "what_could_change_the_address_is_no_id" },
                    }),
                },
                Guard {
                    name: "dots-are-no-id",
                    does: "an id is neither `.` nor `..`",
                    held: Held::By(Removal {
                        file: ID,
                        text: r#"text == "." || text == "..""#,
                        without: r#"text == "\n""#,
                        test: Test { file: ID, name: "what_could_change_the_address_is_no_id" },
                    }),
                },
                Guard {
                    name: "length-of-an-id",
                    does: "an id has 128 characters at most",
                    held: Held::By(Removal {
                        file: ID,
                        text: "text.len() > Self::MAX_LENGTH",
                        without: "text.len() > usize::MAX / 2",
                        test: Test { file: ID, name: "what_could_change_the_address_is_no_id" },
                    }),
                },
                Guard {
                    name: "finished-path",
                    does: "what was pushed onto a path must be what stands there",
                    held: Held::By(Removal {
                        file: REQUEST,
                        text: "if url.path() == expected {",
                        without: "if url.path() == expected || true {",
                        test: address("segments_extend_the_address_or_are_refused"),
                    }),
                },
            ],
        },
    ],
};

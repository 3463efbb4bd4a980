//! Guards of secrets: where they must not be printed, and where they must not be read from.

use super::{Guard, Hazard, Held, Removal, Test, Theme};

const AUTHORIZE: &str = "crates/ticket-core/src/transport/authorize.rs";
const ATTEMPT: &str = "crates/ticket-core/src/transport/attempt.rs";
const ENGAGELAB: &str = "crates/engagelab-provider/src/source.rs";
const FEISHU: &str = "crates/feishu-provider/src/source.rs";
const FILE: &str = "crates/ticket-cli/src/settings/file.rs";
const REDACT: &str = "crates/ticket-core/src/transport/redact.rs";
const REQUEST: &str = "crates/ticket-core/src/request.rs";
const TEXT: &str = "crates/ticket-cli/src/settings/file/text.rs";

const fn requests(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/transport/requests.rs", name }
}

const fn answers(name: &'static str) -> Test {
    Test { file: "crates/ticket-core/tests/transport/answers.rs", name }
}

const fn canary(name: &'static str) -> Test {
    Test { file: "crates/ticket-reliability/tests/secrets/main.rs", name }
}

const NO_ERROR: Test = canary("no_error_of_any_answer_tells_a_secret");
const NO_VALUE: Test = canary("no_value_prints_a_secret");

pub(super) const THEME: Theme = Theme {
    title: "Secrets",
    hazards: &[
        Hazard {
            what: "A client, a request or a source prints its secrets when somebody prints it",
            guards: &[
                Guard {
                    name: "secret-prints-stars",
                    does: "a secret prints stars",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/secret.rs",
                        text: r#"formatter.write_str("***")"#,
                        without: "formatter.write_str(self.expose())",
                        test: NO_VALUE,
                    }),
                },
                Guard {
                    name: "sensitive-headers",
                    does: "a header with a secret is marked, so that it prints nothing of itself",
                    held: Held::By(Removal {
                        file: AUTHORIZE,
                        text: "value.set_sensitive(true);",
                        without: "value.set_sensitive(false);",
                        test: requests("credentials_do_not_print_themselves"),
                    }),
                },
                Guard {
                    name: "body-of-a-request",
                    does: "a request prints the size of its body, which may be the app's secret",
                    held: Held::By(Removal {
                        file: REQUEST,
                        text: "&self.body.as_ref().map_or(0, Bytes::len)",
                        without: "&self.body",
                        test: NO_VALUE,
                    }),
                },
            ],
        },
        Hazard {
            what: "An error of the HTTP client prints the address, and what stands in it",
            guards: &[
                Guard {
                    name: "no-address-in-errors",
                    does: "the address is taken out of an error below HTTP",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: "Error::new(kind, message).with_source(error.without_url())",
                        without: "Error::new(kind, message).with_source(error)",
                        test: answers("a_port_where_nobody_listens_is_a_failure_of_the_connection"),
                    }),
                },
                Guard {
                    name: "host-of-a-redirect",
                    does: "of the address to which a redirect leads only host and port are told",
                    held: Held::By(Removal {
                        file: ATTEMPT,
                        text: "let host = url.host_str()?;",
                        without: "let host = url.as_str();",
                        test: NO_ERROR,
                    }),
                },
                Guard {
                    name: "no-password-in-an-address",
                    does: "a base URL holds neither a user name nor a password",
                    held: Held::By(Removal {
                        file: REQUEST,
                        text: "if !url.username().is_empty() || url.password().is_some() {",
                        without: "if false {",
                        test: Test {
                            file: REQUEST,
                            name: "https_and_loopback_may_be_a_base_and_nothing_else",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "A page of a proxy repeats the whole request, headers and all, and its words go into an error or a log",
            guards: &[
                Guard {
                    name: "answer-without-secrets",
                    does: "before an error is made, every secret that was sent is taken out of the answer",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/session.rs",
                        text: "match authorization.redacted(&answer) {",
                        without: "match authorization.redacted(&answer).filter(|_| false) {",
                        test: NO_ERROR,
                    }),
                },
                Guard {
                    name: "error-without-secrets",
                    does: "and the error is searched once more, as it has words that stood in no body, such as a redirect's host",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/session.rs",
                        text: "let error = authorization.redacted_error(error);",
                        without: "let _ = Authorization::redacted_error;",
                        test: answers("a_secret_in_the_host_of_a_redirect_stays_out_of_the_error"),
                    }),
                },
                Guard {
                    name: "plain-form",
                    does: "as it is",
                    held: Held::By(Removal {
                        file: REDACT,
                        text: "forms.push(plain.to_owned());",
                        without: "",
                        test: Test { file: REDACT, name: "a_secret_is_found_in_every_form" },
                    }),
                },
                Guard {
                    name: "form-of-json",
                    does: "escaped in a text of JSON",
                    held: Held::By(Removal {
                        file: REDACT,
                        text: "forms.extend([as_json(&json), json]);",
                        without: "",
                        test: Test { file: REDACT, name: "a_secret_is_found_in_every_form" },
                    }),
                },
                Guard {
                    name: "form-of-base64",
                    does: "in each alphabet of Base64",
                    held: Held::By(Removal {
                        file: REDACT,
                        text: "[STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]",
                        without: "[STANDARD, STANDARD_NO_PAD, STANDARD, STANDARD_NO_PAD]",
                        test: NO_ERROR,
                    }),
                },
                Guard {
                    name: "percent-encoded-form",
                    does: "percent-encoded",
                    held: Held::By(Removal {
                        file: REDACT,
                        text: "forms.extend(KEPT.iter().flat_map(|kept| percent_encoded(&text, kept)));",
                        without: "",
                        test: Test { file: REDACT, name: "a_secret_is_found_in_every_form" },
                    }),
                },
                Guard {
                    name: "form-of-html",
                    does: "and as it stands in a page of HTML",
                    held: Held::By(Removal {
                        file: REDACT,
                        text: "forms.extend(in_html(text));",
                        without: "let _ = in_html(text);",
                        test: Test { file: REDACT, name: "a_secret_is_found_in_every_form" },
                    }),
                },
                Guard {
                    name: "headers-without-secrets",
                    does: "and out of its headers",
                    held: Held::By(Removal {
                        file: REDACT,
                        text: "for value in clean.headers.values_mut() {",
                        without: "for value in clean.headers.values_mut().take(0) {",
                        test: NO_ERROR,
                    }),
                },
                Guard {
                    name: "log-without-secrets",
                    does: "what a successful answer says of itself goes into a log without them",
                    held: Held::By(Removal {
                        file: "crates/ticket-core/src/transport/call.rs",
                        text: "authorization.redacted_text(id)",
                        without: "std::borrow::Cow::Borrowed((id, authorization).0)",
                        test: canary("no_log_tells_a_secret_at_any_level"),
                    }),
                },
                Guard {
                    name: "secret-of-the-app",
                    does: "the app's secret, which is sent in a body, is known",
                    held: Held::By(Removal {
                        file: "crates/feishu-provider/src/token.rs",
                        text: "session.with(Authorization::default().hiding(&app_secret))",
                        without: "session.with(Authorization::default())",
                        test: NO_ERROR,
                    }),
                },
                Guard {
                    name: "token-of-the-helpdesk",
                    does: "the helpdesk's token, which is sent in Base64 with its id, is known by itself",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "\n        .hiding(&token))",
                        without: ")",
                        test: NO_ERROR,
                    }),
                },
                Guard {
                    name: "password-of-basic",
                    does: "a password, which is sent in Base64 with its user, is known by itself",
                    held: Held::By(Removal {
                        file: AUTHORIZE,
                        text: ".hiding(&pair).hiding(password)",
                        without: ".hiding(&pair)",
                        test: NO_ERROR,
                    }),
                },
                Guard {
                    name: "key-of-engagelab",
                    does: "and so is EngageLab's key, which takes the place of the user",
                    held: Held::By(Removal {
                        file: ENGAGELAB,
                        text: "?.hiding(&key))",
                        without: "?)",
                        test: NO_ERROR,
                    }),
                },
            ],
        },
        Hazard {
            what: "A colon in a user name moves the boundary to the password",
            guards: &[
                Guard {
                    name: "no-colon-in-a-user",
                    does: "no user of HTTP Basic has one",
                    held: Held::By(Removal {
                        file: AUTHORIZE,
                        text: "if user.contains(':') {",
                        without: "if false {",
                        test: Test {
                            file: AUTHORIZE,
                            name: "what_a_header_cannot_carry_is_refused",
                        },
                    }),
                },
                Guard {
                    name: "no-colon-in-the-helpdesk",
                    does: "nor has the id of Feishu's helpdesk",
                    held: Held::By(Removal {
                        file: FEISHU,
                        text: "if id.contains(':') {",
                        without: "if false {",
                        test: Test {
                            file: FEISHU,
                            name: "what_cannot_work_is_refused_when_it_is_built",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "A secret on the command line can be read by everybody in the list of processes, one in a file by whoever may read it",
            guards: &[
                Guard {
                    name: "no-flag-for-a-secret",
                    does: "no option takes a secret",
                    held: Held::Watched(Test {
                        file: "crates/ticket-cli/src/arguments.rs",
                        name: "no_secret_can_be_given_on_the_command_line",
                    }),
                },
                Guard {
                    name: "file-of-its-owner",
                    does: "a file with secrets is read only if nobody else can (on Unix; elsewhere never, since it cannot be checked)",
                    held: Held::By(Removal {
                        file: FILE,
                        text: "let of_others = mode & 0o077;",
                        without: "let of_others = mode & 0o700_000;",
                        test: Test {
                            file: "crates/ticket-cli/tests/process/settings.rs",
                            name: "a_file_with_secrets_must_be_its_owners_alone",
                        },
                    }),
                },
                Guard {
                    name: "line-of-the-file",
                    does: "a file that is no TOML is told without the line, in which a secret may stand",
                    held: Held::By(Removal {
                        file: TEXT,
                        text: "reader.refuse(error.span().unwrap_or(0..0), error.message())",
                        without: "reader.refuse(error.span().unwrap_or(0..0), &error.to_string())",
                        test: Test {
                            file: TEXT,
                            name: "text_that_is_no_toml_is_told_without_the_line_itself",
                        },
                    }),
                },
            ],
        },
    ],
};

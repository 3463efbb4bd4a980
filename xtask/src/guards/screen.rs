//! Guards of the screen, and of what is handed on to other programs.

use super::{Guard, Hazard, Held, Removal, Test, Theme};

const CLEAN: &str = "crates/ticket-cli/src/view/clean.rs";
const CONSOLE: &str = "crates/ticket-cli/src/console.rs";
const ESCAPE: &str = "crates/ticket-cli/src/view/markdown/escape.rs";
const WRAP: &str = "crates/ticket-cli/src/view/wrap.rs";

const fn clean(name: &'static str) -> Test {
    Test { file: CLEAN, name }
}

const fn escape(name: &'static str) -> Test {
    Test { file: ESCAPE, name }
}

const fn process(name: &'static str) -> Test {
    Test { file: "crates/ticket-cli/tests/process/get.rs", name }
}

const fn terminal(name: &'static str) -> Test {
    Test { file: "crates/ticket-cli/tests/process/terminal.rs", name }
}

pub(super) const THEME: Theme = Theme {
    title: "On the screen and in files",
    hazards: &[
        Hazard {
            what: "A ticket's text clears the screen, sets the title, writes the clipboard, or hides words by direction or by having no width",
            guards: &[
                Guard {
                    name: "unseen-is-shown",
                    does: "every character without a shape is shown as its number, C1, bidi and zero-width ones included",
                    held: Held::By(Removal {
                        file: CLEAN,
                        text: "_ if is_unseen(character) => {",
                        without: r"_ if character == '\u{1b}' => {",
                        test: clean("no_single_character_passes_unseen"),
                    }),
                },
                Guard {
                    name: "page-is-clean",
                    does: "the texts of the page are",
                    held: Held::By(Removal {
                        file: "crates/ticket-cli/src/view/sheet.rs",
                        text: "without_tabs(clean::lines(text).trim_matches('\\n'))",
                        without: "without_tabs(text.trim_matches('\\n'))",
                        test: Test {
                            file: "crates/ticket-cli/src/view/page/tests.rs",
                            name: "nothing_hostile_reaches_the_terminal",
                        },
                    }),
                },
                Guard {
                    name: "json-on-a-terminal",
                    does: "JSON on a terminal has such a character as an escape, which means the same value",
                    held: Held::By(Removal {
                        file: CONSOLE,
                        text: "let mut line = if self.is_terminal { json::for_terminal(text) } else { text.to_owned() };",
                        without: "let mut line = text.to_owned();",
                        test: terminal("nothing_that_acts_on_a_terminal_arrives_there"),
                    }),
                },
                Guard {
                    name: "same-json",
                    does: "and it is the same JSON",
                    held: Held::By(Removal {
                        file: "crates/ticket-cli/src/view/json.rs",
                        text: r#"write!(out, "\\u{unit:04x}")"#,
                        without: r#"write!(out, "{unit:04x}")"#,
                        test: Test {
                            file: "crates/ticket-cli/src/view/json.rs",
                            name: "a_terminal_gets_the_same_value_without_a_single_unseen_character",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "A cell of CSV that begins with `=`, `+`, `-`, `@` or a tab runs as a formula",
            guards: &[Guard {
                name: "formulas",
                does: "nothing is written as CSV",
                held: Held::Unwatched("there is no such output; whoever adds one adds its guard"),
            }],
        },
        Hazard {
            what: "In Markdown a title breaks out of its line, a body out of its fence, a picture calls home",
            guards: &[
                Guard {
                    name: "title-in-its-line",
                    does: "a title or a name stays in one line",
                    held: Held::By(Removal {
                        file: ESCAPE,
                        text: "pub(super) fn text(text: &str) -> String {\n    let line = clean::one_line(text);",
                        without: "pub(super) fn text(text: &str) -> String {\n    let line = clean::lines(text);",
                        test: escape("a_title_cannot_leave_its_line_or_become_markup"),
                    }),
                },
                Guard {
                    name: "no-markup",
                    does: "nothing in it is Markdown, HTML or a picture",
                    held: Held::By(Removal {
                        file: ESCAPE,
                        text: r"out.push('\\');",
                        without: "",
                        test: escape("a_title_cannot_leave_its_line_or_become_markup"),
                    }),
                },
                Guard {
                    name: "no-links",
                    does: "an address or a mention is code, in which nobody looks for links",
                    held: Held::By(Removal {
                        file: ESCAPE,
                        text: "return code(line);",
                        without: "",
                        test: escape("a_title_cannot_leave_its_line_or_become_markup"),
                    }),
                },
                Guard {
                    name: "fence",
                    does: "a body stands in a fence that is longer than any in it",
                    held: Held::By(Removal {
                        file: ESCAPE,
                        text: r#""`".repeat((longest_run(&body) + 1).max(3))"#,
                        without: r#""`".repeat(3)"#,
                        test: escape("a_body_cannot_leave_its_fence"),
                    }),
                },
                Guard {
                    name: "clean-fence",
                    does: "with every unseen character shown",
                    held: Held::By(Removal {
                        file: ESCAPE,
                        text: "let body = clean::lines(text);",
                        without: "let body = text.to_owned();",
                        test: Test {
                            file: "crates/ticket-cli/src/view/markdown/tests.rs",
                            name: "a_hostile_ticket_stays_text",
                        },
                    }),
                },
            ],
        },
        Hazard {
            what: "Whoever reads closes the pipe, wants no colour, has a narrow window, or reads characters that are two columns wide",
            guards: &[
                Guard {
                    name: "closed-pipe",
                    does: "a reader who had enough is no failure",
                    held: Held::By(Removal {
                        file: CONSOLE,
                        text: "error.kind() == ErrorKind::BrokenPipe",
                        without: "error.kind() == ErrorKind::WriteZero",
                        test: process("a_closed_pipe_is_no_failure"),
                    }),
                },
                Guard {
                    name: "no-colour",
                    does: "there is colour only on a terminal, and none where `NO_COLOR` is set",
                    held: Held::By(Removal {
                        file: CONSOLE,
                        text: "ColorChoice::Auto => AutoStream::choice(stream),",
                        without: "ColorChoice::Auto => (ColorChoice::Always, AutoStream::choice(stream)).0,",
                        test: process("no_colour_unless_it_is_wanted"),
                    }),
                },
                Guard {
                    name: "narrow-window",
                    does: "a word that is wider than the window is broken",
                    held: Held::By(Removal {
                        file: WRAP,
                        text: "if taken > width {",
                        without: "if false {",
                        test: Test {
                            file: WRAP,
                            name: "no_line_is_wider_than_asked_and_nothing_but_space_is_lost",
                        },
                    }),
                },
                Guard {
                    name: "wide-characters",
                    does: "a text is as wide as its characters are, not as many",
                    held: Held::By(Removal {
                        file: WRAP,
                        text: "    text.width()",
                        without: "    text.width().min(text.chars().count())",
                        test: Test { file: WRAP, name: "text_breaks_where_its_script_allows" },
                    }),
                },
            ],
        },
    ],
};

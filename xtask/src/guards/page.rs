//! `docs/hazards.md`: each hazard, its guards, and what fails without them.

use std::fmt::Write as _;

use super::fits::PROMISES;
use super::{Guard, Hazard, Held, Test, Theme};
use crate::generated::TAKES;

const HEAD: &str = "# Hazards

What has been seen to go wrong between helpdesks and their clients, and what stands in its way here. Each guard whose test stands in
the last column has been taken out, alone, to see that this test fails; `cargo xtask guards` does that again, and
`cargo xtask guards NAME` for one of them. *Watched* is what is not there, so that nothing could be taken out: the test would notice
if it came.

Of the guards in a provider that column names a *promise* of the [suite](../crates/ticket-conformance/README.md), which every provider
keeps: without the guard the suite fails, and says that this promise is broken. So whoever adds a provider need not write those tests,
and `cargo xtask guards --check` asks for the row of each line that looks like a guard.

This page is written by `cargo xtask guards --page`.
";

/// The whole page.
pub(super) fn text(themes: &[&Theme]) -> String {
    let mut text = HEAD.to_owned();
    for theme in themes {
        writeln!(text, "\n## {}\n", theme.title).expect(TAKES);
        text.push_str("| hazard | guard | fails without it |\n|---|---|---|\n");
        for hazard in theme.hazards {
            rows(&mut text, hazard);
        }
    }
    text
}

/// A row for each guard; the first one tells the hazard.
fn rows(text: &mut String, Hazard { what, guards }: &Hazard) {
    let mut what = *what;
    for Guard { name, does, held } in *guards {
        let proof = match held {
            Held::By(removal) => link(&removal.test),
            Held::Promised(_, promise) => format!("promise [`{promise}`](../{PROMISES})"),
            Held::Watched(by) => format!("*watched:* {}", link(by)),
            Held::Unwatched(reason) | Held::Unnoticed(_, reason) => format!("no test: {reason}"),
        };
        writeln!(text, "| {} | `{name}`: {} | {proof} |", cell(what), cell(does)).expect(TAKES);
        what = "";
    }
}

fn link(test: &Test) -> String {
    format!("[`{}`](../{})", test.name, test.file)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::guards::{Guard, Hazard, Held, Test, Theme};

    const WATCHED: Guard = Guard {
        name: "open-door",
        does: "it is never open | ajar",
        held: Held::Watched(Test { file: "crates/a/tests/door.rs", name: "it_is_closed" }),
    };
    const UNWATCHED: Guard =
        Guard { name: "luck", does: "nobody comes", held: Held::Unwatched("luck has no test") };

    #[test]
    fn a_hazard_is_told_once_and_each_of_its_guards_has_a_row() {
        let hazard = Hazard { what: "a thief", guards: &[WATCHED, UNWATCHED] };
        let theme = Theme { title: "Doors", hazards: Box::leak(Box::new([hazard])) };
        let rows = "\n## Doors\n\n| hazard | guard | fails without it |\n|---|---|---|\n\
                    | a thief | `open-door`: it is never open \\| ajar | *watched:* \
                    [`it_is_closed`](../crates/a/tests/door.rs) |\n\
                    |  | `luck`: nobody comes | no test: luck has no test |\n";
        assert!(text(&[&theme]).ends_with(rows), "{}", text(&[&theme]));
    }
}

//! Whether each line of a provider that looks like a guard has its row in the table.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Held, Line, Theme};
use crate::fault::Fault;
use crate::tree::Tree;

/// What a line looks like that protects.
const SIGNS: [&str; 32] = [
    "            at.unknown(",
    "    at.unknown(",
    " code(1",
    " code(2",
    " code(9",
    ".contains(':')",
    ".filter(|code|",
    ".filter(|text|",
    ".hiding(",
    ".is_empty() {",
    ".is_empty() || ",
    ".is_success()",
    ".min(",
    ".only(",
    ".ok_or_else(|| {",
    ".ok_or_else(|| missing",
    ".ok_or_else(|| refusal",
    ".repeatable()",
    ".take(MOST)",
    ".wipe()",
    ".with_generation(",
    ".with_provider(",
    "Answer::first(",
    "Limit {",
    "at.choice(",
    "at.one_or_many(",
    "at.rating(",
    "at.tolerate(",
    "check_code(answer",
    "quoted(&",
    "reading.",
    "session.fetch(",
];

/// The lines that look like guards and have no row, of each provider that has any row about its promises.
pub(super) fn faults(tree: &Tree, themes: &[&Theme]) -> Vec<Fault> {
    let guards = themes.iter().flat_map(|theme| theme.hazards).flat_map(|hazard| hazard.guards);
    let (mut lines, mut folders) = (Vec::new(), BTreeSet::new());
    for guard in guards {
        let Some(line) = guard.held.line() else { continue };
        if let Held::Promised(..) = guard.held {
            folders.extend(line.file.rsplit_once('/').map(|(folder, _)| folder));
        }
        lines.push(line);
    }
    let is_promised =
        |file: &str| file.rsplit_once('/').is_some_and(|(folder, _)| folders.contains(folder));
    let files = tree.ending_in("rs").filter(|(file, _)| is_promised(file));
    files.flat_map(|(file, text)| of_file(file, text, &lines)).collect()
}

fn of_file(file: &str, text: &str, lines: &[Line]) -> Vec<Fault> {
    let code = text.split_once("#[cfg(test)]\nmod tests").map_or(text, |(code, _)| code);
    let covered: Vec<Range<usize>> = lines
        .iter()
        .filter(|line| line.file == file)
        .filter_map(|line| code.find(line.text).map(|place| place..place + line.text.len()))
        .collect();
    let mut faults = Vec::new();
    let mut end = 0;
    for line in code.split_inclusive('\n') {
        let place = end..end + line.len();
        end = place.end;
        let is_comment = line.trim_start().starts_with("//");
        let has_row = covered.iter().any(|row| row.start < place.end && place.start < row.end);
        if !is_comment && !has_row && SIGNS.iter().any(|sign| line.contains(sign)) {
            faults.push(Fault::new(
                file,
                format!("this looks like a guard, and has no row: `{}`", line.trim()),
                "add it to xtask/src/guards/providers/, with the promise that is broken without it",
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::guards::{Guard, Hazard, Held, Removal, Test, Theme};
    use crate::tree::Tree;

    const GUARD: Guard = Guard {
        name: "key",
        does: "the key is hidden",
        held: Held::Promised(
            Removal {
                file: "crates/a/src/source.rs",
                text: ".hiding(&key)",
                without: "",
                test: Test { file: "crates/a/tests/conformance.rs", name: "it_keeps" },
            },
            "no_secret_is_told",
        ),
    };

    #[test]
    fn a_line_that_looks_like_a_guard_needs_a_row() {
        let theme = Theme { title: "A", hazards: &[Hazard { what: "a leak", guards: &[GUARD] }] };
        for (code, count) in [
            ("    headers.hiding(&key)\n", 0),
            ("    headers.hiding(&key)\n        .hiding(&secret)\n", 1),
            ("    headers.hiding(&key)\n    // .hiding(&secret)\n", 0),
            ("    headers.hiding(&key)\n#[cfg(test)]\nmod tests {\n    a.hiding(&b);\n}\n", 0),
        ] {
            let tree = Tree::from([
                ("crates/a/src/source.rs", code),
                ("crates/b/src/source.rs", "    headers.hiding(&nothing)\n"),
            ]);
            assert_eq!(faults(&tree, &[&theme]).len(), count, "{code}");
        }
    }
}

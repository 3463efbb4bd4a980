//! What a file is called, how it begins, how long it is.

use super::code::{code_only, line_of};
use crate::fault::Fault;
use crate::tree::Tree;

/// A file that is longer is named.
const LONG: usize = 400;
/// A file that is longer is a fault.
const TOO_LONG: usize = 500;

/// Names that say nothing of what is in a file, so that anything ends up there.
const DRAWERS: [&str; 8] =
    ["utils", "util", "common", "helpers", "helper", "types", "prelude", "misc"];

/// What lies at the top beside files and folders that begin with a dot.
const TOP: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "crates",
    "docs",
    "fixtures",
    "target",
    "xtask",
];

/// The faults of names, beginnings and lengths.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults: Vec<_> = tree.paths().filter_map(name).collect();
    for (path, text) in tree.ending_in("rs") {
        faults.extend(beginning(path, text));
        faults.extend(length(path, text));
        faults.extend(exceptions(path, text));
    }
    faults.extend(top(tree));
    faults
}

fn name(path: &str) -> Option<Fault> {
    let steps = path.strip_suffix(".rs")?;
    let drawer = steps.split('/').find(|step| DRAWERS.contains(step))?;
    Some(Fault::new(
        path,
        format!("`{drawer}` says nothing of what is in it"),
        "name it after its one thought",
    ))
}

fn beginning(path: &str, text: &str) -> Option<Fault> {
    let first = text.lines().next().unwrap_or_default();
    // A page whose examples need a feature is the documentation where it is on.
    let is_page = ["#![doc = ", "#![cfg_attr("].iter().any(|start| first.starts_with(start))
        && first.contains("doc = include_str!(");
    let begins = first.starts_with("//!") || is_page;
    (!begins).then(|| {
        Fault::new(
            path,
            "it does not open with a comment on the module",
            "a first line `//! What this file is about.`",
        )
    })
}

fn length(path: &str, text: &str) -> Option<Fault> {
    let lines = text.lines().count();
    match lines {
        ..=LONG => None,
        _ if lines <= TOO_LONG => {
            Some(Fault::notice(path, format!("{lines} lines; is it still one thought?")))
        }
        _ => Some(Fault::new(
            path,
            format!("{lines} lines, more than {TOO_LONG}"),
            "take it apart by what its parts are about",
        )),
    }
}

/// Exceptions to a lint that do not say why.
fn exceptions(path: &str, text: &str) -> Vec<Fault> {
    let code = code_only(text);
    let begins = ["[allow(", "[expect("];
    let found = begins.iter().flat_map(|begin| code.match_indices(begin)).filter(|(place, _)| {
        let attribute = &code[*place..];
        let end = attribute.find(")]").unwrap_or(attribute.len());
        !attribute[..end].contains("reason")
    });
    found
        .map(|(place, _)| {
            Fault::new(
                format!("{path}:{}", line_of(&code, place)),
                "an exception to a lint without its reason",
                "reason = \"…\" behind the lint",
            )
        })
        .collect()
}

fn top(tree: &Tree) -> Vec<Fault> {
    let mut entries: Vec<_> = tree.paths().filter_map(|path| path.split('/').next()).collect();
    entries.dedup();
    entries.retain(|entry| !entry.starts_with('.') && !TOP.contains(entry));
    let fault = |entry: &str| {
        Fault::new(entry, "it has no place at the top", "move it into one of the folders")
    };
    entries.into_iter().map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::fault::judge;
    use crate::tidy::found;
    use crate::tree::Tree;

    #[test]
    fn a_tidy_file_has_no_fault() {
        let files = [
            ("crates/a/src/lib.rs", "#![doc = include_str!(\"../README.md\")]\n\nmod source;\n"),
            (
                "crates/a/src/source.rs",
                "//! Fetches.\n#[expect(dead_code, reason = \"later\")]\nfn f() {}\n",
            ),
            ("crates/a/README.md", "# a\n"),
            (
                "crates/b/src/lib.rs",
                "#![cfg_attr(feature = \"http\", doc = include_str!(\"../README.md\"))]\n",
            ),
            (".ci/run", "#!/bin/sh\n"),
        ];
        assert_eq!(found(faults, files), [""; 0]);
    }

    #[test]
    fn a_drawer_a_bare_beginning_a_silent_exception_and_a_stray_file_are_noticed() {
        for (path, text, what) in [
            (
                "crates/a/src/utils.rs",
                "//! Things.\n",
                "crates/a/src/utils.rs: `utils` says nothing of what is in it",
            ),
            (
                "crates/a/src/types/id.rs",
                "//! Ids.\n",
                "crates/a/src/types/id.rs: `types` says nothing of what is in it",
            ),
            (
                "xtask/src/a.rs",
                "use std::fmt;\n",
                "xtask/src/a.rs: it does not open with a comment on the module",
            ),
            ("xtask/src/a.rs", "", "xtask/src/a.rs: it does not open with a comment on the module"),
            (
                "xtask/src/a.rs",
                "// A.\n",
                "xtask/src/a.rs: it does not open with a comment on the module",
            ),
            (
                "xtask/src/a.rs",
                "//! A.\n\n#[allow(\n    clippy::all\n)]\nfn f() {}\n",
                "xtask/src/a.rs:3: an exception to a lint without its reason",
            ),
            ("notes.txt", "", "notes.txt: it has no place at the top"),
            ("scripts/run", "", "scripts: it has no place at the top"),
        ] {
            assert_eq!(found(faults, [(path, text)]), [what]);
        }
    }

    #[test]
    fn a_long_file_is_named_and_a_longer_one_is_a_fault() {
        for (lines, count, is_fault) in
            [(400, 0, false), (401, 1, false), (500, 1, false), (501, 1, true)]
        {
            let text = format!("//! Long.\n{}", "\n".repeat(lines - 1));
            let faults = faults(&Tree::from([("xtask/src/long.rs", text.as_str())]));
            assert_eq!(faults.len(), count, "{lines}");
            assert_eq!(judge(&faults).is_err(), is_fault, "{lines}");
        }
    }
}

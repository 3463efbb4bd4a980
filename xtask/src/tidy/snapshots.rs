//! Snapshots: each belongs to a test that is still there, and none waits to be looked at.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::tree::{self, Tree};

/// The faults of all snapshots.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    let waiting = tree
        .paths()
        .filter(|path| path.ends_with(".snap.new") || tree::ending(path) == "pending-snap")
        .map(|path| {
            Fault::new(
                path,
                "a snapshot that nobody has looked at",
                "look at it; keep it, or remove it",
            )
        });
    let orphans = tree.ending_in("snap").filter_map(|(path, text)| {
        let reason = orphaned(tree, path, text)?;
        Some(Fault::new(path, reason, format!("rm {path}")))
    });
    waiting.chain(orphans).collect()
}

/// Why a snapshot belongs to nothing.
fn orphaned(tree: &Tree, path: &str, text: &str) -> Option<String> {
    let Some(source) = text.lines().find_map(|line| line.strip_prefix("source: ")) else {
        return Some("a snapshot that does not say which test it belongs to".to_owned());
    };
    let Some(code) = tree.text(source) else {
        return Some(format!("its test, {source}, is no more"));
    };
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(file) = path.strip_prefix(&format!("{folder}/snapshots/")) else {
        return Some(format!("it does not lie beside its test, {source}"));
    };
    let Some((module, name)) = file.trim_end_matches(".snap").rsplit_once("__") else {
        return Some("its name has no test in it".to_owned());
    };
    if !module.split("__").any(|step| modules(source).contains(step)) {
        return Some(format!("its name says `{module}`, and its test is {source}"));
    }
    (!is_named(tree, source, code, name))
        .then(|| format!("{source} has no test or fixture `{name}`"))
}

/// What the module of a source file may be called.
fn modules(source: &str) -> BTreeSet<&str> {
    let mut steps: Vec<_> = source.trim_end_matches(".rs").split('/').rev().collect();
    steps.truncate(2);
    if steps.first().is_some_and(|stem| !matches!(*stem, "main" | "lib" | "mod")) {
        steps.truncate(1);
    }
    steps.into_iter().collect()
}

/// Whether a test names a snapshot: as a text, by a function, or by going over the fixtures.
fn is_named(tree: &Tree, source: &str, code: &str, name: &str) -> bool {
    // A second snapshot of the same function ends in its number.
    let function = match name.rsplit_once('-') {
        Some((function, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => function,
        _ => name,
    };
    code.contains(&format!("\"{name}\""))
        || code.contains(&format!("fn {function}("))
        || (code.contains("ticket_fixtures::") && is_fixture(tree, source, name))
}

/// Whether a fixture has this name; in the tests of a provider, one of its own.
fn is_fixture(tree: &Tree, source: &str, name: &str) -> bool {
    let package = source.split('/').nth(1).unwrap_or_default();
    let provider = package.strip_suffix("-provider");
    tree.paths().any(|path| {
        let mut steps = path.split('/');
        let is_fixtures = steps.next() == Some("fixtures");
        let folder = steps.next();
        let stem = steps.next().and_then(|file| file.rsplit_once('.')).map(|(stem, _)| stem);
        let is_of_provider = provider.is_none_or(|provider| folder == Some(provider));
        is_fixtures && is_of_provider && steps.next().is_none() && stem == Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::found;

    const TEST: (&str, &str) = (
        "crates/any-provider/tests/mapping.rs",
        "//! Pins.\n#[test]\nfn every_fixture() { ticket_fixtures::of(\"any\"); assert_snapshot!(\"by_hand\", x) }\n",
    );
    const FIXTURE: (&str, &str) = ("fixtures/any/rich.json", "{}");
    const SNAPSHOT: &str = "---\nsource: crates/any-provider/tests/mapping.rs\n---\n{}\n";

    fn of(path: &str, text: &str) -> Vec<String> {
        found(faults, [TEST, FIXTURE, ("fixtures/other/poor.json", "{}"), (path, text)])
    }

    #[test]
    fn a_snapshot_of_a_fixture_of_a_name_or_of_a_function_has_a_home() {
        for name in ["rich", "by_hand", "every_fixture", "every_fixture-2"] {
            let path = format!("crates/any-provider/tests/snapshots/mapping__{name}.snap");
            assert_eq!(of(&path, SNAPSHOT), [""; 0]);
        }
        let unit_test =
            ("crates/ticket-cli/src/view/page.rs", "//! Page.\n#[test]\nfn a_page() {}\n");
        let snapshot = (
            "crates/ticket-cli/src/view/snapshots/ticket__view__page__tests__a_page.snap",
            "---\nsource: crates/ticket-cli/src/view/page.rs\n---\n",
        );
        assert_eq!(found(faults, [unit_test, snapshot]), [""; 0]);
        let process =
            ("crates/ticket-cli/tests/process/main.rs", "//! Runs.\n#[test]\nfn help() {}\n");
        let snapshot = (
            "crates/ticket-cli/tests/process/snapshots/process__help.snap",
            "---\nsource: crates/ticket-cli/tests/process/main.rs\n---\n",
        );
        assert_eq!(found(faults, [process, snapshot]), [""; 0]);
    }

    #[test]
    fn a_snapshot_without_a_home_is_noticed() {
        let folder = "crates/any-provider/tests/snapshots";
        let test = TEST.0;
        for (name, text, what) in [
            ("mapping__gone.snap", SNAPSHOT, format!("{test} has no test or fixture `gone`")),
            ("mapping__poor.snap", SNAPSHOT, format!("{test} has no test or fixture `poor`")),
            (
                "fetch__rich.snap",
                SNAPSHOT,
                format!("its name says `fetch`, and its test is {test}"),
            ),
            ("rich.snap", SNAPSHOT, "its name has no test in it".to_owned()),
            (
                "mapping__rich.snap",
                "{}",
                "a snapshot that does not say which test it belongs to".to_owned(),
            ),
            (
                "mapping__rich.snap",
                "---\nsource: crates/any-provider/tests/gone.rs\n---\n",
                "its test, crates/any-provider/tests/gone.rs, is no more".to_owned(),
            ),
            ("mapping__rich.snap.new", SNAPSHOT, "a snapshot that nobody has looked at".to_owned()),
        ] {
            let path = format!("{folder}/{name}");
            assert_eq!(of(&path, text), [format!("{path}: {what}")]);
        }
        let path = "crates/any-provider/snapshots/mapping__rich.snap";
        assert_eq!(
            of(path, SNAPSHOT),
            [format!("{path}: it does not lie beside its test, {test}")]
        );
    }
}

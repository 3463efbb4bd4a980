//! Whether the table of guards still fits the code: quick, since nothing is built.

use super::{Guard, Held, Test, Theme};
use crate::fault::Fault;
use crate::tree::Tree;

/// Where all promises are listed.
pub(super) const PROMISES: &str = "crates/ticket-conformance/src/promise.rs";

/// What does not fit.
pub(super) fn faults(tree: &Tree, themes: &[&Theme]) -> Vec<Fault> {
    let guards = themes.iter().flat_map(|theme| theme.hazards).flat_map(|hazard| hazard.guards);
    guards.flat_map(|guard| of_guard(tree, guard)).collect()
}

fn of_guard(tree: &Tree, Guard { name, held, .. }: &Guard) -> Vec<Fault> {
    let test = match held {
        Held::Watched(test) => Some(test),
        _ => held.removal().map(|(removal, _)| &removal.test),
    };
    let promise = held.removal().and_then(|(_, promise)| promise);
    let faults = [
        held.line().and_then(|line| once(tree, name, line.file, line.text)),
        test.and_then(|test| there(tree, name, test)),
        promise.and_then(|promise| promised(tree, name, promise)),
    ];
    faults.into_iter().flatten().collect()
}

/// The text of a guard stands exactly once where it is said to stand.
fn once(tree: &Tree, name: &str, file: &str, text: &str) -> Option<Fault> {
    let count = tree.text(file).map_or(0, |found| found.matches(text).count());
    let what = match count {
        1 => return None,
        0 => format!("the guard {name} does not stand there any more: `{text}`"),
        count => format!("the text of the guard {name} stands there {count} times: `{text}`"),
    };
    Some(Fault::new(file, what, "say in xtask/src/guards/ where the guard stands now"))
}

/// The test stands where it is said to stand.
fn there(tree: &Tree, name: &str, test: &Test) -> Option<Fault> {
    (!test.is_in(tree)).then(|| {
        Fault::new(
            test.file,
            format!("there is no test `{}`, which the guard {name} needs", test.name),
            "name in xtask/src/guards/ the test that fails without the guard",
        )
    })
}

/// The promise stands in the list of the suite.
fn promised(tree: &Tree, name: &str, promise: &str) -> Option<Fault> {
    let rows = tree.text(PROMISES).unwrap_or_default().lines();
    let mut names = rows.filter_map(|row| row.trim().split_once("::")?.1.split_once(": "));
    let is_there = names.any(|(row, _)| row == promise);
    (!is_there).then(|| {
        Fault::new(
            PROMISES,
            format!("there is no promise `{promise}`, which the guard {name} needs"),
            "name in xtask/src/guards/ the promise that is broken without the guard",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::guards::{Guard, Hazard, Held, Removal, Test, Theme};
    use crate::tree::Tree;

    const GUARD: Guard = Guard {
        name: "lock",
        does: "the door is locked",
        held: Held::By(Removal {
            file: "crates/a/src/door.rs",
            text: "lock();",
            without: "",
            test: Test { file: "crates/a/tests/door.rs", name: "it_is_locked" },
        }),
    };
    const THEME: Theme =
        Theme { title: "Doors", hazards: &[Hazard { what: "a thief", guards: &[GUARD] }] };

    const PROMISED: Guard = Guard {
        name: "lock",
        does: "the door is locked",
        held: Held::Promised(
            Removal {
                file: "crates/a/src/door.rs",
                text: "lock();",
                without: "",
                test: Test { file: "crates/a/tests/door.rs", name: "it_is_locked" },
            },
            "the_door_is_locked",
        ),
    };

    #[test]
    fn a_promise_that_went_is_noticed() {
        let theme =
            Theme { title: "Doors", hazards: &[Hazard { what: "a thief", guards: &[PROMISED] }] };
        for (list, count) in [
            ("    doors::the_door_is_locked: Nothing,\n        \"Locked.\", \"the door.\";", 0),
            ("    doors::the_door_is_locked_twice: Nothing,", 1),
            ("//! the_door_is_locked: Nothing", 1),
        ] {
            let tree = Tree::from([
                ("crates/a/src/door.rs", "fn f() { lock(); }"),
                ("crates/a/tests/door.rs", "#[test]\nfn it_is_locked() {}"),
                (super::PROMISES, list),
            ]);
            assert_eq!(faults(&tree, &[&theme]).len(), count, "{list}");
        }
    }

    #[test]
    fn a_guard_that_moved_and_a_test_that_went_are_noticed() {
        let (good, test) = ("fn f() { lock(); }", "#[test]\nfn it_is_locked() {}");
        for (code, test, count) in [
            (good, test, 0),
            ("fn f() {}", test, 1),
            ("fn f() { lock(); lock(); }", test, 1),
            (good, "fn it_is_locked() {}", 1),
            ("", "", 2),
        ] {
            let tree =
                Tree::from([("crates/a/src/door.rs", code), ("crates/a/tests/door.rs", test)]);
            assert_eq!(faults(&tree, &[&THEME]).len(), count, "{code} {test}");
        }
    }
}

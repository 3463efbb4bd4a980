//! The public API of each library that is published, as a list in `docs/api`: a review sees what a change does to others.

mod listing;

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use crate::cargo;
use crate::fault::{self, Fault};
use crate::generated;
use crate::workspace;

/// Where the lists are, from the root.
const LISTS: &str = "docs/api";
/// Where the compiler describes the libraries. A folder of its own, because the description is asked of the compiler by a
/// variable that some build scripts listen to: everything would be built anew at each turn.
const BUILT: &str = "target/api";
/// How many lines of a difference are told.
const TOLD: usize = 30;
/// What mends a stale list.
const MEND: &str = "`cargo xtask api`, and a line in docs/changelog.md for whoever uses it";

/// Writes the lists; with `is_check` only says in what they are stale, or that this version of Rust cannot tell.
pub(crate) fn run(is_check: bool) -> Result<()> {
    let found = faults(is_check);
    let faults = match found {
        Err(error) if is_check && listing::is_unreadable(&error) => {
            vec![Fault::notice(LISTS, format!("NOT looked at: {error:#}"))]
        }
        found => found?,
    };
    fault::judge(&faults)
}

/// What is wrong with the lists; where `is_check` is not set, they are written instead.
///
/// # Errors
/// Where the compiler describes nothing, or in a way that cannot be read.
pub(crate) fn faults(is_check: bool) -> Result<Vec<Fault>> {
    let packages = workspace::published()?;
    let names: Vec<_> = packages
        .iter()
        .filter(|package| package.is_library())
        .map(|package| &*package.name)
        .collect();
    describe(&names)?;

    let mut faults = Vec::new();
    let mut paths = BTreeSet::new();
    for name in names {
        let described = format!("{BUILT}/doc/{}.json", name.replace('-', "_"));
        let list = listing::of(name, &cargo::root().join(described))?;
        let path = format!("{LISTS}/{name}.txt");
        if is_check {
            let found = fs::read_to_string(cargo::root().join(&path)).unwrap_or_default();
            faults.extend(stale(&path, &found, &list));
        } else {
            generated::page(&path, &list, false, "cargo xtask api")?;
        }
        paths.insert(format!("{name}.txt"));
    }
    faults.extend(strays(&paths)?);
    Ok(faults)
}

/// Lets the compiler describe libraries as JSON, with all of their features.
///
/// Stable Rust has this output and calls it unstable; the variable says that we know.
fn describe(names: &[&str]) -> Result<()> {
    let packages = names.iter().flat_map(|name| ["--package", *name]);
    let arguments: Vec<_> = ["doc", "--quiet", "--locked", "--lib", "--no-deps", "--all-features"]
        .into_iter()
        .chain(["--target-dir", BUILT])
        .chain(packages)
        .collect();
    let variables =
        [("RUSTC_BOOTSTRAP", "1"), ("RUSTDOCFLAGS", "-Z unstable-options --output-format json")];
    cargo::run_with(&arguments, &variables)
}

/// What a list lacks, and what it has beyond.
fn stale(path: &str, found: &str, expected: &str) -> Option<Fault> {
    if found == expected {
        return None;
    }
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (before, now) = (lines(found), lines(expected));
    let gone: Vec<_> = before.difference(&now).map(|line| format!("- {line}")).collect();
    let new: Vec<_> = now.difference(&before).map(|line| format!("+ {line}")).collect();
    let mut what = format!("the public API is another: {} gone, {} new", gone.len(), new.len());
    let count = gone.len() + new.len();
    for line in gone.into_iter().chain(new).take(TOLD) {
        what.push_str("\n  ");
        what.push_str(&line);
    }
    if count > TOLD {
        what.push_str("\n  …");
    }
    Some(Fault::new(path, what, MEND))
}

/// Lists of libraries that are not there.
fn strays(paths: &BTreeSet<String>) -> Result<Vec<Fault>> {
    let unreadable = || format!("{LISTS} cannot be read");
    let mut faults = Vec::new();
    for entry in fs::read_dir(cargo::root().join(LISTS)).with_context(unreadable)? {
        let name = entry.with_context(unreadable)?.file_name().to_string_lossy().into_owned();
        if !paths.contains(&name) {
            let place = format!("{LISTS}/{name}");
            faults.push(Fault::new(place, "no library has this name", "take it out"));
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::{TOLD, stale};

    #[test]
    fn a_list_as_it_should_be_is_no_fault() {
        assert_eq!(stale("a.txt", "pub fn a::f()\n", "pub fn a::f()\n"), None);
    }

    #[test]
    fn what_is_gone_and_what_is_new_is_told() {
        for (found, expected, what) in [
            (
                "pub fn a::f()\npub fn a::g()\n",
                "pub fn a::f()\npub fn a::h()\n",
                "the public API is another: 1 gone, 1 new\n  - pub fn a::g()\n  + pub fn a::h()",
            ),
            ("", "pub mod a\n", "the public API is another: 0 gone, 1 new\n  + pub mod a"),
            ("b\na\n", "a\nb\n", "the public API is another: 0 gone, 0 new"),
        ] {
            assert_eq!(stale("a.txt", found, expected).unwrap().what, what);
        }
    }

    #[test]
    fn a_long_difference_is_cut_short() {
        let many: Vec<_> = (0..=TOLD).map(|number| format!("pub fn a::f{number}()")).collect();
        let what = stale("a.txt", &many.join("\n"), "").unwrap().what;
        assert_eq!(what.lines().count(), 1 + TOLD + 1);
        assert!(what.ends_with("\n  …"));
    }
}

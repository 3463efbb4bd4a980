//! Nothing in the repository needs or names a place outside of it.

use crate::cargo;
use crate::fault::Fault;
use crate::tidy::code::line_of;
use crate::tree::{self, Tree};

/// Folders at the top of somebody's machine.
const MACHINE: [&str; 5] = ["home", "root", "Users", "work", "tmp"];

/// What is written before a path that is read when the code is built.
const READ: [&str; 5] =
    ["include_str!(\"", "include_bytes!(\"", "include!(\"", "#[path = \"", "path = \""];

/// What is written before a path that begins at the folder of the crate.
const FROM_CRATE: &str = "env!(\"CARGO_MANIFEST_DIR\"), \"/";

/// The faults of paths that lead out.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    let checkout = cargo::root().to_string_lossy();
    let mut machine: Vec<_> = MACHINE.iter().map(|folder| format!("/{folder}/")).collect();
    machine.push(checkout.into_owned());
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        for place in machine.iter().flat_map(|start| absolute(text, start)) {
            faults.push(Fault::new(
                format!("{path}:{}", line_of(text, place)),
                "a path of somebody's machine",
                "a path from the root of the repository",
            ));
        }
        if ["rs", "toml"].contains(&tree::ending(path)) {
            faults.extend(read_from_outside(path, text));
        }
    }
    faults
}

/// Where a path that begins so stands in a text.
fn absolute(text: &str, start: &str) -> impl Iterator<Item = usize> {
    let is_part =
        |last: char| last.is_alphanumeric() || matches!(last, '/' | '.' | '-' | '_' | '}' | ']');
    text.match_indices(start)
        .map(|(place, _)| place)
        .filter(move |place| !text[..*place].ends_with(is_part))
}

/// Files that the build takes from outside of the repository, or a packed crate from outside of itself.
fn read_from_outside(path: &str, text: &str) -> Vec<Fault> {
    let package = package(path);
    let manifest = format!("{package}Cargo.toml");
    let starts = READ.iter().map(|start| (*start, path)).chain([(FROM_CRATE, manifest.as_str())]);
    let mut faults = Vec::new();
    for (start, from) in starts {
        for (place, _) in text.match_indices(start) {
            let link = text[place + start.len()..].split('"').next().unwrap_or_default();
            // What only the tests of the documentation read is not read from a packed crate.
            let mut before = text[..place].rsplit('\n');
            let is_tested = before.next() == Some("#[doc = ")
                && before
                    .next()
                    .is_some_and(|line| line.starts_with("#[cfg(") && line.contains("doctest"));
            let is_packed = path.starts_with(&format!("{package}src/")) && package != "xtask/";
            let (what, mend) = match tree::resolve(from, link) {
                None => ("the repository", "move what is needed into the repository".to_owned()),
                Some(target) if is_packed && !is_tested && !target.starts_with(package) => (
                    "the crate, so that a packed crate would not have it",
                    format!("move it below {package}"),
                ),
                Some(_) => continue,
            };
            let place = format!("{path}:{}", line_of(text, place));
            faults.push(Fault::new(place, format!("`{link}` lies outside of {what}"), mend));
        }
    }
    faults
}

/// The folder of the crate that a file belongs to, with its slash.
fn package(path: &str) -> &str {
    let depth = if path.starts_with("crates/") { 2 } else { 1 };
    match path.match_indices('/').nth(depth - 1) {
        Some((place, _)) => &path[..=place],
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::cargo;
    use crate::tidy::found;

    #[test]
    fn a_path_of_a_machine_is_noticed() {
        let checkout = cargo::root().join("x").display().to_string();
        for path in [
            format!("/{}/ada/x", "home"),
            format!("/{}/x", "tmp"),
            format!("/{}/x", "root"),
            checkout,
        ] {
            for text in [format!("see {path}"), format!("`{path}`"), format!("\n\"{path}\"")] {
                let found = found(faults, [("docs/a.md", &*text)]);
                let line = text.lines().count();
                let expected = format!("docs/a.md:{line}: a path of somebody's machine");
                assert!(found.contains(&expected), "{text} {found:?}");
            }
        }
    }

    #[test]
    fn a_file_from_outside_is_noticed() {
        for (path, text, what) in [
            (
                "crates/a/src/lib.rs",
                "include_str!(\"../../../../x.md\")",
                "`../../../../x.md` lies outside of the repository",
            ),
            (
                "crates/a/Cargo.toml",
                "x = { path = \"../../../x\" }",
                "`../../../x` lies outside of the repository",
            ),
            (
                "crates/a/src/lib.rs",
                "include_bytes!(\"../../../fixtures/x.json\")",
                "`../../../fixtures/x.json` lies outside of the crate, so that a packed crate would not have it",
            ),
            (
                "crates/a/src/b/c.rs",
                "concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../b/x\")",
                "`../b/x` lies outside of the crate, so that a packed crate would not have it",
            ),
        ] {
            assert_eq!(found(faults, [(path, text)]), [format!("{path}:1: {what}")]);
        }
    }

    #[test]
    fn a_path_that_stays_inside_is_no_fault() {
        for (path, text) in [
            ("crates/a/src/lib.rs", "#![doc = include_str!(\"../README.md\")]"),
            (
                "crates/a/src/lib.rs",
                "#[cfg(doctest)]\n#[doc = include_str!(\"../../../README.md\")]",
            ),
            (
                "crates/a/src/lib.rs",
                "#[cfg(all(doctest, feature = \"http\"))]\n#[doc = include_str!(\"../../../README.md\")]",
            ),
            ("crates/a/tests/b.rs", "include_str!(\"../../../fixtures/x.json\")"),
            (
                "fixtures/src/lib.rs",
                "include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/any/x.json\"))",
            ),
            ("Cargo.toml", "x = { path = \"crates/x\" }"),
            ("docs/a.md", "https://example.com/home/page, api/v2/work/items, {base}/work/1"),
        ] {
            assert_eq!(found(faults, [(path, text)]), [""; 0], "{text}");
        }
    }
}

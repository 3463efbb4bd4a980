//! Dependencies are declared once, in the root `Cargo.toml`, each with its reason and a version.

use crate::tree::Tree;
use crate::violation::Violation;

const ROOT: &str = "Cargo.toml";

/// Finds dependencies that are declared elsewhere, have no reason, no version, or no user.
pub(super) fn violations(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    // A manifest with a workspace of its own is left alone.
    let members: Vec<_> = tree
        .ending_in("toml")
        .filter(|(path, text)| path.ends_with("/Cargo.toml") && !text.contains("\n[workspace]"))
        .collect();
    let mut used = Vec::new();
    for (path, text) in &members {
        for (number, name, line) in dependencies(text) {
            if !line.contains("workspace = true") {
                let fix = "declare it in the root Cargo.toml, and here `NAME.workspace = true`";
                let what = "this dependency is not taken from the workspace";
                violations.push(Violation::new(format!("{path}:{number}"), what, fix));
            }
            used.push(name);
        }
    }
    for (number, name, line) in dependencies(tree.text(ROOT).unwrap_or_default()) {
        let mut add = |what: &str, fix: &str| {
            violations.push(Violation::new(format!("{ROOT}:{number}"), what, fix));
        };
        if line.contains("\"*\"") {
            add("a wildcard version", "name the oldest version that works");
        }
        if !line.contains("path = ") && !line.contains(" # ") {
            add("a dependency without a reason", "add `# REASON` at the end of the line");
        }
        if !used.contains(&name) {
            add("no crate uses this dependency", "remove it");
        }
    }
    violations
}

/// Returns the dependencies of a manifest, each with the number of its line, its name, and the line.
fn dependencies(manifest: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut is_dependencies = false;
    manifest.lines().enumerate().filter_map(move |(index, line)| {
        if let Some(section) = line.strip_prefix('[') {
            is_dependencies = section.contains("dependencies");
        }
        let (name, _) = line.split_once([' ', '.', '='])?;
        let is_name = name.starts_with(|first: char| first.is_ascii_lowercase());
        (is_dependencies && is_name).then_some((index + 1, name, line))
    })
}

#[cfg(test)]
mod tests {
    use super::violations;
    use crate::tidy::found;

    #[test]
    fn finds_dependencies_without_reason_version_or_user() {
        let root = "[workspace.dependencies]\nours = { path = \"crates/ours\" }\nserde = \"1\" # data\nurl = \"*\"\n";
        let member = "[package]\nname = \"a\"\n[dependencies]\nours.workspace = true\nurl.workspace = true\nhttp = \"1\"\n";
        let files = [("Cargo.toml", root), ("crates/a/Cargo.toml", member)];
        let expected = [
            "crates/a/Cargo.toml:6: this dependency is not taken from the workspace",
            "Cargo.toml:3: no crate uses this dependency",
            "Cargo.toml:4: a wildcard version",
            "Cargo.toml:4: a dependency without a reason",
        ];
        assert_eq!(found(violations, files), expected);
    }
}

//! The manifests: what is inherited, why a dependency is there, and whether anybody uses it.

use crate::fault::Fault;
use crate::tree::{self, Tree};

/// What every crate takes from the workspace.
const INHERITED: [(&str, &str); 5] = [
    ("package", "version.workspace = true"),
    ("package", "edition.workspace = true"),
    ("package", "rust-version.workspace = true"),
    ("package", "license.workspace = true"),
    ("lints", "workspace = true"),
];

/// The faults of all manifests.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    let members: Vec<_> = tree
        .ending_in("toml")
        .filter(|(path, _)| path.ends_with("/Cargo.toml"))
        .filter(|(_, text)| !lines(text).any(|line| line.section == "workspace"))
        .collect();
    let mut faults = Vec::new();
    for (path, text) in &members {
        faults.extend(inheritance(path, text));
        faults.extend(unused(tree, path, text));
    }
    faults.extend(workspace(tree.text("Cargo.toml").unwrap_or_default(), &members));
    faults
}

/// A line of a manifest and the section that it stands in.
#[derive(Debug, Clone, Copy)]
struct Line<'m> {
    section: &'m str,
    number: usize,
    text: &'m str,
}

fn lines(manifest: &str) -> impl Iterator<Item = Line<'_>> {
    let mut section = "";
    manifest.lines().enumerate().map(move |(index, text)| {
        if let Some(header) = text.strip_prefix('[') {
            section = header.trim_start_matches('[').split(']').next().unwrap_or_default();
        }
        Line { section, number: index + 1, text }
    })
}

impl<'m> Line<'m> {
    /// The dependency that this line declares.
    fn dependency(&self) -> Option<&'m str> {
        let (name, _) = self.text.split_once('=')?;
        let name = name.trim().trim_end_matches(".workspace");
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        (self.section.ends_with("dependencies") && is_name && !name.is_empty()).then_some(name)
    }
}

fn inheritance(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (section, inherited) in INHERITED {
        let is_there =
            lines(text).any(|line| line.section == section && line.text.trim() == inherited);
        if !is_there {
            faults.push(Fault::new(
                path,
                format!("[{section}] lacks `{inherited}`"),
                "inherit it, so that all crates agree",
            ));
        }
    }
    for line in lines(text) {
        let is_own = line.dependency().is_some() && !line.text.contains("workspace = true");
        let is_table = line.text.starts_with('[') && line.section.contains("dependencies.");
        if is_own || is_table {
            faults.push(Fault::new(
                format!("{path}:{}", line.number),
                "a dependency that is not taken from the workspace",
                "declare it in the root Cargo.toml with its reason, and here `NAME.workspace = true`",
            ));
        }
    }
    faults
}

/// Dependencies of a crate that none of its files names.
fn unused(tree: &Tree, path: &str, text: &str) -> Vec<Fault> {
    let folder = path.trim_end_matches("Cargo.toml");
    let is_named = |name: &str| {
        let name = name.replace('-', "_");
        tree.texts().any(|(file, text)| {
            let is_code = ["rs", "md"].contains(&tree::ending(file));
            file.starts_with(folder) && is_code && has_word(text, &name)
        })
    };
    let fault = |line: Line<'_>, name: &str| {
        Fault::new(
            format!("{path}:{}", line.number),
            format!("no file of the crate names {name}"),
            "take it out",
        )
    };
    let declared = lines(text).filter_map(|line| Some((line, line.dependency()?)));
    declared.filter(|(_, name)| !is_named(name)).map(|(line, name)| fault(line, name)).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(word).any(|(place, _)| {
        !text[..place].ends_with(is_part) && !text[place + word.len()..].starts_with(is_part)
    })
}

/// Dependencies of the workspace without a reason, or without a user.
fn workspace(root: &str, members: &[(&str, &str)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let declared = lines(root)
        .filter(|line| line.section == "workspace.dependencies")
        .filter_map(|line| Some((line, line.dependency()?)));
    for (line, name) in declared {
        let place = format!("Cargo.toml:{}", line.number);
        let is_ours = line.text.contains("path = ");
        let reason = line.text.rsplit_once(" # ").map(|(_, reason)| reason.trim());
        if !is_ours && reason.is_none_or(str::is_empty) {
            let mend = "say behind it, after a `#`, what it is for";
            faults.push(Fault::new(&*place, format!("{name} is there without a reason"), mend));
        }
        let is_used =
            members.iter().any(|(_, text)| lines(text).any(|line| line.dependency() == Some(name)));
        if !is_used {
            faults.push(Fault::new(place, format!("no crate uses {name}"), "take it out"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::found;

    const ROOT: &str = "[workspace]\nmembers = [\"crates/*\"]\n[workspace.dependencies]\na-b = { version = \"1\" } # letters\n";
    const MEMBER: &str = "[package]\nname = \"x\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\n[lints]\nworkspace = true\n[dependencies]\na-b.workspace = true\n";

    fn of(root: &str, member: &str, code: &str) -> Vec<String> {
        let files =
            [("Cargo.toml", root), ("crates/x/Cargo.toml", member), ("crates/x/src/lib.rs", code)];
        found(faults, files)
    }

    #[test]
    fn manifests_as_they_should_be_have_no_fault() {
        assert_eq!(of(ROOT, MEMBER, "use a_b::C;"), [""; 0]);
        let in_one_line =
            MEMBER.replace("a-b.workspace = true", "a-b = { workspace = true, optional = true }");
        assert_eq!(of(ROOT, &in_one_line, "use a_b::C;"), [""; 0]);
    }

    #[test]
    fn a_dependency_without_a_reason_or_a_user_is_noticed() {
        let without_reason = ROOT.replace(" # letters", "");
        assert_eq!(
            of(&without_reason, MEMBER, "a_b"),
            ["Cargo.toml:4: a-b is there without a reason"]
        );
        let with_another = format!("{ROOT}c = \"1\" # nothing\n");
        assert_eq!(of(&with_another, MEMBER, "a_b"), ["Cargo.toml:5: no crate uses c"]);
        assert_eq!(
            of(ROOT, MEMBER, "a_bc"),
            ["crates/x/Cargo.toml:10: no file of the crate names a-b"]
        );
    }

    #[test]
    fn a_crate_with_values_of_its_own_is_noticed() {
        for (inherited, own, fault) in [
            (
                "edition.workspace = true",
                "edition = \"2021\"",
                "crates/x/Cargo.toml: [package] lacks `edition.workspace = true`",
            ),
            (
                "[lints]\nworkspace = true\n",
                "",
                "crates/x/Cargo.toml: [lints] lacks `workspace = true`",
            ),
            (
                "a-b.workspace = true",
                "a-b = \"2\"",
                "crates/x/Cargo.toml:10: a dependency that is not taken from the workspace",
            ),
        ] {
            assert_eq!(of(ROOT, &MEMBER.replace(inherited, own), "a_b"), [fault]);
        }
        let table = format!("{MEMBER}[dependencies.a-c]\nversion = \"1\"\n");
        assert_eq!(
            of(ROOT, &table, "a_b"),
            ["crates/x/Cargo.toml:11: a dependency that is not taken from the workspace"]
        );
    }

    #[test]
    fn a_workspace_of_its_own_is_left_alone() {
        let files = [("xtask/fuzz/Cargo.toml", "[package]\nname = \"fuzz\"\n[workspace]\n")];
        assert_eq!(found(faults, files), [""; 0]);
    }
}

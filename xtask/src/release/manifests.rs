//! What the registry shows of a package, and whether the packages agree on their version.

use crate::fault::Fault;
use crate::workspace::Package;

/// How many words and shelves the registry takes, and how long a word may be.
const MOST: usize = 5;
const LONGEST: usize = 20;

/// The faults of all manifests.
pub(super) fn faults(packages: &[Package]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in packages {
        let whats = said(package).into_iter().chain(versions(package, packages));
        faults.extend(whats.map(|(what, mend)| Fault::new(&package.name, what, mend)));
    }
    faults
}

/// What the registry shows.
fn said(package: &Package) -> Vec<(String, &'static str)> {
    let mut faults = Vec::new();
    let mut require = |is_fine: bool, what: &str, mend: &'static str| {
        if !is_fine {
            faults.push((what.to_owned(), mend));
        }
    };
    let description = package.description.as_deref().unwrap_or_default();
    require(
        description.ends_with('.'),
        "its description is no sentence",
        "description = \"What it is.\"",
    );
    require(package.license.is_some(), "it has no licence", "license.workspace = true");
    require(
        package.rust_version.is_some(),
        "it has no rust-version",
        "rust-version.workspace = true",
    );
    require(package.readme.is_some(), "it has no first page", "readme = \"README.md\"");
    let is_word = |word: &String| {
        word.len() <= LONGEST
            && word.starts_with(|first: char| first.is_ascii_alphanumeric())
            && word.chars().all(|next| next.is_ascii_alphanumeric() || "-_+".contains(next))
    };
    let keywords = &package.keywords;
    require(
        (1..=MOST).contains(&keywords.len()) && keywords.iter().all(is_word),
        "its keywords are not 1 to 5 words of at most 20 letters",
        "keywords = [\"helpdesk\", …]",
    );
    require(
        (1..=MOST).contains(&package.categories.len()),
        "its categories are not 1 to 5",
        "categories = […], from the list of the registry",
    );
    faults
}

/// Whether all have one version, and ask each other for just that one.
fn versions(package: &Package, packages: &[Package]) -> Vec<(String, &'static str)> {
    let version = &packages[0].version;
    let mut faults = Vec::new();
    if package.version != *version {
        let what = format!("its version is {} and not {version}", package.version);
        faults.push((what, "version.workspace = true"));
    }
    for needed in package.siblings() {
        if needed.req != format!("^{version}") {
            let what = format!("it asks for {} {} and not for {version}", needed.name, needed.req);
            faults.push((what, "the version of our crates in [workspace.dependencies]"));
        }
        if !packages.iter().any(|other| other.name == needed.name) {
            let what = format!("it needs {}, which is not published", needed.name);
            faults.push((what, "do without it, or publish it too"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::workspace::{Dependency, Package};

    fn complete(name: &str) -> Package {
        let text = |text: &str| Some(text.to_owned());
        Package {
            name: name.to_owned(),
            version: "0.2.0".to_owned(),
            description: text("Reads."),
            license: text("MIT"),
            keywords: vec!["helpdesk".to_owned()],
            categories: vec!["api-bindings".to_owned()],
            readme: text("README.md"),
            rust_version: text("1.91"),
            ..Package::default()
        }
    }

    fn found(change: impl FnOnce(&mut Package)) -> Vec<String> {
        let mut package = complete("desk");
        change(&mut package);
        let faults = faults(&[complete("nouns"), package]);
        faults.into_iter().map(|fault| format!("{}: {}", fault.place, fault.what)).collect()
    }

    fn needs(name: &str, req: &str) -> Vec<Dependency> {
        let path = Some("elsewhere".into());
        vec![Dependency { name: name.to_owned(), req: req.to_owned(), path, kind: None }]
    }

    #[test]
    fn a_complete_manifest_has_no_fault() {
        assert_eq!(found(|package| package.dependencies = needs("nouns", "^0.2.0")), [""; 0]);
    }

    /// A change that makes a complete manifest incomplete, and what is said of it.
    type Lack = (fn(&mut Package), &'static str);

    #[test]
    fn whatever_lacks_is_named() {
        let lacks: [Lack; 11] = [
            (|package| package.description = None, "its description is no sentence"),
            (
                |package| package.description = Some("Reads".to_owned()),
                "its description is no sentence",
            ),
            (|package| package.license = None, "it has no licence"),
            (|package| package.rust_version = None, "it has no rust-version"),
            (|package| package.readme = None, "it has no first page"),
            (
                |package| package.keywords.clear(),
                "its keywords are not 1 to 5 words of at most 20 letters",
            ),
            (
                |package| package.keywords = vec!["help desk".to_owned()],
                "its keywords are not 1 to 5 words of at most 20 letters",
            ),
            (|package| package.categories.clear(), "its categories are not 1 to 5"),
            (|package| package.version = "0.1.0".to_owned(), "its version is 0.1.0 and not 0.2.0"),
            (
                |package| package.dependencies = needs("nouns", "^0.1.0"),
                "it asks for nouns ^0.1.0 and not for 0.2.0",
            ),
            (
                |package| package.dependencies = needs("tasks", "^0.2.0"),
                "it needs tasks, which is not published",
            ),
        ];
        for (change, what) in lacks {
            assert_eq!(found(change), [format!("desk: {what}")]);
        }
    }
}

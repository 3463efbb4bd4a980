//! The release notes: the newest section of the changelog.

use anyhow::{Context, Result, ensure};

/// Returns the newest section, which has to be the one of this version.
///
/// # Errors
/// Fails if there is no section, it is of another version, or it is empty.
pub(super) fn of_version(changelog: &str, version: &str) -> Result<String> {
    let (_, section) = changelog.split_once("\n## ").context("docs/changelog.md has no section")?;
    let section = section.split("\n## ").next().unwrap_or(section);
    let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
    ensure!(
        heading.split_whitespace().next() == Some(version),
        "docs/changelog.md has no section for {version}, its newest is `{heading}`; add `## {version} – DATE`"
    );
    ensure!(!text.trim().is_empty(), "the section for {version} in docs/changelog.md is empty");
    Ok(format!("# ticket {heading}\n\n{}\n", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::of_version;

    const CHANGELOG: &str = "# Changelog\n\nNewest first.\n\n## 0.2.0 – unreleased\n\n### Added\n\n- a\n\n## 0.1.0 – 2026-01-01\n\n- b\n";

    #[test]
    fn takes_the_newest_section() {
        let notes = of_version(CHANGELOG, "0.2.0").unwrap();
        assert_eq!(notes, "# ticket 0.2.0 – unreleased\n\n### Added\n\n- a\n");
    }

    #[test]
    fn refuses_a_version_without_section() {
        for (changelog, version, expected) in [
            (CHANGELOG, "0.3.0", "no section for 0.3.0, its newest is `0.2.0 – unreleased`"),
            (CHANGELOG, "0.1.0", "no section for 0.1.0"),
            (CHANGELOG, "0.2", "no section for 0.2,"),
            ("# Changelog\n", "0.1.0", "has no section"),
            ("# Changelog\n\n## 0.1.0\n\n## 0.0.9\n- b\n", "0.1.0", "is empty"),
        ] {
            let error = of_version(changelog, version).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}

//! The changelog: does it say what the version brings?

use crate::fault::Fault;

/// Where it is, from the root.
pub(super) const PAGE: &str = "docs/changelog.md";

/// The faults of the section of this version.
pub(super) fn faults(page: &str, version: &str) -> Option<Fault> {
    let Some((heading, section)) = section(page, version) else {
        return Some(Fault::new(
            PAGE,
            format!("it has no section `## {version}`"),
            "say there what changed for whoever uses it",
        ));
    };
    if !section.lines().any(|line| line.starts_with("- ")) {
        let what = format!("its section of {version} says nothing");
        return Some(Fault::new(PAGE, what, "a line `- …` for each change"));
    }
    let dated = heading.split_once(" – ").is_some_and(|(_, date)| is_date(date));
    (!dated).then(|| {
        let what = format!("`{heading}` has no date yet; the release gives it one");
        Fault::notice(PAGE, what)
    })
}

/// The heading of a version, and what stands below it.
fn section<'p>(page: &'p str, version: &str) -> Option<(&'p str, &'p str)> {
    let (_, rest) = page.split_once("\n## ").filter(|_| !version.is_empty())?;
    rest.split("\n## ").find_map(|section| {
        let (heading, text) = section.split_once('\n')?;
        (heading.split_whitespace().next() == Some(version)).then_some((heading, text))
    })
}

/// `2026-05-01`.
fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    parts == [4, 2, 2] && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn found(page: &str) -> Option<(bool, String)> {
        faults(page, "0.2.0").map(|fault| (fault.is_notice, fault.what))
    }

    #[test]
    fn a_dated_section_with_a_line_is_no_fault() {
        for page in [
            "# Changelog\n\n## 0.2.0 – 2026-05-01\n\n### Added\n\n- A desk.\n",
            "# Changelog\n\n## 0.3.0 – unreleased\n\n## 0.2.0 – 2026-05-01\n- A desk.\n\n## 0.1.0\n",
        ] {
            assert_eq!(found(page), None);
        }
    }

    #[test]
    fn a_section_that_is_absent_or_empty_is_a_fault_and_one_without_a_date_a_notice() {
        let absent = (false, "it has no section `## 0.2.0`".to_owned());
        let empty = (false, "its section of 0.2.0 says nothing".to_owned());
        let undated = |heading: &str| {
            (true, format!("`{heading}` has no date yet; the release gives it one"))
        };
        for (page, what) in [
            ("", absent.clone()),
            ("# Changelog\n\n## 0.2.01 – 2026-05-01\n- A desk.\n", absent.clone()),
            ("# Changelog\n\n### 0.2.0\n- A desk.\n", absent),
            ("# Changelog\n\n## 0.2.0 – 2026-05-01\n\n## 0.1.0\n- A desk.\n", empty),
            ("# Changelog\n\n## 0.2.0 – unreleased\n- A desk.\n", undated("0.2.0 – unreleased")),
            ("# Changelog\n\n## 0.2.0\n- A desk.\n", undated("0.2.0")),
        ] {
            assert_eq!(found(page), Some(what), "{page}");
        }
    }
}

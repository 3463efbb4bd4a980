//! What cargo-deny says: a line of JSON for each thing found, and one at the end.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::fault::Fault;

/// What it said in one run.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// What it found.
    pub(super) faults: Vec<Fault>,
    /// What kept it from looking.
    troubles: Vec<String>,
    /// Whether it looked at everything that it was asked to.
    pub(super) is_whole: bool,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "fields", rename_all = "lowercase")]
enum Line {
    Diagnostic(Box<Diagnostic>),
    Log { level: String, message: String },
    Summary(IgnoredAny),
}

#[derive(Deserialize)]
struct Diagnostic {
    #[serde(default)]
    code: String,
    severity: String,
    message: String,
    #[serde(default)]
    labels: Vec<Label>,
    #[serde(default)]
    notes: Vec<String>,
    /// The crates that it is about, each with who depends on it.
    #[serde(default)]
    graphs: Vec<Graph>,
}

#[derive(Deserialize)]
struct Label {
    message: String,
    span: String,
    line: usize,
}

#[derive(Deserialize)]
struct Graph {
    #[serde(rename = "Krate")]
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

impl Said {
    /// Reads its lines.
    ///
    /// # Errors
    /// Where a line is none of those that this version writes.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut said = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line)
                .with_context(|| format!("cargo-deny says something unexpected: {line}"))?;
            match line {
                Line::Diagnostic(found) if found.severity == "error" => {
                    said.faults.push(found.fault());
                }
                Line::Log { level, message } if level == "ERROR" => said.troubles.push(message),
                Line::Diagnostic(_) | Line::Log { .. } => {}
                Line::Summary(_) => said.is_whole = true,
            }
        }
        Ok(said)
    }

    /// What kept it from looking, in a line: the last thing that is said of it is the closest to the cause.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.troubles.last()?.lines().rfind(|line| !line.trim().is_empty())
    }
}

impl Diagnostic {
    fn fault(&self) -> Fault {
        let place = match self.graphs.as_slice() {
            [Graph { package }] => format!("{} {}", package.name, package.version),
            [Graph { package }, ..] => package.name.clone(),
            [] => self.labels.first().map_or_else(
                || ".deny.toml".to_owned(),
                |label| format!(".deny.toml:{}", label.line),
            ),
        };
        let mut details: Vec<&str> = Vec::new();
        if let [_, _, ..] = self.graphs.as_slice() {
            details.extend(self.graphs.iter().map(|graph| graph.package.version.as_str()));
        }
        let telling =
            |label: &&Label| label.message == "reason" || label.message.starts_with("rejected");
        details.extend(self.labels.iter().filter(telling).map(|label| label.span.as_str()));
        details.extend(self.notes.iter().filter_map(|note| note.strip_prefix("ID: ")));
        details.dedup();
        let what = match details.as_slice() {
            [] => self.message.clone(),
            details => format!("{}: {}", self.message, details.join(", ")),
        };
        Fault::new(place, what, self.mend())
    }

    fn mend(&self) -> String {
        let name = self.graphs.first().map_or("NAME", |graph| graph.package.name.as_str());
        match self.code.as_str() {
            "duplicate" => "cargo tree --workspace --all-features --target all --duplicates shows who asks for which; \
                            what cannot be avoided gets a row in `skip` of .deny.toml, with the reason"
                .to_owned(),
            "rejected" | "unlicensed" | "no-license-field" => {
                "take another crate, or a row in `allow` of .deny.toml if the program may still be handed on in any form"
                    .to_owned()
            }
            "banned" => format!(
                "cargo tree --workspace --all-features --target all --invert {name} shows the way; turn off the \
                 feature that asks for it"
            ),
            "wildcard" => "name a version".to_owned(),
            "source-not-allowed" => "take it from the registry, or do without it".to_owned(),
            "vulnerability" | "unsound" | "unmaintained" | "yanked" => format!(
                "cargo update --package {name}; where nothing newer is sound, another crate"
            ),
            "license-not-encountered" | "unmatched-skip" | "unnecessary-skip" => {
                "take the row out".to_owned()
            }
            code => format!("target/tools/bin/cargo-deny check shows the whole of `{code}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Said;

    /// A line as this version writes it, about crates of these versions.
    fn line(code: &str, versions: &[&str], labels: &str, rest: &str) -> String {
        let graphs: Vec<_> = versions
            .iter()
            .map(|version| {
                format!(r#"{{"Krate":{{"name":"letters","version":"{version}"}},"parents":[]}}"#)
            })
            .collect();
        format!(
            r#"{{"fields":{{"code":"{code}","graphs":[{}],"labels":[{labels}],"message":"found"{rest}}},"type":"diagnostic"}}"#,
            graphs.join(",")
        )
    }

    const ERROR: &str = r#","severity":"error""#;

    #[test]
    fn each_thing_found_becomes_a_fault_with_its_place_and_what_mends_it() {
        let label = |message: &str, span: &str| {
            format!(r#"{{"column":1,"line":7,"message":"{message}","span":"{span}"}}"#)
        };
        let advisory = format!(r#"{ERROR},"notes":["ID: RUSTSEC-2026-9999","Text."]"#);
        for (line, fault, mend) in [
            (
                line("duplicate", &["1.0.0", "2.0.0"], &label("lock entries", "x"), ERROR),
                "letters: found: 1.0.0, 2.0.0",
                "a row in `skip`",
            ),
            (
                line(
                    "rejected",
                    &["1.0.0"],
                    &[label("", "GPL-3.0"), label("rejected: no", "GPL-3.0")].join(","),
                    ERROR,
                ),
                "letters 1.0.0: found: GPL-3.0",
                "a row in `allow`",
            ),
            (
                line(
                    "banned",
                    &["1.0.0"],
                    &[label("banned here", "x"), label("reason", "two of them")].join(","),
                    ERROR,
                ),
                "letters 1.0.0: found: two of them",
                "--invert letters",
            ),
            (
                line("wildcard", &["1.0.0"], &label("wildcard dependency", "*"), ERROR),
                "letters 1.0.0: found",
                "name a version",
            ),
            (
                line("source-not-allowed", &["1.0.0"], &label("source", "git"), ERROR),
                "letters 1.0.0: found",
                "from the registry",
            ),
            (
                line("vulnerability", &["1.0.0"], &label("security", "x"), &advisory),
                "letters 1.0.0: found: RUSTSEC-2026-9999",
                "cargo update --package letters",
            ),
            (
                line("unmatched-skip", &[], &label("unmatched skip", "x@1"), ERROR),
                ".deny.toml:7: found",
                "take the row out",
            ),
            (line("unheard-of", &[], "", ERROR), ".deny.toml: found", "`unheard-of`"),
        ] {
            let said = Said::parse(&line).unwrap();
            let [found] = said.faults.as_slice() else { panic!("{line} {said:?}") };
            assert_eq!(format!("{}: {}", found.place, found.what), fault);
            assert!(found.mend.contains(mend), "{found:?}");
            assert!(!found.is_notice && !said.is_whole, "{said:?}");
        }
    }

    #[test]
    fn what_is_no_error_is_no_fault_and_the_summary_ends_it() {
        let note = line("skipped", &["1.0.0"], "", r#","severity":"note""#);
        let said = Said::parse(&format!(
            "{note}\n\n{}\n",
            r#"{"fields":{"bans":{"errors":0,"helps":0,"notes":2,"warnings":0}},"type":"summary"}"#
        ))
        .unwrap();
        assert!(said.faults.is_empty() && said.is_whole, "{said:?}");
        assert_eq!(said.trouble(), None);
    }

    #[test]
    fn whatever_keeps_it_from_looking_is_told_in_a_line() {
        let log = r#"{"fields":{"level":"ERROR","message":"failed to fetch\nfatal: no such host\n","timestamp":"x"},"type":"log"}"#;
        let said = Said::parse(log).unwrap();
        assert_eq!(said.trouble(), Some("fatal: no such host"));
        assert!(!said.is_whole && said.faults.is_empty(), "{said:?}");
        assert!(Said::parse("error: unexpected argument").is_err());
    }
}

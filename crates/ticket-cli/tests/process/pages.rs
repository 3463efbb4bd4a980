//! Checks that the pages with commands show the current output.
//!
//! `WRITE_PAGES=1 cargo test -p ticket-cli pages` writes the output again.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ticket_core::VocabularyOverrides;

use crate::harness::ticket;
use crate::terminal::seen;

/// The width of the terminal on the pages.
const COLUMNS: u16 = 100;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the page with the output of its commands, and the number of commands.
fn written(page: &str) -> (String, usize) {
    let mut out = String::new();
    let mut commands = 0;
    let mut blocks = page.split("```");
    out.push_str(blocks.next().unwrap_or_default());
    while let (Some(block), after) = (blocks.next(), blocks.next().unwrap_or_default()) {
        let mut block = block.to_owned();
        if let Some(text) = block.strip_prefix("console\n$ ticket ") {
            commands += 1;
            let line = text.lines().next().unwrap();
            let mut command = ticket(&line.split(' ').collect::<Vec<_>>());
            command.current_dir(root()).env("NO_COLOR", "1");
            let seen = steady(&seen(&mut command, COLUMNS, None));
            block = format!("console\n$ ticket {line}\n{seen}");
        }
        write!(out, "```{block}```{after}").unwrap();
    }
    (out, commands)
}

/// Replaces what differs between runs in log lines: times and durations.
fn steady(seen: &str) -> String {
    let lines = seen.split_inclusive('\n').map(|line| match line.split_once(' ') {
        Some((time, rest)) if time.parse::<Timestamp>().is_ok() => {
            let words = rest.trim_end().split(' ').map(|word| match word.split_once('=') {
                Some(("waited_ms", _)) => "waited_ms=0",
                Some(("duration_ms", _)) => "duration_ms=2",
                _ => word,
            });
            format!("2026-02-10T00:00:00.000Z {}\n", words.collect::<Vec<_>>().join(" "))
        }
        _ => line.to_owned(),
    });
    lines.collect()
}

#[test]
fn pages_show_the_current_output() {
    for (name, shown) in [("explain", 3), ("drift", 2), ("commands", 4)] {
        let file = root().join(format!("docs/{name}.md"));
        let page = fs::read_to_string(&file).unwrap();
        let (expected, commands) = written(&page);
        assert_eq!(commands, shown, "commands with output on docs/{name}.md");
        if std::env::var_os("WRITE_PAGES").is_some() {
            fs::write(&file, &expected).unwrap();
        } else {
            assert_eq!(page, expected, "WRITE_PAGES=1 cargo test -p ticket-cli pages");
        }
    }
}

#[test]
fn the_configuration_page_lists_every_vocabulary() {
    let page = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    for vocabulary in VocabularyOverrides::VOCABULARIES {
        let error =
            VocabularyOverrides::default().with(vocabulary, "any", "no such word").unwrap_err();
        let words = error.hint().unwrap().strip_prefix("use one of: ").unwrap();
        let words: Vec<_> = words.split(", ").map(|word| format!("`{word}`")).collect();
        let row =
            page.lines().find(|line| line.starts_with(&format!("| `vocabulary.{vocabulary}` |")));
        assert!(row.unwrap().ends_with(&format!("| {} |", words.join(", "))), "{row:?}");
    }
}

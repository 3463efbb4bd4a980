//! The pages that show commands with their output: what they show is what a terminal shows.
//!
//! `WRITE_PAGES=1 cargo test -p ticket-cli pages` writes the output anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ticket_core::VocabularyOverrides;

use crate::harness::ticket;
use crate::terminal::seen;

/// The width of the terminal on the pages.
const COLUMNS: u16 = 100;
/// Where the block of a page that is a config file lies when its commands run.
const CONFIG: &str = "words.toml";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The page with the output of each of its commands; how many there are.
fn written(page: &str, folder: &Path) -> (String, usize) {
    let config = folder.join(CONFIG);
    let mut out = String::new();
    let mut commands = 0;
    let mut blocks = page.split("```");
    out.push_str(blocks.next().unwrap_or_default());
    while let (Some(block), after) = (blocks.next(), blocks.next().unwrap_or_default()) {
        let mut block = block.to_owned();
        if let Some(text) = block.strip_prefix("toml\n") {
            fs::write(&config, text).unwrap();
        } else if let Some(text) = block.strip_prefix("console\n$ ticket ") {
            commands += 1;
            let line = text.lines().next().unwrap();
            let words = line.split(' ').map(|word| match word {
                CONFIG => config.to_str().unwrap(),
                word => word,
            });
            let mut command = ticket(&words.collect::<Vec<_>>());
            command.current_dir(root()).env("NO_COLOR", "1");
            let seen = steady(&seen(&mut command, COLUMNS, None));
            block = format!("console\n$ ticket {line}\n{seen}");
        }
        write!(out, "```{block}```{after}").unwrap();
    }
    (out, commands)
}

/// What differs from run to run in the lines of the log, made the same: the moment, the milliseconds, the request's id.
fn steady(seen: &str) -> String {
    let (time, id) = ("2026-02-10T00:00:00.000Z", "0".repeat(32));
    let is_moment = |word: &str| word.len() == time.len() && word.parse::<Timestamp>().is_ok();
    let is_of_value = |it: char| it.is_ascii_alphanumeric();
    let lines = seen.split_inclusive('\n').map(|line| {
        let Some(word) = line.split([' ', '"']).find(|word| is_moment(word)) else {
            return line.to_owned();
        };
        if !(line.starts_with(word) || line.starts_with("{\"time\":")) {
            return line.to_owned();
        }
        let mut out = line.replace(word, time);
        for (mark, value) in [
            ("waited_ms=", "0"),
            ("waited_ms\":", "0"),
            ("duration_ms=", "2"),
            ("duration_ms\":", "2"),
            ("request_id=", &id),
            ("request_id\":\"", &id),
        ] {
            let mut parts = out.split(mark);
            let mut changed = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                write!(changed, "{mark}{value}{}", part.trim_start_matches(is_of_value)).unwrap();
            }
            out = changed;
        }
        out
    });
    lines.collect()
}

#[test]
fn what_the_pages_show_is_what_a_terminal_shows() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["mapping", "explain", "drift", "commands"] {
        let file = root().join(format!("docs/{name}.md"));
        let page = fs::read_to_string(&file).unwrap();
        let (expected, commands) = written(&page, folder.path());
        assert!(commands > 1, "docs/{name}.md shows nothing");
        if std::env::var_os("WRITE_PAGES").is_some() {
            fs::write(&file, &expected).unwrap();
        } else {
            assert_eq!(page, expected, "WRITE_PAGES=1 cargo test -p ticket-cli pages");
        }
    }
}

#[test]
fn the_page_of_the_settings_has_every_word_of_ours() {
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

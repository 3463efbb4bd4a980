//! The pages and tables of `docs/` that are generated from the code and the fixtures.
//!
//! The test fails if one is out of date; `cargo xtask docs` sets `UPDATE_DOCS` and so writes them.

#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "the pages are small, and `write!` would need an `expect` for what cannot fail"
)]

mod capabilities;
mod errors;
mod mapping;
mod picture;
mod reliability;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use rt_provider::Rt;
use ticket_core::mapping::MappingDescription;

/// Every provider, in the order of the columns.
const PROVIDERS: &[&dyn MappingDescription] = &[&EngageLab, &Feishu, &Rt];

#[test]
fn generated_pages_are_up_to_date() -> Result<()> {
    let pages = [
        (mapping::PAGE, mapping::write(PROVIDERS)?),
        (capabilities::PAGE, capabilities::write(PROVIDERS)?),
        (errors::PAGE, errors::write(PROVIDERS)?),
        (reliability::PAGE, reliability::write()?),
        (picture::PAGE, picture::draw()?),
    ];
    let mut stale = Vec::new();
    for (path, text) in pages {
        let found = fs::read_to_string(file(path)).unwrap_or_default();
        let Some(difference) = difference(&found, &text) else { continue };
        if env::var_os("UPDATE_DOCS").is_some() {
            fs::write(file(path), text).with_context(|| format!("cannot write {path}"))?;
        } else {
            stale.push(format!("{path} is out of date: {difference}"));
        }
    }
    if !stale.is_empty() {
        bail!("{}\nrun `cargo xtask docs` to update", stale.join("\n"));
    }
    Ok(())
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Reads a file of the repository.
fn read(path: &str) -> Result<String> {
    fs::read_to_string(file(path)).with_context(|| format!("cannot read {path}"))
}

/// Replaces the text between `<!-- NAME: … -->` and `<!-- end of NAME -->`.
fn between_marks(page: &str, name: &str, text: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- {name}: "), format!("<!-- end of {name} -->"));
    let missing = || format!("the page lacks the lines `{begin}… -->` and `{end}`");
    let (before, rest) = page.split_once(&begin).with_context(missing)?;
    let (mark, rest) = rest.split_once('\n').with_context(missing)?;
    let (_, after) = rest.split_once(&end).with_context(missing)?;
    Ok(format!("{before}{begin}{mark}\n\n{}\n\n{end}{after}", text.trim()))
}

/// Describes the first line in which two texts differ.
fn difference(found: &str, expected: &str) -> Option<String> {
    let mut lines = found.lines().zip(expected.lines()).enumerate();
    let first = lines.find(|(_, (found, expected))| found != expected);
    match first {
        _ if found == expected => None,
        Some((index, (found, expected))) => {
            Some(format!("line {} is `{found}`, expected `{expected}`", index + 1))
        }
        None => Some("one has more lines than the other".to_owned()),
    }
}

/// Returns a row of a Markdown table.
fn row(cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let cells = cells.into_iter().map(|cell| cell.as_ref().replace('|', "\\|"));
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::{between_marks, difference};

    #[test]
    fn describes_the_first_different_line() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        let difference = |found, expected| difference(found, expected).unwrap();
        assert_eq!(difference("a\nb\n", "a\nc\n"), "line 2 is `b`, expected `c`");
        assert_eq!(difference("a\n", "a\nc\n"), "one has more lines than the other");
    }

    #[test]
    fn replaces_only_the_text_between_the_marks() {
        let page = "# Page\n<!-- table: by a task -->\nold\n<!-- end of table -->\nprose\n";
        let written = between_marks(page, "table", "new").unwrap();
        let expected = "# Page\n<!-- table: by a task -->\n\nnew\n\n<!-- end of table -->\nprose\n";
        assert_eq!(written, expected);
        assert_eq!(between_marks(&written, "table", "new").unwrap(), written);
        assert!(between_marks(page, "chart", "new").is_err());
    }
}

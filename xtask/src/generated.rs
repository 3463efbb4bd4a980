//! Pages that are written from the code: written, or compared with what stands there.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::cargo;

/// Why writing into a text cannot fail.
pub(crate) const TAKES: &str = "a String takes everything";

/// The text of a file of the repository.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn read(path: &str) -> Result<String> {
    fs::read_to_string(cargo::root().join(path)).with_context(|| format!("{path} cannot be read"))
}

/// Writes a page of the repository; with `is_check` only says whether it is as it should be.
///
/// # Errors
/// Where the page is stale, or cannot be written.
pub(crate) fn page(path: &str, text: &str, is_check: bool, command: &str) -> Result<()> {
    let file = cargo::root().join(path);
    let found = fs::read_to_string(&file).unwrap_or_default();
    if let Some(difference) = difference(&found, text) {
        if is_check {
            bail!("{path} is stale: {difference}; `{command}` writes it");
        }
        let folder = file.parent().context("a page lies in a folder")?;
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        fs::write(&file, text).with_context(|| format!("{path} cannot be written"))?;
        println!("{path} is written");
    } else {
        println!("{path} is as it should be");
    }
    Ok(())
}

/// The page with the text between two of its lines replaced: `<!-- NAME: … -->` and `<!-- end of NAME -->`.
///
/// # Errors
/// Where the page has no such lines.
pub(crate) fn between_marks(page: &str, name: &str, text: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- {name}: "), format!("<!-- end of {name} -->"));
    let missing = || format!("the page has no lines `{begin}… -->` and `{end}`");
    let (before, rest) = page.split_once(&begin).with_context(missing)?;
    let (mark, rest) = rest.split_once('\n').with_context(missing)?;
    let (_, after) = rest.split_once(&end).with_context(missing)?;
    Ok(format!("{before}{begin}{mark}\n\n{}\n\n{end}{after}", text.trim()))
}

/// The first line in which two texts differ.
fn difference(found: &str, expected: &str) -> Option<String> {
    if found == expected {
        return None;
    }
    let same = found
        .lines()
        .zip(expected.lines())
        .take_while(|(found, expected)| found == expected)
        .count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("the end").to_owned();
    Some(format!("line {} is `{}` and should be `{}`", same + 1, line(found), line(expected)))
}

#[cfg(test)]
mod tests {
    use super::{between_marks, difference};

    #[test]
    fn a_stale_page_is_noticed_at_its_first_line() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        for (found, expected, line) in [
            ("a\nb\n", "a\nc\n", "line 2 is `b` and should be `c`"),
            ("", "a\n", "line 1 is `the end` and should be `a`"),
            ("a\nb\n", "a\n", "line 2 is `b` and should be `the end`"),
            ("a", "a\n", "line 2 is `the end` and should be `the end`"),
        ] {
            assert_eq!(difference(found, expected).as_deref(), Some(line));
        }
    }

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = "# Page\n<!-- table: by a task -->\nold\n<!-- end of table -->\nprose\n";
        let written = between_marks(page, "table", "new").unwrap();
        assert_eq!(
            written,
            "# Page\n<!-- table: by a task -->\n\nnew\n\n<!-- end of table -->\nprose\n"
        );
        assert_eq!(between_marks(&written, "table", "new").unwrap(), written);
        assert!(between_marks(page, "chart", "new").is_err());
    }
}

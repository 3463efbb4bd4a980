//! The table of error kinds, read from the code that decides: the meaning, the exit code of `ticket`, whether to retry.

use anyhow::{Context, Result};
use ticket_core::ErrorKind;

use crate::{read, row};

/// The file whose comments describe the kinds.
const MEANINGS: &str = "crates/ticket-core/src/error/kind.rs";
/// The file with the exit codes. It belongs to a binary, so it is read as text.
const EXIT_CODES: &str = "crates/ticket-cli/src/outcome.rs";

/// Returns a row for each kind.
pub(super) fn table() -> Result<String> {
    let (meanings, exit_codes) = (read(MEANINGS)?, read(EXIT_CODES)?);
    let mut table = row(["kind", "means", "exit code", "retryable?"]) + &row(["---"; 4]);
    for kind in ErrorKind::ALL {
        let variant = format!("{kind:?}");
        let meaning = meaning(&meanings, &variant)
            .with_context(|| format!("{MEANINGS}: {variant} has no comment"))?;
        let exit_code = exit_code(&exit_codes, &variant)
            .with_context(|| format!("{EXIT_CODES}: no exit code for {variant}"))?;
        let later = if kind.is_retryable() { "yes" } else { "no" };
        table.push_str(&row([&format!("`{kind}`"), &*meaning, &exit_code.to_string(), later]));
    }
    Ok(table)
}

/// Returns the comment on a variant of the enum.
fn meaning(source: &str, variant: &str) -> Option<String> {
    let (_, body) = source.split_once("pub enum ErrorKind {")?;
    let (body, _) = body.split_once("\n}")?;
    let (before, _) = body.split_once(&format!("\n    {variant},"))?;
    let mut comment: Vec<_> =
        before.lines().rev().map_while(|line| line.trim().strip_prefix("/// ")).collect();
    comment.reverse();
    let sentence = comment.join(" ");
    Some(sentence.trim_end_matches('.').to_owned()).filter(|sentence| !sentence.is_empty())
}

/// Returns the exit code of a variant, from its arm of the match or from `_`.
fn exit_code(source: &str, variant: &str) -> Option<u8> {
    let (_, body) = source.split_once("fn exit_code(kind: ErrorKind) -> u8 {")?;
    let (body, _) = body.split_once("\n}")?;
    let arms = body.split("=>").collect::<Vec<_>>();
    let arm = arms.windows(2).find(|pair| {
        let pattern = pair[0].rsplit(',').next().unwrap_or_default();
        let words =
            pattern.split(|next: char| !next.is_alphanumeric() && next != '_' && next != ':');
        words.map(str::trim).any(|word| word == format!("ErrorKind::{variant}"))
    });
    let arm = arm.or_else(|| arms.windows(2).find(|pair| pair[0].trim_end().ends_with(" _")))?;
    let value = arm[1].split(',').next()?.trim();
    value.parse().ok().or_else(|| {
        let (_, rest) = source.split_once(&format!("const {value}: u8 = "))?;
        rest.split(';').next()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{exit_code, meaning};

    #[test]
    fn reads_the_comment_of_a_variant() {
        let source = "pub enum ErrorKind {\n    /// No such ticket.\n    NotFound,\n    /// Too late:\n    /// wait.\n    Timeout,\n    Silent,\n}\n";
        assert_eq!(meaning(source, "NotFound").as_deref(), Some("No such ticket"));
        assert_eq!(meaning(source, "Timeout").as_deref(), Some("Too late: wait"));
        assert_eq!(meaning(source, "Silent"), None);
    }

    #[test]
    fn reads_the_exit_code_of_a_variant() {
        let source = "const REST: u8 = 1;\nfn exit_code(kind: ErrorKind) -> u8 {\n    match kind {\n        \
            ErrorKind::NotFound | ErrorKind::Gone => 3,\n        ErrorKind::Timeout\n        | ErrorKind::Late => 5,\n        \
            _ => REST,\n    }\n}\n";
        for (variant, code) in [("NotFound", 3), ("Gone", 3), ("Late", 5), ("Found", 1)] {
            assert_eq!(exit_code(source, variant), Some(code), "{variant}");
        }
        assert_eq!(exit_code("fn other() {}", "NotFound"), None);
    }
}

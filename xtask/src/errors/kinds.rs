//! The table of kinds, from the places in the code that decide: what a kind means, whether trying again makes sense,
//! and how `ticket` exits.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use ticket_core::ErrorKind;

use crate::generated::TAKES;

/// Where each kind is said to mean something.
pub(super) const MEANINGS: &str = "crates/ticket-core/src/error/kind.rs";
/// Where each kind gets its exit code. It is a part of a binary, so that it has to be read as text.
pub(super) const EXIT_CODES: &str = "crates/ticket-cli/src/outcome.rs";

/// A row for each kind.
///
/// # Errors
/// Where one of the two files does not say what is looked for in it.
pub(super) fn table(meanings: &str, exit_codes: &str) -> Result<String> {
    let mut table = String::from("| kind | means | exit code | later? |\n|---|---|---|---|\n");
    for kind in ErrorKind::ALL {
        let variant = format!("{kind:?}");
        let meaning = meaning(meanings, &variant)
            .with_context(|| format!("{MEANINGS} does not say what {variant} means"))?;
        let exit = exit_code(exit_codes, &variant)
            .with_context(|| format!("{EXIT_CODES} does not say how {variant} ends"))?;
        let later = if kind.is_retryable() { "yes" } else { "no" };
        writeln!(table, "| `{kind}` | {meaning} | {exit} | {later} |").expect(TAKES);
    }
    Ok(table)
}

/// The comment on a variant of the enum.
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

/// The exit code of a variant: of its own arm, or of the last one, which stands for all others.
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
    use super::{exit_code, meaning, table};

    const ENUM: &str = "pub enum ErrorKind {\n    /// There is none.\n    NotFound,\n    /// It is late:\n    /// wait.\n    Timeout,\n    Silent,\n}\n";
    const MATCH: &str = "const REST: u8 = 1;\nfn exit_code(kind: ErrorKind) -> u8 {\n    match kind {\n        \
        ErrorKind::NotFound | ErrorKind::Gone => 3,\n        ErrorKind::Timeout\n        | ErrorKind::Late => 5,\n        \
        // Whatever comes.\n        _ => REST,\n    }\n}\n";

    #[test]
    fn a_kind_means_what_its_comment_says() {
        assert_eq!(meaning(ENUM, "NotFound").as_deref(), Some("There is none"));
        assert_eq!(meaning(ENUM, "Timeout").as_deref(), Some("It is late: wait"));
        assert_eq!(meaning(ENUM, "Silent"), None);
        assert_eq!(meaning(ENUM, "Gone"), None);
    }

    #[test]
    fn a_kind_ends_as_its_arm_says_or_as_all_others() {
        for (variant, code) in [
            ("NotFound", 3),
            ("Gone", 3),
            ("Timeout", 5),
            ("Late", 5),
            ("Found", 1),
            ("Rejected", 1),
        ] {
            assert_eq!(exit_code(MATCH, variant), Some(code), "{variant}");
        }
        assert_eq!(exit_code("fn other() {}", "NotFound"), None);
    }

    #[test]
    fn what_cannot_be_found_is_an_error_and_no_gap() {
        assert!(table(ENUM, MATCH).unwrap_err().to_string().contains("does not say what"));
    }
}

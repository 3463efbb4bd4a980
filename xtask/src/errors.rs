//! `docs/errors.md`: the kinds of errors, and which response of which provider becomes which kind.
//!
//! The prose is written by hand; the tables stand between marks and are written here.

mod kinds;
mod refusals;

use anyhow::Result;

use crate::generated::{self, read};
use crate::providers::PROVIDERS;

const PAGE: &str = "docs/errors.md";

/// Writes the tables, or says whether they are stale.
pub(crate) fn run(is_check: bool) -> Result<()> {
    let kinds = kinds::table(&read(kinds::MEANINGS)?, &read(kinds::EXIT_CODES)?)?;
    let page = generated::between_marks(&read(PAGE)?, "kinds", &kinds)?;
    let page = generated::between_marks(&page, "refusals", &refusals::tables(PROVIDERS))?;
    generated::page(PAGE, &page, is_check, "cargo xtask errors")
}

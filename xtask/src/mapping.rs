//! `docs/mapping.md`: where each field of the ticket comes from, for all providers side by side.

mod coverage;
mod fields;
mod notes;
mod page;
mod rows;

use anyhow::Result;

use crate::generated;
use crate::providers::PROVIDERS;

/// Writes the page, or says whether it is stale.
pub(crate) fn run(is_check: bool) -> Result<()> {
    let page = page::write(PROVIDERS)?;
    generated::page("docs/mapping.md", &page, is_check, "cargo xtask mapping")
}

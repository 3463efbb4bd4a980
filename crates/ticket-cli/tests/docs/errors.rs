//! The tables of `docs/errors.md`: the kinds of errors, and which response of which provider becomes which kind.

mod kinds;
mod responses;

use anyhow::Result;
use ticket_core::mapping::MappingDescription;

use super::{between_marks, read};

pub(super) const PAGE: &str = "docs/errors.md";

/// Returns the page with its tables.
pub(super) fn write(providers: &[&dyn MappingDescription]) -> Result<String> {
    let page = between_marks(&read(PAGE)?, "kinds", &kinds::table()?)?;
    between_marks(&page, "refusals", &responses::tables(providers))
}

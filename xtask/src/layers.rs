//! Who may depend on whom, and what must not be below a crate.

mod arrows;
mod trees;

use anyhow::Result;

use crate::fault;
use crate::workspace;

/// Looks at the arrows between the crates, and at what each of them brings along.
pub(crate) fn run() -> Result<()> {
    let members = workspace::members()?;
    let mut faults = arrows::faults(&members);
    for bans in trees::of(&members) {
        faults.extend(bans.faults(&bans.tree()?));
    }
    fault::judge(&faults)
}

//! Who may depend on whom, and what must not be below a crate.

mod arrows;
mod trees;

use anyhow::Result;

use crate::fault;
use crate::workspace;

/// Looks at the arrows between the crates, and at what each of them brings along.
pub(crate) fn run() -> Result<()> {
    let packages = workspace::packages()?;
    let mut faults = arrows::faults(&packages);
    for bans in trees::of(&packages) {
        faults.extend(bans.faults(&bans.tree()?));
    }
    fault::judge(&faults)
}

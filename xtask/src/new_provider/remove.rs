//! `cargo xtask remove-provider NAME`: takes a provider out, without a trace.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::{lock, pages, read, shared, spelling, write};
use crate::cargo;
use crate::tree::Tree;

/// Takes it out of the workspace, and writes the pages anew.
///
/// # Errors
/// Where there is no such provider, or another crate needs it.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let [name] = words else { bail!("it takes one name: cargo xtask remove-provider NAME") };
    let manifests = Tree::read(cargo::root())?;
    let manifests = manifests.ending_in("toml").map(|(path, text)| (path, text.to_owned()));
    remove(cargo::root(), name, manifests)?;
    lock()?;
    pages()?;
    println!("\n{name} is gone; `git status` shows what was committed of it");
    Ok(())
}

/// Takes it out of the workspace at this root.
pub(super) fn remove<'f>(
    root: &Path,
    name: &str,
    manifests: impl IntoIterator<Item = (&'f str, String)>,
) -> Result<()> {
    spelling::check_provider(name)?;
    let own = shared::own(name).map(|path| root.join(path));
    ensure!(own.iter().any(|path| path.exists()), "there is no provider `{name}`");
    let others = shared::others(name, manifests);
    ensure!(
        others.is_empty(),
        "{} also {} {name}-provider; take it out there first",
        others.join(" and "),
        if others.len() == 1 { "needs" } else { "need" }
    );
    let files = shared::without(name, |path| read(root, path))?;
    write(root, &files)?;
    for path in own {
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else if path.exists() {
            fs::remove_file(&path)
        } else {
            continue;
        };
        removed.with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    Ok(())
}

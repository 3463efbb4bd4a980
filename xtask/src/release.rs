//! What has to be true before a release, and what its maintainer does then. Nothing is published from here.

mod changelog;
mod manifests;
mod packed;

use anyhow::{Result, ensure};

use crate::fault::{self, Fault};
use crate::workspace::{self, Package};
use crate::{api, cargo, compile, generated, msrv};

/// Says how a release is made; with `--dry-run` looks whether one can be.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let packages = workspace::published()?;
    ensure!(!packages.is_empty(), "no package is published");
    if options.contains(&"--dry-run") {
        try_out(&packages)?;
        println!("\neverything is ready; `cargo xtask release` says how to go on");
    } else {
        print!("{}", plan(&packages));
    }
    Ok(())
}

/// Looks at everything, the quick things first; stops behind the first kind of faults.
fn try_out(packages: &[Package]) -> Result<()> {
    heading("manifests and changelog");
    let changelog = generated::read(changelog::PAGE)?;
    let mut faults = manifests::faults(packages);
    faults.extend(changelog::faults(&changelog, &packages[0].version));
    faults.extend(uncommitted()?);
    fault::judge(&faults)?;

    heading("the oldest Rust");
    msrv::run()?;
    heading("the public API");
    fault::judge(&api::faults(true)?)?;
    heading("the documentation");
    compile::document()?;
    heading("the packages");
    packed::run(packages)
}

fn heading(text: &str) {
    println!("\n== {text}");
}

/// A notice where git knows of changes: what would be published is what is committed.
fn uncommitted() -> Result<Option<Fault>> {
    let output = cargo::at_root("git").args(["status", "--porcelain"]).output()?;
    let count = String::from_utf8_lossy(&output.stdout).lines().count();
    let what = format!("{count} files are not as they were committed; publishing would refuse");
    Ok((count > 0).then(|| Fault::notice("git", what)))
}

/// What a maintainer does, in this order.
fn plan(packages: &[Package]) -> String {
    let version = &packages[0].version;
    let names: Vec<_> = packages.iter().map(|package| &*package.name).collect();
    format!(
        "Nothing is published from here. For {version} a maintainer runs:\n\n  \
         cargo xtask check\n  \
         cargo xtask release --dry-run\n  \
         git tag --annotate v{version} --message v{version}\n  \
         cargo publish --workspace --locked\n  \
         git push --follow-tags\n\n\
         The packages are published in this order. Where it stops, `cargo publish --locked --package NAME` goes on, one by one:\n\n  \
         {}\n\n\
         docs/releasing.md says what comes before.\n",
        names.join("\n  ")
    )
}

#[cfg(test)]
mod tests {
    use super::plan;
    use crate::workspace;

    #[test]
    fn the_plan_names_every_package_behind_those_that_it_needs() {
        let packages = workspace::published().unwrap();
        let plan = plan(&packages);
        let place = |name: &str| plan.find(&format!("\n  {name}\n")).expect("it is named");
        for package in &packages {
            for needed in package.siblings() {
                assert!(place(&needed.name) < place(&package.name), "{}", package.name);
            }
        }
        assert!(plan.contains("cargo publish --workspace --locked\n"));
    }
}

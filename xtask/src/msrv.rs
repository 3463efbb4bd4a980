//! Does anything below the workspace need a newer Rust than its `rust-version`? What our own code needs is for clippy to say.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo;
use crate::fault::{self, Fault};
use crate::generated;

/// A package of the whole graph: every platform, every feature, tests too.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    rust_version: Option<String>,
    source: Option<String>,
}

/// Compares what all packages say of themselves, and what the README says, with what the workspace promises.
pub(crate) fn run() -> Result<()> {
    let metadata =
        cargo::output(&["metadata", "--locked", "--all-features", "--format-version", "1"])
            .context("where only Cargo.lock is stale, `cargo tree` alone mends it")?;
    let readme = generated::read("README.md")?;
    fault::judge(&faults(&metadata, &readme)?)
}

fn faults(metadata: &str, readme: &str) -> Result<Vec<Fault>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let Metadata { packages } =
        serde_json::from_str(metadata).context("`cargo metadata` printed something else")?;
    let (ours, theirs): (Vec<_>, Vec<_>) =
        packages.iter().partition(|package| package.source.is_none());
    let promised = ours
        .iter()
        .find_map(|package| package.rust_version.as_deref())
        .context("the workspace does not say which Rust it needs")?;
    let limit = release(promised)?;

    let mut faults = Vec::new();
    let mut silent = 0;
    for Package { name, version, rust_version, .. } in &theirs {
        match rust_version {
            Some(needed) if release(needed)? > limit => faults.push(Fault::new(
                format!("{name} {version}"),
                format!("it needs Rust {needed}, and the workspace promises {promised}"),
                format!(
                    "an older one (`cargo update {name} --precise …`), or a newer rust-version in Cargo.toml and README.md"
                ),
            )),
            Some(_) => {}
            None => silent += 1,
        }
    }
    if !readme.contains(&format!("Rust {promised} ")) {
        faults.push(Fault::new(
            "README.md",
            format!("it does not say that Rust {promised} is needed"),
            "the rust-version of Cargo.toml, in the words of the README",
        ));
    }
    let said = theirs.len() - silent;
    let what = format!(
        "{said} of {} packages say that Rust {promised} or an older one will do, {silent} do not say",
        theirs.len()
    );
    if faults.is_empty() {
        faults.push(Fault::notice("Cargo.lock", what));
    }
    Ok(faults)
}

/// A version of Rust as numbers, so that 1.9 is older than 1.10.
fn release(version: &str) -> Result<Vec<u32>> {
    let numbers = version.split('.').take(3).map(str::parse);
    let mut numbers: Vec<u32> = numbers
        .collect::<Result<_, _>>()
        .with_context(|| format!("`{version}` is no version of Rust"))?;
    numbers.resize(3, 0);
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn found(rust_version: &str, readme: &str) -> Vec<(bool, String)> {
        let metadata = format!(
            r#"{{"packages": [
                {{"name": "ours", "version": "0.1.0", "rust_version": "1.91", "source": null}},
                {{"name": "old", "version": "0.2.0", "rust_version": null, "source": "registry"}},
                {{"name": "theirs", "version": "1.0.0", "rust_version": "{rust_version}", "source": "registry"}}
            ]}}"#
        );
        let faults = faults(&metadata, readme).unwrap();
        let told = faults
            .into_iter()
            .map(|fault| (fault.is_notice, format!("{}: {}", fault.place, fault.what)));
        told.collect()
    }

    #[test]
    fn an_older_rust_will_do_and_whoever_is_silent_is_counted() {
        let notice =
            "Cargo.lock: 1 of 2 packages say that Rust 1.91 or an older one will do, 1 do not say";
        for rust_version in ["1.9", "1.91", "1.91.0", "1.56.1"] {
            let found = found(rust_version, "Needs Rust 1.91 or newer.");
            assert_eq!(found, [(true, notice.to_owned())], "{rust_version}");
        }
    }

    #[test]
    fn a_package_that_needs_a_newer_rust_is_a_fault() {
        for rust_version in ["1.92", "1.91.1", "1.100", "2.0"] {
            let found = found(rust_version, "Needs Rust 1.91 or newer.");
            let what = format!(
                "theirs 1.0.0: it needs Rust {rust_version}, and the workspace promises 1.91"
            );
            assert_eq!(found, [(false, what)], "{rust_version}");
        }
    }

    #[test]
    fn a_readme_that_promises_something_else_is_a_fault() {
        for readme in ["Needs Rust 1.90 or newer.", "Needs Rust 1.912 or newer.", ""] {
            let what = "README.md: it does not say that Rust 1.91 is needed".to_owned();
            assert_eq!(found("1.56", readme), [(false, what)], "{readme}");
        }
    }
}

//! What must not be below a crate: whoever takes only the nouns gets no HTTP client, no TLS and no runtime.

use anyhow::Result;

use crate::cargo;
use crate::fault::Fault;
use crate::workspace::Package;

/// Clients of HTTP, and what they are made of.
const HTTP: &[&str] =
    &["reqwest", "hyper*", "h2", "ureq", "curl*", "isahc", "attohttpc", "tower*", "http-body*"];
/// TLS, in the makes that may be below anything at all; `.deny.toml` says which may not.
const TLS: &[&str] = &["rustls*", "schannel", "security-framework*", "aws-lc*", "ring"];
/// Runtimes that wait.
const RUNTIME: &[&str] = &["tokio*", "async-std", "smol", "mio"];
/// Code that can wait.
const ASYNC: &[&str] = &["async-trait", "futures*", "async-*"];
/// Requests as values; harmless, but no noun.
const REQUESTS: &[&str] = &["http", "url", "bytes"];
/// Everything.
const ALL: &[&str] = &["*"];

/// The crates that must not be below a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bans {
    /// The crate.
    name: String,
    /// How it is built.
    features: &'static str,
    /// The names that must not occur; a star at the end means any that begins so.
    banned: Vec<&'static [&'static str]>,
}

/// What is banned, for every crate of which something is.
pub(super) fn of(packages: &[Package]) -> Vec<Bans> {
    let bans = |name: &str| {
        let (features, banned) = match name {
            "ticket-fixtures" => ("--all-features", vec![ALL]),
            "ticket-model" => ("--all-features", vec![HTTP, TLS, RUNTIME, ASYNC, REQUESTS]),
            "ticket-core" => ("--no-default-features", vec![HTTP, TLS, RUNTIME]),
            name if name.ends_with("-provider") => {
                ("--no-default-features", vec![HTTP, TLS, RUNTIME])
            }
            // Whoever writes a provider runs the suite, also one that only reads saved responses.
            "ticket-testkit" => ("--no-default-features", vec![HTTP, TLS, RUNTIME]),
            _ => return None,
        };
        Some(Bans { name: name.to_owned(), features, banned })
    };
    packages.iter().filter_map(|package| bans(&package.name)).collect()
}

impl Bans {
    /// The names of all crates below this one, on this system.
    pub(super) fn tree(&self) -> Result<String> {
        let arguments = ["tree", "--package", &self.name, self.features];
        let form = ["--edges", "normal", "--prefix", "none", "--format", "{p}"];
        cargo::output(&[&arguments[..], &form].concat())
    }

    /// The crates of a tree that should not be in it.
    pub(super) fn faults(&self, tree: &str) -> Vec<Fault> {
        let mut found: Vec<String> = tree
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| {
                *name != self.name && self.banned.concat().iter().any(|ban| is(ban, name))
            })
            .map(str::to_owned)
            .collect();
        found.sort();
        found.dedup();
        let fault = |name: String| {
            Fault::new(
                format!("{} {}", self.name, self.features),
                format!("{name} is below it"),
                format!(
                    "cargo tree --package {} {} --edges normal --invert {name} shows the way; make it \
                     optional, behind a feature",
                    self.name, self.features
                ),
            )
        };
        found.into_iter().map(fault).collect()
    }
}

fn is(ban: &str, name: &str) -> bool {
    match ban.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == ban,
    }
}

#[cfg(test)]
mod tests {
    use super::{Bans, of};
    use crate::workspace::Package;

    fn bans(name: &str) -> Bans {
        let package = Package { name: name.to_owned(), ..Package::default() };
        of(&[package]).pop().expect("something is banned below it")
    }

    fn found(name: &str, tree: &str) -> Vec<String> {
        bans(name).faults(tree).into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn what_must_not_be_below_a_crate_is_noticed() {
        for (name, below) in [
            ("ticket-core", "reqwest"),
            ("ticket-core", "hyper-util"),
            ("ticket-core", "rustls"),
            ("ticket-core", "tokio"),
            ("ticket-core", "tokio-rustls"),
            ("ticket-model", "reqwest"),
            ("ticket-model", "tokio"),
            ("ticket-model", "async-trait"),
            ("ticket-model", "futures-util"),
            ("ticket-model", "http"),
            ("feishu-provider", "reqwest"),
            ("another-provider", "tokio"),
            ("ticket-testkit", "hyper"),
            ("ticket-fixtures", "serde"),
        ] {
            let tree = format!("{name} v0.1.0\nitoa v1.0.0\n{below} v1.0.0\n{below} v1.0.0 (*)\n");
            let expected = format!("{below} is below it");
            let found = found(name, &tree);
            assert!(found.contains(&expected), "{name} {below} {found:?}");
        }
    }

    #[test]
    fn what_may_be_below_a_crate_is_no_fault() {
        let none = [""; 0];
        assert_eq!(
            found("ticket-core", "ticket-core\nhttp\nurl\nasync-trait\nfutures-util\nbytes\n"),
            none
        );
        assert_eq!(found("ticket-model", "ticket-model\nserde\njiff\nindexmap\n"), none);
        assert_eq!(found("ticket-fixtures", "ticket-fixtures v0.1.0 (crates)\n"), none);
    }

    #[test]
    fn what_nobody_else_brings_is_really_read_from_cargo() {
        let tree = bans("ticket-model").tree().unwrap();
        assert!(tree.lines().any(|line| line.starts_with("serde")), "{tree}");
    }
}

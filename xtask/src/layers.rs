//! Which crate may depend on which, and which third-party crates must not be below one of ours.

use anyhow::Result;

use crate::cargo;
use crate::violation::{self, Violation};
use crate::workspace::{self, Package};

/// What a crate of this workspace may depend on. `*` at the start of a name matches any beginning.
struct Layer {
    name: &'static str,
    /// For its build.
    normal: &'static [&'static str],
    /// In its tests and benches, in addition.
    dev: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer { name: "ticket-fixtures", normal: &[], dev: &[] },
    Layer { name: "ticket-model", normal: &[], dev: &[] },
    Layer { name: "ticket-core", normal: &["ticket-model"], dev: &[] },
    Layer {
        name: "*-provider",
        normal: &["ticket-core", "ticket-model"],
        dev: &["scripted-server", "ticket-fixtures", "ticket-sandbox", "ticket-testkit"],
    },
    Layer { name: "scripted-server", normal: &[], dev: &[] },
    // Written from the documentation of the services, so that it does not repeat a mistake of their clients.
    Layer { name: "ticket-sandbox", normal: &["scripted-server", "ticket-fixtures"], dev: &[] },
    // Authors of providers use it without our fake services.
    Layer {
        name: "ticket-testkit",
        normal: &["scripted-server", "ticket-core", "ticket-model"],
        dev: &[],
    },
    Layer {
        name: "ticket-mirror",
        normal: &["ticket-core"],
        dev: &["feishu-provider", "ticket-fixtures", "ticket-sandbox", "ticket-testkit"],
    },
    Layer { name: "ticket-render", normal: &["ticket-core", "ticket-model"], dev: &[] },
    Layer {
        name: "ticket-export",
        normal: &["ticket-core", "ticket-mirror", "ticket-model", "ticket-render"],
        dev: &["feishu-provider", "ticket-fixtures", "ticket-sandbox", "ticket-testkit"],
    },
    // Speaks to language models about any helpdesk; the binary passes it the sources.
    Layer {
        name: "ticket-mcp",
        normal: &["ticket-core", "ticket-mirror", "ticket-render"],
        dev: &["feishu-provider", "ticket-testkit"],
    },
    Layer {
        name: "ticket-cli",
        normal: &[
            "*-provider",
            "ticket-core",
            "ticket-export",
            "ticket-mcp",
            "ticket-mirror",
            "ticket-model",
            "ticket-render",
            "ticket-sandbox",
        ],
        dev: &["scripted-server", "ticket-fixtures", "ticket-testkit"],
    },
    Layer {
        name: "ticket-fuzz",
        normal: &["*-provider", "ticket-core", "ticket-render", "ticket-testkit"],
        dev: &["ticket-model", "ticket-sandbox"],
    },
    Layer { name: "xtask", normal: &["ticket-core"], dev: &[] },
];

/// Crates that must not be below one of ours. `*` at the end of a name matches any ending.
struct Ban {
    name: &'static str,
    features: &'static str,
    banned: &'static [&'static str],
}

/// HTTP clients, TLS and runtimes.
const CLIENTS: &[&str] =
    &["reqwest", "hyper*", "h2", "ureq", "tower*", "rustls*", "ring", "aws-lc*", "tokio*", "mio"];
/// What a crate of plain data does not need either.
const NOT_DATA: &[&str] = &["async-*", "futures*", "http", "url", "bytes"];

/// What a server on standard input and output does not need.
const NOT_STDIO: &[&str] =
    &["reqwest", "hyper*", "h2", "ureq", "tower*", "rustls*", "ring", "aws-lc*", "parquet", "zip"];

const BANS: &[Ban] = &[
    Ban { name: "ticket-mcp", features: "--all-features", banned: NOT_STDIO },
    Ban { name: "ticket-mirror", features: "--all-features", banned: CLIENTS },
    Ban { name: "ticket-render", features: "--all-features", banned: CLIENTS },
    Ban { name: "ticket-export", features: "--all-features", banned: CLIENTS },
    Ban { name: "ticket-fixtures", features: "--all-features", banned: &["*"] },
    Ban { name: "ticket-model", features: "--all-features", banned: CLIENTS },
    Ban { name: "ticket-model", features: "--all-features", banned: NOT_DATA },
    Ban { name: "ticket-core", features: "--no-default-features", banned: CLIENTS },
    Ban { name: "*-provider", features: "--no-default-features", banned: CLIENTS },
    Ban { name: "ticket-testkit", features: "--no-default-features", banned: CLIENTS },
];

/// Checks the dependencies of every crate.
///
/// # Errors
/// Fails if a rule is broken, or if cargo cannot read the workspace.
pub(crate) fn run() -> Result<()> {
    let packages = workspace::packages()?;
    let mut violations: Vec<_> = packages.iter().flat_map(between_ours).collect();
    for package in &packages {
        for ban in BANS.iter().filter(|ban| matches(ban.name, &package.name)) {
            let arguments = ["tree", "--package", &package.name, ban.features];
            let format = ["--edges", "normal", "--prefix", "none", "--format", "{p}"];
            let tree = cargo::output(&[&arguments[..], &format].concat())?;
            violations.extend(banned(&package.name, ban, &tree));
        }
    }
    violation::report(&violations)
}

/// Finds dependencies between crates of this workspace that no layer allows.
fn between_ours(package: &Package) -> Vec<Violation> {
    let name = &package.name;
    let Some(layer) = LAYERS.iter().find(|layer| matches(layer.name, name)) else {
        let fix = "add it to LAYERS in xtask/src/layers.rs and to docs/architecture.md";
        return vec![Violation::new(name, "this crate is in no layer", fix)];
    };
    let allows = |list: &[&str], name: &str| list.iter().any(|pattern| matches(pattern, name));
    let mut violations = Vec::new();
    for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
        let is_dev = dependency.kind.as_deref() == Some("dev");
        let below = &dependency.name;
        if !(allows(layer.normal, below) || is_dev && allows(layer.dev, below)) {
            let kind = if is_dev { "dev-depends" } else { "depends" };
            let fix = "remove the dependency; code that both need belongs in a crate below them";
            violations.push(Violation::new(name, format!("it {kind} on {below}"), fix));
        }
    }
    violations
}

/// Finds banned crates in the output of `cargo tree`.
fn banned(name: &str, ban: &Ban, tree: &str) -> Vec<Violation> {
    let mut found: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|below| *below != name && ban.banned.iter().any(|ban| matches(ban, below)))
        .collect();
    found.sort_unstable();
    found.dedup();
    let violation = |below: &str| {
        let fix = format!("make it optional; cargo tree -p {name} {} -i {below}", ban.features);
        Violation::new(name, format!("{below} is below it with {}", ban.features), fix)
    };
    found.into_iter().map(violation).collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end),
        (_, Some(start)) => name.starts_with(start),
        _ => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::{BANS, banned, between_ours, matches};
    use crate::workspace::{Dependency, Package};

    fn violations(name: &str, below: &str, kind: Option<&str>) -> usize {
        let (name, kind) = (name.to_owned(), kind.map(str::to_owned));
        let dependency = Dependency { name: below.to_owned(), kind, path: Some("x".into()) };
        let dependencies = vec![dependency];
        between_ours(&Package { name, dependencies, ..Package::default() }).len()
    }

    #[test]
    fn allows_dependencies_that_point_down_only() {
        for (name, below, kind, count) in [
            ("ticket-core", "ticket-model", None, 0),
            ("feishu-provider", "ticket-core", None, 0),
            ("feishu-provider", "ticket-sandbox", Some("dev"), 0),
            ("feishu-provider", "ticket-sandbox", None, 1),
            ("feishu-provider", "engagelab-provider", Some("dev"), 1),
            ("ticket-model", "ticket-core", None, 1),
            ("ticket-core", "ticket-fixtures", Some("dev"), 1),
            ("ticket-sandbox", "ticket-core", None, 1),
            ("ticket-cli", "xtask", None, 1),
            ("ticket-common", "ticket-core", None, 1),
        ] {
            assert_eq!(violations(name, below, kind), count, "{name} {below} {kind:?}");
        }
    }

    #[test]
    fn finds_banned_crates_in_a_tree() {
        for (name, below, count) in [
            ("ticket-core", "hyper-util", 1),
            ("ticket-core", "url", 0),
            ("ticket-model", "url", 1),
            ("ticket-model", "serde", 0),
            ("acorn-provider", "tokio", 1),
            ("ticket-fixtures", "serde", 1),
        ] {
            let tree = format!("{name} v0.1.0\n{below} v1.0.0\n{below} v1.0.0 (*)\n");
            let bans = BANS.iter().filter(|ban| matches(ban.name, name));
            let found = bans.map(|ban| banned(name, ban, &tree).len()).sum::<usize>();
            assert_eq!(found, count, "{name} {below}");
        }
    }
}

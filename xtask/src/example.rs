//! Creates providers with `new-provider` in a copy of the workspace, and tests them.

use std::fs;

use anyhow::{Context, Result};

use crate::{cargo, new_provider, workspace};

/// The copy. The third-party crates are built once for it and for the workspace.
const COPY: &str = "target/new-provider";

/// The providers to create: the name, the access, and an example response. Every kind of `--auth` and `--base-url` is one of them.
const PROVIDERS: &[(&str, &[&str], &str)] = &[
    (
        "nested",
        &[],
        r#"{"code": 0, "data": {"ticket": {"id": 42, "subject": "A jam", "open": true, "tags": ["a", "b"],
        "customer": {"id": "c-7", "name": "Ada"}, "messages": [{"id": 1, "text": "It jams.", "files": []}]}}}"#,
    ),
    // Every kind of key and value that JSON allows.
    (
        "flat",
        &["--auth", "basic", "--base-url", "none"],
        r#"{"id": "T-9", "type": "x", "a": null, "": 1, "Self": {"self": {"b": 1}}, "class": "y", "create": 1.50,
        "createdAt": "2026-05-04T09:00:00Z", "created_at": 1, "created-at": "z", "编号": "中", "2fa": true, "a/b": {"c": 1}, "*": 2,
        "at": {"at": 1}, "ticket": {"ticket": "t"}, "position": "p", "missing": [{"missing": 1}], "unknown": 0, "value": {"value": 1},
        "document": "d", "overrides": [], "result": {"x": 1}, "string": {"x": 2}, "empty": {}, "empties": [{}, null], "nulls": [null],
        "lists": [[1], [2, [3]]], "mixed": [1, "a", {"b": 1}], "rows": [{"p": 1}, {"q": [{"r": [{"s": null}]}]}], "x\ny`\"\\": {"k": 1},
        "big": 123456789012345678901234567890, "response": {"response": {"id": 3}}, "a.b": 1, "what?": {"?": 2}, "[i": 1}"#,
    ),
    ("schemed", &["--auth", "scheme:token", "--base-url", "none"], r#"{"id": 1}"#),
    (
        "keyed",
        &["--auth", "header:x-api-key", "--base-url", "https://keyed.example/api/"],
        r#"{"id": 1}"#,
    ),
];

/// Creates, lints and tests the providers, and checks that ticket-cli knows them.
///
/// # Errors
/// If a provider cannot be created, or any step fails.
pub(crate) fn run() -> Result<()> {
    let copy = cargo::root().join(COPY);
    // An empty folder would count as a package.
    for (name, ..) in PROVIDERS {
        let _ = fs::remove_dir_all(copy.join(format!("crates/{name}-provider")));
    }
    workspace::copy(&copy)?;
    let manifest = format!("{COPY}/Cargo.toml");
    let mut packages = Vec::new();
    for (name, access, response) in PROVIDERS {
        let file = copy.join(format!("{name}.json"));
        fs::write(&file, response).context("cannot write the response")?;
        let file = file.to_str().context("the path of the workspace is not UTF-8")?;
        print!(
            "{}",
            new_provider::create(&copy, &[&[name, "--response", file], *access].concat())?
        );
        packages.push(format!("{name}-provider"));
    }
    let in_copy = |arguments: &[&str], packages: &[&str]| {
        let packages = packages.iter().flat_map(|package| ["--package", package]);
        let mut all = vec![arguments[0], "--manifest-path", &manifest];
        all.extend(packages);
        all.extend(&arguments[1..]);
        cargo::run(&all)
    };
    let packages: Vec<_> = packages.iter().map(String::as_str).collect();
    let built = ["--target-dir", "target", "--offline", "--quiet"];
    in_copy(&["fmt"], &[&packages[..], &["ticket-cli"]].concat())?;
    in_copy(&[&["test"], &built[..]].concat(), &packages)?;
    // Of ticket-cli only the program: its tests do not know the new providers.
    let targets = ["--lib", "--bin", "ticket", "--test", "contract"];
    let lint = [&["clippy"], &built[..], &targets, &["--", "--deny", "warnings"]].concat();
    in_copy(&lint, &[&packages[..], &["ticket-cli"]].concat())
}

//! Mutation tests by hand: each file of `xtask/mutations` removes one safeguard, and names the test that must fail.
//!
//! A file begins with two lines, `# FAILURE MODE` and `$ COMMAND`, followed by a diff in git's format.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::{cargo, workspace};

const FOLDER: &str = "xtask/mutations";
/// The copy of the work tree. Its own `target` is kept, so that the next run builds little.
const COPY: &str = "target/mutate";

/// A safeguard that is removed.
struct Mutation {
    name: String,
    /// What goes wrong without it.
    failure: String,
    /// The test that must fail, as arguments of cargo.
    test: Vec<String>,
    file: PathBuf,
}

enum Outcome {
    /// The test failed, as it should.
    Caught,
    /// What is wrong with the mutation or its test.
    Wrong(String),
}

/// Applies the given mutations, or all of them, and reports those that no test catches.
///
/// # Errors
/// Fails if a name is unknown, a mutation does not apply, or a test passes with the mutation.
pub(crate) fn run(names: &[&str]) -> Result<()> {
    let mut mutations = read(&cargo::root().join(FOLDER))?;
    if let Some(name) = names.iter().find(|name| !mutations.iter().any(|it| it.name == **name)) {
        let known: Vec<_> = mutations.iter().map(|it| &*it.name).collect();
        bail!("unknown mutation `{name}`; known mutations: {}", known.join(", "));
    }
    mutations.retain(|mutation| names.is_empty() || names.contains(&&*mutation.name));
    let copy = cargo::root().join(COPY);
    check_out(&copy)?;
    // A test that fails anyway says nothing about a mutation.
    let mut tests: Vec<_> = mutations.iter().map(|mutation| &mutation.test).collect();
    tests.sort();
    tests.dedup();
    for test in tests {
        ensure!(passes(&copy, test)?, "`cargo {}` fails without a mutation", test.join(" "));
    }
    let mut wrong = 0;
    for mutation in &mutations {
        let outcome = try_one(&copy, mutation)?;
        match outcome {
            Outcome::Caught => println!("caught  {}: {}", mutation.name, mutation.failure),
            Outcome::Wrong(why) => {
                wrong += 1;
                println!("MISSED  {}: {}\n  {why}", mutation.name, mutation.failure);
            }
        }
    }
    ensure!(wrong == 0, "{wrong} of {} mutations were not caught", mutations.len());
    println!("all {} mutations were caught", mutations.len());
    Ok(())
}

/// Reads all mutations, sorted by name.
fn read(folder: &Path) -> Result<Vec<Mutation>> {
    let mut mutations = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {FOLDER}"))? {
        let file = entry?.path();
        let patch =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let (failure, test) = header(&patch).with_context(|| {
            format!("{}: expected the lines `# FAILURE MODE` and `$ cargo test …`", file.display())
        })?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        mutations.push(Mutation { name, failure, test, file });
    }
    mutations.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(mutations)
}

/// Returns the failure mode, and the arguments of cargo for the test.
fn header(patch: &str) -> Option<(String, Vec<String>)> {
    let mut lines = patch.lines();
    let failure = lines.next()?.strip_prefix("# ")?;
    let test = lines.next()?.strip_prefix("$ cargo ")?;
    Some((failure.to_owned(), test.split_whitespace().map(str::to_owned).collect()))
}

/// Copies the workspace into a repository of its own, so that a diff is applied to the copy.
fn check_out(copy: &Path) -> Result<()> {
    workspace::copy(copy)?;
    if !copy.join(".git").exists() {
        git(copy, &["init", "--quiet"])?;
    }
    Ok(())
}

/// Applies a mutation, runs its test, and reverts it.
fn try_one(copy: &Path, mutation: &Mutation) -> Result<Outcome> {
    let file = mutation.file.to_string_lossy();
    let apply = ["apply", "--recount", "-C1", &file];
    if git(copy, &apply).is_err() {
        return Ok(Outcome::Wrong("the diff no longer applies; update it".to_owned()));
    }
    let test = &mutation.test;
    let mut build = test.clone();
    let end = build.iter().position(|argument| argument == "--").unwrap_or(build.len());
    build.insert(end, "--no-run".to_owned());
    let (builds, passes) = (passes(copy, &build)?, passes(copy, test)?);
    git(copy, &["apply", "--recount", "-C1", "--reverse", &file])?;
    Ok(match (builds, passes) {
        (false, _) => Outcome::Wrong("it does not compile with the mutation".to_owned()),
        (true, true) => {
            Outcome::Wrong(format!("`cargo {}` passes with the mutation", test.join(" ")))
        }
        (true, false) => Outcome::Caught,
    })
}

fn git(copy: &Path, arguments: &[&str]) -> Result<()> {
    let status = Command::new("git").current_dir(copy).args(arguments).status()?;
    ensure!(status.success(), "`git {}` failed", arguments.join(" "));
    Ok(())
}

/// Runs a test in the copy without output, and returns whether it passes.
fn passes(copy: &Path, test: &[String]) -> Result<bool> {
    let arguments: Vec<_> = test.iter().map(String::as_str).collect();
    let mut command = cargo::command(&arguments);
    command.current_dir(copy).env_remove("CARGO_TARGET_DIR").env("INSTA_UPDATE", "no");
    let output = command.output().context("cannot run cargo")?;
    Ok(output.status.success())
}

#[cfg(test)]
mod tests {
    use super::{FOLDER, read};
    use crate::cargo;

    #[test]
    fn every_mutation_has_a_header_and_names_one_test() {
        let mutations = read(&cargo::root().join(FOLDER)).unwrap();
        assert!(!mutations.is_empty());
        for mutation in mutations {
            assert_eq!(mutation.test[0], "test", "{}", mutation.name);
        }
    }
}

//! `cargo xtask new-provider NAME`: a provider crate that compiles and passes, from one example response; everything but the id is
//! left for its author to decide.

mod asked;
mod files;
mod fixtures;
mod format;
mod left;
mod login;
mod mapping;
mod remove;
mod shape;
mod shared;
mod spelling;
mod wire;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

pub(crate) use remove::run as remove;

use crate::cargo;
use asked::Asked;
use files::Made;
use shared::Naming;

/// Makes the provider, or says what is left to decide of one.
///
/// # Errors
/// Where what was asked for cannot be made, or does not pass.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    if let ["--left", name] = words {
        return left::run(name);
    }
    let asked = asked::read(words)?;
    let made = make(cargo::root(), &asked)?;
    lock()?;
    for (path, _) in &made.files {
        println!("{path}");
    }
    let package = format!("{}-provider", asked.name);
    // What it reads of each response is recorded, as a first snapshot to compare the next ones with.
    cargo::run_with(&["test", "--package", &package], &[("INSTA_UPDATE", "always")])?;
    pages()?;
    print!("\n{}", what_is_left(&asked, &made));
    Ok(())
}

/// Writes the files into the workspace at this root: all of them, or none where something is wrong.
fn make(root: &Path, asked: &Asked) -> Result<Made> {
    let Asked { name, title, type_name, .. } = asked;
    for path in shared::own(name) {
        ensure!(
            !root.join(&path).exists(),
            "{path} is there already; choose another name, or take it out with `cargo xtask remove-provider {name}`"
        );
    }
    let made = files::make(asked)?;
    let naming = Naming { name, title, type_name, fixtures: &made.section };
    let shared = shared::with(&naming, |path| read(root, path))?;
    write(root, &made.files)?;
    write(root, &shared)?;
    Ok(made)
}

/// The sources of `docs/example-provider` before anything was decided, by their paths in it.
///
/// # Errors
/// Where its responses cannot be read.
pub(crate) fn example() -> Result<Vec<(String, String)>> {
    let responses = "docs/example-provider/tests/responses";
    let [first, second] =
        ["42", "43"].map(|id| format!("{}/{responses}/{id}.json", cargo::root().display()));
    let words = [
        "acorn",
        "--title",
        "Acorn Desk",
        "--id",
        "/ticket/id",
        "--path",
        "/v1/tickets/{id}",
        "--auth",
        "bearer",
    ];
    let more =
        ["--base-url", "https://api.acorn.example", "--response", &first, "--response", &second];
    let made = files::make(&asked::read(&[&words[..], &more].concat())?)?;
    let own = |(path, text): (String, String)| {
        let path = path.strip_prefix("crates/acorn-provider/")?;
        let is_made = path.starts_with("src/") && path != "src/capabilities.rs";
        is_made.then(|| (path.to_owned(), text))
    };
    Ok(made.files.into_iter().filter_map(own).collect())
}

fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("{path} cannot be read"))
}

fn write(root: &Path, files: &[(String, String)]) -> Result<()> {
    for (path, text) in files {
        let file = root.join(path);
        let folder = file.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, text))
            .with_context(|| format!("{path} cannot be written"))?;
    }
    Ok(())
}

/// Lets the lock files know which crates there are; nothing else in them changes.
fn lock() -> Result<()> {
    for manifest in ["Cargo.toml", shared::FUZZ] {
        let update = ["update", "--workspace", "--quiet", "--manifest-path", manifest];
        // On a new machine nobody has fetched yet what fuzzing needs, so that it takes the network.
        if !cargo::is_content(&[&update[..], &["--offline"]].concat()) {
            cargo::run(&update)?;
        }
    }
    Ok(())
}

/// Writes the pages that are made of all providers.
fn pages() -> Result<()> {
    for page in ["mapping", "capabilities", "errors"] {
        cargo::run(&["xtask", page])?;
    }
    Ok(())
}

fn what_is_left(asked: &Asked, made: &Made) -> String {
    let Asked { name, title, guesses, .. } = asked;
    let Made { undecided, example, .. } = made;
    let looks: String = guesses.iter().map(|guess| ["- look: ", guess, "\n"].concat()).collect();
    format!(
        "{title} is there: `ticket get {name}:{example}` asks it, and its tests pass. What is left:\n\n\
         {looks}\
         - decide what becomes of {undecided} leaves, which stand in `extra` until then: `cargo xtask new-provider --left {name}` \
         proposes a line and a row for each\n\
         - say in src/error.rs what its refusals mean, and put real ones into fixtures/{name}\n\
         - write its limits into src/capabilities.rs, and where its pages contradict themselves into src/rules.rs\n\
         - `INSTA_UPDATE=always cargo test -p {name}-provider` after each step; `cargo xtask api` and `cargo xtask check` at the end\n\n\
         docs/adding-a-provider.md goes through all of it. `cargo xtask remove-provider {name}` takes it out again.\n"
    )
}

#[cfg(test)]
mod tests;

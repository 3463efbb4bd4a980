//! The guide for authors quotes code of two providers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::cargo;

const GUIDE: &str = "docs/adding-a-provider.md";
/// The providers whose code the guide quotes.
const QUOTED: [&str; 2] = ["docs/example-provider/src", "crates/rt-provider/src"];

#[test]
fn guide_quotes_the_code_of_its_providers() {
    check_guide(cargo::root()).unwrap();
}

#[test]
fn comments_separate_the_pieces_of_a_block() {
    let page = "a\n```rust\n// map.rs\n  let a =\n    1;\n  // …\nb();\n```\n```sh\nls\n```\n";
    assert_eq!(pieces(page), ["leta=1;", "b();"]);
}

/// Checks that each piece of Rust in the guide is code of a provider, apart from white space.
fn check_guide(root: &Path) -> Result<()> {
    let guide =
        fs::read_to_string(root.join(GUIDE)).with_context(|| format!("cannot read {GUIDE}"))?;
    let mut code = String::new();
    let mut folders: Vec<PathBuf> = QUOTED.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).context("cannot read the code of a provider")? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                code += &collapsed(&fs::read_to_string(&path)?);
                code += "\n";
            }
        }
    }
    let pieces = pieces(&guide);
    ensure!(!pieces.is_empty(), "{GUIDE} quotes no code");
    for piece in pieces {
        ensure!(code.contains(&piece), "{GUIDE} quotes code that no provider has: {piece}");
    }
    Ok(())
}

/// Returns the Rust of a page, without white space, in pieces: each line with a comment ends one.
fn pieces(page: &str) -> Vec<String> {
    let blocks = page.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut pieces = Vec::new();
    for block in blocks {
        let mut piece = String::new();
        for line in block.lines().chain(["//"]) {
            if line.trim_start().starts_with("//") {
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece += &collapsed(line);
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect()
}

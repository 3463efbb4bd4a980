//! cargo-deny itself: this version, built once into the folder of what is built.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Result, ensure};

use crate::cargo;

const VERSION: &str = "0.20.2";
/// Where it is put, from the root.
const FOLDER: &str = "target/tools";

/// Quickly built rather than quick: it works for a second in each check, and optimizing it takes minutes.
const QUICKLY: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// Finds the program, and builds it where it is absent or another version.
///
/// # Errors
/// Where it cannot be built.
pub(super) fn installed() -> Result<PathBuf> {
    let path = cargo::root()
        .join(FOLDER)
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !is_there(&path) {
        let version = format!("={VERSION}");
        // Without its features it fetches with git: through the proxy and with the certificates of whoever runs it.
        let what = ["install", "cargo-deny", "--version", &version, "--no-default-features"];
        let how = ["--locked", "--quiet", "--force", "--root", FOLDER];
        cargo::run_with(&[&what[..], &how].concat(), QUICKLY)?;
        ensure!(is_there(&path), "{} is not cargo-deny {VERSION}", path.display());
    }
    Ok(path)
}

fn is_there(path: &PathBuf) -> bool {
    let output = cargo::at_root(path).arg("--version").stderr(Stdio::null()).output();
    output.is_ok_and(|output| {
        output.stdout.trim_ascii() == format!("cargo-deny {VERSION}").as_bytes()
    })
}

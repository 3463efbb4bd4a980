//! Asks cargo-deny about all that lies below the workspace; what may, stands in `.deny.toml`.

mod said;
mod tool;

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::fault::{self, Fault};
use said::Said;

/// What can be found out without anybody else. All of it sees every platform and every feature.
const ALWAYS: &[&str] = &["licenses", "bans", "sources"];

/// A stalled connection is given up: slower than this many bytes a second, for this many seconds.
const IMPATIENCE: [(&str, &str); 3] = [
    ("GIT_HTTP_LOW_SPEED_LIMIT", "1000"),
    ("GIT_HTTP_LOW_SPEED_TIME", "20"),
    ("GIT_TERMINAL_PROMPT", "0"),
];

/// Looks at licences, bans and sources, and at advisories where their database can be had.
pub(crate) fn run() -> Result<()> {
    let tool = tool::installed()?;
    let mut faults = verdict(ask(&tool, &[], ALWAYS)?)?;
    faults.extend(advisories(&tool)?);
    fault::judge(&faults)
}

/// The advisories of the database as it is now, or else as it was fetched last, or else a note that nobody looked.
fn advisories(tool: &Path) -> Result<Vec<Fault>> {
    let fetched = said(tool, &["fetch", "db"])?;
    let asked = ask(tool, &["--offline"], &["advisories"])?;
    let Some(why) = fetched.trouble() else { return verdict(asked) };
    Ok(if asked.is_whole {
        let mut faults = verdict(asked)?;
        let what = format!("asked of the database as it was fetched last, since {why}");
        faults.push(Fault::notice("advisories", what));
        faults
    } else {
        let what = format!("NOT looked at: no database is at hand, and {why}");
        vec![Fault::notice("advisories", what)]
    })
}

fn ask(tool: &Path, options: &[&str], checks: &[&str]) -> Result<Said> {
    said(tool, &[options, &["--locked", "check", "--deny=warnings"], checks].concat())
}

fn verdict(said: Said) -> Result<Vec<Fault>> {
    match said.trouble() {
        Some(trouble) if !said.is_whole => bail!("cargo-deny gave up: {trouble}"),
        None if !said.is_whole => bail!("cargo-deny ended without a word"),
        _ => Ok(said.faults),
    }
}

/// Runs cargo-deny and reads what it says.
fn said(tool: &Path, arguments: &[&str]) -> Result<Said> {
    println!("$ cargo-deny {}", arguments.join(" "));
    let output = cargo::at_root(tool)
        .args(["--format=json"])
        .args(arguments)
        .envs(IMPATIENCE)
        .output()
        .with_context(|| format!("{} cannot be run", tool.display()))?;
    Said::parse(&String::from_utf8_lossy(&output.stderr))
}

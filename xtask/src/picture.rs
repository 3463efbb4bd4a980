//! Draws `docs/ticket.svg`, the picture in the README, from what the program really prints.

use std::process::{Command, Stdio};

use anstyle_svg::Term;
use anyhow::{Context, Result, ensure};

use crate::{cargo, generated};

/// What is shown: a ticket of the stand-in, in a zone that never changes.
const ARGUMENTS: &[&str] = &[
    "get",
    "engagelab:tk_20251112_9f3c21",
    "--sandbox",
    "--output=page",
    "--color=always",
    "--time-zone=Europe/Berlin",
];

/// And at a time that never does.
const NOW: &str = "2025-11-14T08:00:00Z";

/// How the command stands above its output: without what only keeps the picture the same.
const PROMPT: &str = "$ ticket get engagelab:tk_20251112_9f3c21 --sandbox\n\n";

/// As wide as a front page shows without shrinking it.
const COLUMNS: &str = "92";

/// As long as a reader looks at it: down into the conversation.
const LINES: usize = 62;

/// Writes the picture; with `is_check` only says whether it is as it should be.
pub(crate) fn run(is_check: bool) -> Result<()> {
    let page = page()?;
    let beginning: Vec<_> = page.lines().take(LINES).collect();
    let picture = Term::new().render_svg(&format!("{PROMPT}{}\n  ⋮", beginning.join("\n")));
    generated::page("docs/ticket.svg", &picture, is_check, "cargo xtask picture")
}

/// What the program prints.
fn page() -> Result<String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["run", "--quiet", "--package", "ticket-cli", "--"])
        .args(ARGUMENTS)
        .current_dir(cargo::root())
        .env("COLUMNS", COLUMNS)
        .env("TICKET_NOW", NOW)
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command.output().context("cargo cannot be run")?;
    ensure!(output.status.success(), "`ticket get` failed");
    String::from_utf8(output.stdout).context("the page is no UTF-8")
}

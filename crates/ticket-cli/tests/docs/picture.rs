//! Draws the picture in the README from what the program prints.

use std::process::{Command, Stdio};

use anstyle_svg::Term;
use anyhow::{Context, Result, ensure};

pub(super) const PAGE: &str = "docs/ticket.svg";

/// A ticket of the sandbox, in a fixed time zone and at a fixed time.
const ARGUMENTS: &[&str] = &[
    "get",
    "engagelab:tk_20251112_9f3c21",
    "--sandbox",
    "--output=page",
    "--color=always",
    "--time-zone=Europe/Berlin",
];
const NOW: &str = "2025-11-14T08:00:00Z";

/// The command above its output, without the options that only make the picture reproducible.
const PROMPT: &str = "$ ticket get engagelab:tk_20251112_9f3c21 --sandbox\n\n";

/// The size in characters: as wide as a README shows without shrinking, and down into the conversation.
const COLUMNS: &str = "92";
const LINES: usize = 62;

/// Returns the picture as SVG.
pub(super) fn draw() -> Result<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ticket"));
    command.args(ARGUMENTS).env_clear().env("COLUMNS", COLUMNS).env("TICKET_NOW", NOW);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.context("cannot run `ticket`")?;
    ensure!(output.status.success(), "`ticket get` failed ({})", output.status);
    let page = String::from_utf8(output.stdout).context("`ticket get` printed invalid UTF-8")?;
    let lines: Vec<_> = page.lines().take(LINES).collect();
    Ok(Term::new().render_svg(&format!("{PROMPT}{}\n  ⋮", lines.join("\n"))))
}

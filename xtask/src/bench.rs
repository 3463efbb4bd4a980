//! What reading and fetching a ticket costs, as ratios to what it costs without this repository.
//!
//! The programs of `ticket-benchmarks` are run; whatever is compared takes turns in one process. Instructions are counted by
//! valgrind, which needs no quiet machine: they are what `check` looks at.

mod gate;
mod instructions;
mod peers;
mod programs;
mod row;
mod rows;

use anyhow::Result;

use crate::generated;

const PAGE: &str = "docs/performance.md";
const COMMAND: &str = "cargo xtask bench --write";

/// With `--check` only looks whether reading has become slower. Otherwise measures everything and prints it; `--write` puts it
/// into the page; `--peers` measures the official SDKs instead, which needs their registries.
///
/// # Errors
/// Where something cannot be built, run or understood, or where reading has become slower.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    if options.contains(&"--check") {
        return gate::run();
    }
    let (name, table) = if options.contains(&"--peers") {
        ("peers", peers::table()?)
    } else {
        ("ratios", row::table(&rows::measure()?))
    };
    let text = format!("{}\n\n{table}", rows::machine()?);
    println!("\n{text}");
    if options.contains(&"--write") {
        let page = generated::read(PAGE)?;
        generated::page(PAGE, &generated::between_marks(&page, name, &text)?, false, COMMAND)?;
    }
    Ok(())
}

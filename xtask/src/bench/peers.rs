//! The same fetch with the official SDKs, as processes: what one costs that starts, and what each further ticket costs.

use std::fmt::Write as _;

use anyhow::Result;

use super::programs::Program;
use crate::generated::TAKES;
use crate::interop;

/// A row for the binary, for the library, and for each SDK.
///
/// # Errors
/// Where an SDK cannot be installed or run, or this system does not tell what a process has taken.
pub(super) fn table() -> Result<String> {
    let ticket = Program::Ticket.build()?;
    let cold = Program::Cold.lines(&[ticket])?;
    let fetch = Program::Fetch.lines(&[])?;
    let figure = |lines: &[Vec<String>], first: &[&str], index: usize| -> Option<u64> {
        let line = lines.iter().find(|line| line.iter().zip(first).all(|(one, two)| one == two))?;
        line.get(index)?.parse().ok()
    };
    let mut table = String::from(
        "| who | a new process, until it has its first ticket | its memory then | each further ticket, processor |\n\
         |---|---:|---:|---:|\n",
    );
    let mut row = |who: &str, first: Option<u64>, memory: Option<u64>, further: Option<u64>| {
        let show = |figure: Option<u64>, unit: u64, name: &str| match figure {
            Some(figure) => format!("{}.{} {name}", figure / unit, figure % unit * 10 / unit),
            None => "–".to_owned(),
        };
        writeln!(
            table,
            "| {who} | {} | {} | {} |",
            show(first, 1_000, "ms"),
            show(memory, 1_000_000, "MB"),
            show(further, 1_000, "µs")
        )
        .expect(TAKES);
    };
    // The binary is asked for a ticket of EngageLab, whose page has no limit of requests to wait for.
    row("`ticket`", figure(&cold, &["get"], 1), figure(&cold, &["get"], 3), None);
    row("`feishu-provider`", None, None, figure(&fetch, &["feishu", "1"], 2));
    for cost in interop::cost()? {
        row(&cost.who, Some(cost.first), Some(cost.memory), Some(cost.further));
    }
    Ok(table)
}

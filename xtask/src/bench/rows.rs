//! Measures everything: the rows of the table, and the machine that they were measured on.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::instructions;
use super::programs::Program;
use super::row::{Goal, Row, Unit};
use crate::cargo;

/// The responses, by the names that the programs have for them.
const CORPORA: [(&str, &str); 4] = [
    ("engagelab", "EngageLab, documented"),
    ("engagelab-large", "EngageLab, 88 KB"),
    ("feishu", "Feishu, documented"),
    ("feishu-large", "Feishu, 18 KB"),
];

/// Reading may take so many times the instructions of plain structs, and so many times the time of the limit.
const READING: [Goal; 2] = [Goal::Ratio(1.2), Goal::Ratio(4.5)];
/// A fetch may take so many times the processor time of the HTTP client and serde alone.
const FETCHING: Goal = Goal::Ratio(1.15);
/// One ticket by a new process.
const START: Duration = Duration::from_millis(10);
/// What that process may hold in memory, and the program on the disk.
const BYTES: u64 = 10_000_000;

const PLAIN: &str = "plain structs";
const LIMIT: &str = "nothing kept";
const VALUE: &str = "`Value`";

/// Measures everything; what is compared is measured in the same run.
///
/// # Errors
/// Where a program cannot be built or run, or prints something else.
pub(super) fn measure() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    if instructions::can_be_counted() {
        rows.extend(instructions()?);
    } else {
        println!("instructions are not counted: valgrind is not installed here");
    }
    rows.extend(reading(&Program::Decode.lines(&[])?)?);
    rows.extend(fetching(&Program::Fetch.lines(&[])?)?);
    let ticket = Program::Ticket.build()?;
    let size = fs::metadata(&ticket).context("the binary was built")?.len();
    rows.extend(starting(&Program::Cold.lines(&[ticket])?, size)?);
    Ok(rows)
}

/// On what all of this was measured, and whether it had something else to do.
pub(super) fn machine() -> Result<String> {
    let said = cargo::output(&["--version", "--verbose"])?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism()?;
    // Only some systems tell it so; the last five minutes include the measurement itself.
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().nth(1).unwrap_or("unknown");
    Ok(format!(
        "Measured on {host} with {cores} cores; the load of the last five minutes was {load}."
    ))
}

fn instructions() -> Result<Vec<Row>> {
    let program = Program::Decode.build()?;
    let row = |(corpus, title): (&str, &str)| {
        let ours = instructions::of_one(&program, corpus, "ours")?;
        let plain = instructions::of_one(&program, corpus, "plain")?;
        println!("{title}: {ours} instructions, {plain} into plain structs");
        Ok(Row {
            what: format!("instructions: {title}"),
            unit: Unit::Instructions,
            ours,
            beside: Some((PLAIN, plain)),
            goal: Some(READING[0]),
        })
    };
    CORPORA.into_iter().map(row).collect()
}

/// From lines `CORPUS WAY NANOSECONDS`.
fn reading(lines: &[Vec<String>]) -> Result<Vec<Row>> {
    let mut times = HashMap::new();
    for line in lines {
        let [corpus, way, time] = line.as_slice() else { bail!("no time: {line:?}") };
        times.insert((corpus.as_str(), way.as_str()), time.parse::<u64>()?);
    }
    let time = |corpus, way| {
        times.get(&(corpus, way)).copied().with_context(|| format!("no time of {corpus} {way}"))
    };
    let mut rows = Vec::new();
    for (corpus, title) in CORPORA {
        for (name, way, goal) in
            [(LIMIT, "limit", Some(READING[1])), (PLAIN, "plain", None), (VALUE, "value", None)]
        {
            rows.push(Row {
                what: format!("reading: {title}"),
                unit: Unit::Processor,
                ours: time(corpus, "ours")?,
                beside: Some((name, time(corpus, way)?)),
                goal,
            });
        }
    }
    Ok(rows)
}

/// From lines `DESK CONCURRENCY OURS BARE`.
fn fetching(lines: &[Vec<String>]) -> Result<Vec<Row>> {
    let row = |line: &Vec<String>| {
        let [desk, concurrency, ours, bare] = line.as_slice() else { bail!("no time: {line:?}") };
        Ok(Row {
            what: format!("fetching: {desk}, {concurrency} at once"),
            unit: Unit::Processor,
            ours: ours.parse()?,
            beside: Some(("`reqwest`, plain structs", bare.parse()?)),
            goal: Some(FETCHING),
        })
    };
    lines.iter().map(row).collect()
}

/// From lines `WHAT WALL CPU MEMORY`, for a fetch and for a program that only starts.
fn starting(lines: &[Vec<String>], size: u64) -> Result<Vec<Row>> {
    let [get, version] = lines else { bail!("no times: {lines:?}") };
    let figure = |line: &Vec<String>, index: usize| {
        let word = line.get(index).with_context(|| format!("no figure: {line:?}"))?;
        word.parse::<u64>().with_context(|| format!("no figure: {line:?}"))
    };
    let only = "`ticket --version`";
    let start = u64::try_from(START.as_nanos()).ok();
    let row = |what: &str, unit, ours, beside, goal| Row {
        what: format!("one process, one ticket: {what}"),
        unit,
        ours,
        beside,
        goal,
    };
    let time = |line, index| Ok::<_, anyhow::Error>(figure(line, index)? * 1000);
    Ok(vec![
        row(
            "time",
            Unit::Clock,
            time(get, 1)?,
            Some((only, time(version, 1)?)),
            start.map(Goal::Most),
        ),
        row("processor", Unit::Processor, time(get, 2)?, Some((only, time(version, 2)?)), None),
        row(
            "memory",
            Unit::Bytes,
            figure(get, 3)?,
            Some((only, figure(version, 3)?)),
            Some(Goal::Most(BYTES)),
        ),
        row("the binary", Unit::Bytes, size, None, Some(Goal::Most(BYTES))),
    ])
}

#[cfg(test)]
mod tests {
    use super::{fetching, reading, starting};

    fn lines(text: &str) -> Vec<Vec<String>> {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
        text.lines().map(words).collect()
    }

    #[test]
    fn what_the_programs_print_becomes_rows() {
        let fetch = fetching(&lines("feishu 16 120 100\nfeishu 64 110 100")).unwrap();
        assert_eq!(fetch.len(), 2);
        assert_eq!((fetch[0].ours, fetch[0].beside.unwrap().1), (120, 100));
        let start = starting(&lines("get 7 5 9000000\nversion 2 1 4000000"), 8).unwrap();
        let ours: Vec<_> = start.iter().map(|row| row.ours).collect();
        assert_eq!(ours, [7_000, 5_000, 9_000_000, 8]);
    }

    #[test]
    fn a_line_that_is_missing_or_says_something_else_is_an_error() {
        assert!(reading(&lines("engagelab ours 5")).is_err());
        assert!(reading(&lines("engagelab ours soon")).is_err());
        assert!(fetching(&lines("feishu 16 120")).is_err());
        assert!(starting(&lines("get 7 5 9"), 8).is_err());
    }
}

//! What a ticket costs a process with an SDK, as the system counts it.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tokio::runtime;

use super::caller::Caller;
use super::sdk::{Outcome, SDKS, Sdk, Session};
use super::steps;

/// The ticket of the documentation.
const DOCUMENTED: &str = "6626871355780366331";
/// How many further tickets are fetched, one after the other; the system counts time in hundredths of a second.
const FURTHER: u64 = 500;
/// How often a process is started; the least counts.
const ROUNDS: usize = 5;
/// The unit of the times in `/proc/PID/stat`, on every Linux there is, in nanoseconds.
const TICK: u64 = 10_000_000;

/// What an SDK takes.
#[derive(Debug, Clone)]
pub(crate) struct Cost {
    /// Whose it is.
    pub(crate) who: String,
    /// From the start of a process until it has its first ticket: microseconds on the clock.
    pub(crate) first: u64,
    /// What the process has then held in memory at the most, in bytes.
    pub(crate) memory: u64,
    /// The processor time of each further ticket, in nanoseconds.
    pub(crate) further: u64,
}

/// Installs the SDKs where they are absent, and fetches the documented ticket with each.
///
/// # Errors
/// Where one cannot be installed or run, or this system has no `/proc`.
pub(crate) fn cost() -> Result<Vec<Cost>> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let sandbox = steps::sandbox(&runtime)?;
    let mut costs = Vec::new();
    for sdk in SDKS {
        sdk.install()?;
        let rounds = (0..ROUNDS).map(|_| of(sdk, &sandbox.environment()));
        let rounds: Vec<Cost> = rounds.collect::<Result<_>>()?;
        let least = |figure: fn(&Cost) -> u64| rounds.iter().map(figure).min().unwrap_or_default();
        costs.push(Cost {
            who: Caller::Sdk(sdk).title(),
            first: least(|cost| cost.first),
            memory: least(|cost| cost.memory),
            further: least(|cost| cost.further),
        });
    }
    Ok(costs)
}

fn of(sdk: &Sdk, environment: &[(&str, String)]) -> Result<Cost> {
    let start = Instant::now();
    let mut session = sdk.start(environment)?;
    ask(&mut session, 1)?;
    let first = u64::try_from(start.elapsed().as_micros())?;
    let memory = memory(&session)?;
    let before = processor(&session)?;
    ask(&mut session, FURTHER)?;
    let further = (processor(&session)? - before) / FURTHER;
    Ok(Cost { who: String::new(), first, memory, further })
}

fn ask(session: &mut Session, count: u64) -> Result<()> {
    let ids = vec![DOCUMENTED; usize::try_from(count)?];
    let outcomes = session.ask(&ids, false, false)?;
    let error = outcomes.iter().find_map(Outcome::error);
    ensure!(error.is_none(), "the documented ticket is not read: {error:?}");
    Ok(())
}

/// The most memory that the process has held.
fn memory(session: &Session) -> Result<u64> {
    let status = read(session, "status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    Ok(kibibytes.context("the system says no memory")? * 1024)
}

/// The processor time of the process, in its own code and in the system's, in nanoseconds.
fn processor(session: &Session) -> Result<u64> {
    let stat = read(session, "stat")?;
    ticks(&stat).map(|ticks| TICK * ticks).context("the system says no time")
}

/// The sum of the fields `utime` and `stime`; the name of the program, in brackets, may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

fn read(session: &Session, name: &str) -> Result<String> {
    let path = format!("/proc/{}/{name}", session.process());
    fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn the_times_are_found_behind_any_name() {
        let stat = "77 (a) (b c) S 1 77 77 0 -1 4194560 1 2 3 4 150 20 0 0 20 0 11 0 5 6 7";
        assert_eq!(ticks(stat), Some(170));
        assert_eq!(ticks("77 (node) S 1"), None);
    }
}

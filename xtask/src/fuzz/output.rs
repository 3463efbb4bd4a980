//! What libFuzzer prints, read: progress is shown, figures are kept.

use std::io::{BufRead, BufReader, Read};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How often progress is shown.
const PERIOD: Duration = Duration::from_secs(30);

/// How a run ended.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// How many inputs were read.
    pub(super) executions: u64,
    /// How long it took.
    pub(super) time: Duration,
    /// How many edges of the program were reached.
    pub(super) edges: u64,
    /// The most memory that was used, in megabytes.
    pub(super) memory: u64,
    /// How many inputs reached something that no other did.
    pub(super) kept: u64,
    /// The file of the input that broke a promise.
    pub(super) finding: Option<String>,
    /// Which promise.
    pub(super) why: String,
    /// The last line that was printed.
    pub(super) last: String,
}

/// Reads all that a target prints.
///
/// # Errors
/// Where its output cannot be read.
pub(super) fn read(stream: impl Read) -> Result<Outcome> {
    let start = Instant::now();
    let mut outcome = Outcome::default();
    let mut shown = start;
    let mut panic = Panic::default();
    for line in BufReader::new(stream).split(b'\n') {
        let line = line.context("the output of the target cannot be read")?;
        let line = String::from_utf8_lossy(&line);
        outcome.take(&line);
        panic.take(&line);
        if shown.elapsed() >= PERIOD && line.starts_with('#') {
            println!("{line}");
            shown = Instant::now();
        }
    }
    outcome.time = start.elapsed();
    if !panic.said.is_empty() {
        outcome.why = panic.said.join("; ");
    }
    Ok(outcome)
}

impl Outcome {
    fn take(&mut self, line: &str) {
        if let Some((_, file)) = line.split_once("Test unit written to ") {
            self.finding = Some(file.trim().to_owned());
        } else if let Some(why) = line.strip_prefix("SUMMARY: libFuzzer: ") {
            why.clone_into(&mut self.why);
        } else if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
            self.executions = number.trim().parse().unwrap_or_default();
        } else if let Some(number) = line.strip_prefix("stat::peak_rss_mb:") {
            self.memory = number.trim().parse().unwrap_or_default();
        } else if line.starts_with('#') {
            self.edges = after(line, "cov: ").unwrap_or(self.edges);
            self.kept = after(line, "corp: ").unwrap_or(self.kept);
        }
        if !line.trim().is_empty() {
            line.clone_into(&mut self.last);
        }
    }
}

/// The message of a panic: the lines behind `panicked at`, up to the backtrace.
#[derive(Default)]
struct Panic {
    is_open: bool,
    said: Vec<String>,
}

/// More lines of a message are left out.
const LONGEST_MESSAGE: usize = 6;

impl Panic {
    fn take(&mut self, line: &str) {
        if line.starts_with("stack backtrace:")
            || line.starts_with("note: ")
            || line.starts_with("==")
        {
            self.is_open = false;
        }
        if self.is_open && !line.trim().is_empty() && self.said.len() < LONGEST_MESSAGE {
            self.said.push(line.to_owned());
        }
        if line.starts_with("thread ") && line.contains(" panicked at ") && self.said.is_empty() {
            self.is_open = true;
        }
    }
}

/// The number behind this word.
fn after(line: &str, word: &str) -> Option<u64> {
    let (_, rest) = line.split_once(word)?;
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_figures_of_a_quiet_run_are_read() {
        let outcome = read(
            &b"INFO: Seed: 1\n#2\tINITED cov: 8 ft: 9 corp: 1/1b exec/s: 0 rss: 27Mb\n\
               #700\tNEW    cov: 5695 ft: 13819 corp: 92/73Kb exec/s: 12 rss: 31Mb\nDone 900 runs in 11 second(s)\n\
               stat::number_of_executed_units: 900\nstat::peak_rss_mb:              41\n"[..],
        )
        .unwrap();
        assert_eq!(
            (outcome.executions, outcome.edges, outcome.kept, outcome.memory),
            (900, 5695, 92, 41)
        );
        assert_eq!(outcome.finding, None);
    }

    #[test]
    fn a_finding_is_told_with_its_file_and_the_message_of_the_panic() {
        let outcome = read(
            &b"thread '<unnamed>' (1) panicked at src/lib.rs:34:5:\nbroken promises:\nit is another\nstack backtrace:\n   0: x\n\
               SUMMARY: libFuzzer: deadly signal\nartifact_prefix='f/'; Test unit written to f/crash-1\n"[..],
        )
        .unwrap();
        assert_eq!(outcome.finding.as_deref(), Some("f/crash-1"));
        assert_eq!(outcome.why, "broken promises:; it is another");
        let slow = read(&b"SUMMARY: libFuzzer: timeout\n"[..]).unwrap();
        assert_eq!(slow.why, "timeout");
    }
}

//! Feeds each target of `xtask/fuzz` with generated input, guided by coverage, and tells what was found.
//!
//! Everything is built and kept below `target/fuzz`: the targets, the corpus, the findings.

mod build;
mod output;
mod seeds;
mod table;
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo;
use crate::fault::{self, Fault};
use output::Outcome;
use targets::{TARGETS, Target};

/// Seconds a target runs where nobody says how many.
const SECONDS: u64 = 60;
/// Seconds within which one input must be read.
const LONGEST_INPUT: u64 = 10;
/// Megabytes that a target may use.
const MEMORY: u64 = 1024;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    targets: Vec<&'static Target>,
    seconds: u64,
}

/// Runs the targets that are named, or all of them.
///
/// # Errors
/// Where a word is unknown, the targets cannot be built, or something was found.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let wanted = wanted(words)?;
    let folder = cargo::root().join("target").join("fuzz");
    let programs = build::build(&folder)?;
    let mut outcomes = Vec::new();
    let mut faults = Vec::new();
    for target in wanted.targets {
        println!("\n== {}: {}, {} s", target.name, target.about, wanted.seconds);
        let outcome = feed(target, &programs, &folder, wanted.seconds)?;
        if let Some(finding) = &outcome.finding {
            faults.push(fault(target, &programs, &outcome, finding));
        }
        outcomes.push((target.name, outcome));
    }
    println!("\n{}", table::table(&outcomes));
    fault::judge(&faults)
}

/// Takes `[TARGET]... [--seconds N]` apart.
fn wanted(words: &[&str]) -> Result<Wanted> {
    let mut wanted = Wanted { targets: Vec::new(), seconds: SECONDS };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if *word == "--seconds" {
            let number = words.next().and_then(|number| number.parse().ok());
            wanted.seconds = number
                .filter(|seconds| *seconds > 0)
                .context("--seconds takes a number from 1 on")?;
        } else {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            let target = TARGETS.iter().find(|target| target.name == *word);
            let target = target.with_context(|| {
                format!("there is no target `{word}`; the targets are {}", names.join(", "))
            })?;
            wanted.targets.push(target);
        }
    }
    if wanted.targets.is_empty() {
        wanted.targets.extend(TARGETS);
    }
    Ok(wanted)
}

/// Runs one target until its time is over or something is found.
fn feed(target: &Target, programs: &Path, folder: &Path, seconds: u64) -> Result<Outcome> {
    let place = |name: &str| -> Result<PathBuf> {
        let place = folder.join(name).join(target.name);
        fs::create_dir_all(&place)
            .with_context(|| format!("{} cannot be made", place.display()))?;
        Ok(place)
    };
    let (corpus, seeds, findings) = (place("corpus")?, place("seeds")?, place("findings")?);
    let words = folder.join(format!("{}.dict", target.name));
    seeds::write(target, &seeds, &words)?;
    let mut command = Command::new(programs.join(target.name));
    command
        .args([&corpus, &seeds])
        .arg(format!("-dict={}", words.display()))
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={}", target.longest))
        .arg(format!("-timeout={LONGEST_INPUT}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg("-print_final_stats=1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let scratch = scratch(folder);
    fs::create_dir_all(&scratch)
        .with_context(|| format!("{} cannot be made", scratch.display()))?;
    command.env("TMPDIR", &scratch);
    let mut child = command.spawn().with_context(|| format!("{} cannot be run", target.name))?;
    let stream = child.stderr.take().context("the target has no output")?;
    let outcome = output::read(stream)?;
    let status = child.wait().with_context(|| format!("{} cannot be waited for", target.name))?;
    fs::remove_dir_all(&scratch)
        .with_context(|| format!("{} cannot be removed", scratch.display()))?;
    if outcome.finding.is_none() && !status.success() {
        bail!("{} ended with {status}: {}", target.name, outcome.last);
    }
    ensure!(outcome.executions > 0, "{} ran nothing: {}", target.name, outcome.last);
    Ok(outcome)
}

/// Where a target may write: files in memory are written a hundred times faster than others.
fn scratch(folder: &Path) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory } else { folder };
    place.join(format!("ticket-fuzz-{}", std::process::id()))
}

/// What to say of a finding, and how it becomes a test.
fn fault(target: &Target, programs: &Path, outcome: &Outcome, finding: &str) -> Fault {
    let shown = |path: &Path| {
        let below = path.strip_prefix(cargo::root()).unwrap_or(path);
        below.display().to_string()
    };
    let (file, program) = (shown(Path::new(finding)), shown(&programs.join(target.name)));
    let mend = format!(
        "again: {program} {file}\n  smaller: {program} -minimize_crash=1 -runs=100000 {file}\n  then: {}",
        target.keep.replace("FILE", &file)
    );
    Fault::new(file, outcome.why.clone(), mend)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{SECONDS, TARGETS, fault, wanted};
    use crate::fuzz::output::Outcome;

    #[test]
    fn all_targets_run_where_none_is_named() {
        let all = wanted(&[]).unwrap();
        assert_eq!((all.targets.len(), all.seconds), (TARGETS.len(), SECONDS));
        let one = wanted(&["feishu", "--seconds", "5"]).unwrap();
        assert_eq!((one.targets[0].name, one.targets.len(), one.seconds), ("feishu", 1, 5));
    }

    #[test]
    fn an_unknown_target_and_no_time_are_refused() {
        for (words, said) in [
            (&["zendesk"][..], "there is no target `zendesk`; the targets are engagelab, feishu"),
            (&["--seconds"], "--seconds takes a number"),
            (&["--seconds", "0"], "--seconds takes a number"),
            (&["--seconds", "soon"], "--seconds takes a number"),
        ] {
            let error = wanted(words).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }

    #[test]
    fn a_finding_says_where_it_is_and_how_it_becomes_a_fixture() {
        let outcome = Outcome { why: "broken promises".to_owned(), ..Outcome::default() };
        let file = "target/fuzz/findings/engagelab/crash-1";
        let fault = fault(&TARGETS[0], Path::new("target/programs"), &outcome, file);
        assert_eq!(fault.place, file);
        assert!(fault.mend.starts_with(&format!("again: target/programs/engagelab {file}\n")));
        assert!(
            fault.mend.contains(
                "tail -n +2 target/fuzz/findings/engagelab/crash-1 > fixtures/engagelab/"
            )
        );
    }
}

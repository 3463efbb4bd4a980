//! Takes guards out, one at a time, and looks whether their tests fail.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::copy::Copy;
use super::{Removal, Test, Trial};
use crate::cargo;
use crate::tree::Tree;

/// How long a build may take.
const LONGEST_BUILD: Duration = Duration::from_mins(30);
/// How long a test may take; one that hangs longer has failed.
const LONGEST_TEST: Duration = Duration::from_mins(2);
/// How long the trial of all promises may take, which says at its end which of them are broken.
const LONGEST_SUITE: Duration = Duration::from_mins(6);
/// How often a child is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// What is optimized elsewhere is not worth it for a single test; for the proofs of the suite it is.
const UNOPTIMIZED: [&str; 4] =
    ["ticket-model", "ticket-core", "engagelab-provider", "feishu-provider"];

/// What became of a test whose guard was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Fails,
    Hangs,
    Passes,
    /// The suite fails, and the promise that was to be broken is not among those that it names.
    Unnamed,
    NotBuilt,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Fails => "noticed",
            Self::Hangs => "noticed (it hangs)",
            Self::Passes => "NOT NOTICED",
            Self::Unnamed => "OTHERWISE NOTICED",
            Self::NotBuilt => "NOT BUILT",
        }
    }

    const fn is_good(self) -> bool {
        matches!(self, Self::Fails | Self::Hangs)
    }
}

/// Takes each of these guards out and prints what became of its test.
pub(super) fn run(tree: &Tree, trials: &[Trial]) -> Result<()> {
    let workshop = Workshop::open(tree)?;
    let start = Instant::now();
    workshop.all_pass(trials)?;
    println!("all tests pass as long as nothing is taken out ({} s)", start.elapsed().as_secs());
    let mut outcomes = Vec::new();
    for trial in trials {
        let start = Instant::now();
        let outcome = workshop.without(trial)?;
        println!("{:<40} {:<20} {:>4} s", trial.name, outcome.as_str(), start.elapsed().as_secs());
        outcomes.push((trial.name, outcome));
    }
    let (count, seconds) = (outcomes.len(), start.elapsed().as_secs());
    outcomes.retain(|(_, outcome)| !outcome.is_good());
    println!("\n{} of {count} guards are noticed, in {seconds} s", count - outcomes.len());
    if outcomes.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = outcomes.iter().map(|(name, _)| *name).collect();
    bail!(
        "these guards can be taken out and no test fails, the promise is not named, or nothing is built: {}; what was printed \
         lies in {}",
        names.join(", "),
        workshop.folder.display()
    )
}

/// Where guards are taken out: a copy, what is built from it, and what was printed meanwhile.
struct Workshop<'t> {
    tree: &'t Tree,
    copy: Copy,
    folder: PathBuf,
}

impl<'t> Workshop<'t> {
    fn open(tree: &'t Tree) -> Result<Self> {
        let folder = cargo::root().join("target/guards");
        fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let copy = Copy::make(folder.join("tree"))?;
        Ok(Self { tree, copy, folder })
    }

    /// Runs all tests as long as nothing is taken out.
    fn all_pass(&self, trials: &[Trial]) -> Result<()> {
        let mut programs = BTreeMap::<_, Vec<String>>::new();
        for Trial { removal: Removal { test, .. }, promise, .. } in trials {
            let program = (test.package(), test.target(self.tree), promise.is_some());
            let names = programs.entry(program).or_default();
            if !names.contains(&test.full_name()) {
                names.push(test.full_name());
            }
        }
        for ((package, target, is_suite), names) in programs {
            let log = format!("{package}{}", target.join("-"));
            let program = Program { package, target: &target, is_suite, log: &log };
            let built = self.cargo(&program, &["--no-run"], LONGEST_BUILD)?;
            ensure!(
                built.is_some_and(|status| status.success()),
                "{package} is not built; see {}",
                self.log(&log).display()
            );
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let arguments = [&["--", "--exact"], names.as_slice()].concat();
            let passed = self.cargo(&program, &arguments, 5 * LONGEST_TEST)?;
            let printed = fs::read_to_string(self.log(&log)).unwrap_or_default();
            ensure!(
                passed.is_some_and(|status| status.success()) && count(&printed) == names.len(),
                "{package} {}: not all of {} pass although no guard is taken out; see {}",
                target.join(" "),
                names.join(", "),
                self.log(&log).display()
            );
        }
        Ok(())
    }

    /// Takes a guard out, runs its test, and puts it back.
    fn without(&self, trial: &Trial) -> Result<Outcome> {
        self.copy.take_out(trial.removal)?;
        let outcome = self.outcome(trial);
        self.copy.put_back(trial.removal)?;
        outcome
    }

    fn outcome(&self, Trial { name, removal, promise }: &Trial) -> Result<Outcome> {
        let test: &Test = &removal.test;
        let (package, target, is_suite) =
            (test.package(), test.target(self.tree), promise.is_some());
        let program = Program { package, target: &target, is_suite, log: name };
        let built = self.cargo(&program, &["--no-run"], LONGEST_BUILD)?;
        if !built.is_some_and(|status| status.success()) {
            return Ok(Outcome::NotBuilt);
        }
        let arguments = ["--", "--exact", &test.full_name()];
        let longest = if is_suite { LONGEST_SUITE } else { LONGEST_TEST };
        let status = self.cargo(&program, &arguments, longest)?;
        let printed = fs::read_to_string(self.log(name)).unwrap_or_default();
        Ok(match (status, promise) {
            (Some(status), _) if status.success() => Outcome::Passes,
            (_, Some(promise)) if !names(&printed, promise) => Outcome::Unnamed,
            (Some(_), _) => Outcome::Fails,
            (None, _) => Outcome::Hangs,
        })
    }

    /// Runs `cargo test` in the copy; `None` where it took too long.
    fn cargo(
        &self,
        &Program { package, target, is_suite, log }: &Program<'_>,
        arguments: &[&str],
        longest: Duration,
    ) -> Result<Option<ExitStatus>> {
        let log = self.log(log);
        let unwritable = || format!("{} cannot be written", log.display());
        let out = File::create(&log).with_context(unwritable)?;
        let err = out.try_clone().with_context(unwritable)?;
        let mut command =
            cargo::at_root(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.copy.root).stdout(out).stderr(err).stdin(Stdio::null());
        command.env("CARGO_TARGET_DIR", self.folder.join("target")).env("INSTA_UPDATE", "no");
        // What is taken out may leave a warning behind, which must not be an error.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command.args(["test", "--package", package, "--all-features"]);
        for package in UNOPTIMIZED.into_iter().filter(|_| !is_suite) {
            command.args(["--config", &format!("profile.dev.package.{package}.opt-level=0")]);
        }
        command.args(target).args(arguments);
        watch(&mut command, longest).with_context(|| format!("cargo cannot be run for {package}"))
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.txt"))
    }
}

/// A program of tests.
struct Program<'a> {
    package: &'a str,
    target: &'a [&'a str],
    /// Whether it tries all promises of a provider.
    is_suite: bool,
    /// What the file is called that gets all that is printed.
    log: &'a str,
}

/// Whether the suite says that this promise is broken.
fn names(printed: &str, promise: &str) -> bool {
    let mut lines = printed.lines().skip_while(|line| !line.ends_with(" promises are broken:"));
    lines.any(|line| line.strip_prefix(promise).is_some_and(|rest| rest.starts_with(": ")))
}

/// Runs a command with all that it starts; `None` where it took too long and was ended.
fn watch(command: &mut Command, longest: Duration) -> Result<Option<ExitStatus>> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn()?;
    let start = Instant::now();
    let status = loop {
        match child.try_wait()? {
            Some(status) => break Some(status),
            None if start.elapsed() > longest => break None,
            None => sleep(LOOK),
        }
    };
    if status.is_none() {
        end(&mut child);
        child.wait()?;
    }
    Ok(status)
}

/// Ends a child with all that it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        // Where the group is gone there is nothing to end.
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
    // Where it is gone already there is nothing to end.
    let _ = child.kill();
}

/// How many tests passed, by what they printed.
fn count(printed: &str) -> usize {
    printed
        .lines()
        .filter_map(|line| {
            line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse::<usize>().ok()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::process::Command;
    use std::time::Duration;

    use super::{count, names, watch};

    #[test]
    fn a_broken_promise_is_named_by_the_suite_itself() {
        let printed = "thread 'it' panicked at src/promise.rs:1:1:\n2 of 23 promises are broken:\n\n\
                       it_comes: It comes.\n  - 42: it_stays: no\n  Look at it.\n\nit_goes: It goes.\n";
        for (promise, is_named) in
            [("it_comes", true), ("it_goes", true), ("it_stays", false), ("it", false)]
        {
            assert_eq!(names(printed, promise), is_named, "{promise}");
        }
        assert!(!names("it_comes: It comes.\n", "it_comes"), "nothing is said to be broken");
    }

    #[test]
    fn what_passed_is_counted() {
        let printed = "running 2 tests\ntest a ... ok\ntest result: ok. 2 passed; 0 failed\n\n\
                       test result: ok. 1 passed; 0 failed\n";
        assert_eq!(count(printed), 3);
        assert_eq!(count("test result: FAILED. 1 passed; 1 failed\n"), 0);
    }

    #[cfg(unix)]
    #[test]
    fn whoever_takes_too_long_is_ended_with_all_that_it_started() {
        let (mut heard, said) = std::io::pipe().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "(sleep 60; echo still here) & wait"]).stdout(said);
        assert_eq!(watch(&mut command, Duration::from_millis(500)).unwrap(), None);
        drop(command);
        // The pipe ends when the last of those who hold it has gone.
        let mut last_words = String::new();
        heard.read_to_string(&mut last_words).unwrap();
        assert_eq!(last_words, "");
        let status = watch(Command::new("sh").args(["-c", "exit 3"]), Duration::from_mins(1));
        assert_eq!(status.unwrap().and_then(|status| status.code()), Some(3));
    }
}

//! The tasks that maintain this workspace. `cargo xtask` lists them.

mod cargo;
mod check;
mod dist;
mod example;
#[cfg(test)]
mod guide;
mod layers;
mod live;
mod mutate;
mod new_provider;
mod tidy;
mod tree;
mod violation;
mod workspace;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, ensure};

const HELP: &str = "\
Usage: cargo xtask TASK

Tasks:
  check                    run everything that CI runs, until the first failure
  tidy                     check what no compiler checks: secrets, links, manifests, banned code
  layers                   check which crate may depend on which
  docs [--check]           write the generated pages and tables in docs/;
                           with --check fail if one is out of date
  example                  create four providers with new-provider and test them
  mutate [NAME…]           remove one safeguard at a time and expect a test to fail (minutes)
  live rt [--port PORT]    test against a real Request Tracker, on loopback (Debian, minutes)
  dist [--target TRIPLE] [--to FOLDER]
                           pack a release: archive, Debian package, notes, checksums (minutes)
  new-provider --help      write a new provider from an example response
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["check", rest @ ..] => without(rest, check::run),
        ["tidy", rest @ ..] => without(rest, tidy::run),
        ["layers", rest @ ..] => without(rest, layers::run),
        ["docs"] => check::docs(true),
        ["docs", "--check"] => check::docs(false),
        ["example", rest @ ..] => without(rest, example::run),
        ["mutate", rest @ ..] => mutate::run(rest),
        ["dist", rest @ ..] => dist::run(rest),
        ["live", rest @ ..] => live::run(rest),
        ["new-provider", rest @ ..] => new_provider::run(rest),
        [task, ..] => {
            eprint!("error: unknown task `{task}`\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a task that takes no arguments.
fn without(arguments: &[&str], run: fn() -> Result<()>) -> Result<()> {
    ensure!(arguments.is_empty(), "unexpected argument `{}`", arguments[0]);
    run()
}

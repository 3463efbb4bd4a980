//! Counts the instructions of one reading of a response, with valgrind.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::programs::is_there;
use crate::cargo;

const VALGRIND: &str = "valgrind";

/// How often a response is read in the two runs of which the difference is taken: the start and the end of the program
/// are the same in both. The first readings fill what the allocator keeps, and are in both as well.
const TIMES: [u64; 2] = [10, 20];

/// Whether instructions can be counted on this machine.
pub(super) fn can_be_counted() -> bool {
    is_there(VALGRIND)
}

/// The instructions of one reading.
///
/// # Errors
/// Where valgrind fails, or says something else.
pub(super) fn of_one(program: &Path, corpus: &str, way: &str) -> Result<u64> {
    let count = |times| count(program, &[corpus, way, &format!("{times}")]);
    let [few, many] = TIMES;
    let difference = count(many)?.checked_sub(count(few)?);
    let difference = difference.context("more readings take more instructions")?;
    Ok(difference / (many - few))
}

fn count(program: &Path, arguments: &[&str]) -> Result<u64> {
    let mut command = cargo::at_root(VALGRIND);
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
    let output = command.args(arguments).output().context("valgrind cannot be run")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "valgrind failed ({}): {said}", output.status);
    collected(&said).with_context(|| format!("valgrind says no number: {said}"))
}

/// The number in valgrind's line `==PID== Collected : 6923216`.
fn collected(said: &str) -> Option<u64> {
    said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_number_is_found_in_what_valgrind_says() {
        let said = "==7== Callgrind, a call-graph generator\n==7== \n==7== Events    : Ir\n==7== Collected : 6923216\n";
        assert_eq!(collected(said), Some(6_923_216));
        assert_eq!(collected("==7== Collected : \n"), None);
    }
}

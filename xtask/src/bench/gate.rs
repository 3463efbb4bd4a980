//! Whether reading a response has become slower, without a clock.

use anyhow::Result;

use super::instructions;
use super::programs::Program;
use crate::fault::{self, Fault};

/// How many instructions the reading of a response may take, in hundredths of those that plain structs take.
///
/// Both are built by the same compiler with the same libraries, so that the ratio moves little where the numbers move.
const MOST: [(&str, u64); 4] =
    [("engagelab", 165), ("engagelab-large", 138), ("feishu", 143), ("feishu-large", 131)];

/// So many hundredths below the most are worth a new bound.
const SLACK: u64 = 8;

/// Counts, and fails where it is too much.
pub(super) fn run() -> Result<()> {
    if !instructions::can_be_counted() {
        println!("skipped: instructions are counted by valgrind, which is not installed here");
        return Ok(());
    }
    let program = Program::Decode.build()?;
    let mut faults = Vec::new();
    for (corpus, most) in MOST {
        let count = |way| instructions::of_one(&program, corpus, way);
        let (ours, plain) = (count("ours")?, count("plain")?);
        println!("{corpus}: {ours} instructions, {plain} into plain structs");
        faults.extend(fault(corpus, ours * 100 / plain, most));
    }
    fault::judge(&faults)
}

/// What to say of a reading that takes so many hundredths of what plain structs take.
fn fault(corpus: &str, ratio: u64, most: u64) -> Option<Fault> {
    let here = "xtask/src/bench/gate.rs";
    if ratio > most {
        let what = format!(
            "reading {corpus} takes {ratio} hundredths of the instructions that plain structs take, more than {most}"
        );
        let mend = format!(
            "valgrind --tool=callgrind target/release/bench-decode {corpus} ours 10 shows where, with \
             CARGO_PROFILE_RELEASE_STRIP=none; where it is worth its price: {here}"
        );
        return Some(Fault::new("ticket-benchmarks", what, mend));
    }
    let is_loose = ratio + SLACK < most;
    is_loose.then(|| Fault::notice(here, format!("{corpus} could be held to {}", ratio + 2)))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn only_what_has_become_slower_is_a_fault() {
        assert_eq!(fault("any", 150, 150), None);
        assert_eq!(fault("any", 142, 150), None);
        assert!(!fault("any", 151, 150).unwrap().is_notice);
        assert!(fault("any", 141, 150).unwrap().is_notice);
    }
}

//! The pager of tables on a terminal.

use crate::harness::{ENGAGELAB, FEISHU, run, ticket};
use crate::terminal::seen;

/// A pager that marks each line.
const MARKING: &str = "sed s/^/paged:/";

/// Returns what a table on a terminal shows with this pager.
fn table(pager: &str, more: &[&str]) -> String {
    let mut command =
        ticket(&[&["get", FEISHU, ENGAGELAB, "--sandbox", "-o", "table"], more].concat());
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("PAGER", pager);
    seen(&mut command, 120, None)
}

#[test]
fn shows_a_table_with_the_pager() {
    let paged = table(MARKING, &[]);
    assert!(paged.contains(FEISHU.split_once(':').unwrap().1), "{paged}");
    assert!(paged.lines().all(|line| line.starts_with("paged:")), "{paged}");
    for (pager, more) in
        [(MARKING, &["--no-pager"][..]), ("", &[]), ("cat", &[]), ("no-such-program --option", &[])]
    {
        let plain = table(pager, more);
        assert_eq!(plain, paged.replace("paged:", ""), "{pager} {more:?}");
    }
}

#[test]
fn uses_no_pager_off_a_terminal() {
    let mut command = ticket(&["get", FEISHU, "--sandbox", "-o", "table"]);
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("PAGER", MARKING);
    assert!(!run(&mut command).out.contains("paged:"));
}

#[test]
fn starts_no_pager_without_a_table() {
    let mut command = ticket(&["get", "--ids", "/dev/null", "-o", "table"]);
    // This pager would print something without any input.
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("PAGER", "echo paged:");
    assert_eq!(seen(&mut command, 120, None), "");
}

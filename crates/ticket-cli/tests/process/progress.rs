//! Progress on a terminal.

use std::process::{Command, Stdio};

use crate::harness::{ENGAGELAB, FEISHU, ticket};
use crate::terminal::{read_to_end, terminal};

/// Runs a command with a terminal for stderr and this stdout, and returns what the terminal shows.
fn seen(command: &mut Command, stdout: impl Into<Stdio>) -> String {
    let (ours, theirs) = terminal(120);
    command.envs([("TERM", "xterm"), ("NO_COLOR", "1")]);
    let mut child = command.stdout(stdout).stderr(theirs).spawn().unwrap();
    // Reading ends only when no other process has the other end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let seen = read_to_end(ours);
    child.wait().unwrap();
    seen.replace("\r\n", "\n")
}

fn get(more: &[&str]) -> Command {
    ticket(&[&["get", FEISHU, "feishu:1", ENGAGELAB, "--sandbox", "-o", "csv"], more].concat())
}

#[test]
fn shows_progress_while_the_output_goes_to_a_file() {
    let file = tempfile::tempfile().unwrap();
    let seen = seen(&mut get(&[]), file);
    assert!(seen.contains("0 of 3 tickets, 0 failed, 0/s"), "{seen:?}");
    let line = seen.lines().find(|line| line.contains("error: ")).unwrap();
    // The line of the progress is erased before the message is written.
    assert!(line.contains("\u{1b}[2Kerror: feishu:1: "), "{line:?}");
    assert!(seen.ends_with("2 of 3 tickets fetched; 1 failed: not_found\n"), "{seen:?}");
}

#[test]
fn shows_the_totals_if_nothing_failed() {
    let file = tempfile::tempfile().unwrap();
    let mut command = ticket(&["get", FEISHU, ENGAGELAB, "--sandbox"]);
    let seen = seen(&mut command, file);
    let summary = r#"{"summary":{"requested":2,"fetched":2,"failed":{}}}"#;
    assert!(seen.ends_with(&format!("{summary}\n")), "{seen:?}");
}

#[test]
fn shows_no_progress_where_it_disturbs() {
    let file = || tempfile::tempfile().unwrap();
    for (name, seen) in [
        ("a pipe", seen(&mut get(&[]), Stdio::piped())),
        ("a log", seen(&mut get(&["-v"]), file())),
        ("a single ticket", seen(&mut ticket(&["get", FEISHU, "--sandbox"]), file())),
    ] {
        assert!(!seen.contains("tickets, "), "{name}: {seen:?}");
    }
    let (ours, theirs) = terminal(120);
    let mut command = get(&["--color", "never"]);
    let mut child = command.stdout(theirs.try_clone().unwrap()).stderr(theirs).spawn().unwrap();
    drop(command);
    let seen = read_to_end(ours);
    child.wait().unwrap();
    assert!(!seen.contains("tickets, ") && seen.contains("2 of 3 tickets fetched"), "{seen:?}");
}

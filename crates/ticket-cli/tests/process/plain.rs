//! Commands without settings and network: help, schema, completions.

use crate::harness::{run, ticket};

#[test]
fn prints_the_schema_of_the_model() {
    let run = run(&mut ticket(&["schema"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out, ticket_model::schema());
}

#[test]
fn prints_completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = run(&mut ticket(&["completions", shell]));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        // The script asks the program, so that ids and profiles are completed as well.
        assert!(run.out.contains("TICKET_COMPLETE") && run.out.contains("ticket"), "{shell}");
    }
}

#[test]
fn help_lists_the_exit_codes() {
    for arguments in [&["--help"][..], &["get", "--help"], &["doctor", "--help"]] {
        let run = run(&mut ticket(arguments));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        for line in [
            "0  done",
            "2  usage",
            "3  ticket not found",
            "4  not allowed",
            "5  try later",
            "6  invalid response",
            "1  anything",
        ] {
            assert!(run.out.contains(line), "{arguments:?}: {line}");
        }
    }
}

//! What needs neither settings nor a network: help, schema, completions.

use crate::harness::{run, ticket};

#[test]
fn the_schema_is_the_one_of_the_model() {
    let run = run(&mut ticket(&["schema"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out, ticket_model::schema());
}

#[test]
fn every_shell_has_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = run(&mut ticket(&["completions", shell]));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        assert!(run.out.contains("decode") && run.out.contains("doctor"), "{shell}: {}", run.out);
    }
}

#[test]
fn the_help_has_the_table_of_exit_codes() {
    for arguments in [&["--help"][..], &["get", "--help"], &["doctor", "--help"]] {
        let run = run(&mut ticket(arguments));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        for line in [
            "0  done",
            "2  usage",
            "3  there is no",
            "4  not allowed",
            "5  try later",
            "6  the response",
            "1  anything",
        ] {
            assert!(run.out.contains(line), "{arguments:?}: {line}");
        }
    }
}

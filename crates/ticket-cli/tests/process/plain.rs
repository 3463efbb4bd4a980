//! Commands without settings and network: help, schema, completions.

use std::fs;

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
fn writes_a_manual_page_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    let written = run(ticket(&["man"]).arg(&pages));
    assert_eq!((written.code, written.out.as_str(), written.err.as_str()), (0, "", ""));
    for name in ["ticket", "ticket-get", "ticket-mapping-explain", "ticket-mirror-status"] {
        let page = fs::read_to_string(pages.join(name).with_extension("1")).unwrap();
        assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH OPTIONS"), "{name}: {page}");
    }
    let error = run(ticket(&["man"]).arg(pages.join("ticket.1")));
    assert_eq!(error.code, 1);
    assert!(error.err.contains("cannot write the pages to "), "{}", error.err);
}

#[test]
fn help_lists_the_exit_codes_once() {
    let main = run(&mut ticket(&["--help"]));
    assert_eq!((main.code, main.err.as_str()), (0, ""));
    for line in [
        "0  done",
        "2  usage",
        "3  ticket not found",
        "4  not allowed",
        "5  try later",
        "6  invalid response",
        "1  anything",
    ] {
        assert!(main.out.contains(line), "{line}");
    }
    for command in ["get", "doctor"] {
        let help = run(&mut ticket(&[command, "--help"])).out;
        assert!(help.ends_with("\nExit codes: see ticket --help\n"), "{help}");
    }
}

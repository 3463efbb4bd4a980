//! Output on a terminal, and what is never written to one.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Command, Output, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::harness::{ENGAGELAB, FEISHU, READER, ticket};

/// Runs the binary on a terminal of this width and returns the output.
fn on_terminal(arguments: &[&str], columns: u16, input: Option<&[u8]>) -> String {
    seen(&mut ticket(arguments), columns, input)
}

/// Opens a terminal of this width: our end, and that of the process.
pub(crate) fn terminal(columns: u16) -> (OwnedFd, File) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let size = Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    tcsetwinsize(&theirs, size).unwrap();
    (ours, theirs)
}

/// Runs a command on a terminal of this width and returns the output; it must succeed.
pub(crate) fn seen(command: &mut Command, columns: u16, input: Option<&[u8]>) -> String {
    let (code, seen) = ended(command, columns, input);
    assert_eq!(code, 0, "{seen}");
    seen
}

/// Runs a command on a terminal and returns its exit code and the output.
fn ended(command: &mut Command, columns: u16, input: Option<&[u8]>) -> (i32, String) {
    let (ours, theirs) = terminal(columns);
    command.env("TERM", "xterm-256color");
    command.stdout(theirs.try_clone().unwrap()).stderr(theirs);
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().unwrap();
    // Reading ends only when no other process holds the other end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(input) = input {
        child.stdin.take().unwrap().write_all(input).unwrap();
    }
    let seen = read_to_end(ours);
    (child.wait().unwrap().code().unwrap(), seen.replace("\r\n", "\n"))
}

/// Reads the output until no process has the other end.
pub(crate) fn read_to_end(ours: OwnedFd) -> String {
    let mut terminal = File::from(ours);
    let mut seen = Vec::new();
    let mut block = [0; 4096];
    // If the other end is closed, Linux reports an error and other systems the end of the file.
    while let Ok(count @ 1..) = terminal.read(&mut block) {
        seen.extend_from_slice(&block[..count]);
    }
    String::from_utf8(seen).unwrap()
}

#[test]
fn prints_the_page_in_colour_and_at_window_width() {
    let arguments = [&["get", ENGAGELAB, FEISHU, "--sandbox"][..], &READER].concat();
    let wide = on_terminal(&arguments, 90, None);
    assert!(wide.contains("\u{1b}[1m"), "{wide}");
    assert!(wide.contains("2025-11-04 09:15 +08:00, 3 months ago"), "{wide}");
    for (variables, is_coloured) in [
        (&[("CLICOLOR_FORCE", "0")][..], true),
        (&[("CLICOLOR_FORCE", "0"), ("CLICOLOR", "0")], false),
        (&[("CLICOLOR_FORCE", "0"), ("NO_COLOR", "1")], false),
    ] {
        let seen = seen(ticket(&arguments).envs(variables.iter().copied()), 90, None);
        assert_eq!(seen.contains('\u{1b}'), is_coloured, "{variables:?}");
    }
    let narrow = on_terminal(&arguments, 40, None);
    assert!(narrow.lines().count() > wide.lines().count());
}

#[test]
fn prints_a_single_ticket_as_indented_json() {
    let seen = on_terminal(&["get", FEISHU, "--sandbox", "--output", "json"], 80, None);
    assert!(seen.starts_with("{\n  \"provider\": \"feishu\",\n"), "{seen}");
    let several = ["get", FEISHU, ENGAGELAB, "--sandbox", "--output", "json"];
    assert_eq!(on_terminal(&several, 80, None).lines().count(), 2);
}

#[test]
fn writes_no_control_characters() {
    let body = "{\"code\":0,\"data\":{\"ticket_id\":\"1\",\"title\":\"\\u001b[2J\u{9b}2J\u{202e}\u{200b}☀\u{200d}☀\u{fe0f}\",\
                \"custom_fields\":{\"\u{9b}\":\"\u{feff}\"},\"\u{85}\":1}}";
    for output in ["page", "json", "raw", "markdown", "csv", "table"] {
        let arguments =
            ["decode", "engagelab", "-", "--output", output, "--color", "never", "--no-pager"];
        let seen = on_terminal(&arguments, 80, Some(body.as_bytes()));
        let acting = |character: char| {
            character.is_control() && character != '\n'
                || "\u{202e}\u{200b}\u{200d}\u{fe0f}\u{feff}".contains(character)
        };
        assert!(!seen.contains(acting), "{output}: {seen:?}");
        assert!(seen.contains("2J"), "{output}: {seen:?}");
        if output == "json" {
            let ticket: ticket_model::Ticket = serde_json::from_str(&seen).unwrap();
            let title = "\u{1b}[2J\u{9b}2J\u{202e}\u{200b}☀\u{200d}☀\u{fe0f}";
            assert_eq!(ticket.title.as_deref(), Some(title));
        }
    }
}

#[test]
fn explain_and_drift_print_tables() {
    let explained = on_terminal(&["mapping", "explain", FEISHU, "--sandbox"], 100, None);
    assert!(explained.contains("FIELD") && explained.contains("\u{1b}["), "{explained}");
    let one = ["mapping", "explain", FEISHU, "--sandbox", "--field", "solved", "-o", "json"];
    assert!(on_terminal(&one, 100, None).starts_with("{\n  \"provider\": \"feishu\",\n"));
    let body = "{\"code\":0,\"data\":{\"ticket_id\":\"1\",\"\\u001b[2J\u{202e}\":1}}";
    for output in ["table", "json"] {
        let arguments = ["mapping", "drift", "engagelab", "-o", output, "--color", "never"];
        let seen = on_terminal(&arguments, 80, Some(body.as_bytes()));
        let acts = |it: char| it.is_control() && it != '\n' || it == '\u{202e}';
        assert!(!seen.contains(acts), "{output}: {seen:?}");
        assert!(seen.contains("unknown_key"), "{output}: {seen:?}");
    }
}

#[test]
fn prints_the_schema_unchanged() {
    assert!(on_terminal(&["schema"], 80, None).starts_with('{'));
}

#[test]
fn announces_that_standard_input_is_read() {
    for command in [&["decode"][..], &["mapping", "explain"], &["mapping", "drift"]] {
        let response = "{\"code\":0,\"data\":{\"ticket_id\":\"1\"}}";
        let output = type_after_notice(&mut ticket(&[command, &["engagelab"]].concat()), response);
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && out.starts_with("{\"provider\":"), "{command:?}: {out}");
    }
}

/// Runs a command that announces on stderr that it reads a terminal, and types this line and Ctrl-D after the notice.
pub(crate) fn type_after_notice(command: &mut Command, line: &str) -> Output {
    let (ours, theirs) = terminal(80);
    let mut child =
        command.stdin(theirs).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut notice = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut notice).unwrap();
    assert!(notice.contains("standard input") && notice.contains("Ctrl-D"), "{notice}");
    let typed = format!("{line}\n\x04");
    File::from(ours.try_clone().unwrap()).write_all(typed.as_bytes()).unwrap();
    // The terminal stays open until the command has ended.
    let output = child.wait_with_output().unwrap();
    drop(ours);
    output
}

#[test]
fn does_not_wrap_commands_and_paths() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a folder-with a-long name/config-file.toml");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    let file = file.to_str().unwrap();
    std::fs::write(file, "[profiles.default.engagelab]\napi_key = \"s3cret\"\n").unwrap();
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let command = format!("chmod 600 '{file}'");
    let quoted = format!("\"{file}\"");
    for columns in [20, 30, 40, 60, 80, 120] {
        for arguments in [&["get", ENGAGELAB][..], &["doctor"]] {
            let arguments = [arguments, &["--config", file, "--color", "never"]].concat();
            let (code, seen) = ended(&mut ticket(&arguments), columns, None);
            assert_eq!(code, 2, "{seen}");
            assert!(seen.lines().any(|line| line.trim() == command), "{columns}: {seen}");
            assert!(seen.lines().any(|line| line.contains(&quoted)), "{columns}: {seen}");
            let is_wide =
                |line: &&str| line.chars().count() > columns.into() && !line.contains(file);
            assert_eq!(seen.lines().find(is_wide), None, "{columns}: {seen}");
        }
    }
}

#[test]
fn does_not_wrap_off_a_terminal() {
    let words = "word ".repeat(60);
    let body = format!(r#"{{"code":0,"data":{{"ticket_id":"1","description":"{words}"}}}}"#);
    for arguments in [
        &["doctor"][..],
        &["decode", "engagelab", "-o", "page"],
        &["mapping", "explain", ENGAGELAB, "--sandbox", "-o", "table", "--all"],
        &["mapping", "capabilities", "-o", "table"],
    ] {
        // The width of the terminal on stderr does not count.
        let (ours, theirs) = terminal(40);
        let mut child = ticket(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(theirs)
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that reads no input may have ended.
        let _ = stdin.write_all(body.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        drop(ours);
        let out = String::from_utf8(output.stdout).unwrap();
        // On a terminal, no line has more than 140 columns.
        let widest = out.lines().map(|line| line.chars().count()).max();
        assert!(widest > Some(150), "{arguments:?}: {out}");
    }
    let long = format!("unknown.{}", "at-all.".repeat(15));
    let run = ticket(&["get", &format!("feishu:{long}"), "--sandbox", "-o", "page"]).output();
    let err = String::from_utf8(run.unwrap().stderr).unwrap();
    assert!(err.lines().next().is_some_and(|line| line.contains(&long)), "{err}");
}

#[test]
fn usage_errors_on_a_terminal_are_text() {
    for (arguments, expected) in [
        (&["gte"][..], "tip: a similar subcommand exists: 'get'"),
        (&["get", "-output", "json"], "tip: a similar argument exists: '--output'"),
        (&[FEISHU], "tip: to fetch a ticket, use 'ticket get feishu:6626871355780366331'"),
        (
            &["get", FEISHU, "--sandbox", "--fields", "statsu"],
            "error: a ticket has no field \"statsu\"",
        ),
        (&[], "Usage: "),
    ] {
        let (code, seen) = ended(ticket(arguments).env("NO_COLOR", "1"), 80, None);
        assert_eq!(code, 2, "{seen}");
        assert!(seen.contains(expected) && !seen.starts_with('{'), "{seen}");
    }
}

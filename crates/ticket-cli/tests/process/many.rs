//! `ticket get` with many ids: from files and standard input, their order, and what a slow or failed ticket changes.
#![cfg(unix)]

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use crate::config::Config;
use crate::harness::{ENGAGELAB, FEISHU, Run, run, run_with_input, ticket};
use crate::terminal::type_after_notice;

/// Two calls at a time, without waits for the documented rate limit.
const TWO_AT_A_TIME: &str =
    "[profiles.default.transport]\nconcurrency = 2\nrate_limit_fraction = 1000\n";

/// A server that has every ticket, and can delay a response until something happened.
#[derive(Clone)]
struct Server {
    base_url: String,
    /// The ids of the tickets that were requested, and other things that happened.
    happened: Arc<(Mutex<HashSet<String>>, Condvar)>,
}

impl Server {
    /// Starts a server that delays the response with the ticket `slow` until `event` happened.
    fn start(slow: &'static str, event: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { base_url, happened: Arc::default() };
        let of_requests = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = of_requests.clone();
                thread::spawn(move || server.respond(stream, slow, event));
            }
        });
        server
    }

    /// Records that something happened.
    fn happens(&self, event: &str) {
        let (events, changed) = &*self.happened;
        events.lock().unwrap().insert(event.to_owned());
        changed.notify_all();
    }

    /// Waits until something happened.
    fn wait_for(&self, event: &str) {
        let (events, changed) = &*self.happened;
        let events = events.lock().unwrap();
        drop(changed.wait_while(events, |events| !events.contains(event)).unwrap());
    }

    fn respond(&self, mut stream: TcpStream, slow: &str, event: &str) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let request = lines.next().unwrap().unwrap();
        // The rest of the request has to be read before the connection is closed.
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let id = request.split(' ').nth(1).unwrap().rsplit('/').next().unwrap();
        self.happens(id);
        if id == slow {
            self.wait_for(event);
        }
        let body = format!(r#"{{"code":0,"data":{{"ticket_id":"{id}"}}}}"#);
        let length = body.len();
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        // A client that gave up closed the connection.
        let _ = stream.write_all((head + &body).as_bytes());
    }

    /// Prepares `ticket get` with this server, two calls at a time.
    fn get(&self, config: &Config, arguments: &[&str]) -> Command {
        let mut command = ticket(&[&["get"], arguments].concat());
        command.env("XDG_CONFIG_HOME", config.folder.path());
        command.envs([("ENGAGELAB_API_KEY", "key"), ("ENGAGELAB_API_SECRET", "secret")]);
        command.env("ENGAGELAB_BASE_URL", &self.base_url);
        command
    }
}

/// Returns `engagelab:ID` for each ticket that was printed as JSON.
fn names(out: &str) -> Vec<String> {
    let tickets = out.lines().map(|line| serde_json::from_str(line).unwrap());
    tickets.map(|it: ticket_model::Ticket| format!("{}:{}", it.provider, it.id)).collect()
}

/// Starts a process with pipes, and returns its stdout.
fn start(mut command: Command) -> (Child, BufReader<ChildStdout>) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// Reads the next ticket that a process prints, as `engagelab:ID`.
fn next(out: &mut impl BufRead) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    names(&line).remove(0)
}

fn from_input(arguments: &[&str], input: &[u8]) -> Run {
    run_with_input(&mut ticket(&[&["get", "--sandbox"], arguments].concat()), input)
}

#[test]
fn a_slow_ticket_does_not_hold_up_the_others() {
    let config = Config::new(TWO_AT_A_TIME, 0o644);
    // The first response is sent when the last of the other tickets was requested.
    let server = Server::start("slow", "ticket-9");
    let others: Vec<_> = (0..10).map(|number| format!("engagelab:ticket-{number}")).collect();
    let ids: Vec<_> =
        ["engagelab:slow"].into_iter().chain(others.iter().map(String::as_str)).collect();
    let run = run(&mut server.get(&config, &ids));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(names(&run.out), ids, "in the order of the ids");
}

#[test]
fn prints_tickets_as_they_finish_if_unordered() {
    let config = Config::new(TWO_AT_A_TIME, 0o644);
    let server = Server::start("slow", "the others were printed");
    let ids = ["engagelab:slow", "engagelab:a", "engagelab:b", "engagelab:c"];
    let arguments = [&["--unordered"], &ids[..]].concat();
    let (mut child, mut out) = start(server.get(&config, &arguments));
    let others: Vec<_> = (0..3).map(|_| next(&mut out)).collect();
    assert_eq!(others, ids[1..]);
    server.happens("the others were printed");
    assert_eq!(next(&mut out), "engagelab:slow");
    assert!(child.wait().unwrap().success());
}

#[test]
fn prints_each_ticket_before_the_next_id_is_read() {
    let config = Config::new(TWO_AT_A_TIME, 0o644);
    let server = Server::start("", "");
    let (mut child, mut out) = start(server.get(&config, &["-"]));
    let mut input = child.stdin.take().unwrap();
    for id in ["engagelab:a", "engagelab:b", "engagelab:c"] {
        writeln!(input, "{id}").unwrap();
        assert_eq!(next(&mut out), id);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn reads_ids_from_files_and_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ids.txt");
    std::fs::write(&file, format!("\u{feff}{FEISHU}\r\n\r\n  {ENGAGELAB}\t\r\n{FEISHU}")).unwrap();
    let file = file.to_str().unwrap();
    let one = format!("{ENGAGELAB}\n");
    for (arguments, input, expected) in [
        (&["--ids", file][..], "", &[FEISHU, ENGAGELAB, FEISHU][..]),
        (&["--ids", "-"], &one, &[ENGAGELAB]),
        (&["-"], &one, &[ENGAGELAB]),
        (&[FEISHU, "-", FEISHU], &one, &[FEISHU, ENGAGELAB, FEISHU]),
        (&["-", "--ids", file], &one, &[ENGAGELAB, FEISHU, ENGAGELAB, FEISHU]),
        (&["--ids", file, "--ids", "-"], &one, &[FEISHU, ENGAGELAB, FEISHU, ENGAGELAB]),
        (&["-"], "", &[]),
        (&["-"], "\n \r\n", &[]),
    ] {
        let run = from_input(arguments, input.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
        assert_eq!(names(&run.out), expected, "{arguments:?}");
    }
}

#[test]
fn names_an_unreadable_line_and_goes_on() {
    let long = "x".repeat(5_000);
    let input =
        [b"\xff\xfe1\n\n", FEISHU.as_bytes(), b"\nfeishu:1\n", long.as_bytes(), b"\nfoo"].concat();
    let run = from_input(&["-"], &input);
    assert_eq!((run.code, names(&run.out)), (2, vec![FEISHU.to_owned()]));
    let messages: Vec<_> = (0..4).map(|line| run.error(line)["message"].clone()).collect();
    assert_eq!(messages[0], "line 1 of standard input: it is not UTF-8");
    assert_eq!(messages[2], "line 5 of standard input: it is longer than 4 KiB");
    assert_eq!(run.error(3)["id"], "foo");
    assert!(
        run.err.ends_with(
            "{\"summary\":{\"requested\":5,\"fetched\":1,\"failed\":{\"invalid_request\":3,\"not_found\":1}}}\n"
        ),
        "{}",
        run.err
    );
}

#[test]
fn the_first_failure_in_the_order_of_the_ids_decides() {
    let (missing, invalid) = ("engagelab:nobody", "engagelab:..");
    for (ids, code) in [
        ([FEISHU, missing, invalid], 3),
        ([FEISHU, invalid, missing], 2),
        ([missing, FEISHU, invalid], 3),
    ] {
        for order in [&[][..], &["--unordered"]] {
            let run = from_input(&[&["-"], order].concat(), ids.join("\n").as_bytes());
            assert_eq!(run.code, code, "{ids:?} {order:?}: {run:?}");
        }
    }
}

#[test]
fn explains_input_that_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.txt");
    for (arguments, message) in [
        (&["--ids", missing.to_str().unwrap()][..], "missing.txt cannot be read: "),
        (&[FEISHU, "--ids", folder.path().to_str().unwrap()], " cannot be read: is a directory"),
        (&["-", "-"], "standard input is named more than once"),
        (&["-", "--ids", "-"], "standard input is named more than once"),
    ] {
        let run = from_input(arguments, b"");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(run.err.lines().count(), 1, "{run:?}");
        let error = run.error(0);
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    }
}

#[test]
fn reports_missing_settings_for_each_id() {
    let ids: Vec<_> = (0..100).map(|number| format!("engagelab:{number}")).collect();
    let run = run_with_input(&mut ticket(&["get", "-"]), ids.join("\n").as_bytes());
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err.lines().count(), 101, "one failure for each id, and the summary");
    assert_eq!(
        (run.error(99)["id"].as_str(), run.error(99)["attempts"].as_u64()),
        (Some("99"), Some(0))
    );
}

#[test]
fn announces_that_ids_are_read_from_a_terminal() {
    for input in [&["-"][..], &["--ids", "-"]] {
        let mut command = ticket(&[&["get", "--sandbox"], input].concat());
        let output = type_after_notice(&mut command, FEISHU);
        assert_eq!(names(str::from_utf8(&output.stdout).unwrap()), [FEISHU], "{input:?}");
    }
}

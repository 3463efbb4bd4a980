//! `ticket sandbox`: its environment, its faults, and how it stops.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::harness::{ENGAGELAB, FEISHU, run, ticket};

#[test]
fn prints_its_environment_and_stops_on_ctrl_c() {
    let mut sandbox =
        ticket(&["sandbox"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The last line on stderr follows the lines on stdout.
    let mut about = String::new();
    let mut stderr = BufReader::new(sandbox.stderr.take().unwrap());
    while !about.contains("Ctrl-C") {
        assert_ne!(stderr.read_line(&mut about).unwrap(), 0, "{about}");
    }
    for id in [FEISHU, ENGAGELAB] {
        assert!(about.contains(&format!("such as {id}.")), "{about}");
    }
    let mut lines = BufReader::new(sandbox.stdout.take().unwrap()).lines().map(Result::unwrap);
    let unset = lines.next().unwrap();
    for name in ["FEISHU_TENANT_ACCESS_TOKEN", "ENGAGELAB_PATH_PREFIX", "TICKET_PROFILE"] {
        assert!(unset.strip_prefix("unset ").unwrap().split(' ').any(|it| it == name), "{unset}");
    }
    let variables: Vec<(String, String)> = lines
        .take(8)
        .map(|line| {
            let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
            let value = value.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect();
    let fetched = run(ticket(&["get", FEISHU, ENGAGELAB]).envs(variables));
    assert_eq!((fetched.code, fetched.err.as_str()), (0, ""));
    assert_eq!(fetched.out.lines().count(), 2);

    kill(&sandbox, "-INT");
    assert_eq!(sandbox.wait().unwrap().code(), Some(0));
}

fn kill(process: &Child, signal: &str) {
    let id = process.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
}

#[test]
fn stops_on_a_signal_during_a_request() {
    for signal in ["-TERM", "-INT"] {
        let mut sandbox = ticket(&["sandbox", "--fault", "*: silence"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(sandbox.stdout.take().unwrap()).lines().map(Result::unwrap);
        let url = lines.find_map(|line| {
            let url = line.strip_prefix("export ENGAGELAB_BASE_URL='http://")?;
            Some(url.trim_end_matches('\'').to_owned())
        });
        let mut client = TcpStream::connect(url.unwrap()).unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        kill(&sandbox, signal);
        assert_eq!(sandbox.wait().unwrap().code(), Some(0), "{signal}");
        // The connection is closed as well.
        let _ = client.read(&mut [0]);
    }
}

#[test]
fn applies_a_fault_to_the_requests_of_its_rule() {
    let rules = ["--fault", "feishu.token 1: reset", "--fault", "* 1: status 400 code 99991403"];
    let mut sandbox = ticket(&[&["sandbox", "-v"], &rules[..]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut about = String::new();
    let mut stderr = BufReader::new(sandbox.stderr.take().unwrap());
    while !about.contains("Ctrl-C") {
        assert_ne!(stderr.read_line(&mut about).unwrap(), 0, "{about}");
    }
    assert!(about.contains("Fault: feishu.token 1: reset\n"), "{about}");
    let lines = BufReader::new(sandbox.stdout.take().unwrap()).lines().map(Result::unwrap);
    let variables = lines.skip(1).take(8).map(|line| {
        let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
        (name.to_owned(), value.trim_matches('\'').to_owned())
    });
    let variables: Vec<_> = variables.collect();
    // The token call is reset and retried. The first ticket call is refused, the second one is not.
    let fetched = run(ticket(&["get", FEISHU]).envs(variables.clone()));
    assert_eq!(fetched.error(0)["kind"], "quota_exhausted", "{fetched:?}");
    let fetched = run(ticket(&["get", FEISHU]).envs(variables));
    assert_eq!((fetched.code, fetched.err.as_str()), (0, ""));
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    let log: Vec<_> = stderr.lines().map(Result::unwrap).collect();
    assert_eq!(
        log.len(),
        5,
        "two token calls, of which one is reset, and two ticket calls: {log:?}"
    );
    assert!(log[0].ends_with(" status=0 fault=reset"), "{log:?}");
    assert!(log[4].ends_with(" status=200"), "{log:?}");
}

#[test]
fn explains_an_invalid_rule() {
    for (rule, message) in [
        ("feishu.ticket: slep 3s", "unknown fault `slep`; known faults: status, "),
        ("feishu.ticket: delay", "expected `delay TIME`, such as `delay 200ms`"),
        ("feishu.ticket 0: reset", "expected `3`, `2-4`"),
        ("reset", "expected `ROUTE [REQUESTS]: FAULT`"),
        ("feishu.tickets: reset", "known routes: engagelab.ticket, feishu.token, feishu.ticket, "),
    ] {
        let run = run(&mut ticket(&["sandbox", "--fault", rule]));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{rule}");
        assert!(run.err.contains(message), "{}", run.err);
    }
}

#[test]
fn lists_every_fault_with_an_example() {
    let listed = run(&mut ticket(&["sandbox", "--faults"]));
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
    for fault in ticket_sandbox::Fault::catalogue() {
        for part in [fault.usage, fault.about, fault.example] {
            assert!(listed.out.contains(part), "{part}");
        }
    }
}

#[test]
fn an_occupied_port_is_a_configuration_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = run(&mut ticket(&["sandbox", "--port", &port]));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("error: cannot start the sandbox"), "{}", run.err);
    assert!(run.err.contains(&format!(":{port}: ")) && run.err.contains("in use"), "{}", run.err);
}

#[test]
fn lists_the_tickets_of_the_sandbox() {
    let listed = run(&mut ticket(&["sandbox", "--list"]));
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
    let ids: Vec<_> = listed.out.lines().collect();
    assert!(ids.contains(&FEISHU) && ids.contains(&ENGAGELAB), "{ids:?}");
    // Only some: the sandbox allows ten requests in a second.
    let some: Vec<_> = ids.iter().step_by(ids.len().div_ceil(8)).copied().collect();
    let fetched = run(&mut ticket(&[&["get", "--sandbox"], &some[..]].concat()));
    assert_eq!((fetched.code, fetched.err.as_str()), (0, ""));
    assert_eq!(fetched.out.lines().count(), some.len());
}

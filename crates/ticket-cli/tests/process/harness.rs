//! Runs the binary and the servers for it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

use ticket_sandbox::Sandbox;

/// The documented ticket of each provider.
pub(crate) const ENGAGELAB: &str = "engagelab:tk_20251104_789abc";
pub(crate) const FEISHU: &str = "feishu:6626871355780366331";

/// The current time of the page.
const NOW: &str = "2026-02-10T00:00:00Z";
/// The time zone of the page.
pub(crate) const READER: [&str; 2] = ["--time-zone", "Asia/Shanghai"];

/// The exit code and the output of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Returns the `error` object in this line of stderr, counted from 0.
    pub(crate) fn error(&self, line: usize) -> serde_json::Value {
        let line = self.err.lines().nth(line).unwrap_or_else(|| panic!("no such line: {self:?}"));
        let mut value: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        value["error"].take()
    }
}

/// Prepares the binary with these arguments, no config file, and an environment with the current time only.
pub(crate) fn ticket(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ticket"));
    command.args(arguments).env_clear();
    // The home folder and the settings of the developer must not matter.
    command.env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-config"));
    command.env("TICKET_NOW", NOW);
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().expect("the process was not killed"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a command with this input on stdin.
pub(crate) fn run_with_input(command: &mut Command, input: &[u8]) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A process that does not read its input closes the pipe.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A sandbox in this process with its own threads; it stops when this value is dropped.
pub(crate) struct TestServer {
    pub(crate) sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
}

impl TestServer {
    /// Starts a sandbox that `change` configures.
    pub(crate) fn start(
        change: impl FnOnce(ticket_sandbox::Builder) -> ticket_sandbox::Builder,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let sandbox = runtime.block_on(change(Sandbox::builder()).start()).unwrap();
        Self { sandbox, _runtime: runtime }
    }

    /// Returns the environment variables for this sandbox.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        self.sandbox.environment()
    }
}

/// Responds to every request with the same status and body, and returns the base URL.
pub(crate) fn serve_response(status: &'static str, body: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                head.push(byte[0]);
            }
            let length = body.len();
            let lines = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(lines.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    format!("http://{address}")
}

/// Returns a base URL that refuses connections. A port from the system could be given to another test.
pub(crate) fn refused_url() -> String {
    "http://127.0.0.1:1".to_owned()
}

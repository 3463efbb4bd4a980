//! Starts the binary again and again for one ticket of a running sandbox: `bench-cold PROGRAM`.
//!
//! It prints a line for a fetch and for `--version`, which only starts: `WHAT WALL CPU MEMORY`, in microseconds and bytes. The
//! least time counts, and the most memory. This program is small, because the system counts what a process had before it
//! became another program.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// How often the binary is started for each of the two.
const ROUNDS: usize = 100;

fn main() {
    let program = env::args_os().nth(1).expect("bench-cold PROGRAM");
    let program = Path::new(&program);
    let sandbox = Sandbox::start(program);
    let ways: [(&str, &[&str]); 2] = [
        ("get", &["get", "engagelab:tk_20251104_789abc", "--output", "json"]),
        ("version", &["--version"]),
    ];
    let mut taken = ways.map(|(name, words)| (name, words, Taken::default()));
    for _ in 0..ROUNDS {
        for (_, words, taken) in &mut taken {
            taken.add(program, words, &sandbox.environment);
        }
    }
    for (name, _, Taken { wall, cpu, memory }) in taken {
        println!("{name} {} {} {memory}", wall.as_micros(), cpu.as_micros());
    }
}

/// What a process took.
struct Taken {
    wall: Duration,
    cpu: Duration,
    memory: u64,
}

impl Default for Taken {
    fn default() -> Self {
        Self { wall: Duration::MAX, cpu: Duration::MAX, memory: 0 }
    }
}

impl Taken {
    fn add(&mut self, program: &Path, words: &[&str], environment: &[(String, String)]) {
        let mut command = Command::new(program);
        command.args(words).envs(environment.iter().map(|(name, value)| (name, value)));
        command.env_remove("TICKET_PROFILE").stdin(Stdio::null()).stdout(Stdio::null());
        let start = Instant::now();
        let outcome = command.spawn().and_then(|mut child| child.wait4());
        let wall = start.elapsed();
        let outcome = outcome.expect("the program can be run");
        assert!(outcome.status.success(), "{words:?}: {}", outcome.status);
        self.wall = self.wall.min(wall);
        self.cpu = self.cpu.min(outcome.rusage.utime + outcome.rusage.stime);
        self.memory = self.memory.max(outcome.rusage.maxrss);
    }
}

/// A sandbox in a process of its own, which ends with this value.
struct Sandbox {
    process: Child,
    /// What leads there.
    environment: Vec<(String, String)>,
}

impl Sandbox {
    fn start(program: &Path) -> Self {
        let mut command = Command::new(program);
        command.arg("sandbox").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("the program can be run");
        let lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        // It prints lines for a shell, and then waits; the address of Feishu is the last of them.
        let mut environment = Vec::new();
        for line in lines.map_while(Result::ok) {
            let Some((name, value)) =
                line.strip_prefix("export ").and_then(|set| set.split_once('='))
            else {
                continue;
            };
            environment.push((name.to_owned(), value.trim_matches('\'').to_owned()));
            if name == "FEISHU_BASE_URL" {
                break;
            }
        }
        assert!(!environment.is_empty(), "the sandbox says where it is");
        Self { process, environment }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // One that has ended by itself cannot be ended, and that is all right.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! The official SDKs: installed into the folder of what is built, and asked over a line of JSON.

use std::collections::BTreeMap;
use std::env::consts::EXE_SUFFIX;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::cargo;

/// Where they are installed, from the root.
const FOLDER: &str = "target/interop";

/// How long to wait for a line: no SDK waits longer for a response.
const PATIENCE: Duration = Duration::from_mins(2);

/// A language that there is an SDK for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Node,
    Python,
}

/// An SDK.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sdk {
    pub(super) language: Language,
    /// Its name in the registry.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

pub(super) const SDKS: &[Sdk] = &[
    Sdk { language: Language::Node, name: "@larksuiteoapi/node-sdk", version: "1.74.0" },
    Sdk { language: Language::Python, name: "lark-oapi", version: "1.7.5" },
];

/// What became of a call: a ticket as JSON, or what was said instead.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    Ticket(Box<RawValue>),
    Error(String),
}

impl Outcome {
    /// What was said instead of a ticket.
    pub(super) fn error(&self) -> Option<&str> {
        match self {
            Self::Ticket(_) => None,
            Self::Error(error) => Some(error),
        }
    }
}

impl Sdk {
    /// Installs it where it is absent; its packages run nothing of theirs while they are installed.
    ///
    /// # Errors
    /// Where what it needs is missing, or its registry cannot be reached.
    pub(super) fn install(&self) -> Result<()> {
        let folder = self.folder();
        let mark = folder.join(format!("installed-{}", self.version));
        self.check()?;
        if mark.exists() {
            return Ok(());
        }
        std::fs::create_dir_all(&folder)?;
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let cache = path(&cargo::root().join(FOLDER).join("cache"));
        match self.language {
            Language::Node => {
                let what = format!("{}@{}", self.name, self.version);
                let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
                let place = ["--prefix", &path(&folder), "--cache", &cache];
                must("npm", &[&["install", &what], &quiet[..], &place].concat())?;
            }
            Language::Python => {
                must("python3", &["-m", "venv", &path(&folder)])?;
                let what = format!("{}=={}", self.name, self.version);
                let quiet = ["--quiet", "--no-input", "--disable-pip-version-check"];
                let pip = ["-m", "pip", "install", "--cache-dir", &cache, &what];
                must(self.program(), &[&pip[..], &quiet].concat())?;
            }
        }
        std::fs::write(&mark, "")?;
        Ok(())
    }

    /// Looks whether what it needs is there.
    fn check(&self) -> Result<()> {
        let (programs, mend): (&[&str], _) = match self.language {
            Language::Node => (&["node", "npm"], "install Node.js 18 or newer, with npm"),
            Language::Python => (&["python3"], "install Python 3.8 or newer, with venv"),
        };
        for program in programs {
            let status = cargo::at_root(program).arg("--version").stdout(Stdio::null()).status();
            ensure!(
                status.is_ok_and(|status| status.success()),
                "{} needs `{program}`, which cannot be run; {mend}",
                self.name
            );
        }
        Ok(())
    }

    fn folder(&self) -> PathBuf {
        let name = if self.language == Language::Node { "node" } else { "python" };
        cargo::root().join(FOLDER).join(name)
    }

    fn program(&self) -> PathBuf {
        match self.language {
            Language::Node => PathBuf::from("node"),
            Language::Python => {
                let binaries = if cfg!(windows) { "Scripts" } else { "bin" };
                self.folder().join(binaries).join(format!("python{EXE_SUFFIX}"))
            }
        }
    }

    /// Starts a program with the SDK, which has not asked for anything yet.
    pub(super) fn start(&self, environment: &[(&str, String)]) -> Result<Session> {
        let scripts = cargo::root().join("xtask/interop");
        let mut command = to_loopback(cargo::at_root(self.program()));
        match self.language {
            Language::Node => command.arg(scripts.join("node.mjs")).arg(self.folder()),
            Language::Python => command.arg(scripts.join("python.py")),
        };
        command.envs(environment.iter().map(|(name, value)| (*name, value)));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.with_context(|| format!("{} cannot be started", self.name))?;
        let (sender, lines) = channel();
        let output = BufReader::new(child.stdout.take().context("its output is piped")?);
        let input = child.stdin.take().context("its input is piped")?;
        // Ends with the output, that is with the program.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Session { child, input, lines })
    }
}

/// A running program with an SDK; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Session {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Session {
    /// The number by which the system knows the process.
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks for these tickets: all at once or one after the other, with the header made by the SDK or by hand.
    pub(super) fn ask(&mut self, ids: &[&str], own: bool, together: bool) -> Result<Vec<Outcome>> {
        let line = json!({ "ids": ids, "own": own, "together": together });
        writeln!(self.input, "{line}").context("the program with the SDK has ended")?;
        let line = self.lines.recv_timeout(PATIENCE).context("the SDK says nothing")?;
        let outcomes: Vec<BTreeMap<String, Box<RawValue>>> = serde_json::from_str(&line)?;
        outcomes
            .into_iter()
            .map(|mut outcome| {
                let error = outcome.remove("error");
                Ok(match (outcome.remove("ticket"), error) {
                    (Some(ticket), _) => Outcome::Ticket(ticket),
                    (None, Some(error)) => Outcome::Error(serde_json::from_str(error.get())?),
                    (None, None) => anyhow::bail!("neither a ticket nor an error: {line}"),
                })
            })
            .collect()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // One that has ended by itself cannot be ended, and that is all right.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that no setting leads to a proxy.
pub(super) fn to_loopback(mut command: Command) -> Command {
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env("NO_PROXY", "*").env("no_proxy", "*");
    command
}

/// Runs a program that has to succeed.
fn must(program: impl AsRef<Path>, arguments: &[&str]) -> Result<()> {
    let program = program.as_ref();
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    println!("$ {name} {}", arguments.join(" "));
    let status = cargo::at_root(program).args(arguments).status();
    let status = status.with_context(|| format!("{name} cannot be run"))?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}

//! Whoever asks for tickets: an SDK, or the binary of this repository.

use std::io;
use std::process::Output;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::sdk::{self, Outcome, Sdk, Session};
use crate::cargo;

/// Whoever asks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Caller {
    Sdk(&'static Sdk),
    Ours,
}

/// A caller that is ready, and knows its settings.
pub(super) enum Ready {
    Sdk(Session),
    Ours(Vec<(&'static str, String)>),
}

impl Caller {
    /// The name at the head of its column.
    pub(super) fn title(self) -> String {
        match self {
            Self::Sdk(sdk) => format!("`{}` {}", sdk.name, sdk.version),
            Self::Ours => "`ticket`".to_owned(),
        }
    }

    /// Makes it ready with these settings; it has asked for nothing yet, and knows no token.
    pub(super) fn ready(self, environment: Vec<(&'static str, String)>) -> Result<Ready> {
        Ok(match self {
            Self::Sdk(sdk) => Ready::Sdk(sdk.start(&environment)?),
            Self::Ours => Ready::Ours(environment),
        })
    }
}

impl Ready {
    /// Asks for tickets as [`Session::ask`] does; the binary has one way to make the header, and its own pace.
    pub(super) fn ask(&mut self, ids: &[&str], own: bool, together: bool) -> Result<Vec<Outcome>> {
        match self {
            Self::Sdk(session) => session.ask(ids, own, together),
            Self::Ours(environment) => {
                let printed = ours(environment, ids, "json")?;
                let lines = |bytes| String::from_utf8(bytes).context("JSON is UTF-8");
                outcomes(ids, &lines(printed.stdout)?, &lines(printed.stderr)?)
            }
        }
    }
}

/// What `ticket get` prints for these tickets.
pub(super) fn ours(
    environment: &[(&'static str, String)],
    ids: &[&str],
    output: &str,
) -> io::Result<Output> {
    // It is built beside this program, and by `cargo run` it would have to wait for whoever builds something else.
    let name = format!("ticket{}", std::env::consts::EXE_SUFFIX);
    sdk::to_loopback(cargo::at_root(std::env::current_exe()?.with_file_name(name)))
        .args(["get", "--output", output])
        .args(ids.iter().map(|id| format!("feishu:{id}")))
        .envs(environment.iter().map(|(name, value)| (*name, value)))
        .env_remove("TICKET_PROFILE")
        .output()
}

/// What `ticket get --output json` says of each id: tickets on stdout and errors on stderr, each in the order asked.
fn outcomes(ids: &[&str], stdout: &str, stderr: &str) -> Result<Vec<Outcome>> {
    #[derive(Deserialize)]
    struct Ticket {
        id: String,
    }
    #[derive(Deserialize)]
    struct Refused {
        error: Refusal,
    }
    #[derive(Deserialize)]
    struct Refusal {
        kind: String,
        http_status: Option<u16>,
    }
    let mut tickets = stdout.lines().peekable();
    let mut refusals = stderr.lines().filter(|line| line.starts_with('{'));
    let outcome = |id: &&str| {
        if let Some(line) = tickets.peek()
            && serde_json::from_str::<Ticket>(line)?.id == **id
        {
            let ticket = tickets.next().unwrap_or_default().to_owned();
            return Ok(Outcome::Ticket(RawValue::from_string(ticket)?));
        }
        let line = refusals.next().with_context(|| format!("nothing is said of {id}: {stderr}"))?;
        let Refused { error: Refusal { kind, http_status } } = serde_json::from_str(line)?;
        Ok(Outcome::Error(match http_status {
            Some(status) => format!("HTTP {status}, `{kind}`"),
            None => format!("`{kind}`"),
        }))
    };
    ids.iter().map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::{Outcome, outcomes};

    #[test]
    fn what_is_said_of_each_id_is_found_again() {
        let stdout =
            "{\"id\": \"1\", \"extra\": {\"/a\": 1e400}}\n{\"id\": \"1\"}\n{\"id\": \"3\"}\n";
        let stderr = "warning: x\n{\"error\": {\"kind\": \"not_found\", \"http_status\": 404}}\n\
                      {\"error\": {\"kind\": \"invalid_request\", \"http_status\": null}}\n";
        let found = outcomes(&["1", "2", "1", "..", "3"], stdout, stderr).unwrap();
        let errors: Vec<_> = found.iter().map(Outcome::error).collect();
        assert_eq!(
            errors,
            [None, Some("HTTP 404, `not_found`"), None, Some("`invalid_request`"), None]
        );
        assert!(outcomes(&["2"], "", "").is_err());
    }
}

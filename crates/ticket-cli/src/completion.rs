//! Shell completions: the shell runs this program to ask what could follow.
//!
//! Answers come from the definition of the command line, the config file and the mirror; never from the network, and no secret is read.

use std::ffi::OsStr;
use std::io;
use std::time::Duration;

use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};
use ticket_core::TicketId;
use ticket_mirror::Mirror;

use crate::arguments::Arguments;
use crate::commands::mirror::default_file;
use crate::providers::PROVIDERS;
use crate::settings::{self, ProfileSelector};

/// The variable by which the scripts of the shells ask.
const VARIABLE: &str = "TICKET_COMPLETE";
/// The name of the program.
const PROGRAM: &str = "ticket";
/// How many ids are offered.
const MAX_IDS: usize = 200;
/// How long the mirror is searched.
const PATIENCE: Duration = Duration::from_secs(1);
/// Joins the words that bash splits at `:`, `=` and `@`, as in `feishu@prod:123`, and asks.
const BASH: &str = include_str!("completion/bash.sh");
/// Completes the first word as well, if zsh loads the script as the function `_ticket` from a folder.
const ZSH_FIRST_CALL: &str =
    "[[ $funcstack[1] != _ticket ]] || _clap_dynamic_completer_ticket \"$@\"\n";

/// Answers a shell and ends the process, if a shell asks.
pub(crate) fn answer() {
    CompleteEnv::with_factory(|| with_values(Arguments::command())).var(VARIABLE).complete();
}

/// Writes the script that makes a shell ask.
///
/// # Errors
/// If the output cannot be written.
pub(crate) fn write_script(shell: Shell, out: &mut dyn io::Write) -> io::Result<()> {
    if shell == Shell::Bash {
        return out.write_all(BASH.as_bytes());
    }
    let shells = Shells::builtins();
    let script = shells.completer(&shell.to_string()).ok_or(io::ErrorKind::Unsupported)?;
    script.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, out)?;
    if shell == Shell::Zsh {
        out.write_all(ZSH_FIRST_CALL.as_bytes())?;
    }
    Ok(())
}

/// Adds the values that only this computer knows.
fn with_values(command: Command) -> Command {
    command.mut_args(with_value).mut_subcommands(with_values)
}

fn with_value(argument: Arg) -> Arg {
    match argument.get_id().as_str() {
        "ids" if argument.is_positional() => argument.add(ArgValueCompleter::new(tickets)),
        "id" | "subject" => argument.add(ArgValueCompleter::new(tickets)),
        "source" | "provider" => argument.add(ArgValueCompleter::new(sources)),
        "profile" => argument.add(ArgValueCompleter::new(profiles)),
        _ => argument,
    }
}

/// Returns the profiles of the user's config file.
fn profile_names() -> Vec<String> {
    let profiles = settings::open(&ProfileSelector::default()).ok().flatten();
    let sources = profiles.iter().flat_map(|it| it.sources().map(|(name, ..)| name.to_owned()));
    let mut names: Vec<_> = sources.filter(|name| is_plain(name)).collect();
    names.dedup();
    names
}

/// Returns the sources: the providers, and the profiles that have settings of them.
fn source_names() -> Vec<String> {
    let profiles = settings::open(&ProfileSelector::default()).ok().flatten();
    let mut names: Vec<_> = PROVIDERS.iter().map(|it| it.name.to_owned()).collect();
    let sources = profiles.iter().flat_map(|it| it.sources());
    let sources = sources.filter(|(name, ..)| is_plain(name));
    names.extend(sources.map(|(name, provider, _)| format!("{}@{name}", provider.name)));
    names
}

/// Returns whether a name needs no quotes in a shell.
fn is_plain(name: &str) -> bool {
    TicketId::new(name).is_ok()
}

fn profiles(current: &OsStr) -> Vec<CompletionCandidate> {
    candidates(current, profile_names())
}

fn sources(current: &OsStr) -> Vec<CompletionCandidate> {
    candidates(current, source_names())
}

/// Offers sources, and after their colon the ids in the mirror.
fn tickets(current: &OsStr) -> Vec<CompletionCandidate> {
    let text = current.to_string_lossy();
    match text.split_once(':') {
        Some((source, start)) => {
            let ids = ids(source, start).unwrap_or_default();
            candidates(current, ids.into_iter().map(|id| format!("{source}:{id}")).collect())
        }
        None => candidates(current, source_names().into_iter().map(|name| name + ":").collect()),
    }
}

/// Returns the ids of a source in the mirror that begin with this text, the newest first; `None` if they are not known.
fn ids(source: &str, start: &str) -> Option<Vec<String>> {
    // Other text has no ids, and would have to be escaped.
    let is_start = start.is_empty() || TicketId::new(format!("{start}x")).is_ok();
    let (provider, profile) = source.split_once('@').unwrap_or((source, "default"));
    if !is_start || !is_plain(provider) || !is_plain(profile) {
        return None;
    }
    let mirror = Mirror::open_read_only(default_file()?).ok()?;
    let sql = format!(
        "SELECT id FROM ticket WHERE source = (SELECT key FROM source WHERE name = '{source}')
         AND substr(id, 1, {}) = '{start}' ORDER BY created_at DESC LIMIT {MAX_IDS}",
        start.len()
    );
    let mut ids = Vec::new();
    let read = mirror.sql(&sql, PATIENCE, |_, values| {
        ids.extend(values.first().map(ticket_mirror::SqlValue::to_text));
        Ok::<_, ticket_mirror::MirrorError>(true)
    });
    read.ok().map(|_| ids)
}

fn candidates(current: &OsStr, names: Vec<String>) -> Vec<CompletionCandidate> {
    let start = current.to_string_lossy();
    let names = names.into_iter().filter(|name| name.starts_with(&*start));
    names.map(CompletionCandidate::new).collect()
}

//! `ticket mirror`: inspects, checks and repairs the mirror. Also opens it for the other commands.

mod history;
mod report;

use std::io;
use std::path::{Path, PathBuf};

use ticket_core::ErrorKind;
use ticket_mirror::{CheckReport, Mirror, MirrorError, SourceIdentity, SyncScope};

use super::configuration::Configuration;
use super::fetch::{ConfiguredSource, Sources};
use super::sync;
use crate::address::{SourceAddress, parse_list_source, parse_ticket};
use crate::arguments::{self, MirrorFile, Report};
use crate::console::Console;
use crate::outcome::{DONE, Failure, Hint, MessageFormat};
use crate::settings::{self, environment};
use crate::view::amount::counted;
use crate::view::{copyable, json};

pub(super) use report::receipt;

/// Runs a command of the group.
pub(crate) async fn run(command: &arguments::Mirror, console: &Console) -> io::Result<u8> {
    let message_format = message_format(command.output());
    let done: Result<u8, Ended> = match command {
        arguments::Mirror::Status(arguments) => status(arguments, console),
        arguments::Mirror::Check(arguments) => check(arguments, console).await,
        arguments::Mirror::Repair(arguments) => return sync::repair(arguments, console).await,
        arguments::Mirror::Remap(arguments) => remap(arguments, console),
        arguments::Mirror::History(arguments) => history::run(arguments, console),
        arguments::Mirror::Forget(arguments) => forget(arguments, console),
    };
    done.or_else(|ended| ended.end(console, message_format))
}

/// Returns the format of failures that goes with the output.
pub(super) fn message_format(output: Option<Report>) -> MessageFormat {
    if output == Some(Report::Json) { MessageFormat::Json } else { MessageFormat::Text }
}

/// Returns the file that the environment or the data folder of the user names; `None` without a home folder.
pub(crate) fn default_file() -> Option<PathBuf> {
    environment::mirror().or_else(settings::file::default_mirror)
}

/// Returns the file that the command line, the environment or the data folder of the user names.
///
/// # Errors
/// If there is no home folder.
pub(super) fn path(file: &MirrorFile) -> Result<PathBuf, Failure> {
    file.file.clone().or_else(default_file).ok_or_else(|| {
        Failure::new(ErrorKind::Configuration, "there is no home folder for the mirror")
            .with_hint("name a file with --mirror or TICKET_MIRROR")
    })
}

/// Opens the mirror to read it.
///
/// # Errors
/// If there is none, or it is not readable.
pub(super) fn open(file: &MirrorFile) -> Result<Mirror, Failure> {
    Mirror::open_read_only(path(file)?).map_err(failure)
}

/// Opens the mirror to write to it.
///
/// # Errors
/// If another program writes to it, or it is not usable.
pub(super) fn open_to_write(file: &MirrorFile) -> Result<Mirror, Failure> {
    let path = path(file)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let is_default = settings::file::default_mirror().is_some_and(|default| default == path);
        let prepared = if is_default {
            std::fs::create_dir_all(folder)
        } else {
            // A folder that was named may be a typing error.
            std::fs::metadata(folder).map(drop)
        };
        prepared.map_err(|error| {
            let message = format!("the folder {} cannot be used: {error}", copyable::path(folder));
            Failure::new(ErrorKind::InvalidRequest, message)
                .with_hint("check the path, or create its folder")
        })?;
    }
    Mirror::open(path).map_err(failure)
}

/// Opens a mirror that exists, to write to it.
pub(super) fn open_existing(file: &MirrorFile) -> Result<Mirror, Failure> {
    drop(open(file)?);
    open_to_write(file)
}

/// Opens the mirror to which a source was synchronized, to write to it. If there is none, the hint says how to create it.
pub(super) fn open_synchronized(
    address: &SourceAddress,
    file: &MirrorFile,
    configuration: &arguments::Configuration,
) -> Result<Mirror, Failure> {
    let path = path(file)?;
    if path.exists() {
        return open_existing(file);
    }
    let hint =
        Hint::with_command("to create it, run", command("sync", address, file, configuration));
    Err(failure(MirrorError::Missing(path)).with_hint(hint))
}

/// Checks that the service has a list with which the mirror can be compared.
///
/// # Errors
/// If it has none, whatever the settings are.
pub(super) fn has_list(
    address: &SourceAddress,
    file: &MirrorFile,
    configuration: &arguments::Configuration,
) -> Result<(), Failure> {
    if address.provider.decoder.capabilities().list.is_some() {
        return Ok(());
    }
    let command = command("sync", address, file, configuration);
    let message = "its API has no list to compare the mirror with";
    Err(Failure::new(ErrorKind::InvalidRequest, message)
        .with_source(address)
        .with_hint(Hint::with_command("to read its tickets again, run", command)))
}

/// Why a command on the mirror ended early.
pub(super) enum Ended {
    Failure(Failure),
    /// The output cannot be written.
    Output(io::Error),
}

impl Ended {
    /// Prints a failure, and returns its exit code.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub(super) fn end(self, console: &Console, message_format: MessageFormat) -> io::Result<u8> {
        match self {
            Self::Failure(failure) => Ok(failure.end(console, message_format)),
            Self::Output(error) => Err(error),
        }
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<MirrorError> for Ended {
    fn from(error: MirrorError) -> Self {
        Self::Failure(failure(error))
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Converts an error of the mirror.
#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn failure(error: MirrorError) -> Failure {
    let (kind, hint): (_, Option<Hint>) = match &error {
        MirrorError::Source(error) => return Failure::of(error),
        MirrorError::Missing(path) => {
            let command = format!("ticket sync SOURCE{}", option_of(path));
            (ErrorKind::InvalidRequest, Some(Hint::with_command("to create it, run", command)))
        }
        MirrorError::UnknownSource { path, .. } => {
            let command = format!("ticket mirror status{}", option_of(path));
            (ErrorKind::InvalidRequest, Some(Hint::with_command("for its sources, run", command)))
        }
        MirrorError::AmbiguousSource { names, .. } => (
            ErrorKind::InvalidRequest,
            Some(format!("name one of them: {}", names.join(", ")).into()),
        ),
        MirrorError::Busy(_) => (
            ErrorKind::Unavailable,
            Some("wait until it has ended, or name another file with --mirror".into()),
        ),
        MirrorError::Reading(_) => (
            ErrorKind::Unavailable,
            Some("wait until it has ended, and run the same command again".into()),
        ),
        MirrorError::NotAMirror(path) if path.is_dir() => {
            (ErrorKind::InvalidRequest, Some("it is a folder: name a file in it".into()))
        }
        MirrorError::NotAMirror(_) => {
            (ErrorKind::InvalidRequest, Some("name another file with --mirror".into()))
        }
        MirrorError::Older { path, .. } => {
            let command = format!("ticket sync SOURCE{}", option_of(path));
            (
                ErrorKind::InvalidRequest,
                Some(Hint::with_command("to update the file, run", command)),
            )
        }
        MirrorError::Newer { .. } => {
            (ErrorKind::InvalidRequest, Some("update ticket, or name another file".into()))
        }
        MirrorError::OtherAccount { path, name, known, .. } if known.contains(" sandbox ") => {
            let text = "its tickets come from the sandbox: name another file with --mirror, or remove them with";
            let command = format!("ticket mirror forget {name} --all{}", option_of(path));
            (ErrorKind::Configuration, Some(Hint::with_command(text, command)))
        }
        MirrorError::OtherAccount { .. } => (
            ErrorKind::Configuration,
            Some("use a profile of another name, or another file with --mirror".into()),
        ),
        MirrorError::Damaged(_) => {
            (ErrorKind::Output, Some("delete the file of the mirror, and synchronize again".into()))
        }
        MirrorError::UnknownTicket(_) => (ErrorKind::NotFound, None),
        MirrorError::Query(_) | MirrorError::QueryWrites => (ErrorKind::InvalidRequest, None),
        MirrorError::QueryTimeout(_) => {
            (ErrorKind::Timeout, Some("allow more time with --timeout, or ask for less".into()))
        }
        MirrorError::DiskFull => {
            (ErrorKind::Output, Some("make room, and run the same command again".into()))
        }
        MirrorError::Disk(_) => (
            ErrorKind::Output,
            Some("check the disk and its limits, and run the same command again".into()),
        ),
        _ => (ErrorKind::Output, None),
    };
    let failure = Failure::new(kind, error.to_string());
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

/// Converts an error of a command about one ticket. If the mirror does not have it, the hint says how to list those that it has.
fn unless_unknown(error: MirrorError, source: &str, file: &MirrorFile) -> Failure {
    let is_unknown = matches!(error, MirrorError::UnknownTicket(_));
    let command = format!("ticket list --offline {source}{}", option(file));
    let hint = Hint::with_command("to list the tickets of the mirror, run", command);
    if is_unknown { failure(error).with_hint(hint) } else { failure(error) }
}

/// Returns what to print if nothing was found: a mirror without tickets is to be filled first.
pub(super) fn nothing_found(mirror: &Mirror, file: &MirrorFile, otherwise: &str) -> String {
    let is_empty = mirror.status().is_ok_and(|it| it.sources.iter().all(|it| it.tickets == 0));
    if is_empty {
        format!("The mirror has no tickets. To read them, run: ticket sync SOURCE{}", option(file))
    } else {
        otherwise.to_owned()
    }
}

/// Returns the name of a source in the mirror: that of the address, or with the profile whose settings are used.
pub(super) fn identity(
    address: &SourceAddress,
    source: &ConfiguredSource,
    configuration: &Configuration,
) -> SourceIdentity {
    let account = source.source.account();
    let of_settings = account.profile.clone().filter(|profile| profile != DEFAULT_PROFILE);
    let profile = address.profile.clone().or(of_settings);
    let name = SourceAddress { provider: address.provider, profile }.to_string();
    let mut identity = SourceIdentity::new(name, &account);
    if configuration.is_sandbox() {
        // Its port is another one in each run.
        SANDBOX.clone_into(&mut identity.base_url);
    }
    identity
}

/// Returns the name of a source in the mirror: that of the address, with the profile of the command line or the environment. Without
/// any profile it is also the only source of its provider.
///
/// # Errors
/// If the mirror has several sources of the provider.
pub(super) fn source_name(
    mirror: &Mirror,
    address: &SourceAddress,
    profile: Option<String>,
) -> Result<String, Failure> {
    let profile = profile_name(address, profile);
    mirror.source_name(address.provider.name, profile.as_deref()).map_err(failure)
}

/// Returns the profile of the address, of the command line or of the environment; `None` for the default one.
pub(super) fn profile_name(address: &SourceAddress, profile: Option<String>) -> Option<String> {
    let profile = address.profile.clone().or(profile).or_else(environment::profile);
    profile.filter(|profile| profile != DEFAULT_PROFILE)
}

/// The profile that a source without a profile uses.
const DEFAULT_PROFILE: &str = "default";
/// The address of the fake server inside this process.
const SANDBOX: &str = "sandbox";

fn status(arguments: &arguments::MirrorStatus, console: &Console) -> Result<u8, Ended> {
    let status = open(&arguments.mirror)?.status()?;
    match arguments.output {
        Some(Report::Json) => console.print_json(&json::compact(&status))?,
        _ => console.print_styled(&report::status(&status, console.columns))?,
    }
    Ok(DONE)
}

/// Compares the mirror with the service.
///
/// # Errors
/// If the mirror has no such source, or the service does not say how many tickets it has.
pub(super) async fn checked(
    mirror: &mut Mirror,
    identity: &SourceIdentity,
    source: &ConfiguredSource,
    address: &SourceAddress,
) -> Result<CheckReport, Failure> {
    mirror.check(identity, &*source.source).await.map_err(|error| {
        let cannot = matches!(&error, MirrorError::Source(error) if error.kind() == ErrorKind::InvalidRequest);
        let failure = failure(error);
        if cannot {
            let command = format!("ticket sync {address} --full");
            failure.with_hint(Hint::with_command("to compare, read everything again", command))
        } else {
            failure
        }
    })
}

/// Returns a command for the same source, file and server, for a hint.
pub(super) fn command(
    verb: &str,
    address: &SourceAddress,
    mirror: &MirrorFile,
    configuration: &arguments::Configuration,
) -> String {
    let mut command = format!("ticket {verb} {address}");
    if configuration.sandbox {
        command.push_str(" --sandbox");
    }
    command + &configuration.profile.config_option() + &option(mirror)
}

/// Returns the option that names this file, unless it is the default one, for a hint.
pub(super) fn option_of(path: &Path) -> String {
    let is_default = default_file().is_some_and(|file| file == path);
    if is_default { String::new() } else { format!(" --mirror {}", copyable::path(path)) }
}

/// Returns the option that names the same file, for a hint.
pub(super) fn option(mirror: &MirrorFile) -> String {
    mirror
        .file
        .as_ref()
        .map(|file| format!(" --mirror {}", copyable::path(file)))
        .unwrap_or_default()
}

async fn check(arguments: &arguments::MirrorSource, console: &Console) -> Result<u8, Ended> {
    let address = parse_list_source(&arguments.source)?;
    let compared = async {
        has_list(&address, &arguments.mirror, &arguments.configuration)?;
        let mut mirror = open_synchronized(&address, &arguments.mirror, &arguments.configuration)?;
        let message_format = message_format(arguments.output);
        let configuration =
            Configuration::open(&arguments.configuration, console, message_format).await?;
        let source = Sources::new(&configuration).source(&address)?;
        let identity = identity(&address, &source, &configuration);
        checked(&mut mirror, &identity, &source, &address).await
    };
    let report = compared.await.map_err(|failure: Failure| failure.with_source(&address))?;
    match arguments.output {
        Some(Report::Json) => console.print_json(&json::compact(&report))?,
        _ => console.print_styled(&report::check(&report, console.columns))?,
    }
    if report.different.is_empty() {
        return Ok(DONE);
    }
    let periods = counted(report.different.len() as u64, "period");
    let command = command("mirror repair", &address, &arguments.mirror, &arguments.configuration);
    Err(Failure::incomplete(format!("the mirror differs in {periods}"))
        .with_hint(Hint::with_command("to read them again, run", command))
        .into())
}

fn remap(arguments: &arguments::Remap, console: &Console) -> Result<u8, Ended> {
    let address = parse_list_source(&arguments.source)?;
    let mut mirror = open_existing(&arguments.mirror)?;
    let selector = arguments.profile.selector().with_profile(address.profile.as_deref());
    let overrides = settings::vocabulary(address.provider, &selector)?;
    let name = source_name(&mirror, &address, arguments.profile.named())?;
    let report = mirror.remap(&name, address.provider.decoder, &overrides)?;
    match arguments.output {
        Some(Report::Json) => console.print_json(&json::compact(&report))?,
        _ => console.print_styled(&report::remap(&report))?,
    }
    if report.failed == 0 {
        return Ok(DONE);
    }
    let message = format!("the responses of {} tickets cannot be decoded", report.failed);
    Err(Failure::incomplete(message).with_hint("they stay as they are").into())
}

fn forget(arguments: &arguments::Forget, console: &Console) -> Result<u8, Ended> {
    if arguments.all {
        let address = parse_list_source(&arguments.id)?;
        let mut mirror = open_existing(&arguments.mirror)?;
        let source = source_name(&mirror, &address, arguments.profile.named())?;
        let count = counted(mirror.forget_source(&source)?, "ticket");
        let text = format!("Removed {count} and everything else of {source} from the mirror.\n");
        console.print_styled(&text)?;
        return Ok(DONE);
    }
    let is_source = SourceAddress::parse(&arguments.id).is_ok();
    let parsed = parse_ticket(&arguments.id, &arguments.profile.selector());
    let (address, id) = parsed.map_err(|failure| {
        let hint = "write SOURCE:ID; to remove the whole source, add --all";
        if is_source { failure.with_hint(hint) } else { failure }
    })?;
    let mut mirror = open_existing(&arguments.mirror)?;
    let source = source_name(&mirror, &address, arguments.profile.named())?;
    mirror
        .forget(&source, id.as_str(), address.provider.decoder)
        .map_err(|error| unless_unknown(error, &source, &arguments.mirror))?;
    console.print_styled(&format!(
        "Removed {source}:{id} from the mirror. The next full run brings it back if the service still has it.\n"
    ))?;
    Ok(DONE)
}

/// Returns the scope of a run.
pub(super) fn scope(is_full: bool) -> SyncScope {
    if is_full { SyncScope::Full } else { SyncScope::Changes }
}

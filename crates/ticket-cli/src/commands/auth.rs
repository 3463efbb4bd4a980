//! `ticket auth`: sets up access to helpdesks in the config file.

mod login;
mod profile_file;
mod prompt;
mod status;

use std::io;
use std::path::PathBuf;

use ticket_core::ErrorKind;

use crate::address::SourceAddress;
use crate::arguments::{Auth, AuthSource};
use crate::console::Console;
use crate::outcome::{DONE, Failure, MessageFormat, Warning};
use crate::settings::{self, ProfileSelector, environment};
use crate::view::copyable;
use crate::view::ink::{PLAIN, StyledText};
use profile_file::ProfileFile;

/// Runs a command on the config file.
pub(crate) async fn run(command: &Auth, console: &Console) -> io::Result<u8> {
    let ended = match command {
        Auth::Status(arguments) => return status::run(arguments, console),
        Auth::Login(arguments) => login::run(arguments, console).await,
        Auth::Logout(arguments) => logout(arguments, console).map(|()| DONE),
    };
    Ok(ended.unwrap_or_else(|failure| failure.end(console, MessageFormat::Text)))
}

/// Where the settings of a source are written.
struct Place {
    address: SourceAddress,
    selector: ProfileSelector,
    path: PathBuf,
}

impl Place {
    /// # Errors
    /// If the source is unknown, or the config is not a file.
    fn of(arguments: &AuthSource) -> Result<Self, Failure> {
        let address = SourceAddress::parse(&arguments.source)?;
        if let (Some(one), Some(other)) = (&address.profile, arguments.profile.named())
            && *one != other
        {
            let message = format!("two profiles are named: {one} and {other}");
            let hint = format!("name one: {}@{one}, or --profile {other}", address.provider.name);
            return Err(Failure::new(ErrorKind::InvalidRequest, message).with_hint(hint));
        }
        let selector = arguments.profile.selector().with_profile(address.profile.as_deref());
        let refuse = |message: &str| {
            Failure::new(ErrorKind::InvalidRequest, message).with_hint("use --config FILE")
        };
        let path = settings::path(&selector)
            .ok_or_else(|| refuse("no home folder found for the config file"))?;
        let is_other = path == *"-" || path.exists() && !path.is_file();
        if is_other {
            return Err(refuse("the config has to be a file, because it is changed"));
        }
        Ok(Self { address, selector, path })
    }

    /// Returns the profile, as messages name it.
    fn shown(&self) -> String {
        format!("the profile {} of {}", self.selector.name(), copyable::path(&self.path))
    }

    /// Warns if the environment has settings that are used instead.
    fn warn_about_environment(&self, console: &Console) {
        let provider = self.address.provider;
        let environment = environment::read(provider);
        if self.address.profile.is_some() || environment.is_empty() {
            return;
        }
        let set = provider.settings.iter().filter(|setting| environment.has(setting.key));
        let names: Vec<_> = set.map(|setting| setting.variable).collect();
        let message = format!("the environment has settings of {}, which are used", provider.name);
        let hint = format!(
            "unset {}, or write {}@{}",
            names.join(", "),
            provider.name,
            self.selector.name()
        );
        Warning::new(message, hint).report(console, MessageFormat::Text);
    }
}

fn logout(arguments: &AuthSource, console: &Console) -> Result<(), Failure> {
    let place = Place::of(arguments)?;
    let provider = place.address.provider;
    let mut file = ProfileFile::open(&place.path)?;
    if !file.remove(place.selector.name(), provider) {
        let message = format!("{} has no settings of {}", place.shown(), provider.name);
        return Err(Failure::new(ErrorKind::Configuration, message)
            .with_hint("ticket auth status lists what is configured"));
    }
    file.save()?;
    console.eprint(&StyledText::of(
        PLAIN,
        &format!("removed the settings of {} from {}", provider.name, place.shown()),
    ));
    place.warn_about_environment(console);
    Ok(())
}

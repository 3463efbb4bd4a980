//! `ticket auth login`: asks for the settings of a source, tries them, and saves them.

use std::collections::BTreeSet;
use std::ffi::OsString;

use ticket_core::transport::Transport;
use ticket_core::{ErrorKind, Secret, TicketId, VocabularyOverrides};

use super::Place;
use super::profile_file::ProfileFile;
use super::prompt::{Prompter, eprint};
use crate::arguments::AuthSource;
use crate::console::Console;
use crate::outcome::{DONE, Failure, MessageFormat};
use crate::providers::Provider;
use crate::setting::{Setting, SettingsOrigin, Values};
use crate::settings;
use crate::settings::file::{Profiles, load};
use crate::settings::transport::Table;

/// Asks until the service accepts the settings or the user gives up, and returns the exit code.
///
/// # Errors
/// If there is no terminal, or the config file is not usable.
pub(super) async fn run(arguments: &AuthSource, console: &Console) -> Result<u8, Failure> {
    let place = Place::of(arguments)?;
    if !cfg!(unix) {
        let message = "the permissions of a config file cannot be checked on this system";
        return Err(Failure::new(ErrorKind::Configuration, message)
            .with_hint("set the settings of this provider in the environment"));
    }
    let prompter = Prompter::new()?;
    let mut login = Login::new(place, prompter)?;
    let title = login.provider.decoder.title();
    eprint(&format!(
        "{title}, for {}. Press Ctrl-C to stop without saving.\n",
        login.place.shown()
    ));
    loop {
        login.ask()?;
        match login.check().await {
            Ok(message) => {
                eprint(&format!("✓ {message}\n"));
                break;
            }
            Err(failure) => {
                let code = failure.end(console, MessageFormat::Text);
                if !login.prompter.confirm("Try again?")? {
                    eprint("Nothing was saved.\n");
                    return Ok(code);
                }
            }
        }
    }
    login.save()?;
    let source = &login.place.address;
    let next = match login.provider.decoder.capabilities().list {
        Some(_) => format!("ticket sync {source}"),
        None => format!("ticket get {source}:ID"),
    };
    eprint(&format!("Saved in {}. Next: {next}\n", login.place.shown()));
    login.place.warn_about_environment(console);
    Ok(DONE)
}

struct Login {
    place: Place,
    provider: &'static Provider,
    prompter: Prompter,
    values: Values,
    /// The keys that were answered.
    changed: BTreeSet<&'static str>,
    overrides: VocabularyOverrides,
    transport: Table,
}

impl Login {
    fn new(place: Place, prompter: Prompter) -> Result<Self, Failure> {
        let provider = place.address.provider;
        let profiles = place.path.exists().then(|| load(&place.path)).transpose()?;
        let name = place.selector.name();
        let origin = SettingsOrigin::Profile { name: name.into(), file: place.path.clone() };
        let known = |profiles: &Profiles| profiles.set(name, provider, false);
        let values = profiles.as_ref().map(known).transpose()?.flatten();
        let overrides = profiles.as_ref().map(|it| it.vocabulary(name, provider, false));
        let transport = profiles.as_ref().map(|it| it.transport(name, false));
        Ok(Self {
            provider,
            prompter,
            values: values.unwrap_or(Values::none(origin)),
            changed: BTreeSet::new(),
            overrides: overrides.transpose()?.unwrap_or_default(),
            transport: transport.transpose()?.unwrap_or_default(),
            place,
        })
    }

    /// Asks for every setting.
    fn ask(&mut self) -> Result<(), Failure> {
        let other = self.other_methods()?;
        for key in &other {
            self.values.insert(key, OsString::new());
            self.changed.insert(key);
        }
        let asked = self.provider.settings.iter();
        let mut page = "";
        let is_asked = |it: &Setting| !it.place.is_empty() || self.is_needed(it.key);
        let asked: Vec<_> = asked.filter(|it| is_asked(it) && !other.contains(&it.key)).collect();
        for setting in asked {
            if setting.place != page {
                eprint(&format!("\n{}\n", setting.place));
                page = setting.place;
            }
            self.ask_for(setting)?;
        }
        Ok(())
    }

    /// Asks how to log in if there are several ways, and returns the keys of the others.
    fn other_methods(&self) -> Result<Vec<&'static str>, Failure> {
        let methods = self.provider.auth_methods;
        if methods.is_empty() {
            return Ok(Vec::new());
        }
        eprint("\nHow do you log in?\n");
        for (number, keys) in methods.iter().enumerate() {
            eprint(&format!("  {}  {}\n", number + 1, keys.join(" and ")));
        }
        let present = methods.iter().position(|keys| keys.iter().any(|it| self.values.has(it)));
        let default = present.unwrap_or(0) + 1;
        let chosen = loop {
            let answer = self.prompter.line(&format!("Number [{default}]"))?;
            let number = if answer.is_empty() { Ok(default) } else { answer.expose().parse() };
            match number {
                Ok(number) if (1..=methods.len()).contains(&number) => break number - 1,
                _ => eprint(&format!("Type a number from 1 to {}.\n", methods.len())),
            }
        };
        let other = methods.iter().enumerate().filter(|(position, _)| *position != chosen);
        Ok(other.flat_map(|(_, keys)| keys.iter().copied()).collect())
    }

    /// Asks for a setting until the answer is usable. Enter keeps the present value.
    fn ask_for(&mut self, setting: &Setting) -> Result<(), Failure> {
        let key = setting.key;
        loop {
            let present = match (self.values.source(key), self.values.text(key)) {
                (Some(source), _) => format!(" [set by a {}]", source.kind()),
                (None, Some(_)) if setting.is_secret => " [set]".into(),
                (None, Some(text)) => format!(" [{text}]"),
                (None, None) => String::new(),
            };
            let question = format!("{key}{present}");
            let answer: Secret = if setting.is_secret {
                self.prompter.hidden_line(&question)?
            } else {
                self.prompter.line(&question)?
            };
            if !answer.is_empty() {
                self.values.insert(key, answer.expose().into());
                self.changed.insert(key);
            }
            match self.values.defect(key) {
                Some(defect) => eprint(&format!("{key} {defect}\n")),
                None if !self.values.has(key) && self.is_needed(key) => {
                    eprint(&format!("{key} is needed\n"));
                }
                None => return Ok(()),
            }
        }
    }

    fn is_needed(&self, key: &str) -> bool {
        self.provider.access_keys().any(|needed| needed == key)
    }

    /// Calls the service with the settings, and says what is known then.
    async fn check(&self) -> Result<String, Failure> {
        let provider = self.provider;
        let values = settings::complete(provider, self.values.clone())?;
        let base_url = settings::base_url(provider, &values)?;
        let is_same_origin = self.transport.is_same_origin(values.origin());
        let config = self.transport.settings(is_same_origin, &base_url)?;
        let source = (provider.source)(&values, self.overrides.clone(), Transport::new(config))
            .map_err(|error| Failure::of(&error))?;
        eprint("\n");
        if let Some(checked) = source.check().await {
            return checked.map(str::to_owned).map_err(|error| Failure::of(&error));
        }
        let question = "This API has no read-only test call. The id of a ticket to fetch, or Enter";
        let id = self.prompter.line(question)?;
        if id.is_empty() {
            return Ok("not tried: no ticket id was given".into());
        }
        let id = TicketId::new(id.expose()).map_err(|error| Failure::of(&error))?;
        let fetched = source.fetch(&id).await.map_err(|error| Failure::of(&error))?;
        Ok(format!("ticket {} was fetched", fetched.ticket.id))
    }

    /// Writes the answers to the config file.
    fn save(&self) -> Result<(), Failure> {
        let mut file = ProfileFile::open(&self.place.path)?;
        for key in &self.changed {
            file.set(self.place.selector.name(), self.provider, key, self.values.text(key));
        }
        file.save()
    }
}

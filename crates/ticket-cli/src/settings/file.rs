//! Settings from the config file: named profiles, each with a table for each provider.
//!
//! The file is the user's own or named on the command line, never one found in the current folder. One that
//! holds secrets must be readable by its owner alone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use ticket_core::ErrorKind;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Place, Values};
use crate::outcome::Failure;
use crate::providers::{PROVIDERS, Provider, names};

/// More than any list of profiles needs.
const LARGEST: u64 = 1024 * 1024;

/// The config file of the user, whether it is there or not; `None` where there is no home folder.
pub(crate) fn usual_path() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    Some(folders.config_dir().join("ticket").join("config.toml"))
}

/// The profiles of one file.
#[derive(Debug)]
pub(crate) struct Profiles {
    path: PathBuf,
    /// By profile, then by provider.
    sets: BTreeMap<String, BTreeMap<&'static str, Values>>,
}

impl Profiles {
    /// The settings that a profile has for a provider, which may be none.
    ///
    /// A profile that is not there is `None`, unless it `must_be` there.
    ///
    /// # Errors
    /// Where there is no such profile and it must be there.
    pub(crate) fn set(
        &self,
        name: &str,
        provider: &Provider,
        must_be: bool,
    ) -> Result<Option<Values>, Failure> {
        let place = Place::Profile { name: name.to_owned(), file: self.path.clone() };
        match self.sets.get(name) {
            Some(profile) => {
                let set = profile.get(provider.name).cloned();
                Ok(Some(set.unwrap_or_else(|| Values::new(place, []))))
            }
            None if !must_be => Ok(None),
            None => {
                let known: Vec<_> = self.sets.keys().map(String::as_str).collect();
                let hint = if known.is_empty() {
                    "the file has no profiles".into()
                } else {
                    format!("the file has these profiles: {}", known.join(", "))
                };
                let message = format!("{} has no profile {name}", self.path.display());
                Err(Failure::new(ErrorKind::Configuration, message).with_hint(hint))
            }
        }
    }
}

/// Reads a config file.
///
/// # Errors
/// Where it cannot be read, has a key that nobody knows, or holds secrets that others can read.
pub(crate) fn load(path: &Path) -> Result<Profiles, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(
            ErrorKind::Configuration,
            format!("the config file {} cannot be read: {error}", path.display()),
        )
    };
    // The rights are those of the file that is read, whatever happens to its name meanwhile.
    let file = File::open(path).map_err(cannot)?;
    let about = file.metadata().map_err(cannot)?;
    if !about.is_file() || about.len() > LARGEST {
        return Err(Failure::new(
            ErrorKind::Configuration,
            format!("{} is no config file: it is no file, or larger than 1 MiB", path.display()),
        ));
    }
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text).map_err(cannot)?;
    let profiles = read(path, &text)?;
    let holds_secrets = profiles.sets.values().flatten().any(|(name, values)| {
        let settings = PROVIDERS.iter().filter(|provider| provider.name == *name);
        settings.flat_map(|provider| provider.settings).any(|it| it.is_secret && values.has(it.key))
    });
    if holds_secrets {
        check_rights(path, &about)?;
    }
    Ok(profiles)
}

#[cfg(unix)]
fn check_rights(path: &Path, about: &fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = about.permissions().mode() & 0o7777;
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    Err(Failure::new(
        ErrorKind::Configuration,
        format!("{} holds secrets and its mode is {mode:04o}: others may read it", path.display()),
    )
    .with_hint(format!("chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
fn check_rights(path: &Path, _: &fs::Metadata) -> Result<(), Failure> {
    Err(Failure::new(
        ErrorKind::Configuration,
        format!(
            "{} holds secrets, and on this system it cannot be checked who may read it",
            path.display()
        ),
    )
    .with_hint("put the settings of this provider into the environment"))
}

/// Reads the text of a config file.
fn read(path: &Path, text: &str) -> Result<Profiles, Failure> {
    let refuse = |span: Range<usize>, message: &str| {
        let line = text[..span.start.min(text.len())].matches('\n').count() + 1;
        Failure::new(ErrorKind::Configuration, format!("{}:{line}: {message}", path.display()))
    };
    let document = DeTable::parse(text).map_err(|error| {
        // The error itself would show the line, and a secret may stand there.
        refuse(error.span().unwrap_or(0..0), error.message())
    })?;
    let mut sets = BTreeMap::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() != "profiles" {
            let message = format!("unknown key \"{}\"", key.get_ref());
            return Err(refuse(key.span(), &message)
                .with_hint("the file has only [profiles.NAME.PROVIDER] tables"));
        }
        for (profile, value) in table(value).map_err(|span| refuse(span, "profiles is no table"))? {
            let name = profile.get_ref().to_string();
            let mut providers = BTreeMap::new();
            let members = table(value)
                .map_err(|span| refuse(span, &format!("profiles.{name} is no table")))?;
            for (provider, value) in members {
                let known = PROVIDERS.iter().find(|known| known.name == provider.get_ref());
                let Some(known) = known else {
                    let message =
                        format!("unknown provider \"{}\" in profiles.{name}", provider.get_ref());
                    return Err(refuse(provider.span(), &message)
                        .with_hint(format!("the providers are {}", names())));
                };
                let members = table(value).map_err(|span| {
                    refuse(span, &format!("profiles.{name}.{} is no table", known.name))
                })?;
                let place = Place::Profile { name: name.clone(), file: path.to_owned() };
                let mut values = Vec::new();
                for (key, value) in members {
                    let setting = known.settings.iter().find(|it| it.key == key.get_ref());
                    let Some(setting) = setting else {
                        let keys: Vec<_> = known.settings.iter().map(|it| it.key).collect();
                        let message = format!(
                            "unknown key \"{}\" in profiles.{name}.{}",
                            key.get_ref(),
                            known.name
                        );
                        return Err(refuse(key.span(), &message).with_hint(format!(
                            "{} has these keys: {}",
                            known.name,
                            keys.join(", ")
                        )));
                    };
                    let Some(text) = value.get_ref().as_str() else {
                        return Err(refuse(
                            value.span(),
                            &format!("{} must be a text in quotes", setting.key),
                        ));
                    };
                    values.push((setting.key, text.to_owned()));
                }
                providers.insert(known.name, Values::new(place, values));
            }
            sets.insert(name, providers);
        }
    }
    Ok(Profiles { path: path.to_owned(), sets })
}

/// The members of a table, or where it should have been.
fn table<'a, 'i>(value: &'a Spanned<DeValue<'i>>) -> Result<&'a DeTable<'i>, Range<usize>> {
    value.get_ref().as_table().ok_or_else(|| value.span())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::read;
    use crate::providers::PROVIDERS;

    #[test]
    fn a_fault_is_told_with_its_line_and_without_its_value() {
        for (text, expected) in [
            ("profile = 1\n", "f:1: unknown key \"profile\""),
            ("\nprofiles = 1\n", "f:2: profiles is no table"),
            ("[profiles]\nwork = 1\n", "f:2: profiles.work is no table"),
            ("[profiles.work.zendesk]\n", "f:1: unknown provider \"zendesk\" in profiles.work"),
            ("[profiles.work]\nfeishu = 1\n", "f:2: profiles.work.feishu is no table"),
            (
                "[profiles.work.feishu]\napp_id = \"a\"\n\ntokn = \"s3cret\"\n",
                "f:4: unknown key \"tokn\" in profiles.work.feishu",
            ),
            ("[profiles.work.feishu]\napp_id = 7\n", "f:2: app_id must be a text in quotes"),
        ] {
            let error = read(Path::new("f"), text).unwrap_err().account().as_str().to_owned();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn text_that_is_no_toml_is_told_without_the_line_itself() {
        let text = "[profiles.work.feishu]\napp_secret = \"s3cret\napp_id = \"a\"\n";
        let error = read(Path::new("f"), text).unwrap_err().account().as_str().to_owned();
        assert!(error.contains("f:2: "), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }

    #[test]
    fn each_provider_of_a_profile_has_a_set_of_its_own() {
        let text = "[profiles.a.feishu]\napp_id = \"1\"\n[profiles.b.feishu]\napp_id = \"2\"\napp_secret = \"\"\n";
        let profiles = read(Path::new("f"), text).unwrap();
        let feishu = PROVIDERS.iter().find(|provider| provider.name == "feishu").unwrap();
        let engagelab = PROVIDERS.iter().find(|provider| provider.name == "engagelab").unwrap();
        let set = |name, provider, must_be| profiles.set(name, provider, must_be);
        let second = set("b", feishu, true).unwrap().unwrap();
        assert_eq!(second.text("app_id"), Some("2"));
        assert!(!second.has("app_secret"), "an empty text is not set");
        assert!(set("b", engagelab, true).unwrap().unwrap().is_empty());
        assert!(set("c", feishu, false).unwrap().is_none());
        assert!(set("c", feishu, true).is_err());
    }
}

//! Parses the text of a config file. An error names the line, never a value.

mod transport;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ticket_core::{ErrorKind, VocabularyOverrides};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Profile, Table, Tables};
use crate::outcome::Failure;
use crate::providers::{PROVIDERS, Provider, names};
use crate::setting::{SecretSource, Setting, Values};
use crate::settings::url_pattern::UrlPattern;
use crate::view::copyable;
use transport::TRANSPORT;

/// The key of the vocabulary overrides of a provider.
const VOCABULARY: &str = "vocabulary";
/// The key of the web address of a ticket.
const URL_PATTERN: &str = "url_pattern";
/// The key that names the custom field with the title.
const TITLE_FIELD: &str = "title_field";

/// Parses the text of a config file.
///
/// # Errors
/// If it is not TOML, or has an unknown key or an invalid value.
pub(super) fn read(path: &Path, is_file: bool, text: &str) -> Result<Tables, Failure> {
    let reader = Reader { path, is_file, text };
    let document = DeTable::parse(text).map_err(|error| {
        // The error of the parser shows the whole line, which may have a secret.
        reader.refuse(error.span().unwrap_or(0..0), error.message())
    })?;
    let mut tables = BTreeMap::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() != "profiles" {
            let message = format!("unknown key \"{}\"", key.get_ref());
            return Err(reader.refuse(key.span(), &message).with_hint(
                "only the tables [profiles.NAME.PROVIDER] and [profiles.NAME.transport] are allowed",
            ));
        }
        for (profile, value) in reader.table("profiles", value)? {
            let name = profile.get_ref().to_string();
            tables.insert(name.clone(), reader.profile(&name, value)?);
        }
    }
    Ok(tables)
}

/// How a setting is written in the file.
enum Way {
    Value,
    Command,
    File,
}

/// Returns how this key gives a setting; `None` if it gives another one.
fn written(setting: &Setting, key: &str) -> Option<Way> {
    match key.strip_prefix(setting.key)? {
        "" => Some(Way::Value),
        "_command" if setting.is_secret => Some(Way::Command),
        "_file" if setting.is_secret => Some(Way::File),
        _ => None,
    }
}

struct Reader<'t> {
    path: &'t Path,
    /// Whether the text is from a file and not from a pipe, which is in no folder.
    is_file: bool,
    text: &'t str,
}

impl Reader<'_> {
    fn profile(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<Profile, Failure> {
        let mut profile = Profile::default();
        for (provider, value) in self.table(&format!("profiles.{name}"), value)? {
            if provider.get_ref() == TRANSPORT {
                profile.transport = self.transport(name, value)?;
                continue;
            }
            let known = PROVIDERS.iter().find(|known| known.name == provider.get_ref());
            let Some(known) = known else {
                let message =
                    format!("unknown provider \"{}\" in profiles.{name}", provider.get_ref());
                return Err(self.refuse(provider.span(), &message).with_hint(format!(
                    "the providers are {}; {TRANSPORT} applies to all of them",
                    names()
                )));
            };
            profile.providers.insert(known.name, self.provider(name, known, value)?);
        }
        Ok(profile)
    }

    fn provider(
        &self,
        profile: &str,
        known: &Provider,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Table, Failure> {
        let name = format!("profiles.{profile}.{}", known.name);
        let mut values = Values::none(self.origin(profile));
        let mut overrides = VocabularyOverrides::default();
        let mut url_pattern = None;
        for (key, value) in self.table(&name, value)? {
            if key.get_ref() == VOCABULARY {
                overrides = self.vocabulary(overrides, &format!("{name}.{VOCABULARY}"), value)?;
                continue;
            }
            if key.get_ref() == URL_PATTERN {
                let parsed = UrlPattern::parse(self.in_quotes(URL_PATTERN, value)?);
                url_pattern = Some(parsed.map_err(|problem| {
                    self.refuse(value.span(), &format!("{URL_PATTERN} {problem}"))
                        .with_hint("write an address such as https://desk.example.com/tickets/{id}")
                })?);
                continue;
            }
            if key.get_ref() == TITLE_FIELD {
                overrides =
                    overrides.with_title_field(self.title_field(known, key.span(), value)?);
                continue;
            }
            let setting =
                known.settings.iter().find_map(|it| Some((it, written(it, key.get_ref())?)));
            let Some((setting, way)) = setting else {
                let keys: Vec<_> = known.settings.iter().map(|it| it.key).collect();
                let message = format!("unknown key \"{}\" in {name}", key.get_ref());
                return Err(self.refuse(key.span(), &message).with_hint(format!(
                    "{} has these keys: {}, {TITLE_FIELD}, {URL_PATTERN}, {VOCABULARY}; a secret may also be in KEY_command or KEY_file",
                    known.name,
                    keys.join(", ")
                )));
            };
            let text = self.in_quotes(key.get_ref(), value)?;
            if text.is_empty() {
                continue;
            }
            if values.has(setting.key) {
                let message = format!("{} is given in several ways in {name}", setting.key);
                return Err(self.refuse(key.span(), &message).with_hint("keep one of them"));
            }
            match way {
                Way::Value => values.insert(setting.key, text.into()),
                Way::Command => {
                    values.insert_source(setting.key, SecretSource::Command(text.to_owned()));
                }
                Way::File => {
                    let file = self.relative(text).map_err(|problem| {
                        self.refuse(value.span(), &format!("{} {problem}", key.get_ref()))
                    })?;
                    values.insert_source(setting.key, SecretSource::File(file));
                }
            }
        }
        Ok(Table { values, overrides, url_pattern })
    }

    /// Returns the path of a file that is relative to the folder of the config file.
    ///
    /// # Errors
    /// If it is relative, and the config is from a pipe: no file of the current folder is read.
    fn relative(&self, path: &str) -> Result<PathBuf, String> {
        let folder = self.path.parent().filter(|_| self.is_file);
        match folder {
            Some(folder) => Ok(folder.join(path)),
            None if Path::new(path).is_absolute() => Ok(path.into()),
            None => Err("must be an absolute path, because the config is not a file".into()),
        }
    }

    /// Reads the name of the custom field with the title.
    ///
    /// # Errors
    /// If the tickets of the provider have a title, or the name is empty.
    fn title_field<'v>(
        &self,
        known: &Provider,
        key: Range<usize>,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Result<&'v str, Failure> {
        if known.decoder.rules().iter().any(|rule| rule.targets.contains(&"title")) {
            let message =
                format!("{TITLE_FIELD} has no effect: {} tickets have a title", known.name);
            return Err(self.refuse(key, &message).with_hint("remove this line"));
        }
        let name = self.in_quotes(TITLE_FIELD, value)?;
        if name.trim().is_empty() {
            let message = format!("{TITLE_FIELD} is empty");
            return Err(self
                .refuse(value.span(), &message)
                .with_hint("write the key, the label or the id of a custom field"));
        }
        Ok(name)
    }

    /// Adds the vocabulary overrides of a table.
    fn vocabulary(
        &self,
        mut overrides: VocabularyOverrides,
        name: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<VocabularyOverrides, Failure> {
        for (vocabulary, value) in self.table(name, value)? {
            if !VocabularyOverrides::VOCABULARIES.contains(&&**vocabulary.get_ref()) {
                let message = format!("unknown key \"{}\" in {name}", vocabulary.get_ref());
                return Err(self.refuse(vocabulary.span(), &message).with_hint(format!(
                    "use one of: {}",
                    VocabularyOverrides::VOCABULARIES.join(", ")
                )));
            }
            for (native, means) in self.table(&format!("{name}.{}", vocabulary.get_ref()), value)? {
                let ours = self.in_quotes(native.get_ref(), means)?;
                let read = overrides.with(vocabulary.get_ref(), native.get_ref(), ours);
                overrides = read.map_err(|error| {
                    let message = format!(
                        "the meaning of \"{}\" is not a known {}",
                        native.get_ref(),
                        vocabulary.get_ref()
                    );
                    let refusal = self.refuse(means.span(), &message);
                    refusal.with_hint(error.hint().unwrap_or_default())
                })?;
            }
        }
        Ok(overrides)
    }

    fn in_quotes<'v>(
        &self,
        key: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Result<&'v str, Failure> {
        let text = value.get_ref().as_str();
        text.ok_or_else(|| self.refuse(value.span(), &format!("{key} must be a text in quotes")))
    }

    /// Returns the members of a table.
    ///
    /// # Errors
    /// If the value is not a table.
    fn table<'v, 'i>(
        &self,
        name: &str,
        value: &'v Spanned<DeValue<'i>>,
    ) -> Result<&'v DeTable<'i>, Failure> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| self.refuse(value.span(), &format!("{name} is not a table")))
    }

    fn refuse(&self, span: Range<usize>, message: &str) -> Failure {
        let before = &self.text[..span.start.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let message = format!("{}:{line}: {message}", copyable::path(self.path));
        Failure::new(ErrorKind::Configuration, message)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ticket_model::{Channel, Status};

    use super::super::Profiles;
    use super::read;

    #[test]
    fn errors_name_the_line_but_not_the_value() {
        for (text, expected) in [
            ("profile = 1\n", "f:1: unknown key \"profile\""),
            ("\nprofiles = 1\n", "f:2: profiles is not a table"),
            ("[profiles]\nwork = 1\n", "f:2: profiles.work is not a table"),
            ("[profiles.work.zendesk]\n", "f:1: unknown provider \"zendesk\" in profiles.work"),
            ("[profiles.work]\nfeishu = 1\n", "f:2: profiles.work.feishu is not a table"),
            (
                "[profiles.work.feishu]\napp_id = \"a\"\n\ntokn = \"s3cret\"\n",
                "f:4: unknown key \"tokn\" in profiles.work.feishu",
            ),
            ("[profiles.work.feishu]\napp_id = 7\n", "f:2: app_id must be a text in quotes"),
            ("[profiles.w.feishu]\ntitle_field = 1\n", "f:2: title_field must be a text in quotes"),
            ("[profiles.w.feishu]\ntitle_field = ' '\n", "f:2: title_field is empty"),
            (
                "[profiles.w.engagelab]\ntitle_field = \"s3cret\"\n",
                "f:2: title_field has no effect: engagelab tickets have a title\nhint: remove this line",
            ),
            (
                "[profiles.w.feishu]\nvocabulary = 1\n",
                "f:2: profiles.w.feishu.vocabulary is not a table",
            ),
            (
                "[profiles.w.feishu.vocabulary.mood]\n",
                "f:1: unknown key \"mood\" in profiles.w.feishu.vocabulary\nhint: use one of: status, priority, type, channel",
            ),
            ("[profiles.w.feishu.vocabulary.status]\n51 = 5\n", "f:2: 51 must be a text in quotes"),
            (
                "[profiles.w.feishu.vocabulary.priority]\np1 = \"low\"\np2 = \"s3cret\"\n",
                "f:3: the meaning of \"p2\" is not a known priority\nhint: use one of: low, medium, high, urgent, other",
            ),
        ] {
            let error = read(Path::new("f"), true, text).unwrap_err().details().as_str().to_owned();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn syntax_errors_do_not_show_the_line() {
        let text = "[profiles.work.feishu]\napp_secret = \"s3cret\napp_id = \"a\"\n";
        let error = read(Path::new("f"), true, text).unwrap_err().details().as_str().to_owned();
        assert!(error.contains("f:2: "), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }

    #[test]
    fn an_unknown_profile_lists_the_existing_ones() {
        for (text, hint) in [
            ("", "the file has no profiles"),
            ("[profiles.a]\n[profiles.\"b, c\"]\n", "the file has these profiles: a, \"b, c\""),
            ("[profiles.\"\"]\n", "the file has these profiles: \"\""),
        ] {
            let tables = read(Path::new("f"), true, text).unwrap();
            let profiles = Profiles { path: "f".into(), tables, permissions: Ok(()) };
            let failure = profiles.transport("x", true).unwrap_err();
            assert!(failure.details().as_str().ends_with(hint), "{}", failure.details().as_str());
        }
    }

    #[test]
    fn reads_a_table_for_each_provider_of_a_profile() {
        let text = "[profiles.a.feishu]\napp_id = \"1\"\n[profiles.b.feishu]\napp_id = \"2\"\napp_secret = \"\"\n";
        let tables = read(Path::new("f"), true, text).unwrap();
        let second = &tables["b"].providers["feishu"].values;
        assert_eq!(second.text("app_id"), Some("2"));
        assert!(!second.has("app_secret"), "an empty value is not set");
        assert!(!tables["b"].providers.contains_key("engagelab") && !tables.contains_key("c"));
    }

    #[test]
    fn reads_vocabulary_overrides_by_vocabulary() {
        let text = "[profiles.a.feishu]\ntitle_field = \"subject\"\n[profiles.a.feishu.vocabulary]\nstatus = { 51 = \"resolved\", \"vip queue\" = \"open\" }\n\
                    [profiles.a.feishu.vocabulary.channel]\n77 = \"share\"\n";
        let table = &read(Path::new("f"), true, text).unwrap()["a"].providers["feishu"];
        assert!(table.values.is_empty(), "vocabulary overrides are not settings");
        assert_eq!(table.overrides.title_field(), Some("subject"));
        assert_eq!(table.overrides.status("51"), Some(Status::Resolved));
        assert_eq!(table.overrides.status("vip queue"), Some(Status::Open));
        assert_eq!(table.overrides.channel("77"), Some(Channel::Share));
    }
}

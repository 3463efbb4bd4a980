//! The text of a config file, taken apart: each fault is told with its line, and never with its value.

mod transport;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use ticket_core::{ErrorKind, VocabularyOverrides};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Profile, Table, Tables};
use crate::outcome::Failure;
use crate::providers::{PROVIDERS, Provider, names};
use crate::settings::Values;
use crate::view::copyable;
use transport::TRANSPORT;

/// The key below a provider that is no setting: what the tenant says of its own words.
const VOCABULARY: &str = "vocabulary";
/// The key below a provider that names the custom field with the title.
const TITLE_FIELD: &str = "title_field";

/// Reads the text of a config file.
///
/// # Errors
/// Where it is no TOML, or has a key or a word that nobody knows.
pub(super) fn read(path: &Path, text: &str) -> Result<Tables, Failure> {
    let reader = Reader { path, text };
    let document = DeTable::parse(text).map_err(|error| {
        // The error itself would show the line, and a secret may stand there.
        reader.refuse(error.span().unwrap_or(0..0), error.message())
    })?;
    let mut tables = BTreeMap::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() != "profiles" {
            let message = format!("unknown key \"{}\"", key.get_ref());
            return Err(reader.refuse(key.span(), &message).with_hint(
                "the file has only tables [profiles.NAME.PROVIDER] and [profiles.NAME.transport]",
            ));
        }
        for (profile, value) in reader.table("profiles", value)? {
            let name = profile.get_ref().to_string();
            tables.insert(name.clone(), reader.profile(&name, value)?);
        }
    }
    Ok(tables)
}

struct Reader<'t> {
    path: &'t Path,
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
                    "the providers are {}; {TRANSPORT} is of all of them",
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
        let mut values = Vec::new();
        let mut overrides = VocabularyOverrides::default();
        for (key, value) in self.table(&name, value)? {
            if key.get_ref() == VOCABULARY {
                overrides = self.words(overrides, &format!("{name}.{VOCABULARY}"), value)?;
                continue;
            }
            if key.get_ref() == TITLE_FIELD {
                overrides =
                    overrides.with_title_field(self.title_field(known, key.span(), value)?);
                continue;
            }
            let setting = known.settings.iter().find(|it| it.key == key.get_ref());
            let Some(setting) = setting else {
                let keys: Vec<_> = known.settings.iter().map(|it| it.key).collect();
                let message = format!("unknown key \"{}\" in {name}", key.get_ref());
                return Err(self.refuse(key.span(), &message).with_hint(format!(
                    "{} has these keys: {}, {TITLE_FIELD}, {VOCABULARY}",
                    known.name,
                    keys.join(", ")
                )));
            };
            values.push((setting.key, self.in_quotes(setting.key, value)?.to_owned()));
        }
        Ok(Table { values: Values::new(self.place(profile), values), overrides })
    }

    /// Reads the name of the custom field with the title, for a provider whose tickets have no title.
    fn title_field<'v>(
        &self,
        known: &Provider,
        key: Range<usize>,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Result<&'v str, Failure> {
        if known.decoder.rules().iter().any(|rule| rule.targets.contains(&"title")) {
            let message = format!("{TITLE_FIELD} has no use: {} tickets have a title", known.name);
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

    /// Adds what the tenant says of its own words, by vocabulary.
    fn words(
        &self,
        mut overrides: VocabularyOverrides,
        name: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<VocabularyOverrides, Failure> {
        for (vocabulary, value) in self.table(name, value)? {
            if !VocabularyOverrides::VOCABULARIES.contains(&&**vocabulary.get_ref()) {
                let message = format!("unknown key \"{}\" in {name}", vocabulary.get_ref());
                return Err(self.refuse(vocabulary.span(), &message).with_hint(format!(
                    "words are of {}",
                    VocabularyOverrides::VOCABULARIES.join(", ")
                )));
            }
            for (native, means) in self.table(&format!("{name}.{}", vocabulary.get_ref()), value)? {
                let ours = self.in_quotes(native.get_ref(), means)?;
                let read = overrides.with(vocabulary.get_ref(), native.get_ref(), ours);
                overrides = read.map_err(|error| {
                    let message =
                        format!("what {} means is no {}", native.get_ref(), vocabulary.get_ref());
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

    /// The members of a table.
    fn table<'v, 'i>(
        &self,
        name: &str,
        value: &'v Spanned<DeValue<'i>>,
    ) -> Result<&'v DeTable<'i>, Failure> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| self.refuse(value.span(), &format!("{name} is no table")))
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
            ("[profiles.w.feishu]\ntitle_field = 1\n", "f:2: title_field must be a text in quotes"),
            ("[profiles.w.feishu]\ntitle_field = ' '\n", "f:2: title_field is empty"),
            (
                "[profiles.w.engagelab]\ntitle_field = \"s3cret\"\n",
                "f:2: title_field has no use: engagelab tickets have a title\nhint: remove this line",
            ),
            (
                "[profiles.w.feishu]\nvocabulary = 1\n",
                "f:2: profiles.w.feishu.vocabulary is no table",
            ),
            (
                "[profiles.w.feishu.vocabulary.mood]\n",
                "f:1: unknown key \"mood\" in profiles.w.feishu.vocabulary\nhint: words are of status, priority, type, channel",
            ),
            ("[profiles.w.feishu.vocabulary.status]\n51 = 5\n", "f:2: 51 must be a text in quotes"),
            (
                "[profiles.w.feishu.vocabulary.priority]\np1 = \"low\"\np2 = \"s3cret\"\n",
                "f:3: what p2 means is no priority\nhint: use one of: low, medium, high, urgent, other",
            ),
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
    fn a_profile_that_is_not_there_is_told_with_those_that_are() {
        for (text, hint) in [
            ("", "the file has no profiles"),
            ("[profiles.a]\n[profiles.\"b, c\"]\n", "the file has these profiles: a, \"b, c\""),
            ("[profiles.\"\"]\n", "the file has these profiles: \"\""),
        ] {
            let tables = read(Path::new("f"), text).unwrap();
            let profiles = Profiles { path: "f".into(), tables, rights: Ok(()) };
            let failure = profiles.transport("x", true).unwrap_err();
            assert!(failure.account().as_str().ends_with(hint), "{}", failure.account().as_str());
        }
    }

    #[test]
    fn each_provider_of_a_profile_has_a_table_of_its_own() {
        let text = "[profiles.a.feishu]\napp_id = \"1\"\n[profiles.b.feishu]\napp_id = \"2\"\napp_secret = \"\"\n";
        let tables = read(Path::new("f"), text).unwrap();
        let second = &tables["b"].providers["feishu"].values;
        assert_eq!(second.text("app_id"), Some("2"));
        assert!(!second.has("app_secret"), "an empty text is not set");
        assert!(!tables["b"].providers.contains_key("engagelab") && !tables.contains_key("c"));
    }

    #[test]
    fn words_are_read_by_vocabulary() {
        let text = "[profiles.a.feishu]\ntitle_field = \"subject\"\n[profiles.a.feishu.vocabulary]\nstatus = { 51 = \"resolved\", \"vip queue\" = \"open\" }\n\
                    [profiles.a.feishu.vocabulary.channel]\n77 = \"share\"\n";
        let table = &read(Path::new("f"), text).unwrap()["a"].providers["feishu"];
        assert!(table.values.is_empty(), "words are no settings");
        assert_eq!(table.overrides.title_field(), Some("subject"));
        assert_eq!(table.overrides.status("51"), Some(Status::Resolved));
        assert_eq!(table.overrides.status("vip queue"), Some(Status::Open));
        assert_eq!(table.overrides.channel("77"), Some(Channel::Share));
    }
}

//! The meanings of a tenant's own words.

use std::collections::BTreeMap;

use ticket_model::{Channel, CustomField, Priority, Status, TicketType};

use crate::{Error, ErrorKind};

/// Meanings for words of a tenant that the provider's documentation does not know, or that the tenant uses in another way.
///
/// They take precedence over the provider's table. The native word is kept beside its meaning.
///
/// ```
/// use ticket_core::VocabularyOverrides;
/// use ticket_core::model::Status;
///
/// let overrides = VocabularyOverrides::default().with_status("vip_queue", Status::Open);
/// assert_eq!(overrides.status("vip_queue"), Some(Status::Open));
/// assert_eq!(overrides.status("open"), None, "the provider's table decides");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VocabularyOverrides {
    statuses: BTreeMap<String, Status>,
    priorities: BTreeMap<String, Priority>,
    types: BTreeMap<String, TicketType>,
    channels: BTreeMap<String, Channel>,
    title_field: Option<String>,
}

impl VocabularyOverrides {
    /// Names the custom field that is the title of a ticket without a title of its own.
    ///
    /// The name is the field's key, label or id. A field whose value is not a text, or is blank, is not a title.
    #[must_use]
    pub fn with_title_field(mut self, name: impl Into<String>) -> Self {
        self.title_field = Some(name.into());
        self
    }

    /// Returns the name of the custom field that is the title.
    pub fn title_field(&self) -> Option<&str> {
        self.title_field.as_deref()
    }

    /// Returns the index and the text of the custom field that is the title; a key comes before a label, a label before an id.
    pub fn title_of(&self, fields: &[CustomField]) -> Option<(usize, String)> {
        let name = self.title_field.as_ref();
        let names: [fn(&CustomField) -> Option<&String>; 3] =
            [|field| field.key.as_ref(), |field| field.label.as_ref(), |field| field.id.as_ref()];
        let find = |of: &fn(&CustomField) -> Option<&String>| {
            fields.iter().position(|field| name.is_some() && of(field) == name)
        };
        let index = names.iter().find_map(find)?;
        let text = fields[index].value.as_ref()?.to_text()?;
        (!text.trim().is_empty()).then_some((index, text))
    }
}

impl VocabularyOverrides {
    /// Returns the tenant's statuses with their meanings.
    pub fn statuses(&self) -> impl Iterator<Item = (&str, Status)> {
        self.statuses.iter().map(|(native, means)| (native.as_str(), *means))
    }

    /// Returns the service's words that mean a status, for the filter of a list: those of its documentation, without those to which
    /// the tenant gives another meaning, and the tenant's own.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidRequest`]: no word means this status; the hint has the statuses that are possible.
    pub fn words_of_status(
        &self,
        documented: &[(&str, Status)],
        status: Status,
    ) -> Result<Vec<String>, Error> {
        let documented = documented.iter().filter(|(word, _)| self.status(word).is_none());
        let meanings: Vec<_> = documented.copied().chain(self.statuses()).collect();
        let has_meaning = meanings.iter().filter(|(_, means)| *means == status);
        let words: Vec<_> = has_meaning.map(|(word, _)| (*word).to_owned()).collect();
        if !words.is_empty() {
            return Ok(words);
        }
        let mut known: Vec<&str> = Vec::new();
        for (_, means) in &meanings {
            if !known.contains(&means.as_str()) {
                known.push(means.as_str());
            }
        }
        let message = format!("the service has no status that means {status}");
        Err(Error::new(ErrorKind::InvalidRequest, message)
            .with_hint(format!("its statuses mean {}", known.join(", "))))
    }
}

/// Declares the vocabularies that can be overridden.
macro_rules! vocabularies {
    ($($(#[$doc:meta])* $name:literal $with:ident $get:ident $map:ident: $word:ty;)+) => {
        impl VocabularyOverrides {
            /// The names of the vocabularies, for [`with`](Self::with).
            pub const VOCABULARIES: &'static [&'static str] = &[$($name),+];

            $(
                $(#[$doc])*
                #[must_use]
                pub fn $with(mut self, native: impl Into<String>, means: $word) -> Self {
                    self.$map.insert(native.into(), means);
                    self
                }

                /// Returns the meaning of this word, if the tenant gives it one.
                pub fn $get(&self, native: &str) -> Option<$word> {
                    self.$map.get(native).copied()
                }
            )+

            /// Adds a meaning by names, as in a config file: `with("status", "vip_queue", "open")`.
            ///
            /// # Errors
            /// - [`ErrorKind::Configuration`]: the vocabulary or the meaning is unknown.
            pub fn with(self, vocabulary: &str, native: &str, means: &str) -> Result<Self, Error> {
                match vocabulary {
                    $($name => match <$word>::ALL.iter().find(|word| word.as_str() == means) {
                        Some(word) => Ok(self.$with(native, *word)),
                        None => Err(not_one_of(
                            &format!("unknown {vocabulary} \"{means}\""),
                            <$word>::ALL.iter().map(|word| word.as_str()),
                        )),
                    },)+
                    _ => Err(not_one_of(
                        &format!("unknown vocabulary \"{vocabulary}\""),
                        Self::VOCABULARIES.iter().copied(),
                    )),
                }
            }

            /// Returns whether the tenant gives this word a meaning; `vocabulary` is one of
            /// [`VOCABULARIES`](Self::VOCABULARIES).
            pub fn decides(&self, vocabulary: &str, native: &str) -> bool {
                match vocabulary {
                    $($name => self.$map.contains_key(native),)+
                    _ => false,
                }
            }
        }
    };
}

vocabularies! {
    /// Adds the meaning of a status.
    "status" with_status status statuses: Status;
    /// Adds the meaning of a priority.
    "priority" with_priority priority priorities: Priority;
    /// Adds the meaning of a type of ticket.
    "type" with_type ticket_type types: TicketType;
    /// Adds the meaning of a channel.
    "channel" with_channel channel channels: Channel;
}

fn not_one_of(problem: &str, words: impl Iterator<Item = &'static str>) -> Error {
    let words: Vec<_> = words.collect();
    Error::new(ErrorKind::Configuration, problem)
        .with_hint(format!("use one of: {}", words.join(", ")))
}

#[cfg(test)]
mod tests {
    use ticket_model::CustomField;

    use super::VocabularyOverrides;

    #[test]
    fn adds_meanings_by_name() {
        let overrides = VocabularyOverrides::default()
            .with("status", "51", "resolved")
            .and_then(|overrides| overrides.with("channel", "77", "share"))
            .unwrap();
        assert!(overrides.decides("status", "51") && overrides.decides("channel", "77"));
        assert!(!overrides.decides("status", "77") && !overrides.decides("priority", "51"));
    }

    #[test]
    fn finds_the_title_field_by_key_then_label_then_id() {
        let field = |id: &str, key: &str, label: &str, value: &str| CustomField {
            id: Some(id.into()),
            key: Some(key.into()),
            label: Some(label.into()),
            value: Some(value.parse().unwrap()),
            ..CustomField::default()
        };
        let fields = [
            field("subject", "a", "b", r#""by id""#),
            field("1", "c", "subject", r#""by label""#),
            field("2", "subject", "d", r#""by key""#),
            field("3", "blank", "e", r#"" ""#),
            field("4", "list", "f", r#"["x"]"#),
        ];
        for (name, title) in [
            ("subject", Some((2, "by key"))),
            ("c", Some((1, "by label"))),
            ("1", Some((1, "by label"))),
            ("blank", None),
            ("list", None),
            ("Subject", None),
        ] {
            let found = VocabularyOverrides::default().with_title_field(name).title_of(&fields);
            assert_eq!(found, title.map(|(index, text)| (index, text.to_owned())), "{name}");
        }
        let first = &fields[..2];
        let overrides = VocabularyOverrides::default().with_title_field("subject");
        assert_eq!(overrides.title_of(first), Some((1, "by label".into())));
        assert_eq!(overrides.title_of(&first[..1]), Some((0, "by id".into())));
        assert_eq!(VocabularyOverrides::default().title_of(&fields), None);
    }

    #[test]
    fn lists_the_valid_names_after_an_unknown_one() {
        let word = VocabularyOverrides::default().with("priority", "p1", "critical").unwrap_err();
        assert_eq!(word.message(), "unknown priority \"critical\"");
        assert_eq!(word.hint(), Some("use one of: low, medium, high, urgent, other"));
        let vocabulary = VocabularyOverrides::default().with("mood", "x", "open").unwrap_err();
        assert_eq!(vocabulary.hint(), Some("use one of: status, priority, type, channel"));
    }
}

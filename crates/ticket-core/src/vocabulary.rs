//! How a tenant's own words are to be understood.

use std::collections::BTreeMap;

use ticket_model::{Channel, CustomField, Priority, Status, TicketType};

use crate::{Error, ErrorKind};

/// What a tenant says of its own words, where the provider's documentation cannot know them.
///
/// It decides before the provider's table does. The provider's word stays beside ours in any case.
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
    /// The name is the field's key, label or id. A field whose value is no text, or is blank, is no title.
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
    pub(crate) fn title_of(&self, fields: &[CustomField]) -> Option<(usize, String)> {
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

/// The vocabulary that a tenant may add to, and the field of the ticket that it decides.
macro_rules! vocabularies {
    ($($(#[$doc:meta])* $name:literal $with:ident $get:ident $map:ident: $word:ty;)+) => {
        impl VocabularyOverrides {
            /// The names by which [`with`](Self::with) knows the vocabularies.
            pub const VOCABULARIES: &'static [&'static str] = &[$($name),+];

            $(
                $(#[$doc])*
                #[must_use]
                pub fn $with(mut self, native: impl Into<String>, means: $word) -> Self {
                    self.$map.insert(native.into(), means);
                    self
                }

                /// What the tenant says of this word.
                pub fn $get(&self, native: &str) -> Option<$word> {
                    self.$map.get(native).copied()
                }
            )+

            /// The same by names, as a config file has them: `with("status", "vip_queue", "open")`.
            ///
            /// # Errors
            /// [`ErrorKind::Configuration`] where there is no such vocabulary, or our word is not one of it.
            pub fn with(self, vocabulary: &str, native: &str, means: &str) -> Result<Self, Error> {
                match vocabulary {
                    $($name => match <$word>::ALL.iter().find(|word| word.as_str() == means) {
                        Some(word) => Ok(self.$with(native, *word)),
                        None => Err(not_one_of(
                            &format!("\"{means}\" is no {vocabulary}"),
                            <$word>::ALL.iter().map(|word| word.as_str()),
                        )),
                    },)+
                    _ => Err(not_one_of(
                        &format!("there is no vocabulary \"{vocabulary}\""),
                        Self::VOCABULARIES.iter().copied(),
                    )),
                }
            }

            /// Whether the tenant says something of this word; `vocabulary` is one of
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
    /// Says what a status means.
    "status" with_status status statuses: Status;
    /// Says what a priority means.
    "priority" with_priority priority priorities: Priority;
    /// Says what a type of ticket means.
    "type" with_type ticket_type types: TicketType;
    /// Says what a channel means.
    "channel" with_channel channel channels: Channel;
}

fn not_one_of(problem: &str, words: impl Iterator<Item = &'static str>) -> Error {
    let words: Vec<_> = words.collect();
    Error::new(ErrorKind::Configuration, problem)
        .with_hint(format!("it is one of {}", words.join(", ")))
}

#[cfg(test)]
mod tests {
    use ticket_model::CustomField;

    use super::VocabularyOverrides;

    #[test]
    fn words_come_by_name_from_a_file() {
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
    fn a_wrong_name_is_told_with_the_right_ones() {
        let word = VocabularyOverrides::default().with("priority", "p1", "critical").unwrap_err();
        assert_eq!(word.message(), "\"critical\" is no priority");
        assert_eq!(word.hint(), Some("it is one of low, medium, high, urgent, other"));
        let vocabulary = VocabularyOverrides::default().with("mood", "x", "open").unwrap_err();
        assert_eq!(vocabulary.hint(), Some("it is one of status, priority, type, channel"));
    }
}

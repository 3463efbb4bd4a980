//! Source addresses: `feishu`, or `feishu@prod` for a profile; and tickets, `feishu@prod:123`.

use std::fmt;

use ticket_core::{ErrorKind, TicketId};

use crate::outcome::Failure;
use crate::providers::{self, Provider};
use crate::settings::url_pattern::is_url;
use crate::settings::{self, ProfileSelector, TicketAt};

/// A provider, and the profile whose settings are used.
#[derive(Debug, Clone)]
pub(crate) struct SourceAddress {
    pub(crate) provider: &'static Provider,
    /// The profile; `None` for the one that the command line or the environment selects.
    pub(crate) profile: Option<String>,
}

impl SourceAddress {
    /// Parses `PROVIDER` or `PROVIDER@PROFILE`.
    ///
    /// # Errors
    /// If the provider is unknown or the profile is empty.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let (provider, profile) = match text.split_once('@') {
            Some((provider, profile)) => (provider, Some(profile)),
            None => (text, None),
        };
        let provider = providers::named(provider)?;
        if profile == Some("") {
            let message = format!("the profile after \"{}@\" is empty", provider.name);
            return Err(Failure::new(ErrorKind::InvalidRequest, message)
                .with_hint(format!("write {0}, or {0}@PROFILE", provider.name)));
        }
        Ok(Self { provider, profile: profile.map(str::to_owned) })
    }

    /// Returns the address of a provider without a profile.
    pub(crate) fn of(provider: &'static Provider) -> Self {
        Self { provider, profile: None }
    }

    /// Returns the provider and the profile, which identify the address.
    pub(crate) fn key(&self) -> (&'static str, Option<String>) {
        (self.provider.name, self.profile.clone())
    }
}

impl fmt::Display for SourceAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.provider.name)?;
        match &self.profile {
            Some(profile) => write!(formatter, "@{profile}"),
            None => Ok(()),
        }
    }
}

/// Returns the usual form of a full-width letter, digit or sign.
fn narrow(character: char) -> char {
    match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

impl Failure {
    /// Sets the provider and the profile.
    pub(crate) fn with_source(self, source: &SourceAddress) -> Self {
        self.with_provider(source.provider.name).with_profile(source.profile.as_deref())
    }
}

/// Parses the source of a list, which has no id.
///
/// # Errors
/// If there is an id, or the source is unknown.
pub(crate) fn parse_list_source(text: &str) -> Result<SourceAddress, Failure> {
    match text.split_once(':').map(|(source, _)| SourceAddress::parse(source)) {
        Some(Ok(source)) => {
            let message = format!("expected a source without an id, such as {source}");
            Err(Failure::new(ErrorKind::InvalidRequest, message).with_id(text))
        }
        _ => SourceAddress::parse(text),
    }
}

/// Parses a ticket, `SOURCE:ID`. The id may contain colons. A web address is a ticket if a profile has its pattern.
///
/// # Errors
/// If the source is missing or unknown, or the id is invalid.
pub(crate) fn parse_ticket(
    text: &str,
    selector: &ProfileSelector,
) -> Result<(SourceAddress, TicketId), Failure> {
    if is_url(text) {
        return parse_url(text, selector);
    }
    // An input method for Chinese or Japanese may write `：６６`.
    let text = &*text.chars().map(narrow).collect::<String>();
    let Some((source, id)) = text.split_once(':') else {
        if let Ok(source) = SourceAddress::parse(text) {
            let provider = source.provider;
            let message = format!("{} is a provider; the id is missing", provider.name);
            return Err(Failure::new(ErrorKind::InvalidRequest, message)
                .with_hint(format!("write {source}:ID, such as {source}:{}", provider.example)));
        }
        return Err(Failure::new(ErrorKind::InvalidRequest, "no provider before the id")
            .with_id(text)
            .with_hint(format!(
                "write SOURCE:ID, such as feishu:6626871355780366331; the providers are {}",
                providers::names()
            )));
    };
    let source = SourceAddress::parse(source)
        .map_err(|failure| failure.with_provider(source).with_id(id))?;
    match TicketId::new(id) {
        Ok(id) => Ok((source, id)),
        Err(error) => Err(Failure::of(&error).with_source(&source).with_id(id)),
    }
}

/// Parses the web address of a ticket.
///
/// # Errors
/// If no profile has its pattern, or several have it.
fn parse_url(url: &str, selector: &ProfileSelector) -> Result<(SourceAddress, TicketId), Failure> {
    let refuse = |message: String| Failure::new(ErrorKind::InvalidRequest, message).with_id(url);
    let mut found = settings::tickets_at(url, selector)?.into_iter();
    let Some(TicketAt { provider, profile, id }) = found.next() else {
        let hint = "set url_pattern in a profile, such as \"https://desk.example.com/tickets/{id}\"; or write SOURCE:ID";
        return Err(refuse("no profile knows this address".into()).with_hint(hint));
    };
    let address = SourceAddress { provider, profile };
    if let Some(TicketAt { provider, profile, .. }) =
        found.next().filter(|_| address.profile.is_some())
    {
        let other = SourceAddress { provider, profile };
        return Err(refuse(format!("{address} and {other} both have this address"))
            .with_hint(format!("write {address}:{id}, or {other}:{id}")));
    }
    let id = TicketId::new(id)
        .map_err(|error| Failure::of(&error).with_source(&address).with_id(url))?;
    Ok((address, id))
}

#[cfg(test)]
mod tests {
    use super::SourceAddress;
    use crate::settings::ProfileSelector;

    #[test]
    fn parses_providers_and_profiles() {
        for (text, provider, profile) in [
            ("feishu", "feishu", None),
            ("feishu@prod", "feishu", Some("prod")),
            ("engagelab@a@b", "engagelab", Some("a@b")),
            ("FEISHU@Prod", "feishu", Some("Prod")),
        ] {
            let source = SourceAddress::parse(text).unwrap();
            assert_eq!((source.provider.name, source.profile.as_deref()), (provider, profile));
            assert_eq!(source.to_string(), text.replace("FEISHU", "feishu"));
        }
        for text in ["", "zendesk", "@prod", "feishu@"] {
            assert!(SourceAddress::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn splits_a_ticket_at_the_first_colon() {
        let parse_ticket = |text| super::parse_ticket(text, &ProfileSelector::default());
        let (source, id) = parse_ticket("feishu@prod:a:b").unwrap();
        assert_eq!((source.to_string().as_str(), id.as_str()), ("feishu@prod", "a:b"));
        let (source, id) = parse_ticket("ｆeishu：６６").unwrap();
        assert_eq!((source.to_string().as_str(), id.as_str()), ("feishu", "66"));
        for text in ["feishu", "feishu:", ":1", "feishu@:1"] {
            assert!(parse_ticket(text).is_err(), "{text}");
        }
    }
}

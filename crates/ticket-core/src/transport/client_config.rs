//! The settings that every source has.

use super::{ApiClient, CredentialProvider, Transport};
use crate::mapping::MappingDescription;
use crate::{Account, BaseUrl, Error, ErrorKind, VocabularyOverrides};

/// The settings that every source has. A provider's builder contains one, besides its credentials.
///
/// ```
/// use ticket_core::transport::{ApiClient, Authorization, ClientConfig};
/// use ticket_core::mapping::MappingDescription;
/// use ticket_core::{Error, Secret};
///
/// fn log_in(decoder: &'static dyn MappingDescription, token: &Secret, config: ClientConfig) -> Result<ApiClient, Error> {
///     config.client(decoder, Some("https://desk.example"), |_| Authorization::default().with_bearer(token))
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct ClientConfig {
    /// The base URL, instead of the documented one.
    pub base_url: Option<String>,
    /// The transport, which several sources may share.
    pub transport: Transport,
    /// The meaning of the tenant's own words.
    pub overrides: VocabularyOverrides,
    /// The name under which the user keeps these settings, for [`Account::profile`].
    pub profile: Option<String>,
    /// The id of the helpdesk, for [`Account::helpdesk_id`].
    pub helpdesk_id: Option<String>,
}

/// Adds to a builder the methods for settings that every source has, except the base URL. The builder has a field
/// `config: ClientConfig`.
///
/// ```
/// use ticket_core::client_settings;
/// use ticket_core::transport::ClientConfig;
///
/// #[derive(Default)]
/// struct Builder {
///     config: ClientConfig,
/// }
///
/// impl Builder {
///     client_settings!();
/// }
/// # let _ = Builder::default().profile("prod");
/// ```
#[macro_export]
macro_rules! client_settings {
    () => {
        /// Sets the transport, for example one that other sources share.
        pub fn transport(mut self, transport: $crate::transport::Transport) -> Self {
            self.config.transport = transport;
            self
        }

        /// Sets the name under which the user keeps these settings;
        /// [`Account::profile`]($crate::Account::profile) has it.
        pub fn profile(mut self, profile: impl Into<String>) -> Self {
            self.config.profile = Some(profile.into());
            self
        }

        /// Sets the meaning of the tenant's own words, for example of custom statuses.
        pub fn vocabulary(mut self, overrides: $crate::VocabularyOverrides) -> Self {
            self.config.overrides = overrides;
            self
        }
    };
}

impl ClientConfig {
    /// Creates the client of a service.
    ///
    /// `documented` is the default base URL; `None` for a service with a base URL per customer, which then has to be set.
    /// `authorize` creates the credential provider. To fetch tokens it can use the client that it gets, which has no credentials yet.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) if there is no base URL or credentials may not be sent to it, and the errors
    /// of `authorize`; each with its provider.
    pub fn client<A: CredentialProvider + 'static>(
        self,
        decoder: &'static dyn MappingDescription,
        documented: Option<&str>,
        authorize: impl FnOnce(&ApiClient) -> Result<A, Error>,
    ) -> Result<ApiClient, Error> {
        let Self { base_url, transport, overrides, profile, helpdesk_id } = self;
        base_url
            .as_deref()
            .or(documented)
            .ok_or_else(|| Error::new(ErrorKind::Configuration, "the base URL is missing"))
            .and_then(BaseUrl::new)
            .map(|base_url| {
                let account = Account {
                    provider: decoder.provider(),
                    base_url: Some(base_url.as_str().to_owned()),
                    helpdesk_id,
                    profile,
                };
                ApiClient::new(decoder, base_url, account, transport, overrides)
            })
            .and_then(|client| Ok(client.with(authorize(&client)?)))
            .map_err(|error| error.with_provider(decoder.provider()))
    }
}

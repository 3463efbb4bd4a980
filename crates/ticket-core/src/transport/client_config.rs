//! What can be set up of any source, whatever its provider.

use super::{ApiClient, CredentialProvider, Transport};
use crate::mapping::MappingDescription;
use crate::{BaseUrl, Error, ErrorKind, VocabularyOverrides};

/// The settings that every source has, and how they become its [`ApiClient`].
///
/// A provider's builder holds one beside the credentials; what these are is all that it has to say itself.
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
    /// Where the API lies, in the place of the documented address.
    pub base_url: Option<String>,
    /// The way there, which several sources may share.
    pub transport: Transport,
    /// What the tenant says of its own words.
    pub overrides: VocabularyOverrides,
}

impl ClientConfig {
    /// A client at the service whose responses `decoder` reads, and whose API lies at `documented` unless it was said to lie
    /// elsewhere. A service that has an address for each of its customers documents none: there it has to be said.
    ///
    /// `authorize` makes of the credentials what proves who asks. Where that has to ask the service itself, for a token, it can
    /// take the client that it is given, which has no credentials yet.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) where there is no address, or none to which credentials may be sent,
    /// and whatever `authorize` gives; each with its provider.
    pub fn client<A: CredentialProvider + 'static>(
        self,
        decoder: &'static dyn MappingDescription,
        documented: Option<&str>,
        authorize: impl FnOnce(&ApiClient) -> Result<A, Error>,
    ) -> Result<ApiClient, Error> {
        let Self { base_url, transport, overrides } = self;
        base_url
            .as_deref()
            .or(documented)
            .ok_or_else(|| Error::new(ErrorKind::Configuration, "the base URL is missing"))
            .and_then(BaseUrl::new)
            .map(|base_url| ApiClient::new(decoder, base_url, transport, overrides))
            .and_then(|client| Ok(client.with(authorize(&client)?)))
            .map_err(|error| error.with_provider(decoder.provider()))
    }
}

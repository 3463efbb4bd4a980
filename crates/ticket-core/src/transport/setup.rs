//! What can be set up of any source, whatever its provider.

use super::{Authorize, Session, Transport};
use crate::{BaseUrl, Dialect, Error, ErrorKind, Reading};

/// The settings that every source has, and how they become its [`Session`].
///
/// A provider's builder holds one beside the credentials; what these are is all that it has to say itself.
///
/// ```
/// use ticket_core::transport::{Authorization, Session, Setup};
/// use ticket_core::{Dialect, Error, Secret};
///
/// fn log_in(dialect: &'static dyn Dialect, token: &Secret, setup: Setup) -> Result<Session, Error> {
///     setup.session(dialect, Some("https://desk.example"), |_| Authorization::default().with_bearer(token))
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Where the API lies, in the place of the documented address.
    pub base_url: Option<String>,
    /// The way there, which several sources may share.
    pub transport: Transport,
    /// What the tenant says of its own words.
    pub reading: Reading,
}

impl Setup {
    /// A session at the service whose answers `dialect` reads, and whose API lies at `documented` unless it was said to lie
    /// elsewhere. A service that has an address for each of its customers documents none: there it has to be said.
    ///
    /// `authorize` makes of the credentials what proves who asks. Where that has to ask the service itself, for a token, it can
    /// take the session that it is given, which has no credentials yet.
    ///
    /// # Errors
    /// [`Configuration`](crate::ErrorKind::Configuration) where there is no address, or none to which credentials may be sent,
    /// and whatever `authorize` gives; each with its provider.
    pub fn session<A: Authorize + 'static>(
        self,
        dialect: &'static dyn Dialect,
        documented: Option<&str>,
        authorize: impl FnOnce(&Session) -> Result<A, Error>,
    ) -> Result<Session, Error> {
        let Self { base_url, transport, reading } = self;
        base_url
            .as_deref()
            .or(documented)
            .ok_or_else(|| Error::new(ErrorKind::Configuration, "the base URL is missing"))
            .and_then(BaseUrl::new)
            .map(|base_url| Session::new(dialect, base_url, transport, reading))
            .and_then(|session| Ok(session.with(authorize(&session)?)))
            .map_err(|error| error.with_provider(dialect.provider()))
    }
}

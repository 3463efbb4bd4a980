//! Credentials: the headers that carry them, and their refresh.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::redact::{redacted, redacted_error, redacted_text};
use crate::{Error, ErrorKind, Response, Secret};

const AUTHORIZATION: &str = "authorization";

/// Provides the credentials of requests.
#[async_trait]
pub trait CredentialProvider: Send + Sync {
    /// Returns the credentials for a request.
    ///
    /// # Errors
    /// Any kind, for example if a token cannot be fetched.
    async fn authorization(&self) -> Result<Authorization, Error>;

    /// Returns new credentials after `used` failed with `error`; `None` if the error is final or not about credentials.
    ///
    /// # Errors
    /// Any kind; it replaces `error`.
    async fn refresh(
        &self,
        _used: &Authorization,
        _error: &Error,
    ) -> Result<Option<Authorization>, Error> {
        Ok(None)
    }
}

/// Headers with credentials; `Debug` does not show them. As a [`CredentialProvider`] they never change.
///
/// ```
/// use ticket_core::Secret;
/// use ticket_core::transport::Authorization;
///
/// let authorization = Authorization::default().with_bearer(&Secret::from("t-0123456789"))?;
/// assert!(!format!("{authorization:?}").contains("0123456789"));
/// # Ok::<(), ticket_core::Error>(())
/// ```
///
/// Clones share the headers.
#[derive(Debug, Clone, Default)]
pub struct Authorization(Arc<Parts>);

#[derive(Debug, Clone, Default)]
struct Parts {
    headers: HeaderMap,
    generation: u64,
    secrets: Vec<Secret>,
}

impl Authorization {
    /// Adds a header with a secret value; its name is in lower case.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the value has characters that are invalid in a header.
    pub fn with(mut self, name: &'static str, secret: &Secret) -> Result<Self, Error> {
        let mut value = HeaderValue::from_maybe_shared(secret.to_bytes())
            .map_err(|_| invalid_header("a credential", name))?;
        value.set_sensitive(true);
        self.parts_mut().headers.insert(HeaderName::from_static(name), value);
        Ok(self.redact_also(secret))
    }

    /// Adds a header that is not secret, for example a workspace id; its name is in lower case.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the value has characters that are invalid in a header.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(value).map_err(|_| invalid_header("a setting", name))?;
        self.parts_mut().headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    /// Adds `Authorization: Bearer TOKEN`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the token has characters that are invalid in a header.
    pub fn with_bearer(self, token: &Secret) -> Result<Self, Error> {
        self.with_scheme("Bearer", token)
    }

    /// Adds `Authorization: SCHEME TOKEN`, such as `Authorization: token …`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the scheme or the token has characters that are invalid in a header.
    pub fn with_scheme(self, scheme: &str, token: &Secret) -> Result<Self, Error> {
        self.with(AUTHORIZATION, &Secret::joined(&[scheme, " ", token.expose()]))
    }

    /// Adds `Authorization: Basic …` with a user name and a password.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the user name contains a colon.
    pub fn with_basic(self, user: &str, password: &Secret) -> Result<Self, Error> {
        if user.contains(':') {
            let message = "the user name contains a colon, which HTTP Basic does not allow";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        let pair = Secret::joined(&[user, ":", password.expose()]);
        let header = Secret::joined(&["Basic ", pair.to_base64().expose()]);
        Ok(self.with(AUTHORIZATION, &header)?.redact_also(&pair).redact_also(password))
    }

    /// Adds a secret that is sent in another form or position, so that it is redacted from errors as well.
    #[must_use]
    pub fn redact_also(mut self, secret: &Secret) -> Self {
        self.parts_mut().secrets.push(secret.clone());
        self
    }

    /// Sets a generation number, which identifies the credentials that were rejected.
    #[must_use]
    pub fn with_generation(mut self, generation: u64) -> Self {
        self.parts_mut().generation = generation;
        self
    }

    /// Returns the generation number; 0 by default.
    pub fn generation(&self) -> u64 {
        self.0.generation
    }

    fn parts_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the response without the secrets in it; `None` if there are none.
    pub(super) fn redacted(&self, response: &Response) -> Option<Response> {
        redacted(response, &self.0.secrets)
    }

    /// Returns the error without the secrets in it.
    pub(super) fn redacted_error(&self, error: Error) -> Error {
        redacted_error(error, &self.0.secrets)
    }

    /// Returns the text without the secrets in it.
    pub(super) fn redacted_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        redacted_text(text, &self.0.secrets)
    }
}

fn invalid_header(what: &str, name: &str) -> Error {
    let message = format!("{what} has characters that are invalid in the header {name}");
    Error::new(ErrorKind::Configuration, message)
}

#[async_trait]
impl CredentialProvider for Authorization {
    async fn authorization(&self) -> Result<Authorization, Error> {
        Ok(self.clone())
    }
}

#[async_trait]
impl CredentialProvider for Arc<dyn CredentialProvider> {
    async fn authorization(&self) -> Result<Authorization, Error> {
        (**self).authorization().await
    }

    async fn refresh(
        &self,
        used: &Authorization,
        error: &Error,
    ) -> Result<Option<Authorization>, Error> {
        (**self).refresh(used, error).await
    }
}

#[cfg(test)]
mod tests {
    use super::Authorization;
    use crate::{Error, ErrorKind, Secret};

    #[test]
    fn writes_the_authorization_header_of_each_scheme() {
        let password = Secret::from("open:sesame");
        let basic = Authorization::default().with_basic("Aladdin", &password).unwrap();
        assert_eq!(basic.headers()["authorization"], "Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==");
        let bearer = Authorization::default().with_bearer(&password).unwrap();
        assert_eq!(bearer.headers()["authorization"], "Bearer open:sesame");
        let token = Authorization::default().with_scheme("token", &password).unwrap();
        assert_eq!(token.headers()["authorization"], "token open:sesame");
    }

    #[test]
    fn redacts_a_token_without_its_scheme() {
        let token = Secret::from("t-0123456789");
        let authorization = Authorization::default().with_scheme("token", &token).unwrap();
        let error = Error::new(ErrorKind::Rejected, "t-0123456789 is unknown");
        assert_eq!(authorization.redacted_error(error).message(), "*** is unknown");
    }

    #[test]
    fn does_not_redact_plain_headers() {
        let workspace = Authorization::default().with_header("x-workspace", "12").unwrap();
        assert!(format!("{:?}", workspace.headers()).contains("12"));
        let error = Error::new(ErrorKind::NotFound, "no ticket in workspace 12");
        assert_eq!(workspace.redacted_error(error).message(), "no ticket in workspace 12");
    }

    #[test]
    fn refuses_characters_that_are_invalid_in_a_header() {
        let secret = Secret::from;
        let none = Authorization::default;
        for refused in [
            none().with_basic("us:er", &secret("password")),
            none().with_bearer(&secret("to\nken")),
            none().with_scheme("to\nken", &secret("token")),
            none().with("x-key", &secret("\0")),
            none().with_header("x-workspace", "1\n2"),
        ] {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::Configuration);
        }
    }
}

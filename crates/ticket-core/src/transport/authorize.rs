//! Who asks: the headers that prove it, and what to do when they are refused.

use std::borrow::Cow;

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::redact::{redacted, redacted_error, redacted_text};
use crate::{Answer, Error, ErrorKind, Secret};

/// A way to prove who asks.
#[async_trait]
pub trait Authorize: Send + Sync {
    /// What to send with a request.
    ///
    /// # Errors
    /// Whatever prevents it: a token that could not be fetched.
    async fn authorization(&self) -> Result<Authorization, Error>;

    /// What to send instead, after `used` was refused with `error`; `None` where the refusal is final or has
    /// nothing to do with credentials.
    ///
    /// # Errors
    /// Whatever prevents it; it takes the place of `error`.
    async fn renewed(
        &self,
        used: &Authorization,
        error: &Error,
    ) -> Result<Option<Authorization>, Error>;
}

/// The headers that prove who asks, none of which can be printed.
#[derive(Debug, Clone, Default)]
pub struct Authorization {
    headers: HeaderMap,
    generation: u64,
    secrets: Vec<Secret>,
}

impl Authorization {
    /// Adds a header with a secret value; its name is in lower case.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] where the value has characters that no header can carry.
    pub fn with(mut self, name: &'static str, secret: &Secret) -> Result<Self, Error> {
        let mut value = HeaderValue::from_maybe_shared(secret.to_bytes()).map_err(|_| {
            let message =
                format!("a credential has characters that the header {name} cannot carry");
            Error::new(ErrorKind::Configuration, message)
        })?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self.hiding(secret))
    }

    /// Names a secret that is sent in another form or place; no error repeats it when an answer does.
    #[must_use]
    pub fn hiding(mut self, secret: &Secret) -> Self {
        self.secrets.push(secret.clone());
        self
    }

    /// Numbers the credentials, so that a refusal can be laid to the ones that were used.
    #[must_use]
    pub fn with_generation(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// The number given by [`with_generation`](Self::with_generation); 0 without.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The answer without the secrets that it repeats; `None` where it repeats none.
    pub(super) fn redacted(&self, answer: &Answer) -> Option<Answer> {
        redacted(answer, &self.secrets)
    }

    /// The error without the secrets that it repeats.
    pub(super) fn redacted_error(&self, error: Error) -> Error {
        redacted_error(error, &self.secrets)
    }

    /// The text without the secrets that it repeats.
    pub(super) fn redacted_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        redacted_text(text, &self.secrets)
    }
}

/// Credentials that never change: a refusal is final. The default is none at all.
#[derive(Debug, Clone, Default)]
pub struct Fixed(pub Authorization);

#[async_trait]
impl Authorize for Fixed {
    async fn authorization(&self) -> Result<Authorization, Error> {
        Ok(self.0.clone())
    }

    async fn renewed(&self, _: &Authorization, _: &Error) -> Result<Option<Authorization>, Error> {
        Ok(None)
    }
}

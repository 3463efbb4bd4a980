//! A text that cannot print itself.

use std::fmt;

#[cfg(feature = "http")]
use base64::Engine;
#[cfg(feature = "http")]
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};

/// A secret: a key, a password, a token.
///
/// It has no `Display` and cannot be serialized, its `Debug` is stars, and its memory is wiped when it is
/// dropped.
///
/// ```
/// use ticket_core::Secret;
///
/// let secret = Secret::from("s3cret");
/// assert_eq!(format!("{secret:?}"), "***");
/// assert_eq!(secret.expose(), "s3cret");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Texts that are a secret together; no copy of them is left behind.
    pub fn joined(parts: &[&str]) -> Self {
        // A text that grows is copied, and its old place is not wiped.
        let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            text.push_str(part);
        }
        Self::from(text)
    }

    /// The same secret in padded Base64 (RFC 4648, section 4), as HTTP Basic wants it.
    #[cfg(feature = "http")]
    pub fn to_base64(&self) -> Self {
        Self::from(STANDARD.encode(self.expose()))
    }

    /// The secret as bytes for a header or a body, wiped when the last of those who share them is done.
    pub fn to_bytes(&self) -> Bytes {
        Bytes::from_owner(Wiped(self.clone()))
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

/// Lends a secret as bytes.
struct Wiped(Secret);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

//! A secret text that is not printed.

use std::fmt;

#[cfg(feature = "http")]
use base64::Engine;
#[cfg(feature = "http")]
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};

/// A secret: a key, a password, a token.
///
/// It has no `Display` and cannot be serialized, its `Debug` shows stars, and its memory is overwritten with zeros when it is
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
    /// Joins texts to one secret, without leaving a copy behind.
    pub fn joined(parts: &[&str]) -> Self {
        // A growing text would be copied, and its old memory not overwritten.
        let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            text.push_str(part);
        }
        Self::from(text)
    }

    /// Returns the secret in padded Base64 (RFC 4648, section 4), for HTTP Basic.
    #[cfg(feature = "http")]
    pub fn to_base64(&self) -> Self {
        Self::from(STANDARD.encode(self.expose()))
    }

    /// Returns the secret as bytes for a header or a body. They are overwritten with zeros when the last clone is dropped.
    pub fn to_bytes(&self) -> Bytes {
        Bytes::from_owner(ZeroizedBytes(self.clone()))
    }

    /// Returns the text, for the code that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

/// A secret as bytes.
struct ZeroizedBytes(Secret);

impl AsRef<[u8]> for ZeroizedBytes {
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

//! The signature, the encryption and the comparison of secrets.

use std::fmt::Write;

use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use ticket_core::Secret;

use super::{EventError, Signature};

/// The length of a block, and of the initialization vector before the encrypted text.
const BLOCK: usize = 16;

/// Decrypts the text of the key `encrypt` with the encrypt key of the app.
///
/// Nothing shows that the text was not changed: verify the signature of a request first, as
/// [`EventVerifier::receive`](super::EventVerifier::receive) does.
///
/// ```
/// use feishu_provider::event::decrypt;
///
/// let text = decrypt("P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=", &"test key".into())?;
/// assert_eq!(text, b"hello world");
/// # Ok::<(), feishu_provider::event::EventError>(())
/// ```
///
/// # Errors
/// [`EventError::NotDecryptable`], whatever is wrong with the text.
pub fn decrypt(text: &str, encrypt_key: &Secret) -> Result<Vec<u8>, EventError> {
    let wrong = EventError::NotDecryptable;
    let bytes = STANDARD.decode(text.trim_ascii()).map_err(|_| wrong)?;
    let (vector, rest) = bytes.split_first_chunk::<BLOCK>().ok_or(wrong)?;
    let key = Sha256::digest(encrypt_key.expose());
    let mut rest = rest.to_vec();
    let decryptor = Decryptor::<Aes256>::new(&key, vector.into());
    let text = decryptor.decrypt_padded::<Pkcs7>(&mut rest).map_err(|_| wrong)?;
    Ok(text.to_vec())
}

/// Returns whether a request has the signature of this encrypt key: SHA-256 of timestamp, nonce, key and the exact bytes of the body.
pub(super) fn is_signed(signature: &Signature<'_>, encrypt_key: &Secret, body: &[u8]) -> bool {
    let mut hash = Sha256::new();
    hash.update(signature.timestamp);
    hash.update(signature.nonce);
    hash.update(encrypt_key.expose());
    hash.update(body);
    let expected = hexadecimal(&hash.finalize());
    let given = signature.signature.to_ascii_lowercase();
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

/// Returns the bytes in hexadecimal digits of lower case.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string grows");
        text
    })
}

/// Compares a text with a secret in a time that does not depend on what they have in common.
pub(super) fn is_same(text: &str, secret: &Secret) -> bool {
    // The hashes have the same length, so the length of the secret does not show either.
    let hash = |text: &str| Sha256::digest(text);
    !secret.is_empty() && bool::from(hash(text).ct_eq(&hash(secret.expose())))
}

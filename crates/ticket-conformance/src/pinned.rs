//! What a response becomes, as text for a snapshot.

use std::fmt::Write;

use ticket_core::{Bytes, Decoder, Response, VocabularyOverrides};

/// What this response becomes: the unified ticket and what was noticed, or the error.
///
/// Meant for snapshots: the text is the same for the same response, and a reviewer can read it.
pub fn pinned(decoder: &dyn Decoder, http_status: u16, body: &'static [u8]) -> String {
    let mut response = Response::saved(decoder.ticket_operation(), Bytes::from_static(body));
    response.http_status = Some(http_status);
    let mut text = String::new();
    match decoder.decode(&[response], &VocabularyOverrides::default()) {
        Ok(decoded) => {
            let ticket = serde_json::to_string_pretty(&decoded.ticket).expect("a ticket is JSON");
            text.push_str(&ticket);
            for diagnostic in &decoded.diagnostics {
                write!(text, "\n{diagnostic}").expect("a String takes everything");
            }
        }
        Err(error) => {
            write!(text, "{}: {error}", error.kind()).expect("a String takes everything");
            if let Some(hint) = error.hint() {
                write!(text, "\nhint: {hint}").expect("a String takes everything");
            }
        }
    }
    text
}

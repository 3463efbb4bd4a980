//! What an answer becomes, as text for a snapshot.

use std::fmt::Write;

use ticket_core::{Answer, Bytes, Dialect, Reading};

/// What this answer becomes: the unified ticket and what was noticed, or the error.
///
/// Meant for snapshots: the text is the same for the same answer, and a reviewer can read it.
pub fn pinned(dialect: &dyn Dialect, http_status: u16, body: &'static [u8]) -> String {
    let mut answer = Answer::saved(dialect.ticket_operation(), Bytes::from_static(body));
    answer.http_status = Some(http_status);
    let mut text = String::new();
    match dialect.decode(&[answer], &Reading::default()) {
        Ok(decoded) => {
            let ticket = serde_json::to_string_pretty(&decoded.ticket).expect("a ticket is JSON");
            text.push_str(&ticket);
            for remark in &decoded.report.remarks {
                write!(text, "\n{remark}").expect("a String takes everything");
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

//! Any response is read or refused as promised, and a tenant's own words decide only what they may.

use ticket_core::{Decoder, VocabularyOverrides};
use ticket_testkit::decode_violations;

use crate::response::response;
use crate::judge;

/// Words that stand in fixtures, known and unknown, with another meaning than theirs.
const WORDS: &[(&str, &str, &str)] = &[
    ("status", "open", "closed"),
    ("status", "closed", "open"),
    ("status", "50", "open"),
    ("status", "", "resolved"),
    ("status", "vip_queue", "resolved"),
    ("priority", "high", "low"),
    ("priority", "1", "urgent"),
    ("kind", "question", "incident"),
    ("kind", "1", "other"),
    ("channel", "email", "other"),
    ("channel", "1", "share"),
];

/// Checks a response of this provider.
pub fn check(decoder: &dyn Decoder, input: &[u8]) {
    let response = response(decoder.ticket_operation(), input);
    let mut broken = decode_violations(decoder, &response);
    let mut words = VocabularyOverrides::default();
    for (vocabulary, native, ours) in WORDS {
        words = words.with(vocabulary, native, ours).expect("each is one of our words");
    }
    let responses = [response];
    match (decoder.decode(&responses, &VocabularyOverrides::default()), decoder.decode(&responses, &words)) {
        (Ok(one), Ok(other)) => {
            if one.ticket.id != other.ticket.id || one.ticket.extra != other.ticket.extra {
                broken.push("a tenant's word changed more than its meaning".to_owned());
            }
            let is_new = |diagnostic| !one.diagnostics.contains(diagnostic);
            if let Some(diagnostic) = other.diagnostics.iter().find(|diagnostic| is_new(diagnostic)) {
                broken.push(format!("a tenant's word is the cause of: {diagnostic}"));
            }
        }
        (Err(one), Err(other)) if one.to_string() == other.to_string() => {}
        (one, other) => broken.push(format!("a tenant's word decides: {one:?} or {other:?}")),
    }
    judge(&broken);
}

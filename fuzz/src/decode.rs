//! Any response is decoded or rejected, and vocabulary overrides change only normalised values.

use ticket_core::VocabularyOverrides;
use ticket_core::mapping::MappingDescription;
use ticket_testkit::decode_violations;

use crate::assert_none;
use crate::response::response;

/// Overrides for known and unknown words of the fixtures, with another meaning.
const WORDS: &[(&str, &str, &str)] = &[
    ("status", "open", "closed"),
    ("status", "closed", "open"),
    ("status", "50", "open"),
    ("status", "", "resolved"),
    ("status", "vip_queue", "resolved"),
    ("priority", "high", "low"),
    ("priority", "1", "urgent"),
    ("type", "question", "incident"),
    ("type", "1", "other"),
    ("channel", "email", "other"),
    ("channel", "1", "share"),
];

/// Checks a response of this provider.
pub fn check(decoder: &dyn MappingDescription, input: &[u8]) {
    let response = response(decoder.ticket_operation(), input);
    let mut violations = decode_violations(decoder, std::slice::from_ref(&response));
    let mut overrides = VocabularyOverrides::default();
    for (vocabulary, native, value) in WORDS {
        overrides =
            overrides.with(vocabulary, native, value).expect("each is a value of the model");
    }
    let responses = [response];
    match (
        decoder.decode(&responses, &VocabularyOverrides::default()),
        decoder.decode(&responses, &overrides),
    ) {
        (Ok(one), Ok(other)) => {
            if one.ticket.id != other.ticket.id || one.ticket.extra != other.ticket.extra {
                violations.push("an override changed more than its meaning".to_owned());
            }
            let is_new = |diagnostic| !one.diagnostics.contains(diagnostic);
            if let Some(diagnostic) = other.diagnostics.iter().find(|diagnostic| is_new(diagnostic))
            {
                violations.push(format!("an override causes a diagnostic: {diagnostic}"));
            }
        }
        (Err(one), Err(other)) if one.to_string() == other.to_string() => {}
        (one, other) => violations
            .push(format!("an override decides whether decoding succeeds: {one:?} or {other:?}")),
    }
    assert_none(&violations);
}

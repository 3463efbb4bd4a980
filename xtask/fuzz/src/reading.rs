//! Any answer is read or refused as promised, and a tenant's own words decide only what they may.

use ticket_conformance::broken_promises;
use ticket_core::{Dialect, Reading};

use crate::answer::answer;
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

/// Checks an answer of this provider.
pub fn check(dialect: &dyn Dialect, input: &[u8]) {
    let answer = answer(dialect.ticket_operation(), input);
    let mut broken = broken_promises(dialect, &answer);
    let mut words = Reading::default();
    for (vocabulary, native, ours) in WORDS {
        words = words.with(vocabulary, native, ours).expect("each is one of our words");
    }
    let answers = [answer];
    match (dialect.decode(&answers, &Reading::default()), dialect.decode(&answers, &words)) {
        (Ok(one), Ok(other)) => {
            if one.ticket.id != other.ticket.id || one.ticket.extra != other.ticket.extra {
                broken.push("a tenant's word changed more than its meaning".to_owned());
            }
            let is_new = |remark| !one.report.remarks.contains(remark);
            if let Some(remark) = other.report.remarks.iter().find(|remark| is_new(remark)) {
                broken.push(format!("a tenant's word is the cause of: {remark}"));
            }
        }
        (Err(one), Err(other)) if one.to_string() == other.to_string() => {}
        (one, other) => broken.push(format!("a tenant's word decides: {one:?} or {other:?}")),
    }
    judge(&broken);
}

//! The pure half: what the reading of an answer promises.

use ticket_core::Dialect;

use super::scene::{Faults, Found};
use crate::proof::refutation;
use crate::survival::death;
use crate::{Case, Subject};

pub(super) async fn the_mapping_is_as_its_table_says(subject: &Subject) -> Found {
    proved(subject, refutation)
}

pub(super) async fn changed_answers_are_read_or_refused(subject: &Subject) -> Found {
    proved(subject, death)
}

/// What a proof finds, about the answers of all tickets and all cases.
fn proved(subject: &Subject, proof: fn(&dyn Dialect, &[Case]) -> Option<String>) -> Found {
    let tickets = subject.tickets.iter().filter_map(|(_, body)| *body);
    let named = tickets.map(|body| Case { name: "a ticket of the subject", body });
    let cases: Vec<_> = subject.cases.iter().copied().chain(named).collect();
    let dialect = subject.dialect.ok_or("the subject names no dialect")?;
    let found = proof(dialect, &cases).map(|text| text.replace('\n', "\n    "));
    Ok(Faults(found.into_iter().collect()))
}

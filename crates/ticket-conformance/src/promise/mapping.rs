//! The pure half: what the reading of a response promises.

use ticket_core::mapping::MappingDescription;

use super::scene::{Faults, Found};
use crate::proof::refutation;
use crate::subject::Refused;
use crate::survival::{death, death_of_refusals};
use crate::{Case, Subject};

pub(super) async fn the_mapping_is_as_its_table_says(subject: &Subject) -> Found {
    let (decoder, cases) = pure_half(subject)?;
    Ok(told(refutation(decoder, &cases)))
}

pub(super) async fn changed_responses_are_read_or_refused(subject: &Subject) -> Found {
    let (decoder, cases) = pure_half(subject)?;
    // A token's call is no matter of the decoder.
    let refusals = subject.refusals.iter().filter(|refusal| refusal.what != Refused::TokenCall);
    let refusals = refusals.map(|refusal| (refusal.reply.status(), refusal.reply.body()));
    Ok(told(death(decoder, &cases).or_else(|| death_of_refusals(decoder, refusals))))
}

/// The decoder, and the responses of all tickets and all cases.
fn pure_half(subject: &Subject) -> Result<(&'static dyn MappingDescription, Vec<Case>), String> {
    let tickets = subject.tickets.iter().filter_map(|(_, body)| *body);
    let named = tickets.map(|body| Case { name: "a ticket of the subject", body });
    let decoder = subject.decoder.ok_or("the subject names no decoder")?;
    Ok((decoder, subject.cases.iter().copied().chain(named).collect()))
}

/// What a proof found.
fn told(found: Option<String>) -> Faults {
    Faults(found.map(|text| text.replace('\n', "\n    ")).into_iter().collect())
}

//! The mapping, and how mutated responses are decoded.

use ticket_core::mapping::MappingDescription;

use super::harness::{Problems, TestResult};
use crate::source_under_test::ErrorCase;
use crate::{SampleResponse, SourceUnderTest, mapping, mutation};

pub(super) async fn mapping_matches_its_table(subject: &SourceUnderTest) -> TestResult {
    let (decoder, samples) = decoder_and_samples(subject)?;
    Ok(problems(mapping::find_problems(decoder, &samples)))
}

pub(super) async fn mutated_responses_are_handled(subject: &SourceUnderTest) -> TestResult {
    let (decoder, samples) = decoder_and_samples(subject)?;
    // The decoder does not decode responses of the token call.
    let errors = subject.error_responses.iter().map(|response| (response.case, &response.reply));
    let errors = errors.filter(|(case, _)| *case != ErrorCase::TokenRejected);
    let errors = errors.map(|(_, reply)| (reply.status(), reply.body()));
    let violation = mutation::find_violation(decoder, &samples);
    Ok(problems(violation.or_else(|| mutation::find_violation_in_errors(decoder, errors))))
}

/// Returns the decoder, and the responses of all tickets and all samples.
fn decoder_and_samples(
    subject: &SourceUnderTest,
) -> Result<(&'static dyn MappingDescription, Vec<SampleResponse>), String> {
    let decoder = subject.decoder.ok_or("the source has no decoder")?;
    let tickets = subject.tickets.iter().enumerate().filter_map(|(index, (id, body))| {
        // The names of samples are static. Two responses may have the same id.
        let name = format!("`.ticket(…)` {} with id {id}", index + 1).leak();
        Some(SampleResponse { name, body: (*body)? })
    });
    Ok((decoder, subject.samples.iter().copied().chain(tickets).collect()))
}

/// Indents a message of several lines as one problem.
fn problems(message: Option<String>) -> Problems {
    Problems(message.map(|text| text.replace('\n', "\n    ")).into_iter().collect())
}

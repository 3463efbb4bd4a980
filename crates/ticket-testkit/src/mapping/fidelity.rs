//! Nothing is lost and nothing is invented: copied values are equal, and every sent value is explained.

use ticket_core::VocabularyOverrides;
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::explain::{Explained, How, explain};
use ticket_core::mapping::tree::{Tree, pointer};
use ticket_core::model::Json;

use super::{Mismatch, SampleResponse, is_around};
use crate::mutation::decode_violations;

/// Returns the mismatches of each unchanged response.
pub(super) fn find(decoder: &dyn MappingDescription, samples: &[SampleResponse]) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    for sample in samples {
        let mut mismatch = |location: &str, problem: String| {
            mismatches.push(Mismatch {
                location: location.to_owned(),
                problem: format!("{problem} ({})", sample.name),
            });
        };
        let responses = sample.responses(decoder);
        match explain(decoder, &responses, &VocabularyOverrides::default()) {
            Err(error) => mismatch("", format!("it cannot be explained: {error}")),
            Ok(explained) => {
                for (location, problem) in
                    lost(&sample.tree(decoder), &explained).into_iter().chain(unequal(&explained))
                {
                    mismatch(&location, problem);
                }
            }
        }
        for problem in decode_violations(decoder, &responses) {
            mismatch("", problem);
        }
    }
    mismatches
}

/// Returns sent values that are not explained.
fn lost(sent: &Tree, explained: &[Explained]) -> Vec<(String, String)> {
    let sources: Vec<&str> = explained
        .iter()
        .flat_map(|field| &field.sources)
        .map(|source| source.pointer.as_str())
        .collect();
    let mut lost = Vec::new();
    for (path, value) in sent.leaves() {
        let location = pointer(&path);
        if !value.is_hollow() && !sources.iter().any(|source| is_around(source, &location)) {
            lost.push((location, format!("{value} was sent and is not explained")));
        }
    }
    lost
}

/// Returns values that are explained as copied, but were not sent.
fn unequal(explained: &[Explained]) -> Vec<(String, String)> {
    let mut unequal = Vec::new();
    for field in explained.iter().filter(|field| field.how == How::Copied) {
        let (Some(name), Some(value)) = (&field.field, &field.value) else { continue };
        let is_equal =
            field.sources.iter().filter_map(|source| source.native.as_ref()).any(|native| {
                // An integer may be sent as a string, an id as an integer, and the field may be a part of free JSON.
                bare(native) == bare(value) || native.as_str().contains(value.as_str())
            });
        // A free key is not a value of the response.
        if !is_equal && field.rule != "key" {
            unequal
                .push((name.clone(), format!("{value} is explained as copied, but was not sent")));
        }
    }
    unequal
}

/// Returns a scalar without the quotes of a string.
fn bare(json: &Json) -> String {
    json.to_text().unwrap_or_else(|| json.to_string())
}

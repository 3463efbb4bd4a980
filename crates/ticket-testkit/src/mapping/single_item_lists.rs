//! A list of one item instead of an object, where a rule allows it: it has the same effect.

use ticket_core::Decoded;
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::{Pattern, Reach};
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};

use super::{Mismatch, SampleResponse, decode};

/// Returns the mismatches of responses with such lists.
pub(super) fn find(decoder: &dyn MappingDescription, samples: &[SampleResponse]) -> Vec<Mismatch> {
    let sources = decoder.rules().iter().flat_map(|rule| rule.sources);
    let sources: Vec<_> = sources
        .filter(|source| source.contains("?]"))
        .map(|source| Pattern::source(source))
        .collect();
    let mut mismatches = Vec::new();
    for sample in samples {
        let response = sample.tree(decoder);
        let mut paths: Vec<_> =
            response.leaves().iter().flat_map(|(leaf, _)| optional(leaf, &sources)).collect();
        paths.sort();
        paths.dedup();
        mismatches.extend(paths.iter().filter_map(|path| check(decoder, sample, &response, path)));
    }
    mismatches
}

/// Returns the parents of this leaf that may be an object or a list of objects.
fn optional(leaf: &Path, sources: &[Pattern]) -> Vec<Path> {
    let may_be_a_list = |length: &usize| {
        let in_a_list = [&leaf[..*length], &[Step::Index(0)], &leaf[*length..]].concat();
        sources.iter().any(|source| {
            source.bind(leaf, Reach::Exact).is_some()
                && source.bind(&in_a_list, Reach::Exact).is_some()
        })
    };
    (1..=leaf.len()).filter(may_be_a_list).map(|length| leaf[..length].to_vec()).collect()
}

fn check(
    decoder: &dyn MappingDescription,
    sample: &SampleResponse,
    response: &Tree,
    path: &Path,
) -> Option<Mismatch> {
    let read = |response: &Tree| decode(decoder, response).ok();
    let alone = read(response)?;
    let mut changed = response.clone();
    let one = changed.at_mut(path)?;
    let sent = std::mem::replace(one, Tree::Scalar("null".into()));
    // An object without values is skipped, but a list of it has an empty item.
    let mut none = read(&changed)?;
    none.ticket.extra.clone_from(&alone.ticket.extra);
    if none.ticket == alone.ticket {
        return None;
    }
    *changed.at_mut(path)? = Tree::List(vec![sent]);
    let location = pointer(path);
    let problem = match read(&changed) {
        None => "a list of one item is rejected",
        Some(Decoded { ticket, .. }) => {
            let mut alone = alone.ticket;
            alone.extra.clone_from(&ticket.extra);
            if ticket.extra.contains_key(&location) || alone != ticket {
                "a list of one item is mapped differently"
            } else {
                return None;
            }
        }
    };
    Some(Mismatch { location, problem: format!("{problem} ({})", sample.name) })
}

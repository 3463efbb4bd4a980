//! A list of one in the place of one object, where a rule says that it may come: it is read the same, and reported.

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::{Pattern, Reach};
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};
use ticket_core::{Decoded, DiagnosticKind, Response, VocabularyOverrides};

use super::{Case, Fault};

/// The faults of responses with such lists.
pub(super) fn faults(decoder: &dyn MappingDescription, cases: &[Case]) -> Vec<Fault> {
    let sources = decoder.rules().iter().flat_map(|rule| rule.sources);
    let sources: Vec<_> = sources
        .filter(|source| source.contains("?]"))
        .map(|source| Pattern::source(source))
        .collect();
    let mut faults = Vec::new();
    for case in cases {
        let response = case.tree();
        let mut places: Vec<_> =
            response.leaves().iter().flat_map(|(leaf, _)| optional(leaf, &sources)).collect();
        places.sort();
        places.dedup();
        faults.extend(places.iter().filter_map(|place| check(decoder, case, &response, place)));
    }
    faults
}

/// The places on the way to this leaf that are one object, and may be a list of them.
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
    case: &Case,
    response: &Tree,
    place: &Path,
) -> Option<Fault> {
    let read = |response: &Tree| {
        let response = Response::saved(decoder.ticket_operation(), response.to_string());
        decoder.decode(&[response], &VocabularyOverrides::default()).ok()
    };
    let alone = read(response)?;
    let mut changed = response.clone();
    let one = changed.at_mut(place)?;
    let sent = std::mem::replace(one, Tree::Scalar("null".into()));
    // One without any value is none, and in a list an empty item.
    let mut none = read(&changed)?;
    none.ticket.extra.clone_from(&alone.ticket.extra);
    if none.ticket == alone.ticket {
        return None;
    }
    *changed.at_mut(place)? = Tree::List(vec![sent]);
    let place = pointer(place);
    let problem = match read(&changed) {
        None => "a list of one costs the ticket",
        Some(Decoded { ticket, diagnostics }) => {
            let is_reported = diagnostics.iter().any(|diagnostic| {
                diagnostic.pointer == place
                    && matches!(diagnostic.kind, DiagnosticKind::UnexpectedType { .. })
            });
            let mut alone = alone.ticket;
            alone.extra.clone_from(&ticket.extra);
            if ticket.extra.contains_key(&place) || alone != ticket {
                "a list of one is read as something else than the one"
            } else if !is_reported {
                "a list of one is not reported"
            } else {
                return None;
            }
        }
    };
    Some(Fault { place, problem: format!("{problem} ({})", case.name) })
}

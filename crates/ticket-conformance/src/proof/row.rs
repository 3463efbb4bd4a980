//! What a row of the table has to do with a leaf.

use ticket_core::mapping::RuleKind;
use ticket_core::mapping::pattern::{Bindings, Pattern, Reach, Row};
use ticket_core::mapping::tree::Path;

use super::observe::{Change, Effect, Kept, Leaf, Whereabouts};

/// The name of the rules that read a rating.
const RATING: &str = "rating";

/// Ratings that no scale has.
const OFF_EVERY_SCALE: [&str; 2] = ["-7", "77777"];

/// What is nothing, as JSON.
const NOTHING: [&str; 2] = ["null", "\"\""];

/// Whether it says nothing, by whatever service it is sent.
pub(super) fn stands_for_nothing(json: &str) -> bool {
    json == "taken away" || ["null", "\"\"", "\"0\"", "\"-1\"", "0", "-1"].contains(&json)
}

/// The indices of each source of the row that is about this leaf.
pub(super) fn bindings(row: &Row<'_>, leaf: &Leaf) -> Vec<Bindings> {
    let bind = |source: &Pattern| {
        let here = source.bind(&leaf.path, row.reach());
        here.or_else(|| source.bind(&leaf.path, Reach::Above).filter(|_| leaf.is_hollow))
    };
    row.sources.iter().filter_map(bind).collect()
}

/// Whether this source of the row is this very leaf.
pub(super) fn is_at(source: &Pattern, row: &Row<'_>, leaf: &Leaf) -> bool {
    source.bind(&leaf.path, row.reach()).is_some()
}

/// Whether any of these changes, all of one leaf, is one of this source of the row and moves one of its targets.
pub(super) fn moves(row: &Row<'_>, source: &Pattern, changes: &[Change]) -> bool {
    let Some(bindings) = source.bind(&changes[0].leaf.path, row.reach()) else { return false };
    let is_target = |place: &Path| {
        row.targets.iter().any(|target| target.matches(place, &bindings, row.reach()))
    };
    // What moves with an object or a list has moved by what stands in it, which is another source.
    let is_scalar =
        |change: &&Change| change.to.as_ref().is_none_or(|to| !to.starts_with(['{', '[']));
    changes.iter().filter(is_scalar).any(|change| match &change.effect {
        Effect::Refused => false,
        Effect::Moved { places, .. } => places.iter().any(is_target),
    })
}

/// What is wrong with a change of a source that did not cost the ticket.
pub(super) fn misread(row: &Row<'_>, change: &Change, kept: Whereabouts) -> Option<String> {
    let is_rating = row.rule.name == RATING;
    let to = change.to.as_deref();
    match row.rule.kind {
        RuleKind::Envelope => Some("the response is taken for a success".to_owned()),
        RuleKind::Required if to.is_none_or(|to| NOTHING.contains(&to)) => {
            Some("the response is taken for a ticket".to_owned())
        }
        _ if is_rating && to.is_some_and(|to| OFF_EVERY_SCALE.contains(&to)) => {
            let is_misread = kept != Whereabouts::Extra;
            is_misread.then(|| "a rating off the scale is not in extra".to_owned())
        }
        // So a row cannot say that a time is read in another notation than it is.
        _ if !row.targets.is_empty() && to.is_some_and(|to| row.rule.samples.contains(&to)) => {
            let was_read = change.was == Kept::No
                && row.sources.iter().any(|source| is_at(source, row, &change.leaf));
            let is_misread = was_read && kept == Whereabouts::Extra;
            is_misread
                .then(|| format!("its row reads it as `{}`, and it stays in extra", row.rule.name))
        }
        _ => None,
    }
}

/// Whether a change of a source may cost the ticket.
pub(super) fn may_refuse(row: &Row<'_>) -> bool {
    matches!(row.rule.kind, RuleKind::Envelope | RuleKind::Required)
}

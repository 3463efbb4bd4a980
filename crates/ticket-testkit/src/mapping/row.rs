//! Relations between a row of the table and a leaf.

use ticket_core::mapping::RuleKind;
use ticket_core::mapping::pattern::{Bindings, Pattern, Reach, Row};
use ticket_core::mapping::tree::Path;

use super::observe::{Change, Effect, Kept, Leaf, ValueLocation};

/// The text of a removed value in messages.
pub(super) const REMOVED: &str = "removed";

/// The name of the rules for ratings.
const RATING: &str = "rating";

/// Ratings outside of every scale.
const OUT_OF_RANGE: [&str; 2] = ["-7", "77777"];

/// Empty values, as JSON.
const EMPTY: [&str; 2] = ["null", "\"\""];

/// Returns whether a value means "no value" for some service.
pub(super) fn means_no_value(json: &str) -> bool {
    json == REMOVED || ["null", "\"\"", "\"0\"", "\"-1\"", "0", "-1"].contains(&json)
}

/// Returns the indices of each source of the row that matches this leaf.
pub(super) fn bindings(row: &Row<'_>, leaf: &Leaf) -> Vec<Bindings> {
    let bind = |source: &Pattern| {
        let here = source.bind(&leaf.path, row.reach());
        here.or_else(|| source.bind(&leaf.path, Reach::Above).filter(|_| leaf.is_hollow))
    };
    row.sources.iter().filter_map(bind).collect()
}

/// Returns whether this source of the row is exactly this leaf.
pub(super) fn is_at(source: &Pattern, row: &Row<'_>, leaf: &Leaf) -> bool {
    source.bind(&leaf.path, row.reach()).is_some()
}

/// Returns whether any of these changes of one leaf affects a target of the row through this source.
pub(super) fn affects(row: &Row<'_>, source: &Pattern, changes: &[Change]) -> bool {
    let Some(bindings) = source.bind(&changes[0].leaf.path, row.reach()) else { return false };
    let is_target =
        |path: &Path| row.targets.iter().any(|target| target.matches(path, &bindings, row.reach()));
    // The effect of an object or a list comes from its members, which are other sources.
    let is_scalar =
        |change: &&Change| change.to.as_ref().is_none_or(|to| !to.starts_with(['{', '[']));
    changes.iter().filter(is_scalar).any(|change| match &change.effect {
        Effect::Rejected => false,
        Effect::Changed { paths, .. } => paths.iter().any(is_target),
    })
}

/// Returns what is wrong with an accepted change of a source.
pub(super) fn misread(row: &Row<'_>, change: &Change, kept: ValueLocation) -> Option<String> {
    let is_rating = row.rule.name == RATING;
    let to = change.to.as_deref();
    match row.rule.kind {
        RuleKind::Envelope => Some("the response is accepted as a success".to_owned()),
        RuleKind::Required if to.is_none_or(|to| EMPTY.contains(&to)) => {
            Some("the response is accepted as a ticket".to_owned())
        }
        _ if is_rating && to.is_some_and(|to| OUT_OF_RANGE.contains(&to)) => {
            let is_misread = kept != ValueLocation::Extra;
            is_misread.then(|| "a rating out of range is not in extra".to_owned())
        }
        // So that a row cannot claim another notation than the code parses.
        _ if !row.targets.is_empty() && to.is_some_and(|to| row.rule.samples.contains(&to)) => {
            let was_read = change.was == Kept::No
                && row.sources.iter().any(|source| is_at(source, row, &change.leaf));
            let is_misread = was_read && kept == ValueLocation::Extra;
            is_misread
                .then(|| format!("its row accepts it as `{}`, but it is in extra", row.rule.name))
        }
        _ => None,
    }
}

/// Returns whether a change of a source may cause a rejection.
pub(super) fn may_reject(row: &Row<'_>) -> bool {
    matches!(row.rule.kind, RuleKind::Envelope | RuleKind::Required)
}

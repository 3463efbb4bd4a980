//! Compares the table of rules with the observations.

use std::collections::BTreeSet;

use ticket_core::mapping::pattern::{Bindings, Reach, Row};
use ticket_core::mapping::tree::{pointer, ticket_path};
use ticket_core::mapping::{Rule, RuleKind};

use super::Mismatch;
use super::observe::{Change, Effect, Kept, Observations, ValueLocation};
use super::row;

/// How a source of a row occurs in the unchanged responses.
#[derive(Debug, Clone, Copy, Default)]
struct Occurrence {
    is_present: bool,
    is_sent: bool,
    is_read: bool,
}

impl Observations {
    /// Returns every location where the table of rules differs from the observations.
    pub(super) fn compare(&self, rules: &[Rule]) -> Vec<Mismatch> {
        let rows: Vec<Row> = rules.iter().map(Row::of).collect();
        let mut mismatches = BTreeSet::new();
        let mut occurrences: Vec<_> =
            rows.iter().map(|row| vec![Occurrence::default(); row.sources.len()]).collect();
        for (leaf, kept) in &self.leaves {
            let (mut has_row, mut is_undecided, mut is_kept, mut is_kept_only) =
                (false, false, false, true);
            for (row, occurrences) in rows.iter().zip(&mut occurrences) {
                let is_row = !row::bindings(row, leaf).is_empty();
                has_row |= is_row;
                is_undecided |= is_row && row.rule.kind == RuleKind::Undecided;
                is_kept |= is_row && row.rule.kind == RuleKind::Kept;
                is_kept_only &= !is_row || row.rule.kind == RuleKind::Kept;
                for (source, occurrence) in row.sources.iter().zip(occurrences) {
                    if is_row && row::is_at(source, row, leaf) {
                        occurrence.is_present = true;
                        occurrence.is_sent |= !leaf.is_hollow;
                        occurrence.is_read |= !leaf.is_hollow && *kept == Kept::No;
                    }
                }
            }
            let problem = match kept {
                Kept::No if !has_row => "it has no row and is not in extra",
                Kept::No | Kept::Yes | Kept::OnPurpose if is_undecided && !leaf.is_hollow => {
                    "its row is undecided, but the code maps it"
                }
                // An object may be kept in some cases, and its values have rows for the others.
                Kept::No | Kept::Yes if is_kept && is_kept_only && !leaf.is_hollow => {
                    "its row says that it is kept, but the code does not keep it"
                }
                Kept::OnPurpose if !is_kept => "the code keeps it in extra, but no row says so",
                Kept::Undecided if !is_undecided => "the code is undecided, but no row says so",
                _ => continue,
            };
            mismatches.insert(mismatch(pointer(&leaf.path), problem, leaf.case));
        }
        for (row, occurrences) in rows.iter().zip(&occurrences) {
            for (source, occurrence) in row.rule.sources.iter().zip(occurrences) {
                let problem = match occurrence {
                    Occurrence { is_present: false, .. } => "no response has it",
                    Occurrence { is_sent: true, is_read: false, .. } if !row.targets.is_empty() => {
                        "no response has a value there that is mapped: all are in extra"
                    }
                    _ => continue,
                };
                mismatches.insert(mismatch((*source).to_owned(), problem, "all"));
            }
        }
        for path in &self.values {
            let has_row = rows.iter().any(|row| {
                row.targets.iter().any(|target| target.matches(path, &Bindings::new(), row.reach()))
            });
            if !has_row {
                mismatches.insert(mismatch(ticket_path(path), "it is the target of no row", "all"));
            }
        }
        // A wrong row is the cause of wrong changes, so that it comes first.
        let mut of_changes = BTreeSet::new();
        self.compare_changes(&rows, &mut of_changes);
        mismatches.into_iter().chain(of_changes).collect()
    }

    /// Returns every source of a row whose changes have no effect.
    pub(super) fn without_effect(&self, rules: &[Rule]) -> Vec<Mismatch> {
        let rows = rules.iter().map(Row::of);
        // A key is not a leaf, and rows that reject or keep have no target.
        let rows = rows.filter(|row| !row.targets.is_empty() && !row.rule.is_key());
        let mut mismatches = Vec::new();
        for row in rows.filter(|row| row.rule.kind != RuleKind::Required) {
            for (source, text) in row.sources.iter().zip(row.rule.sources) {
                let mut leaves = self.changes.chunk_by(|one, other| one.leaf == other.leaf);
                if !leaves.any(|changes| row::affects(&row, source, changes)) {
                    let problem =
                        format!("no change of it affects {}", row.rule.targets.join(", "));
                    mismatches.push(mismatch((*text).to_owned(), &problem, "all"));
                }
            }
        }
        mismatches
    }

    fn compare_changes(&self, rows: &[Row<'_>], mismatches: &mut BTreeSet<Mismatch>) {
        let mut moved: Vec<Vec<bool>> =
            rows.iter().map(|row| vec![false; row.targets.len()]).collect();
        for changes in self.changes.chunk_by(|one, other| one.leaf == other.leaf) {
            let leaf = &changes[0].leaf;
            let bindings: Vec<Vec<Bindings>> =
                rows.iter().map(|row| row::bindings(row, leaf)).collect();
            for change in changes {
                compare_change(change, rows, &bindings, &mut moved, mismatches);
            }
        }
        for (row, moved) in rows.iter().zip(&moved) {
            for (target, moved) in row.rule.targets.iter().zip(moved) {
                // A key is not a leaf; `free_keys` checks it.
                if !moved && row.rule.kind != RuleKind::Constant && !row.rule.is_key() {
                    let problem =
                        format!("no change of {} affects it", row.rule.sources.join(", "));
                    mismatches.insert(mismatch((*target).to_owned(), &problem, "all"));
                }
            }
        }
    }
}

fn compare_change(
    change: &Change,
    rows: &[Row<'_>],
    bindings: &[Vec<Bindings>],
    moved: &mut [Vec<bool>],
    mismatches: &mut BTreeSet<Mismatch>,
) {
    let here = pointer(&change.leaf.path);
    let to = change.to.as_deref().unwrap_or(row::REMOVED);
    let mut report = |problem: String| {
        mismatches.insert(mismatch(here.clone(), &problem, change.leaf.case));
    };
    let (paths, extra, kept) = match &change.effect {
        Effect::Changed { paths, extra, kept } => (paths, extra, *kept),
        Effect::Rejected => {
            let is_row = |(row, bindings): (&Row<'_>, &Vec<Bindings>)| {
                row::may_reject(row) && !bindings.is_empty()
            };
            if !rows.iter().zip(bindings).any(is_row) {
                report(format!("the response is rejected if it is {to}"));
            }
            return;
        }
    };
    let matching = |is_kind: fn(&Row<'_>) -> bool| {
        rows.iter().zip(bindings).any(|(row, bindings)| !bindings.is_empty() && is_kind(row))
    };
    // An object may be kept in some cases, and its values have rows for the others.
    let may_be_kept = matching(|row| row.rule.kind == RuleKind::Kept);
    for (row, _) in rows.iter().zip(bindings).filter(|(_, bindings)| !bindings.is_empty()) {
        if !may_be_kept && let Some(problem) = row::misread(row, change, kept) {
            report(format!("{problem} if it is {to}"));
        }
    }
    // Every value of a row with targets must be in the ticket or in extra, unless it means "no value".
    let has_targets = |(row, bindings): (&Row<'_>, &Vec<Bindings>)| {
        !row.targets.is_empty() && !bindings.is_empty()
    };
    let is_selector = matching(|row| row.rule.kind == RuleKind::Selector);
    let may_be_dropped =
        is_selector || matching(|row| row.rule.kind == RuleKind::Unmapped && row.rule.is_whole());
    let is_lost = kept == ValueLocation::Lost && !may_be_dropped && !row::means_no_value(to);
    if is_lost && (to.starts_with(['{', '[']) || rows.iter().zip(bindings).any(has_targets)) {
        report(format!("{to} was sent and is lost"));
    }
    for path in paths {
        let mut is_allowed = false;
        for ((row, bindings), moved) in rows.iter().zip(bindings).zip(&mut *moved) {
            for (target, moved) in row.targets.iter().zip(moved) {
                // A constant appears and disappears with its parent.
                is_allowed |= row.rule.kind == RuleKind::Constant
                    && target.matches(path, &Bindings::new(), Reach::Exact);
                if bindings.iter().any(|bindings| target.matches(path, bindings, row.reach())) {
                    *moved = true;
                    is_allowed = true;
                }
            }
        }
        if !is_allowed && !is_selector {
            report(format!("{} changes if it is {to}", ticket_path(path)));
        }
    }
    for other in extra.iter().filter(|other| !is_selector && !are_related(other, &here)) {
        report(format!("extra at {other} changes if it is {to}"));
    }
}

fn mismatch(location: String, problem: &str, case: &str) -> Mismatch {
    Mismatch { location, problem: format!("{problem} ({case})") }
}

/// Returns whether one of two paths contains the other.
fn are_related(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

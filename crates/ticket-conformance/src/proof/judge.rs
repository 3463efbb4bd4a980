//! Holds the table of rules against what was seen.

use std::collections::BTreeSet;

use ticket_core::mapping::pattern::{Bindings, Reach, Row};
use ticket_core::mapping::tree::{place, pointer};
use ticket_core::mapping::{Rule, RuleKind};

use super::Fault;
use super::observe::{Change, Effect, Kept, Observations, Whereabouts};
use super::row;

/// How a source of a row was met with in the responses as they stand.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    is_there: bool,
    is_sent: bool,
    is_read: bool,
}

impl Observations {
    /// Every place where a table of rules says something else than what was seen.
    pub(super) fn judge(&self, rules: &[Rule]) -> Vec<Fault> {
        let rows: Vec<Row> = rules.iter().map(Row::of).collect();
        let mut faults = BTreeSet::new();
        let mut met: Vec<_> =
            rows.iter().map(|row| vec![Met::default(); row.sources.len()]).collect();
        for (leaf, kept) in &self.leaves {
            let (mut has_row, mut is_undecided, mut is_kept) = (false, false, false);
            for (row, met) in rows.iter().zip(&mut met) {
                let is_row = !row::bindings(row, leaf).is_empty();
                has_row |= is_row;
                is_undecided |= is_row && row.rule.kind == RuleKind::Undecided;
                is_kept |= is_row && row.rule.kind == RuleKind::Kept;
                for (source, met) in row.sources.iter().zip(met) {
                    if is_row && row::is_at(source, row, leaf) {
                        met.is_there = true;
                        met.is_sent |= !leaf.is_hollow;
                        met.is_read |= !leaf.is_hollow && *kept == Kept::No;
                    }
                }
            }
            let problem = match kept {
                Kept::No if !has_row => "no row is about it, and it is not in extra",
                Kept::No | Kept::Yes | Kept::OnPurpose if is_undecided && !leaf.is_hollow => {
                    "its row is undecided, and the code has decided"
                }
                Kept::No | Kept::Yes if is_kept && !leaf.is_hollow => {
                    "its row says that it is kept, and the code does not keep it"
                }
                Kept::OnPurpose if !is_kept => "the code keeps it in extra, and no row says so",
                Kept::Undecided if !is_undecided => "the code has not decided, and no row says so",
                _ => continue,
            };
            faults.insert(fault(pointer(&leaf.path), problem, leaf.case));
        }
        for (row, met) in rows.iter().zip(&met) {
            for (source, met) in row.rule.sources.iter().zip(met) {
                let problem = match met {
                    Met { is_there: false, .. } => "no response has it",
                    Met { is_sent: true, is_read: false, .. } if !row.targets.is_empty() => {
                        "no response has a value there that is read: all of them stand in extra"
                    }
                    _ => continue,
                };
                faults.insert(fault((*source).to_owned(), problem, "all"));
            }
        }
        for path in &self.values {
            let has_row = rows.iter().any(|row| {
                row.targets.iter().any(|target| target.matches(path, &Bindings::new(), row.reach()))
            });
            if !has_row {
                faults.insert(fault(place(path), "no row leads to it", "all"));
            }
        }
        // What is wrong with a row says more than what moves because of it, and comes first.
        let mut of_changes = BTreeSet::new();
        self.judge_changes(&rows, &mut of_changes);
        faults.into_iter().chain(of_changes).collect()
    }

    /// Every source of a row with which nothing in the ticket changes.
    pub(super) fn without_effect(&self, rules: &[Rule]) -> Vec<Fault> {
        let rows = rules.iter().map(Row::of);
        // A key is no leaf, and what refuses or stays in extra has no target.
        let rows = rows.filter(|row| !row.targets.is_empty() && !row.rule.is_key());
        let mut faults = Vec::new();
        for row in rows.filter(|row| row.rule.kind != RuleKind::Required) {
            for (source, text) in row.sources.iter().zip(row.rule.sources) {
                let mut leaves = self.changes.chunk_by(|one, other| one.leaf == other.leaf);
                if !leaves.any(|changes| row::moves(&row, source, changes)) {
                    let problem = format!("no change of it moves {}", row.rule.targets.join(", "));
                    faults.push(fault((*text).to_owned(), &problem, "all"));
                }
            }
        }
        faults
    }

    fn judge_changes(&self, rows: &[Row<'_>], faults: &mut BTreeSet<Fault>) {
        let mut moved: Vec<Vec<bool>> =
            rows.iter().map(|row| vec![false; row.targets.len()]).collect();
        for changes in self.changes.chunk_by(|one, other| one.leaf == other.leaf) {
            let leaf = &changes[0].leaf;
            let bindings: Vec<Vec<Bindings>> =
                rows.iter().map(|row| row::bindings(row, leaf)).collect();
            for change in changes {
                judge_change(change, rows, &bindings, &mut moved, faults);
            }
        }
        for (row, moved) in rows.iter().zip(&moved) {
            for (target, moved) in row.rule.targets.iter().zip(moved) {
                // A key is no leaf; what becomes of it is shown with free keys of our own.
                if !moved && row.rule.kind != RuleKind::Constant && !row.rule.is_key() {
                    let problem = format!("no change of {} moves it", row.rule.sources.join(", "));
                    faults.insert(fault((*target).to_owned(), &problem, "all"));
                }
            }
        }
    }
}

fn judge_change(
    change: &Change,
    rows: &[Row<'_>],
    bindings: &[Vec<Bindings>],
    moved: &mut [Vec<bool>],
    faults: &mut BTreeSet<Fault>,
) {
    let here = pointer(&change.leaf.path);
    let to = change.to.as_deref().unwrap_or("taken away");
    let mut complain = |problem: String| {
        faults.insert(fault(here.clone(), &problem, change.leaf.case));
    };
    let (places, extra, kept) = match &change.effect {
        Effect::Moved { places, extra, kept } => (places, extra, *kept),
        Effect::Refused => {
            let is_row = |(row, bindings): (&Row<'_>, &Vec<Bindings>)| {
                row::may_refuse(row) && !bindings.is_empty()
            };
            if !rows.iter().zip(bindings).any(is_row) {
                complain(format!("the response is refused when it is {to}"));
            }
            return;
        }
    };
    for (row, _) in rows.iter().zip(bindings).filter(|(_, bindings)| !bindings.is_empty()) {
        if let Some(problem) = row::misread(row, change, kept) {
            complain(format!("{problem} when it is {to}"));
        }
    }
    // Whoever has rows that lead somewhere says of each value what became of it, unless it stands for nothing.
    let leads_somewhere = |(row, bindings): (&Row<'_>, &Vec<Bindings>)| {
        !row.targets.is_empty() && !bindings.is_empty()
    };
    let is_lost = kept == Whereabouts::Nowhere && !row::stands_for_nothing(to);
    if is_lost && (to.starts_with(['{', '[']) || rows.iter().zip(bindings).any(leads_somewhere)) {
        complain(format!("{to} was sent, and nobody says what became of it"));
    }
    for path in places {
        let mut is_allowed = false;
        for ((row, bindings), moved) in rows.iter().zip(bindings).zip(&mut *moved) {
            for (target, moved) in row.targets.iter().zip(moved) {
                // A constant comes and goes with its parent.
                is_allowed |= row.rule.kind == RuleKind::Constant
                    && target.matches(path, &Bindings::new(), Reach::Exact);
                if bindings.iter().any(|bindings| target.matches(path, bindings, row.reach())) {
                    *moved = true;
                    is_allowed = true;
                }
            }
        }
        if !is_allowed {
            complain(format!("{} moves when it is {to}", place(path)));
        }
    }
    for other in extra.iter().filter(|other| !are_related(other, &here)) {
        complain(format!("extra at {other} moves when it is {to}"));
    }
}

fn fault(place: String, problem: &str, case: &str) -> Fault {
    Fault { place, problem: format!("{problem} ({case})") }
}

/// Whether one of two places lies in the other.
fn are_related(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

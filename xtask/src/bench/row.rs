//! The table: what ours takes, beside something else that does the same or less.

use std::fmt::Write as _;

use crate::generated::TAKES;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Instructions.
    Instructions,
    /// Nanoseconds of processor time.
    Processor,
    /// Nanoseconds on the clock.
    Clock,
    /// Bytes.
    Bytes,
}

/// What a row should not exceed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// So many times the other figure.
    Ratio(f64),
    /// So much.
    Most(u64),
}

/// A row of the table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) unit: Unit,
    pub(super) ours: u64,
    /// What it is compared with, and its figure.
    pub(super) beside: Option<(&'static str, u64)>,
    pub(super) goal: Option<Goal>,
}

/// All rows, as Markdown.
pub(super) fn table(rows: &[Row]) -> String {
    let mut table = String::from(
        "| what | ours | beside | its figure | ratio | goal |\n|---|---:|---|---:|---:|---|\n",
    );
    for row in rows {
        let Row { what, unit, ours, beside, goal } = row;
        let (name, figure, ratio) = match beside {
            Some((name, figure)) => {
                (*name, unit.show(*figure), format!("{:.2}", ratio(*ours, *figure)))
            }
            None => ("", String::new(), String::new()),
        };
        let goal = match (goal, row.is_missed()) {
            (None, _) => String::new(),
            (Some(goal), false) => goal.show(*unit),
            (Some(goal), true) => format!("**missed**: {}", goal.show(*unit)),
        };
        let ours = unit.show(*ours);
        writeln!(table, "| {what} | {ours} | {name} | {figure} | {ratio} | {goal} |").expect(TAKES);
    }
    table
}

impl Row {
    fn is_missed(&self) -> bool {
        match (self.goal, self.beside) {
            (Some(Goal::Ratio(most)), Some((_, figure))) => ratio(self.ours, figure) > most,
            (Some(Goal::Most(most)), _) => self.ours > most,
            (None, _) | (Some(Goal::Ratio(_)), None) => false,
        }
    }
}

impl Goal {
    fn show(self, unit: Unit) -> String {
        match self {
            Self::Ratio(most) => format!("≤ {most}"),
            Self::Most(most) => format!("≤ {}", unit.show(most)),
        }
    }
}

impl Unit {
    fn show(self, figure: u64) -> String {
        match self {
            Self::Instructions => format!("{} k", figure.div_ceil(1000)),
            Self::Bytes => format!("{} MB", tenths(figure, 1_000_000)),
            Self::Processor | Self::Clock if figure >= 1_000_000 => {
                format!("{} ms", tenths(figure, 1_000_000))
            }
            Self::Processor | Self::Clock => format!("{} µs", tenths(figure, 1000)),
        }
    }
}

/// A figure in a larger unit, with one place behind the point.
fn tenths(figure: u64, unit: u64) -> String {
    let tenths = (figure * 10 + unit / 2) / unit;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[allow(clippy::cast_precision_loss, reason = "two places behind the point are shown")]
fn ratio(ours: u64, other: u64) -> f64 {
    ours as f64 / other as f64
}

#[cfg(test)]
mod tests {
    use super::{Goal, Row, Unit, table};

    #[test]
    fn a_goal_that_is_missed_is_marked() {
        let row = |ours, beside, goal| Row {
            what: "x".to_owned(),
            unit: Unit::Processor,
            ours,
            beside,
            goal,
        };
        let rows = [
            row(1_500, Some(("y", 1_000)), Some(Goal::Ratio(1.2))),
            row(1_200, Some(("y", 1_000)), Some(Goal::Ratio(1.2))),
            row(9_960_000, None, Some(Goal::Most(10_000_000))),
            row(10_100_000, None, Some(Goal::Most(10_000_000))),
            row(49, None, None),
        ];
        let table = table(&rows);
        let lines: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| x | 1.5 µs | y | 1.0 µs | 1.50 | **missed**: ≤ 1.2 |",
                "| x | 1.2 µs | y | 1.0 µs | 1.20 | ≤ 1.2 |",
                "| x | 10.0 ms |  |  |  | ≤ 10.0 ms |",
                "| x | 10.1 ms |  |  |  | **missed**: ≤ 10.0 ms |",
                "| x | 0.0 µs |  |  |  |  |",
            ]
        );
    }
}

//! The table at the end: what each target did.

use std::fmt::Write as _;

use super::output::Outcome;
use crate::generated::TAKES;

/// A line for each target.
pub(super) fn table(outcomes: &[(&str, Outcome)]) -> String {
    let mut table = String::from(
        "| target | executions | seconds | a second | edges | inputs kept | peak MB | findings |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for (name, outcome) in outcomes {
        let Outcome { executions, time, edges, memory, kept, finding, .. } = outcome;
        let seconds = time.as_secs().max(1);
        let findings = usize::from(finding.is_some());
        let rate = executions / seconds;
        writeln!(
            table,
            "| {name} | {} | {seconds} | {} | {} | {} | {memory} | {findings} |",
            grouped(*executions),
            grouped(rate),
            grouped(*edges),
            grouped(*kept)
        )
        .expect(TAKES);
    }
    table
}

/// A number with a comma before each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Outcome, grouped, table};

    #[test]
    fn a_line_has_the_figures_of_its_target() {
        let outcome = Outcome {
            executions: 1_234_567,
            time: Duration::from_millis(10_900),
            edges: 5_695,
            memory: 41,
            kept: 92,
            finding: Some("f".to_owned()),
            ..Outcome::default()
        };
        let table = table(&[("feishu", outcome)]);
        let line = table.lines().last().unwrap();
        assert_eq!(line, "| feishu | 1,234,567 | 10 | 123,456 | 5,695 | 92 | 41 | 1 |");
    }

    #[test]
    fn three_digits_are_a_group() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (123_456, "123,456")] {
            assert_eq!(grouped(number), text);
        }
    }
}

//! The table of faults in `docs/reliability.md`.

use ticket_core::ErrorKind;

const PAGE: &str = include_str!("../../../../docs/reliability.md");

/// The most requests of a call, in the table and by default.
pub(crate) const MAX_ATTEMPTS: u32 = 4;

/// A call that a fault can affect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    EngageLabTicket,
    FeishuTicket,
    /// The token call before Feishu's ticket.
    FeishuToken,
    /// The check of Feishu's credentials, which calls the list.
    FeishuList,
}

impl Operation {
    /// All operations, in the order of the columns.
    const ALL: [Self; 4] =
        [Self::EngageLabTicket, Self::FeishuTicket, Self::FeishuToken, Self::FeishuList];

    /// Returns the title of the column.
    const fn title(self) -> &'static str {
        match self {
            Self::EngageLabTicket => "EngageLab: ticket",
            Self::FeishuTicket => "Feishu: ticket",
            Self::FeishuToken => "Feishu: token",
            Self::FeishuList => "Feishu: list",
        }
    }

    /// Returns the route of the sandbox.
    pub(crate) const fn route(self) -> &'static str {
        match self {
            Self::EngageLabTicket => "engagelab.ticket",
            Self::FeishuTicket => "feishu.ticket",
            Self::FeishuToken => "feishu.token",
            Self::FeishuList => "feishu.list",
        }
    }
}

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The kind of error; `None` is a success.
    pub(crate) error: Option<ErrorKind>,
    /// The requests at the route of the fault.
    pub(crate) requests: u32,
}

impl Outcome {
    /// Stands for as many requests as fit before the deadline of the call.
    pub(crate) const AT_THE_DEADLINE: u32 = 0;

    /// Returns whether the call is retried until its deadline.
    pub(crate) fn ends_at_the_deadline(self) -> bool {
        self.requests == Self::AT_THE_DEADLINE
    }
}

/// A half of a cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) fault: &'static str,
    pub(crate) operation: Operation,
    /// Whether the fault affects every request, or only the first one.
    pub(crate) is_permanent: bool,
    pub(crate) expected: Outcome,
}

impl Case {
    /// Returns whether a timeout ends each attempt.
    pub(crate) fn times_out(&self) -> bool {
        let never_ends = ["silence", "stall", "length +20", "delay 1000s", "drip 1s"];
        never_ends.contains(&self.fault)
    }
}

/// Returns the rows of the table: the cells without white space.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let table = PAGE.lines().skip_while(|line| !line.starts_with("| fault | meaning |"));
    let table = table.take_while(|line| line.starts_with('|'));
    table.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
}

/// Returns all cases of the table.
pub(crate) fn cases() -> Vec<Case> {
    let titles = rows().next().expect("the page has the table");
    assert_eq!(titles[2..], Operation::ALL.map(Operation::title));
    let mut cases = Vec::new();
    for row in rows().skip(2) {
        let fault = row[0].trim_matches('`');
        assert_eq!(row.len(), 2 + Operation::ALL.len(), "{fault}");
        for (operation, cell) in Operation::ALL.into_iter().zip(&row[2..]) {
            if *cell == "–" {
                continue;
            }
            let (once, always) = cell.split_once("; ").unwrap_or((cell, cell));
            for (is_permanent, text) in [(false, once), (true, always)] {
                let expected = outcome(text).unwrap_or_else(|| panic!("{fault}: {text}"));
                cases.push(Case { fault, operation, is_permanent, expected });
            }
        }
    }
    cases
}

/// Parses `ok`, `retried`, `` `kind` ``, `` `kind` ×4 `` or `` `kind` at the deadline ``.
fn outcome(text: &str) -> Option<Outcome> {
    let requests = match text {
        _ if text.ends_with(" at the deadline") => Outcome::AT_THE_DEADLINE,
        "ok" => return Some(Outcome { error: None, requests: 1 }),
        "retried" => return Some(Outcome { error: None, requests: 2 }),
        _ => text.split_once(" ×").map_or(Some(1), |(_, count)| count.parse().ok())?,
    };
    let kind = text.split('`').nth(1)?;
    let error = ErrorKind::ALL.iter().find(|known| known.as_str() == kind)?;
    Some(Outcome { error: Some(*error), requests })
}

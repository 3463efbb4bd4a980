//! The fault matrix: for every fault of a service and every operation, what must become of the call.
//!
//! The table is data. The test of this crate runs it against the stand-in, and a page of the documentation shows it.

mod rows;

use std::fmt;

use ticket_core::ErrorKind;

pub use rows::ROWS;

/// How often a request is sent at the most, in the table as by default.
pub const ATTEMPTS: u32 = 4;

/// A call that can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A ticket of `EngageLab`.
    EngageLabTicket,
    /// A ticket of Feishu; the fault strikes the call of the ticket.
    FeishuTicket,
    /// A ticket of Feishu; the fault strikes the token call before it.
    FeishuToken,
    /// The check of Feishu's credentials, which is a call of its list.
    FeishuList,
}

impl Operation {
    /// Every operation, in the order of the columns.
    pub const ALL: [Self; 4] =
        [Self::EngageLabTicket, Self::FeishuTicket, Self::FeishuToken, Self::FeishuList];

    /// The route of the stand-in that the fault strikes.
    pub const fn route(self) -> &'static str {
        match self {
            Self::EngageLabTicket => "engagelab.ticket",
            Self::FeishuTicket => "feishu.ticket",
            Self::FeishuToken => "feishu.token",
            Self::FeishuList => "feishu.list",
        }
    }

    /// The head of its column.
    pub const fn title(self) -> &'static str {
        match self {
            Self::EngageLabTicket => "EngageLab: ticket",
            Self::FeishuTicket => "Feishu: ticket",
            Self::FeishuToken => "Feishu: token",
            Self::FeishuList => "Feishu: list",
        }
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The kind of the failure; `None` is a success.
    pub kind: Option<ErrorKind>,
    /// How many requests reached the route that the fault strikes.
    pub requests: u32,
}

/// What must become of one operation on one fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Where the fault strikes the first request only.
    pub once: Outcome,
    /// Where it strikes every request.
    pub always: Outcome,
}

impl Cell {
    /// The call does not notice.
    const UNHARMED: Self = Self::of(None, 1, None, 1);
    /// Another token mends it, once.
    const ANOTHER_TOKEN: Self = Self::of(None, 2, Some(ErrorKind::Unauthenticated), 2);

    /// Another attempt mends it; where it lasts, this is the end after all of them.
    const fn repeated(kind: ErrorKind) -> Self {
        Self::of(None, 2, Some(kind), ATTEMPTS)
    }

    /// No other attempt is made.
    const fn last(kind: ErrorKind) -> Self {
        Self::of(Some(kind), 1, Some(kind), 1)
    }

    const fn of(
        once: Option<ErrorKind>,
        requests_once: u32,
        always: Option<ErrorKind>,
        requests_always: u32,
    ) -> Self {
        Self {
            once: Outcome { kind: once, requests: requests_once },
            always: Outcome { kind: always, requests: requests_always },
        }
    }
}

/// In words: `unharmed`, ``mended; `unavailable` ×4``, `` `not_found` ``.
impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |Outcome { kind, requests }| match (kind, requests) {
            (None, 1) => "unharmed".to_owned(),
            (None, 2) => "mended".to_owned(),
            (None, requests) => format!("mended ×{requests}"),
            (Some(kind), 1) => format!("`{kind}`"),
            (Some(kind), requests) => format!("`{kind}` ×{requests}"),
        };
        formatter.write_str(&end(self.once))?;
        if self.always == self.once { Ok(()) } else { write!(formatter, "; {}", end(self.always)) }
    }
}

/// One fault, and what must become of each operation.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The fault, in its text form.
    pub fault: &'static str,
    /// What it stands for in real life.
    pub meaning: &'static str,
    /// One for each of [`Operation::ALL`]; `None` where the fault cannot meet the operation.
    pub cells: [Option<Cell>; 4],
    /// Whether a deadline has to pass, so that the test sets a short one.
    pub runs_out: bool,
}

/// The example of the workspace's README, which needs `serde_json` beside what is at hand here. No crate that is published
/// can compile it: packed, it is alone.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct WorkspaceReadme;

#[cfg(test)]
mod tests {
    use ticket_core::ErrorKind;

    use super::Cell;

    #[test]
    fn a_cell_is_told_in_words() {
        for (cell, words) in [
            (Cell::UNHARMED, "unharmed"),
            (Cell::last(ErrorKind::NotFound), "`not_found`"),
            (Cell::repeated(ErrorKind::Timeout), "mended; `timeout` ×4"),
            (Cell::of(None, 3, None, 3), "mended ×3"),
            (Cell::of(None, 1, Some(ErrorKind::Rejected), 1), "unharmed; `rejected`"),
        ] {
            assert_eq!(cell.to_string(), words);
        }
    }
}

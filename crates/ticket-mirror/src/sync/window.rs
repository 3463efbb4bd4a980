//! A part of a list, as a row of the table `window`.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use ticket_core::{ListCapabilities, ListQuery, PageToken, TimeRange};

use crate::error::MirrorError;
use crate::source::SourceKey;
use crate::{json, time};

/// What a window is a range of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Times of creation: the claim of the service is exact.
    Created,
    /// Times of the last change: tickets leave the window while agents work.
    Updated,
    /// Ids, in the order of the list.
    After,
    /// The whole list.
    List,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Created, Self::Updated, Self::After, Self::List];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::After => "after",
            Self::List => "list",
        }
    }
}

/// How far a window was read. A later run that reads the same range again makes it `superseded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// Its halves are read instead.
    Split,
    Complete,
    /// It was read to its end, and the service reports no number.
    Unknown,
    /// A window of changes in which fewer tickets came than reported.
    Moving,
    /// Another window in which fewer tickets came than reported.
    Unstable,
    /// The service does not list all of its tickets.
    Gap,
}

impl State {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Split => "split",
            Self::Complete => "complete",
            Self::Unknown => "unknown",
            Self::Moving => "moving",
            Self::Unstable => "unstable",
            Self::Gap => "gap",
        }
    }
}

/// A part of a list, and how far it was read.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub(super) key: i64,
    pub(super) kind: Kind,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) claimed: Option<u64>,
    /// Rows, in all passes.
    pub(super) read: u64,
    /// Different tickets.
    pub(super) tickets: u64,
    pub(super) unreadable: u64,
    pub(super) passes: u32,
    /// How many tickets were known before this pass.
    pub(super) pass_start: u64,
    pub(super) after: Option<String>,
    pub(super) token: Option<PageToken>,
}

/// Adds a window to a run.
pub(super) fn insert(
    connection: &Connection,
    run: i64,
    kind: Kind,
    (since, until): (Option<Timestamp>, Option<Timestamp>),
    after: Option<&str>,
) -> Result<(), MirrorError> {
    connection.execute(
        "INSERT INTO window (run, kind, since, until, state, after) VALUES (?1, ?2, ?3, ?4, 'open', ?5)",
        params![run, kind.as_str(), since.map(time::text), until.map(time::text), after],
    )?;
    Ok(())
}

/// Moves the unstable windows to this run, to read them again.
pub(super) fn reopen(
    connection: &Connection,
    source: SourceKey,
    run: i64,
) -> Result<(), MirrorError> {
    connection.execute(
        "INSERT INTO window (run, kind, since, until, state)
         SELECT ?2, kind, since, until, 'open' FROM window
         WHERE state = 'unstable' AND run IN (SELECT key FROM run WHERE source = ?1)",
        params![source.0, run],
    )?;
    connection.execute(
        "UPDATE window SET state = 'superseded'
         WHERE state = 'unstable' AND run IN (SELECT key FROM run WHERE source = ?1)",
        [source.0],
    )?;
    Ok(())
}

/// Notes that a new run reads all that the windows of earlier runs were about.
pub(super) fn supersede(connection: &Connection, source: SourceKey) -> Result<(), MirrorError> {
    connection.execute(
        "UPDATE window SET state = 'superseded'
         WHERE state IN ('open', 'unstable', 'gap', 'moving') AND run IN (SELECT key FROM run WHERE source = ?1 AND state <> 'running')",
        [source.0],
    )?;
    Ok(())
}

/// Returns the next window of a run: the newest first. With it the number of windows that are left.
pub(super) fn next(
    connection: &Connection,
    run: i64,
) -> Result<Option<(Window, u64)>, MirrorError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, kind, since, until, claimed, read, tickets, unreadable, passes, pass_start, after, token,
                (SELECT count(*) FROM window WHERE run = ?1 AND state = 'open')
         FROM window WHERE run = ?1 AND state = 'open' ORDER BY key DESC LIMIT 1",
    )?;
    let window = statement.query_row([run], |row| {
        let kind: String = row.get(1)?;
        let at = |index| -> rusqlite::Result<Option<Timestamp>> {
            Ok(row.get::<_, Option<String>>(index)?.as_deref().and_then(time::parse))
        };
        let window = Window {
            key: row.get(0)?,
            kind: Kind::ALL.into_iter().find(|it| it.as_str() == kind).unwrap_or(Kind::List),
            since: at(2)?,
            until: at(3)?,
            claimed: row.get(4)?,
            read: row.get(5)?,
            tickets: row.get(6)?,
            unreadable: row.get(7)?,
            passes: row.get(8)?,
            pass_start: row.get(9)?,
            after: row.get(10)?,
            token: row.get::<_, Option<String>>(11)?.map(PageToken::new),
        };
        Ok((window, row.get(12)?))
    });
    Ok(window.optional()?)
}

impl Window {
    /// Returns a window that was not read yet, without its row.
    #[cfg(test)]
    pub(super) fn new(kind: Kind, since: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        Self {
            key: 1,
            kind,
            since,
            until,
            claimed: None,
            read: 0,
            tickets: 0,
            unreadable: 0,
            passes: 1,
            pass_start: 0,
            after: None,
            token: None,
        }
    }

    /// Returns the query of the next page.
    pub(super) fn query(&self, list: &ListCapabilities) -> ListQuery {
        let range = TimeRange { since: self.since, until: self.until };
        let mut query = ListQuery::default();
        match self.kind {
            Kind::Updated => query.updated = range,
            Kind::Created => query.created = range,
            Kind::After | Kind::List if list.created.is_some() => {
                query.created.since = self.since;
            }
            Kind::After | Kind::List => {}
        }
        if super::plan::is_ordered(list) {
            query.after.clone_from(&self.after);
        }
        query
    }

    /// Returns the two halves of the window, the older one first; `None` if it is one step long.
    pub(super) fn halves(
        &self,
        list: &ListCapabilities,
        now: Timestamp,
    ) -> Option<[(Option<Timestamp>, Option<Timestamp>); 2]> {
        let rule = match self.kind {
            Kind::Created => list.created?,
            Kind::Updated => list.updated?,
            Kind::After | Kind::List => return None,
        };
        let step = i64::from(rule.step_milliseconds.max(1));
        let since = self.since.map_or(0, Timestamp::as_millisecond);
        let until = self.until.unwrap_or(now).as_millisecond();
        let steps = (until - since) / step;
        if steps < 1 {
            return None;
        }
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).ok();
        // The older half has the larger part of an odd number: both have at least one step.
        let middle = since + (steps - 1) / 2 * step;
        Some([(self.since, at(middle)), (at(middle + step), self.until)])
    }

    /// Writes how far the window was read.
    pub(super) fn save(&self, connection: &Connection, state: State) -> Result<(), MirrorError> {
        connection
            .prepare_cached(
                "UPDATE window SET state = ?2, claimed = ?3, read = ?4, tickets = ?5, unreadable = ?6, passes = ?7,
                                   pass_start = ?8, after = ?9, token = ?10
                 WHERE key = ?1",
            )?
            .execute(params![
                self.key,
                state.as_str(),
                self.claimed,
                self.read,
                self.tickets,
                self.unreadable,
                self.passes,
                self.pass_start,
                self.after,
                self.token.as_ref().map(PageToken::as_str),
            ])?;
        Ok(())
    }

    /// Forgets the gaps of earlier runs with the same range.
    pub(super) fn supersede_same(
        &self,
        connection: &Connection,
        source: SourceKey,
    ) -> Result<(), MirrorError> {
        connection.execute(
            "UPDATE window SET state = 'superseded'
             WHERE state = 'gap' AND key <> ?1 AND kind = ?2 AND since IS ?3 AND until IS ?4
             AND run IN (SELECT key FROM run WHERE source = ?5)",
            params![
                self.key,
                self.kind.as_str(),
                self.since.map(time::text),
                self.until.map(time::text),
                source.0
            ],
        )?;
        Ok(())
    }

    /// Returns the hashes of the ids that were already read, for a window that was interrupted.
    pub(super) fn seen(&self, connection: &Connection) -> Result<HashSet<i64>, MirrorError> {
        let mut seen = HashSet::new();
        if self.read > 0 && self.kind != Kind::After {
            let mut statement = connection.prepare(
                "SELECT id FROM ticket WHERE seen_window = ?1 UNION SELECT id FROM todo WHERE window = ?1",
            )?;
            let mut rows = statement.query([self.key])?;
            while let Some(row) = rows.next()? {
                seen.insert(json::hash(&row.get::<_, String>(0)?));
            }
        }
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use ticket_core::{ListCapabilities, ListItems, RangeRule, TotalRule};

    use super::{Kind, Window};

    fn list(step_milliseconds: u32) -> ListCapabilities {
        let rule = RangeRule { needs_both_ends: true, is_inclusive: Some(true), step_milliseconds };
        ListCapabilities {
            filters: &[],
            native_filters: &[],
            max_page_size: 200,
            max_tickets: Some(10_000),
            created: Some(rule),
            updated: None,
            order: None,
            total: TotalRule::Claimed,
            items: ListItems::Tickets,
        }
    }

    #[test]
    fn halves_are_disjoint_and_cover_the_window() {
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).ok();
        for (step, since, until, expected) in [
            (1, 0, 9, Some([(0, 4), (5, 9)])),
            (1, 0, 1, Some([(0, 0), (1, 1)])),
            (1, 0, 2, Some([(0, 0), (1, 2)])),
            (1, 5, 5, None),
            (1_000, 0, 5_000, Some([(0, 2_000), (3_000, 5_000)])),
            (1_000, 0, 999, None),
        ] {
            let window = Window::new(Kind::Created, at(since), at(until));
            let halves = window.halves(&list(step), Timestamp::now());
            let expected =
                expected.map(|halves| halves.map(|(since, until)| (at(since), at(until))));
            assert_eq!(halves, expected, "{since} to {until}");
        }
    }
}

//! Compares the mirror with the service.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;
use serde::Serialize;
use ticket_core::{CallStats, Error, ErrorKind, ListQuery, TicketList, TicketSource, TimeRange};

use crate::error::MirrorError;
use crate::mirror::Mirror;
use crate::source::{SourceIdentity, SourceKey};
use crate::time;

/// A window that differs is halved down to this length.
const SHORTEST: SignedDuration = SignedDuration::from_hours(24);

/// How the mirror and the service compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// From which time of creation on was compared: runs with `since` read no earlier tickets. `None` for all.
    pub since: Option<String>,
    /// The tickets that the service claims, in windows with an exact claim.
    pub claimed: u64,
    /// The tickets of the mirror in those windows.
    pub tickets: u64,
    /// The windows that differ.
    pub different: Vec<DifferentWindow>,
    /// The requests that were sent.
    pub requests: u64,
}

/// A window in which mirror and service differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DifferentWindow {
    /// The first time of creation.
    pub since: String,
    /// The last time of creation.
    pub until: String,
    /// How many tickets the service claims.
    pub claimed: u64,
    /// How many the mirror has.
    pub tickets: u64,
}

impl Mirror {
    /// Compares the number of tickets with what the service claims, by windows of creation time, and notes the windows that differ: a
    /// [`repair`](crate::SyncScope::Repair) reads them again.
    ///
    /// # Errors
    /// [`UnknownSource`](MirrorError::UnknownSource), [`OtherAccount`](MirrorError::OtherAccount); [`Source`](MirrorError::Source) if a call fails, or if the service does not
    /// claim how many tickets were created in a window; [`Database`](MirrorError::Database).
    pub async fn check(
        &mut self,
        source: &SourceIdentity,
        service: &(impl TicketSource + ?Sized),
    ) -> Result<CheckReport, MirrorError> {
        let key = self.known_source(source)?;
        let list = service.list().filter(|list| list.capabilities().created.is_some());
        let list = list.ok_or_else(|| cannot_check(service.provider()))?;
        let capabilities = list.capabilities();
        let beginning = self.beginning(key)?;
        let mut report = CheckReport {
            since: beginning.map(time::text),
            claimed: 0,
            tickets: 0,
            different: Vec::new(),
            requests: 0,
        };
        let step = i64::from(capabilities.created.map_or(1, |rule| rule.step_milliseconds.max(1)));
        // A service that counts seconds takes all of the first one.
        let whole = |time: Timestamp| {
            let steps = time.as_millisecond().div_euclid(step);
            Timestamp::from_millisecond(steps * step).unwrap_or(time)
        };
        let beginning = beginning.unwrap_or(Timestamp::UNIX_EPOCH);
        let mut windows = vec![(whole(beginning), whole(Timestamp::now()))];
        while let Some((since, until)) = windows.pop() {
            let (claimed, stats) = claim(list, since, until).await?;
            report.requests += stats.attempts;
            let claimed = claimed.ok_or_else(|| cannot_check(service.provider()))?;
            let tickets = self.count(key, since, until)?;
            let is_capped = capabilities.max_tickets.is_some_and(|limit| claimed >= limit);
            let can_halve = until.as_millisecond() - since.as_millisecond() > step;
            let is_long = until.duration_since(since) > SHORTEST;
            if can_halve && (is_capped || claimed != tickets && is_long) {
                let start = since.as_millisecond();
                let middle = start + (until.as_millisecond() - start) / step / 2 * step;
                let at = |milliseconds| Timestamp::from_millisecond(milliseconds).unwrap_or(since);
                windows.push((since, at(middle)));
                windows.push((at(middle + step), until));
                continue;
            }
            report.claimed += claimed;
            report.tickets += tickets;
            if claimed != tickets {
                let (since, until) = (time::text(since), time::text(until));
                report.different.push(DifferentWindow { since, until, claimed, tickets });
            }
        }
        self.note(key, &report.different)?;
        Ok(report)
    }

    /// Returns from which time of creation on the mirror has tickets: the earliest of the runs that read all from there; `None` for all.
    fn beginning(&self, source: SourceKey) -> Result<Option<Timestamp>, MirrorError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT CASE WHEN count(*) = count(since) THEN min(since) END FROM run
             WHERE source = ?1 AND kind = 'full' AND state = 'finished'",
        )?;
        let since: Option<String> = statement.query_row([source.0], |row| row.get(0))?;
        Ok(since.as_deref().and_then(time::parse))
    }

    fn count(
        &self,
        source: SourceKey,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<u64, MirrorError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*) FROM ticket WHERE source = ?1 AND created_at BETWEEN ?2 AND ?3 AND missing_since IS NULL",
        )?;
        let range = params![source.0, time::text(since), time::text(until)];
        Ok(statement.query_row(range, |row| row.get(0))?)
    }

    /// Notes the windows that differ, in place of those that an earlier check noted.
    fn note(&mut self, source: SourceKey, windows: &[DifferentWindow]) -> Result<(), MirrorError> {
        let now = time::text(Timestamp::now());
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "UPDATE window SET state = 'superseded' WHERE state = 'unstable' AND run IN (SELECT key FROM run WHERE source = ?1 AND kind = 'check')",
            [source.0],
        )?;
        if !windows.is_empty() {
            transaction.execute(
                "INSERT INTO run (source, kind, conversation, until, started_at, finished_at, state) VALUES (?1, 'check', 0, ?2, ?2, ?2, 'finished')",
                params![source.0, now],
            )?;
            let run = transaction.last_insert_rowid();
            for DifferentWindow { since, until, claimed, tickets } in windows {
                transaction.execute(
                    "INSERT INTO window (run, kind, since, until, state, claimed, tickets) VALUES (?1, 'created', ?2, ?3, 'unstable', ?4, ?5)",
                    params![run, since, until, claimed, tickets],
                )?;
            }
        }
        Ok(transaction.commit()?)
    }
}

/// Returns how many tickets were created in a window, as the service claims.
async fn claim(
    list: &dyn TicketList,
    since: Timestamp,
    until: Timestamp,
) -> Result<(Option<u64>, CallStats), Error> {
    let created = TimeRange { since: Some(since), until: Some(until) };
    let query = ListQuery { created, page_size: Some(1), ..ListQuery::default() };
    let page = list.page(&query, None).await?;
    Ok((page.total, page.stats))
}

fn cannot_check(provider: &'static str) -> MirrorError {
    let message = "the service does not say how many tickets were created in a period";
    MirrorError::Source(
        Error::new(ErrorKind::InvalidRequest, message)
            .with_provider(provider)
            .with_hint("to compare, read it again completely"),
    )
}

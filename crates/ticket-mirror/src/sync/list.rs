//! Reads the windows of a run.

use std::cell::Cell;
use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use ticket_core::{Error, ErrorKind, ListCapabilities, ListItem, ListPage, Record, TicketSource};

use super::plan::{Run, is_ordered};
use super::window::{self, Kind, State, Window};
use super::{SyncJob, SyncProgress};
use crate::error::MirrorError;
use crate::json;
use crate::store::{self, Detail, Incoming, Outcome, Store};

/// How often a window is read before it counts as unstable: tickets move between pages while others work on them.
const MAX_PASSES: u32 = 3;
/// How often a page is asked for again that has no rows, although the service claims more than came.
const MAX_EMPTY: u32 = 3;

/// Where a page leaves its window.
enum Step {
    NextPage,
    /// The window ends in this state.
    End(State),
}

/// How many tickets of a page were new, changed, or neither.
#[derive(Debug, Default)]
struct Counts {
    new: u32,
    changed: u32,
    unchanged: u32,
}

impl<S: TicketSource + ?Sized> SyncJob<'_, S> {
    /// Reads all windows that are open.
    pub(super) async fn read_windows(
        &mut self,
        run: &Run,
        progress: &mut impl FnMut(&SyncProgress),
    ) -> Result<(), MirrorError> {
        let source = self.source;
        let Some(list) = source.list() else { return Ok(()) };
        let capabilities = list.capabilities();
        while let Some((mut window, left)) = window::next(&self.mirror.connection, run.key)? {
            self.progress.windows_left = left;
            let mut seen = window.seen(&self.mirror.connection)?;
            if window.read > 0 && window.kind != Kind::After {
                // A ticket that a later window showed as well counts again only if it comes again.
                window.tickets = seen.len() as u64;
            }
            let mut visited = HashSet::new();
            let (mut claimed, mut empty) = (0, 0);
            loop {
                let page = list.page(&window.query(capabilities), window.token.as_ref()).await;
                let stats = page.as_ref().map_or_else(Error::stats, |page| page.stats);
                self.add_stats(run, stats)?;
                let page = page?;
                if lacks_rows(&window, &page) && empty < MAX_EMPTY {
                    empty += 1;
                    continue;
                }
                empty = 0;
                if let Some(halves) = split(&window, &page, capabilities) {
                    let transaction = self.mirror.connection.transaction()?;
                    window.claimed = page.total;
                    window.save(&transaction, State::Split)?;
                    for half in halves {
                        window::insert(&transaction, run.key, window.kind, half, None)?;
                    }
                    transaction.commit()?;
                    break;
                }
                if let Some(token) = &page.next
                    && !visited.insert((window.passes, window.after.clone(), token.clone()))
                {
                    let message = format!(
                        "the list leads back to the page \"{}\"",
                        token.as_str().escape_debug()
                    );
                    return Err(Error::new(ErrorKind::InvalidResponse, message).into());
                }
                let step = self.write_page(run, &mut window, &mut seen, &page, capabilities)?;
                let total = window.claimed.unwrap_or_default();
                self.progress.claimed = self.progress.claimed - claimed + total;
                claimed = total;
                progress(&self.progress);
                if let Step::End(_) = step {
                    break;
                }
            }
        }
        self.progress.windows_left = 0;
        Ok(())
    }

    /// Writes the tickets of a page and the progress of its window in one transaction.
    fn write_page(
        &mut self,
        run: &Run,
        window: &mut Window,
        seen: &mut HashSet<i64>,
        page: &ListPage,
        list: &ListCapabilities,
    ) -> Result<Step, MirrorError> {
        let Self { mirror, key, options, index, progress, .. } = self;
        let transaction = mirror.connection.transaction()?;
        let before = window.tickets;
        let mut counts = Counts::default();
        {
            let mut store = Store::new(&transaction, *key, index, run.key);
            let raw = Cell::new(None);
            let response = page.response.as_ref();
            // The page is stored once, and only if one of its tickets is new or changed.
            let store_page = |connection: &Connection| match (raw.get(), response) {
                (Some(raw), _) => Ok(vec![raw]),
                (None, Some(response)) => {
                    let stored = store::store(connection, *key, response)?;
                    raw.set(Some(stored));
                    Ok(vec![stored])
                }
                (None, None) => Ok(Vec::new()),
            };
            for item in &page.items {
                window.read += 1;
                if window.kind == Kind::After || seen.insert(json::hash(item.id())) {
                    window.tickets += 1;
                }
                match item {
                    ListItem::Ticket(record) => {
                        let window = Some(window.key);
                        write_row(
                            &mut store,
                            record,
                            window,
                            options.conversation,
                            &mut counts,
                            store_page,
                        )?;
                    }
                    ListItem::Id(id) => {
                        let id = id.as_str();
                        let known = store.known(id)?;
                        if let Some(known) = known {
                            store.mark_seen(known.key, Some(window.key))?;
                        }
                        let has_conversation = known.is_some_and(|known| known.has_conversation);
                        let conversation = options.conversation || has_conversation;
                        queue_fetch(&store, id, conversation, None, Some(window.key))?;
                    }
                }
            }
        }
        window.unreadable += page.unreadable.len() as u64;
        let step = window.advance(page, list);
        let state = match step {
            Step::NextPage => State::Open,
            Step::End(state) => state,
        };
        window.save(&transaction, state)?;
        if state == State::Gap {
            window.supersede_same(&transaction, *key)?;
        }
        transaction
            .prepare_cached(
                "UPDATE run SET new = new + ?2, changed = changed + ?3, unchanged = unchanged + ?4 WHERE key = ?1",
            )?
            .execute(params![run.key, counts.new, counts.changed, counts.unchanged])?;
        if window.kind == Kind::After && window.after.is_some() {
            transaction
                .prepare_cached("UPDATE run SET cursor = ?2 WHERE key = ?1")?
                .execute(params![run.key, window.after])?;
        }
        transaction.commit()?;
        progress.listed += window.tickets - before;
        Ok(step)
    }
}

/// Returns whether a page has no rows, although the service claims more than came.
fn lacks_rows(window: &Window, page: &ListPage) -> bool {
    let is_short = page.total.max(window.claimed).is_some_and(|total| window.tickets < total);
    is_short && page.items.is_empty() && page.unreadable.is_empty()
}

/// Writes a row of a list that is a whole ticket.
fn write_row(
    store: &mut Store<'_>,
    record: &Record,
    window: Option<i64>,
    conversation: bool,
    counts: &mut Counts,
    raw: impl FnOnce(&Connection) -> Result<Vec<store::RawKey>, MirrorError>,
) -> Result<(), MirrorError> {
    let Record { ticket, diagnostics, .. } = record;
    let (json, content_hash) = json::write(ticket);
    let row_hash = Some(content_hash);
    let known = store.known(&ticket.id)?;
    let is_known_row = known.is_some_and(|known| known.row_hash == row_hash);
    let was_fetched = known.is_some_and(|known| known.fetched != Detail::ROW);
    let has_conversation = known.is_some_and(|known| known.has_conversation);
    let was_asked_for = known.is_some_and(|known| known.fetched == Detail::CONVERSATION);
    let lacks_conversation = conversation && !has_conversation && !was_asked_for;
    if lacks_conversation || was_fetched && !is_known_row {
        queue_fetch(store, &ticket.id, conversation || has_conversation, row_hash, window)?;
    }
    match known {
        // Its row has less than the mirror: it is fetched again, and stays as it is until then.
        Some(known) if is_known_row || was_fetched => {
            store.mark_seen(known.key, window)?;
            counts.unchanged += u32::from(is_known_row);
        }
        _ => {
            let incoming = Incoming {
                ticket,
                json: &json,
                content_hash,
                diagnostics,
                row_hash,
                window,
                fetched: Detail::ROW,
            };
            match store.put(&incoming, known, raw)? {
                Outcome::New => counts.new += 1,
                Outcome::Changed => counts.changed += 1,
                Outcome::Unchanged => counts.unchanged += 1,
            }
        }
    }
    Ok(())
}

/// Notes that a ticket has to be fetched.
fn queue_fetch(
    store: &Store<'_>,
    id: &str,
    conversation: bool,
    row_hash: Option<i64>,
    window: Option<i64>,
) -> Result<(), MirrorError> {
    store
        .connection
        .prepare_cached(
            "INSERT INTO todo (source, id, conversation, row_hash, window, run) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET conversation = max(conversation, excluded.conversation), row_hash = excluded.row_hash,
                                       window = excluded.window, run = excluded.run",
        )?
        .execute(params![store.source.0, id, conversation, row_hash, window, store.run])?;
    Ok(())
}

/// Returns the halves of a window of which the service does not list all tickets.
fn split(
    window: &Window,
    page: &ListPage,
    list: &ListCapabilities,
) -> Option<[(Option<Timestamp>, Option<Timestamp>); 2]> {
    let exceeds = list.max_tickets.zip(page.total).is_some_and(|(limit, total)| total >= limit);
    let is_fresh = window.read == 0 && window.token.is_none();
    (exceeds && is_fresh).then(|| window.halves(list, Timestamp::now())).flatten()
}

impl Window {
    /// Moves on after a page.
    fn advance(&mut self, page: &ListPage, list: &ListCapabilities) -> Step {
        let is_ordered = is_ordered(list);
        self.claimed = if is_ordered {
            // From an id on, the claim is only about the rest.
            let before = self.tickets.saturating_sub(page.items.len() as u64);
            page.total.map(|total| before + total).or(self.claimed)
        } else {
            // A page that suddenly claims less, perhaps nothing, does not end the window: the largest claim of a pass counts.
            page.total.max(self.claimed)
        };
        self.token.clone_from(&page.next);
        if let Some(last) = page.items.last()
            && is_ordered
        {
            self.after = Some(last.id().to_owned());
            if page.next.is_some() {
                // Pages from an id on cannot shift.
                self.token = None;
                return Step::NextPage;
            }
        }
        if self.token.is_some() {
            return Step::NextPage;
        }
        let exceeds = list.max_tickets.zip(self.claimed).is_some_and(|(limit, it)| it >= limit);
        if exceeds {
            return Step::End(State::Gap);
        }
        let is_short = self.claimed.is_some_and(|claimed| self.tickets < claimed);
        let is_last_pass = self.passes >= MAX_PASSES || self.kind == Kind::After;
        let is_moving = self.kind == Kind::Updated && !is_ordered && self.until.is_some();
        let found_more = self.tickets > self.pass_start;
        let has_several_pages = self.read > u64::from(list.max_page_size);
        if !is_last_pass && (is_short || is_moving && found_more && has_several_pages) {
            self.passes += 1;
            self.pass_start = self.tickets;
            self.unreadable = 0;
            self.claimed = None;
            return Step::NextPage;
        }
        Step::End(match self.kind {
            Kind::Updated if is_short => State::Moving,
            Kind::Updated => State::Complete,
            _ if is_short || self.unreadable > 0 => State::Unstable,
            _ if self.claimed.is_none() => State::Unknown,
            _ => State::Complete,
        })
    }
}

#[cfg(test)]
mod tests {
    use ticket_core::{
        CallStats, ListCapabilities, ListItems, ListPage, PageToken, RangeRule, TotalRule,
    };

    use super::super::window::{Kind, State, Window};
    use super::Step;

    const LIST: ListCapabilities = ListCapabilities {
        filters: &[],
        native_filters: &[],
        max_page_size: 10,
        max_tickets: None,
        created: Some(RangeRule {
            needs_both_ends: true,
            is_inclusive: Some(true),
            step_milliseconds: 1,
        }),
        updated: None,
        order: None,
        total: TotalRule::Claimed,
        items: ListItems::Tickets,
    };

    /// Moves on after pages, each with how many new tickets it brings, its claim, and whether it is the last one.
    fn state(pages: &[(u64, u64, bool)]) -> State {
        let mut window = Window::new(Kind::Created, None, None);
        for (tickets, total, is_last) in pages {
            window.read += tickets;
            window.tickets += tickets;
            let page = ListPage {
                items: Vec::new(),
                unreadable: Vec::new(),
                total: Some(*total),
                next: (!is_last).then(|| PageToken::new("next")),
                response: None,
                stats: CallStats::default(),
            };
            if let Step::End(state) = window.advance(&page, &LIST) {
                return state;
            }
        }
        State::Open
    }

    #[test]
    fn a_smaller_claim_does_not_end_a_window() {
        for (pages, expected) in [
            (&[(10, 20, false), (10, 20, true)][..], State::Complete),
            (&[(0, 0, true)], State::Complete),
            // Nothing, all of a sudden.
            (&[(10, 20, false), (0, 0, true)], State::Open),
            (&[(10, 20, false), (0, 0, true), (0, 20, false), (10, 20, true)], State::Complete),
            // Tickets are deleted meanwhile.
            (&[(10, 20, false), (9, 19, true), (0, 19, false), (0, 19, true)], State::Complete),
            (&[(10, 20, false), (9, 20, true), (0, 20, true), (0, 20, true)], State::Unstable),
        ] {
            assert_eq!(state(pages), expected, "{pages:?}");
        }
    }
}

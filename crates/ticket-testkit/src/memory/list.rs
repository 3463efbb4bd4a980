//! The list of the source in memory.

use std::sync::Mutex;

use ticket_core::model::{Person, Ticket};
use ticket_core::{
    CallStats, Error, ErrorKind, ListCapabilities, ListFilter, ListItem, ListItems, ListPage,
    ListQuery, PageToken, RangeRule, TicketId, TicketList, TimeRange, TotalRule, async_trait,
};

use super::{InMemorySource, ONE_ATTEMPT, lock};

/// How the list behaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListConfig {
    pub(super) items: ListItems,
    pub(super) page_size: u32,
    pub(super) total: TotalRule,
    pub(super) max_tickets: Option<u64>,
}

impl Default for ListConfig {
    fn default() -> Self {
        Self {
            items: ListItems::Tickets,
            page_size: 100,
            total: TotalRule::Claimed,
            max_tickets: None,
        }
    }
}

impl ListConfig {
    /// Returns the capabilities, of which there is one value for each configuration.
    fn capabilities(self) -> &'static ListCapabilities {
        static KNOWN: Mutex<Vec<&'static ListCapabilities>> = Mutex::new(Vec::new());
        let range =
            RangeRule { needs_both_ends: false, is_inclusive: Some(true), step_milliseconds: 1 };
        let own = ListCapabilities {
            filters: ListFilter::ALL,
            native_filters: &[],
            max_page_size: self.page_size,
            max_tickets: self.max_tickets,
            created: Some(range),
            updated: Some(range),
            order: Some("as added"),
            total: self.total,
            items: self.items,
        };
        let mut known = lock(&KNOWN);
        if let Some(known) = known.iter().find(|known| ***known == own) {
            return known;
        }
        let own: &ListCapabilities = Box::leak(Box::new(own));
        known.push(own);
        own
    }
}

#[async_trait]
impl TicketList for InMemorySource {
    fn capabilities(&self) -> &'static ListCapabilities {
        self.list.unwrap_or_default().capabilities()
    }

    async fn page(&self, query: &ListQuery, token: Option<&PageToken>) -> Result<ListPage, Error> {
        let config = self.list.unwrap_or_default();
        let with_provider = |error: Error| error.with_provider(self.provider);
        config.capabilities().check(query).map_err(with_provider)?;
        let start = token.map_or(Ok(0), start).map_err(with_provider)?;
        if let Some(error) = lock(&self.list_errors).pop_front() {
            return Err(error);
        }
        let after = query.after.as_ref();
        let first = after.and_then(|id| self.tickets.iter().position(|ticket| ticket.id == *id));
        let candidates = &self.tickets[first.map_or(0, |position| position + 1)..];
        let limit = config.max_tickets.and_then(|limit| limit.try_into().ok());
        let matching: Vec<_> = candidates
            .iter()
            .filter(|ticket| matches(query, ticket))
            .take(limit.unwrap_or(usize::MAX))
            .collect();
        let size = query.page_size.unwrap_or(config.page_size) as usize;
        let mut page = ListPage {
            items: Vec::new(),
            unreadable: Vec::new(),
            total: (config.total == TotalRule::Claimed).then_some(matching.len() as u64),
            next: None,
            response: None,
            stats: ONE_ATTEMPT,
        };
        let end = start.saturating_add(size);
        page.next = (end < matching.len()).then(|| PageToken::new(end.to_string()));
        for (index, ticket) in matching.into_iter().skip(start).take(size).enumerate() {
            match self.item(config.items, ticket) {
                Some(item) => page.items.push(item),
                None => page.unreadable.push(format!("/{index}")),
            }
        }
        Ok(page)
    }
}

impl InMemorySource {
    /// Returns the row of a ticket; `None` if its id is not valid.
    fn item(&self, items: ListItems, ticket: &Ticket) -> Option<ListItem> {
        let id = TicketId::new(&*ticket.id).ok()?;
        if items == ListItems::Ids {
            return Some(ListItem::Id(id));
        }
        let ticket = Ticket { conversation: None, ..ticket.clone() };
        Some(ListItem::Ticket(Box::new(self.record(ticket, None, CallStats::default()))))
    }
}

/// Returns the position of the first ticket of a page.
fn start(token: &PageToken) -> Result<usize, Error> {
    token.as_str().parse().ok().filter(|start| *start > 0).ok_or_else(|| {
        let message = format!("\"{}\" is not a page of this list", token.as_str().escape_debug());
        Error::new(ErrorKind::InvalidRequest, message)
    })
}

/// Returns whether a ticket matches every filter.
fn matches(query: &ListQuery, ticket: &Ticket) -> bool {
    let status = ticket.status.as_ref().map(|status| status.value);
    let is_within = |range: &TimeRange, at: Option<_>| {
        range.is_unbounded()
            || at.is_some_and(|at| {
                range.since.is_none_or(|since| since <= at)
                    && range.until.is_none_or(|until| at <= until)
            })
    };
    let is_person = |wanted: &Option<String>, person: &Option<Person>| {
        wanted.is_none() || person.as_ref().is_some_and(|person| person.id == *wanted)
    };
    let has_tag = |name: &String| ticket.tags.iter().any(|tag| tag.name.as_ref() == Some(name));
    let has_text = |words: &String| {
        let words = words.to_lowercase();
        let mut texts = [&ticket.title, &ticket.description].into_iter().flatten();
        texts.any(|text| text.to_lowercase().contains(&words))
    };
    (query.statuses.is_empty() || status.is_some_and(|status| query.statuses.contains(&status)))
        && is_within(&query.created, ticket.created_at)
        && is_within(&query.updated, ticket.updated_at)
        && is_person(&query.requester, &ticket.requester)
        && is_person(&query.assignee, &ticket.assignee)
        && query.tags.iter().all(has_tag)
        && query.text.as_ref().is_none_or(has_text)
}

//! A list in memory whose pages follow a script.

use std::collections::VecDeque;
use std::sync::Mutex;

use ticket_core::{
    CallStats, Error, ErrorKind, ListCapabilities, ListFilter, ListItem, ListItems, ListPage,
    ListQuery, PageToken, TicketId, TicketList, TotalRule, async_trait,
};

pub(crate) const CAPABILITIES: ListCapabilities = ListCapabilities {
    filters: &[ListFilter::Created],
    native_filters: &[],
    max_page_size: 2,
    max_tickets: None,
    created: None,
    updated: None,
    order: None,
    total: TotalRule::Claimed,
    items: ListItems::Ids,
};

/// Every call has one attempt.
pub(crate) const ONE: CallStats =
    CallStats { attempts: 1, waits: 0, waited: std::time::Duration::ZERO };

/// A list that returns these pages one after the other, whatever page is asked for.
pub(crate) struct Script {
    capabilities: &'static ListCapabilities,
    replies: Mutex<VecDeque<Result<ListPage, Error>>>,
    /// The queries and tokens of the calls.
    asked: Mutex<Vec<(ListQuery, Option<String>)>>,
}

impl Script {
    pub(crate) fn new(replies: impl IntoIterator<Item = Result<ListPage, Error>>) -> Self {
        let replies = Mutex::new(replies.into_iter().collect());
        Self { capabilities: &CAPABILITIES, replies, asked: Mutex::default() }
    }

    /// Sets at which number of tickets the list ends.
    pub(crate) fn with_limit(self, max_tickets: u64) -> Self {
        let capabilities = ListCapabilities { max_tickets: Some(max_tickets), ..CAPABILITIES };
        Self { capabilities: Box::leak(Box::new(capabilities)), ..self }
    }

    /// Returns the tokens of the calls; `-` for none.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|(_, token)| token.clone().unwrap_or_else(|| "-".to_owned())).collect()
    }

    pub(crate) fn queries(&self) -> Vec<ListQuery> {
        self.asked.lock().unwrap().iter().map(|(query, _)| query.clone()).collect()
    }
}

#[async_trait]
impl TicketList for Script {
    fn capabilities(&self) -> &'static ListCapabilities {
        self.capabilities
    }

    async fn page(&self, query: &ListQuery, token: Option<&PageToken>) -> Result<ListPage, Error> {
        self.asked.lock().unwrap().push((query.clone(), token.map(ToString::to_string)));
        self.replies.lock().unwrap().pop_front().expect("a page of the script")
    }
}

/// Returns a page with these ids, separated by spaces.
pub(crate) fn page(
    ids: &str,
    total: impl Into<Option<u64>>,
    next: Option<&str>,
) -> Result<ListPage, Error> {
    let ids = ids.split_whitespace().map(|id| TicketId::new(id).map(ListItem::Id));
    Ok(ListPage {
        items: ids.collect::<Result<_, _>>()?,
        unreadable: Vec::new(),
        total: total.into(),
        next: next.map(PageToken::new),
        response: None,
        stats: ONE,
    })
}

/// Returns a page that also has a row without an id.
pub(crate) fn page_with_an_unreadable_row(ids: &str, total: u64) -> Result<ListPage, Error> {
    let page = page(ids, total, None)?;
    Ok(ListPage { unreadable: vec!["/tickets/1".to_owned()], ..page })
}

pub(crate) fn unavailable() -> Result<ListPage, Error> {
    Err(Error::new(ErrorKind::Unavailable, "overloaded").with_stats(ONE))
}

/// Returns the ids, separated by spaces.
pub(crate) fn ids(items: &[ListItem]) -> String {
    items.iter().map(ListItem::id).collect::<Vec<_>>().join(" ")
}

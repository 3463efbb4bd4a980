//! The description of what a source reads page by page.

use scripted_server::{Reply, Route};
use ticket_core::ListQuery;

/// The body of each page, by the text at the placeholder of the route.
pub(crate) type Pages = Vec<(String, &'static [u8])>;

/// The conversation of the first ticket, which the source fetches by further calls.
///
/// The route names the ticket, and has `{id}` where a request names its page:
///
/// ```
/// use ticket_testkit::{ConversationUnderTest, Route};
///
/// let route = Route::get("messages", "/api/tickets/42/messages?page={id}");
/// let conversation = ConversationUnderTest::new(route, 3)
///     .page("1", br#"{"total": 3, "messages": [{"id": 1}, {"id": 2}]}"#)
///     .page("2", br#"{"total": 3, "messages": [{"id": 3}]}"#);
/// ```
#[derive(Debug, Clone)]
pub struct ConversationUnderTest {
    pub(crate) route: Route,
    pub(crate) pages: Pages,
    pub(crate) messages: usize,
}

impl ConversationUnderTest {
    /// Describes a conversation of this many messages. If the service sends it in pages, it needs two or more.
    pub fn new(route: Route, messages: usize) -> Self {
        Self { route, pages: Vec::new(), messages }
    }

    /// Adds a page and its response body (HTTP 200), in the order in which the source asks for them.
    #[must_use]
    pub fn page(mut self, name: impl Into<String>, body: &'static [u8]) -> Self {
        self.pages.push((name.into(), body));
        self
    }
}

/// The list of a source.
///
/// ```
/// use ticket_testkit::{ListUnderTest, Route};
///
/// let list = ListUnderTest::over_http(Route::get("list", "/api/tickets?page={id}"))
///     .page_size(2)
///     .page("1", br#"{"total": 3, "tickets": [{"id": "1"}, {"id": "2"}]}"#)
///     .page("2", br#"{"total": 3, "tickets": [{"id": "3"}]}"#)
///     .ids(["1", "2", "3"]);
/// ```
#[derive(Debug, Clone)]
pub struct ListUnderTest {
    pub(crate) route: Option<Route>,
    pub(crate) pages: Pages,
    pub(crate) ids: Vec<String>,
    pub(crate) query: ListQuery,
}

impl ListUnderTest {
    /// Describes a list that is read over HTTP. The route has `{id}` where a request names its page.
    pub fn over_http(route: Route) -> Self {
        Self { route: Some(route), ..Self::in_memory() }
    }

    /// Describes a list in memory.
    pub fn in_memory() -> Self {
        Self { route: None, pages: Vec::new(), ids: Vec::new(), query: ListQuery::default() }
    }

    /// Sets the number of tickets in a page that the tests ask for. The list needs two pages or more.
    #[must_use]
    pub fn page_size(mut self, size: u32) -> Self {
        self.query.page_size = Some(size);
        self
    }

    /// Adds a page and its response body (HTTP 200), in the order in which the source asks for them.
    #[must_use]
    pub fn page(mut self, name: impl Into<String>, body: &'static [u8]) -> Self {
        self.pages.push((name.into(), body));
        self
    }

    /// Sets the ids of all tickets, in the order of the list.
    #[must_use]
    pub fn ids<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.ids = ids.into_iter().map(Into::into).collect();
        self
    }
}

/// Adds a reply for each page to a route.
pub(crate) fn with_pages(route: Route, pages: &Pages) -> Route {
    pages.iter().fold(route, |route, (name, body)| route.reply(name, Reply::json(200, *body)))
}

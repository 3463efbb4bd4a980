//! References and smart pointers to a source forward every method.

use std::sync::Arc;

use ticket_core::{
    Error, ErrorKind, FetchOptions, ListCapabilities, ListItems, ListPage, ListQuery, PageToken,
    Record, TicketId, TicketList, TicketSource, TotalRule, async_trait,
};

/// A source whose methods return errors that name the method.
struct Named;

#[async_trait]
impl TicketSource for Named {
    fn provider(&self) -> &'static str {
        "named"
    }

    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
        Err(Error::new(ErrorKind::NotFound, format!("fetch_with {id} {}", options.conversation)))
    }

    async fn fetch(&self, id: &TicketId) -> Result<Record, Error> {
        Err(Error::new(ErrorKind::NotFound, format!("fetch {id}")))
    }

    fn list(&self) -> Option<&dyn TicketList> {
        Some(self)
    }
}

#[async_trait]
impl TicketList for Named {
    fn capabilities(&self) -> &'static ListCapabilities {
        &ListCapabilities {
            filters: &[],
            native_filters: &[],
            max_page_size: 7,
            max_tickets: None,
            created: None,
            updated: None,
            order: None,
            total: TotalRule::Unknown,
            items: ListItems::Ids,
        }
    }

    async fn page(&self, _: &ListQuery, _: Option<&PageToken>) -> Result<ListPage, Error> {
        Err(Error::new(ErrorKind::NotFound, "page"))
    }
}

/// A source with the default methods.
struct Bare;

#[async_trait]
impl TicketSource for Bare {
    fn provider(&self) -> &'static str {
        "bare"
    }

    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
        Named.fetch_with(id, options).await
    }
}

/// Calls every method of a source, by a generic parameter.
async fn calls(source: impl TicketSource) -> Vec<String> {
    let id = TicketId::new("2").unwrap();
    let options = FetchOptions::default().with_conversation();
    let message = |error: Error| error.message().to_owned();
    let mut calls = vec![source.provider().to_owned()];
    calls.extend(source.fetch_with(&id, options).await.err().map(message));
    calls.extend(source.fetch(&id).await.err().map(message));
    if let Some(list) = source.list() {
        calls.push(list.capabilities().max_page_size.to_string());
        calls.extend(list.page(&ListQuery::default(), None).await.err().map(message));
    }
    calls
}

#[tokio::test]
async fn pointers_forward_every_method() {
    let expected = ["named", "fetch_with 2 true", "fetch 2", "7", "page"];
    let shared: Arc<dyn TicketSource> = Arc::new(Named);
    assert_eq!(calls(Named).await, expected);
    assert_eq!(calls(&Named).await, expected);
    assert_eq!(calls(&&Named).await, expected);
    assert_eq!(calls(Box::new(Named)).await, expected);
    assert_eq!(calls(Arc::new(Named)).await, expected);
    assert_eq!(calls(Box::new(Named) as Box<dyn TicketSource>).await, expected);
    assert_eq!(calls(&*shared).await, expected);
    assert_eq!(calls(Box::new(shared)).await, expected);
}

#[tokio::test]
async fn source_fetches_without_the_conversation_and_has_no_list_by_default() {
    let expected = ["bare", "fetch_with 2 true", "fetch_with 2 false"];
    assert_eq!(calls(Bare).await, expected);
    assert_eq!(calls(Arc::new(Bare)).await, expected);
}

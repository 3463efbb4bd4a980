//! The list of the made-up helpdesk, and pages of any of its lists.

use ticket_core::decode::Document;
use ticket_core::transport::ApiClient;
use ticket_core::{
    Error, ErrorKind, ListCapabilities, ListFilter, ListItem, ListItems, ListPage, ListQuery,
    PageToken, Request, Response, TicketId, TicketList, TotalRule, async_trait,
};

use super::decoder::check;
use super::{Defect, HelpdeskSource, PROVIDER, with_kind};

pub(super) const CAPABILITIES: ListCapabilities = ListCapabilities {
    filters: &[ListFilter::Status],
    native_filters: &["desk"],
    max_page_size: 2,
    max_tickets: None,
    created: None,
    updated: None,
    order: None,
    total: TotalRule::Claimed,
    items: ListItems::Ids,
};

/// A page of ids.
pub(super) struct Page {
    pub(super) rows: Vec<String>,
    pub(super) total: usize,
}

/// Reads a page of ids at this key.
pub(super) fn read(response: &Response, key: &str) -> Result<Page, Error> {
    check(response)?;
    Document::open(response)?;
    let no_page = || Error::new(ErrorKind::InvalidResponse, "the response has no page");
    let page: serde_json::Value = serde_json::from_slice(&response.body).map_err(|_| no_page())?;
    let rows = page[key].as_array().ok_or_else(no_page)?.iter();
    let rows = rows.filter_map(|row| row.as_str().map(str::to_owned)).collect();
    let total = page["total"].as_u64().and_then(|total| total.try_into().ok());
    Ok(Page { rows, total: total.ok_or_else(no_page)? })
}

/// Returns the request of a page.
pub(super) fn request(
    client: &ApiClient,
    operation: &'static str,
    path: &[&str],
    number: usize,
) -> Result<Request, Error> {
    let mut url = client.base_url().join(path)?;
    url.query_pairs_mut().append_pair("page", &number.to_string());
    Ok(Request::get(operation, url))
}

#[async_trait]
impl TicketList for HelpdeskSource {
    fn capabilities(&self) -> &'static ListCapabilities {
        &CAPABILITIES
    }

    async fn page(&self, query: &ListQuery, token: Option<&PageToken>) -> Result<ListPage, Error> {
        let with_provider = |error: Error| error.with_provider(PROVIDER);
        if self.defect != Defect::IgnoresFilters {
            CAPABILITIES.check(query).map_err(with_provider)?;
        }
        let number = match token.map(|token| token.as_str().parse::<usize>()) {
            None => 1,
            Some(Ok(number)) if number > 0 => number,
            Some(_) if self.defect == Defect::AcceptsAnyPageToken => 1,
            Some(_) => {
                let error = Error::new(ErrorKind::InvalidRequest, "not a page of this list");
                return Err(with_provider(error));
            }
        };
        let request = request(&self.client, "list_tickets", &["tickets"], number)?;
        let read = |response: &Response| {
            read(response, "tickets").map_err(|error| match self.defect {
                Defect::DoesNotRetryLists => with_kind(&error, ErrorKind::Rejected),
                _ => error,
            })
        };
        let (page, response, stats) = self.client.call(&request, read).await?;
        let mut items: Vec<_> = page
            .rows
            .into_iter()
            .filter_map(|id| TicketId::new(id).ok())
            .map(ListItem::Id)
            .collect();
        if self.defect == Defect::RepeatsRows {
            items.extend(items.first().cloned());
            items.rotate_right(1);
        }
        let size = query.page_size.unwrap_or(CAPABILITIES.max_page_size) as usize;
        let next = (number * size < page.total).then(|| PageToken::new((number + 1).to_string()));
        let total = Some(page.total as u64);
        Ok(ListPage { items, unreadable: Vec::new(), total, next, response: Some(response), stats })
    }
}

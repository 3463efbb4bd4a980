//! Fetches the history, the attachments and the texts of a ticket.

use std::collections::HashSet;

use ticket_core::transport::Fetch;
use ticket_core::{BaseUrl, Error, TicketId};

use crate::conversation::{PageSummary, attachments_summary, check_texts, history_summary};
use crate::request::MAX_PAGE_SIZE;
use crate::{list_attachments, list_history, list_texts};

/// How many texts one call asks for: more would make the address too long for some servers.
const TEXTS: usize = 40;

/// Adds the pages to the fetch.
pub(super) async fn conversation(
    fetch: &mut Fetch<'_>,
    base_url: &BaseUrl,
    id: &TicketId,
) -> Result<(), Error> {
    let mut messages = HashSet::new();
    let mut pages = Pages::default();
    for page in 1.. {
        let request = list_history(base_url, id, page)?;
        let (summary, found) = fetch.call(&request, history_summary).await?;
        messages.extend(found);
        if pages.is_last(page, summary) {
            break;
        }
    }
    let mut texts = Vec::new();
    let mut pages = Pages::default();
    for page in 1.. {
        let request = list_attachments(base_url, id, page)?;
        let read = |response: &_| attachments_summary(response, &messages);
        let (summary, found) = fetch.call(&request, read).await?;
        texts.extend(found);
        if pages.is_last(page, summary) {
            break;
        }
    }
    for ids in texts.chunks(TEXTS) {
        fetch.call(&list_texts(base_url, ids)?, check_texts).await?;
    }
    Ok(())
}

/// The ids of the pages that were read.
#[derive(Default)]
struct Pages {
    seen: HashSet<String>,
}

impl Pages {
    /// Returns whether no page follows. Without a total, RT leaves out rows that the user may not see, so that a page which is not
    /// full may have others after it: only one with nothing new is the last.
    fn is_last(&mut self, page: u32, (ids, total): PageSummary) -> bool {
        let known = self.seen.len();
        self.seen.extend(ids);
        let has_new = self.seen.len() > known;
        !has_new || total.is_some_and(|total| u64::from(page) * u64::from(MAX_PAGE_SIZE) >= total)
    }
}

#[cfg(test)]
mod tests {
    use super::Pages;

    #[test]
    fn reads_on_until_the_total_or_a_page_without_anything_new() {
        let ids = |ids: std::ops::Range<u32>| ids.map(|id| id.to_string()).collect::<Vec<_>>();
        let mut with_total = Pages::default();
        assert!(!with_total.is_last(1, (ids(0..100), Some(101))));
        assert!(with_total.is_last(2, (ids(100..101), Some(101))));
        let mut without = Pages::default();
        assert!(!without.is_last(1, (ids(0..8), None)), "others may be hidden");
        assert!(without.is_last(2, (ids(0..8), None)), "the page is repeated");
        assert!(Pages::default().is_last(1, (Vec::new(), None)));
    }
}

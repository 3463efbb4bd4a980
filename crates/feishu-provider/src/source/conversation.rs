//! Fetches all pages of the messages of a ticket.

use std::collections::HashSet;

use ticket_core::transport::{ApiClient, Fetch};
use ticket_core::{Error, Response, TicketId};

use crate::{list_messages, messages};

/// The largest page.
const PAGE_SIZE: u32 = 200;

/// How often the pages are read before the conversation counts as incomplete. The order of messages is not documented, so that a new
/// one can move others to a page that was already read.
const MAX_PASSES: u32 = 3;

/// Adds the pages of messages to the fetch, until there are as many different messages as the service claims.
pub(super) async fn conversation(
    fetch: &mut Fetch<'_>,
    client: &ApiClient,
    id: &TicketId,
) -> Result<(), Error> {
    let mut unique = HashSet::new();
    for _ in 0..MAX_PASSES {
        let mut claimed = None;
        let mut without_id = 0;
        let mut bodies = HashSet::new();
        for number in 1.. {
            let request = list_messages(client.base_url(), id, number, PAGE_SIZE)?;
            let read =
                |response: &Response| Ok((messages::summary(response)?, response.body.clone()));
            let ((ids, rows, total), body) = fetch.call(&request, read).await?;
            let anonymous = rows - ids.len();
            without_id += anonymous as u64;
            let known = unique.len();
            unique.extend(ids);
            claimed = total;
            // Without a total, a service that sends the same page again would never end.
            let is_repeated = !bodies.insert(body) || anonymous == 0 && unique.len() == known;
            if total.is_none() && is_repeated {
                break;
            }
            let end = u64::from(number) * u64::from(PAGE_SIZE);
            if rows == 0 || total.is_some_and(|total| end >= total) {
                break;
            }
        }
        // Messages without an id are the same in each pass: another one would only repeat them.
        if claimed.is_none_or(|claimed| unique.len() as u64 + without_id >= claimed) {
            break;
        }
    }
    Ok(())
}

//! Fetches the definitions of custom fields, once for a source.

use std::collections::HashMap;
use std::sync::Arc;

use ticket_core::transport::Fetch;
use ticket_core::{BaseUrl, Error, Response};
use tokio::sync::OnceCell;

use crate::{labels, list_fields};

/// The most pages that are read: 100 definitions each.
const MAX_PAGES: usize = 50;

/// The pages of definitions, which all clones of a source share.
#[derive(Debug, Clone, Default)]
pub(super) struct Definitions(Arc<OnceCell<Vec<Response>>>);

impl Definitions {
    /// Adds the definitions to the fetch.
    ///
    /// # Errors
    /// A failure that a later call may not have. If the service refuses the call, tickets keep the ids of options. If it refuses a
    /// later page, all tickets get the labels of the pages before.
    pub(super) async fn add_to(
        &self,
        fetch: &mut Fetch<'_>,
        base_url: &BaseUrl,
    ) -> Result<(), Error> {
        let mut is_first = false;
        let known = self.0.get_or_try_init(|| {
            is_first = true;
            pages(fetch, base_url)
        });
        let known = known.await?.clone();
        if !is_first {
            for page in known {
                fetch.add(page);
            }
        }
        Ok(())
    }
}

async fn pages(fetch: &mut Fetch<'_>, base_url: &BaseUrl) -> Result<Vec<Response>, Error> {
    let mut pages = Vec::new();
    let mut token: Option<String> = None;
    while pages.len() < MAX_PAGES {
        let request = list_fields(base_url, token.as_deref())?;
        let read = |response: &Response| {
            labels::read(response, &mut HashMap::new()).map(|next| (next, response.clone()))
        };
        match fetch.call(&request, read).await {
            Ok((next, response)) => {
                pages.push(response);
                token = next;
            }
            Err(error) if error.is_retryable() => return Err(error),
            Err(_) => break,
        }
        if token.is_none() {
            break;
        }
    }
    Ok(pages)
}

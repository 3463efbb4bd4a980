//! Fetches the definitions of custom fields, once for a source.

use std::sync::Arc;

use ticket_core::transport::Fetch;
use ticket_core::{BaseUrl, Decoded, Decoder, Error, Response, VocabularyOverrides};
use tokio::sync::OnceCell;

use crate::labels::{self, Labels};
use crate::{Feishu, list_fields, messages};

/// The most pages that are read: 100 definitions each.
const MAX_PAGES: usize = 50;

/// The definitions, which all clones of a source share.
#[derive(Debug, Clone, Default)]
pub(super) struct Definitions(Arc<OnceCell<Known>>);

/// The pages of definitions, and the labels in them.
#[derive(Debug, Default)]
struct Known {
    pages: Vec<Response>,
    labels: Labels,
}

impl Definitions {
    /// Adds the definitions to the fetch, and returns the decoder that has their labels.
    ///
    /// # Errors
    /// A failure that a later call may not have. If the service refuses the call, tickets keep the ids of options. If it refuses a
    /// later page, all tickets get the labels of the pages before.
    pub(super) async fn add_to(
        &self,
        fetch: &mut Fetch<'_>,
        base_url: &BaseUrl,
    ) -> Result<WithLabels<'_>, Error> {
        let mut is_first = false;
        let known = self.0.get_or_try_init(|| {
            is_first = true;
            read(fetch, base_url)
        });
        let Known { pages, labels } = known.await?;
        if !is_first {
            for page in pages {
                fetch.add(page.clone());
            }
        }
        Ok(WithLabels(labels))
    }
}

async fn read(fetch: &mut Fetch<'_>, base_url: &BaseUrl) -> Result<Known, Error> {
    let mut known = Known::default();
    let mut token: Option<String> = None;
    while known.pages.len() < MAX_PAGES {
        let request = list_fields(base_url, token.as_deref())?;
        let read = |response: &Response| {
            let mut labels = Labels::new();
            let next = labels::read(response, &mut labels)?;
            Ok((next, labels, response.clone()))
        };
        match fetch.call(&request, read).await {
            Ok((next, labels, page)) => {
                known.pages.push(page);
                known.labels.extend(labels);
                token = next;
            }
            Err(error) if error.is_retryable() => return Err(error),
            Err(_) => break,
        }
        if token.is_none() {
            break;
        }
    }
    Ok(known)
}

/// Decodes as [`Feishu`] does, with labels that were read before: the definitions are large, and every ticket of a source has them.
pub(super) struct WithLabels<'l>(&'l Labels);

impl Decoder for WithLabels<'_> {
    fn provider(&self) -> &'static str {
        Feishu.provider()
    }

    fn ticket_operation(&self) -> &'static str {
        Feishu.ticket_operation()
    }

    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
        Feishu.read(response, overrides)
    }

    fn read_others(
        &self,
        decoded: &mut Decoded,
        responses: &[Response],
        _: &VocabularyOverrides,
    ) -> Result<(), Error> {
        labels::replace_all(&mut decoded.ticket.custom_fields, self.0);
        messages::add(decoded, responses)
    }
}

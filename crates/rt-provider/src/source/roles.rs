//! Fetches the names of the tenant's roles, once for a source.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ticket_core::transport::Fetch;
use ticket_core::{BaseUrl, Error, Response};
use ticket_model::Ticket;

use crate::{error, get_custom_role, people};

/// The response for each role by its number, which all clones of a source share; `None` for one that the user may not see.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles(Arc<Mutex<HashMap<String, Option<Response>>>>);

impl Roles {
    /// Adds the responses for the roles of a ticket to the fetch.
    ///
    /// # Errors
    /// A failure that a later call may not have. A role that RT refuses to name keeps its key.
    pub(super) async fn add_to(
        &self,
        fetch: &mut Fetch<'_>,
        base_url: &BaseUrl,
        ticket: &Ticket,
    ) -> Result<(), Error> {
        for number in people::custom_roles(ticket) {
            let known = self.lock().get(&number).cloned();
            if let Some(known) = known {
                if let Some(response) = known {
                    fetch.add(response);
                }
                continue;
            }
            let request = get_custom_role(base_url, &number)?;
            let read = |response: &Response| error::check(response).map(|()| response.clone());
            let response = match fetch.call(&request, read).await {
                Ok(response) => Some(response),
                Err(error) if error.is_retryable() => return Err(error),
                Err(_) => None,
            };
            self.lock().insert(number, response);
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<Response>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

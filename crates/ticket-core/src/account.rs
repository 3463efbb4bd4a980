//! The account that a record came from.

/// The account that a record came from: ticket 1 of one account is not ticket 1 of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Account {
    /// The name of the provider, as in [`Ticket::provider`](ticket_model::Ticket::provider).
    pub provider: &'static str,
    /// The base URL of the service; `None` for a saved response or a source in memory.
    pub base_url: Option<String>,
    /// The id of the helpdesk, where the provider has several.
    pub helpdesk_id: Option<String>,
    /// The name under which the user keeps the settings of this account.
    pub profile: Option<String>,
}

impl Account {
    /// Returns the account of a saved response, of which only the provider is known.
    pub fn of(provider: &'static str) -> Self {
        Self { provider, ..Self::default() }
    }
}

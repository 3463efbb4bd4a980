//! What the server needs of the helpdesks and of the program that starts it.

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::explain::Explained;
use ticket_core::mapping::inconsistencies::Inconsistency;
use ticket_core::model::Ticket;
use ticket_core::{Response, async_trait};
use ticket_mirror::MirrorError;

/// The helpdesks that a program knows. It only reads.
#[async_trait]
pub trait Helpdesks: Send + Sync {
    /// Returns what a source means, such as `feishu`, or `feishu@prod` for a profile.
    ///
    /// # Errors
    /// If there is no such provider.
    fn source(&self, name: &str) -> Result<SourceName, Failure>;

    /// Fetches a ticket with its conversation from its service.
    ///
    /// # Errors
    /// If settings are missing, or a call fails.
    async fn fetch(&self, source: &str, id: &str) -> Result<Ticket, Failure>;

    /// Explains a ticket, or one of its fields, from these responses of one fetch; without any, fetches it.
    ///
    /// # Errors
    /// If there is no such field, or the ticket cannot be fetched or decoded.
    async fn explain(
        &self,
        source: &str,
        id: &str,
        field: Option<&str>,
        responses: Option<Vec<Response>>,
    ) -> Result<Explanation, Failure>;

    /// Returns an error of the mirror with what to do about it.
    fn mirror_failure(&self, error: MirrorError) -> Failure;
}

/// What a source means.
pub struct SourceName {
    /// The name of the provider.
    pub provider: &'static str,
    /// The profile; `None` for the default one.
    pub profile: Option<String>,
    /// The mapping of the provider.
    pub mapping: &'static dyn MappingDescription,
}

/// Where the values of a ticket come from.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The fields, and the values that became no field.
    pub fields: Vec<Explained>,
    /// The fields that contradict each other.
    pub inconsistencies: Vec<Inconsistency>,
}

/// Why a helpdesk or the mirror could not be read.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The kind of the failure, such as `not_found`.
    pub kind: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether the message or the hint may quote what somebody else wrote.
    pub quotes_others: bool,
}

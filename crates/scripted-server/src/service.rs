//! What a server responds, as seen by the fault injection.

use crate::fault::PageFault;
use crate::http::{Reply, Request};

/// The behaviour of a server: its routes and its replies.
pub trait Service: Send + Sync + 'static {
    /// Returns the names of all routes.
    fn routes(&self) -> &[&'static str];

    /// Returns the route that matches a request.
    fn route(&self, request: &Request) -> Option<&'static str>;

    /// Records a request, before any fault is applied.
    fn record(&self, _request: &Request) {}

    /// Returns the correct reply.
    fn reply(&self, request: &Request) -> Reply;

    /// Returns the reply about another ticket; the correct reply if the request is not about a ticket.
    fn reply_about_another_ticket(&self, request: &Request) -> Reply;

    /// Returns a page of a list with a fault; the correct reply if the request is not about a list.
    ///
    /// Returns the correct reply by default, for services without lists.
    fn reply_with_page_fault(&self, request: &Request, _fault: PageFault) -> Reply {
        self.reply(request)
    }

    /// Returns an error reply in the format of the service.
    fn error_reply(&self, request: &Request, status: u16, code: i64, message: &str) -> Reply;

    /// Invalidates all tokens. Does nothing by default, for services without tokens.
    fn invalidate_tokens(&self, _event: TokenEvent) {}
}

/// Why all tokens become invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenEvent {
    /// They reach the end of their lifetime.
    Expired,
    /// They are revoked.
    Revoked,
    /// The service rejects them, but goes on handing them out.
    Spoilt,
}

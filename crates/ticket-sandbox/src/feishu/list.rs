//! The list of tickets: pages and filters.

mod fixtures;
mod query;

use scripted_server::{PageFault, Reply};
use serde::Serialize;

use super::failure::Failure;
use super::generated::GeneratedTickets;
use super::success;
use query::Query;

/// The default page size, also of other lists.
pub(super) const DEFAULT_PAGE_SIZE: usize = 20;
/// The maximum page size, also of other lists.
pub(super) const MAX_PAGE_SIZE: usize = 200;
/// The most tickets that can be listed, over all pages; `total` is capped as well.
const MAX_TICKETS: usize = 10_000;

/// Returns the requested page of the generated tickets, or of the fixtures if none are generated.
pub(crate) fn reply(
    query: &str,
    generated: &GeneratedTickets,
    fault: Option<PageFault>,
) -> Result<Reply, Failure> {
    let query = Query::parse(query)?;
    if generated.generator.count == 0 {
        let matches = fixtures::matches(&query);
        return Ok(page(&query, &matches, fault, |ticket| *ticket));
    }
    let matches = query.generated(generated);
    Ok(page(&query, &matches, fault, |k| generated.document(*k)))
}

/// Writes a page of the matching tickets.
fn page<T, D: Serialize>(
    query: &Query,
    matches: &[T],
    fault: Option<PageFault>,
    document: impl Fn(&T) -> D,
) -> Reply {
    #[derive(Serialize)]
    struct Data<D> {
        total: usize,
        tickets: Vec<D>,
    }
    let total = matches.len().min(MAX_TICKETS);
    let rows = query.page.rows(total, fault);
    let tickets = rows.into_iter().map(|row| document(&matches[row])).collect();
    success(Data { total, tickets })
}

//! Lists the closed tickets of a helpdesk and fetches them with their conversations, several at a time.
//!
//! Runs against the sandbox, without configuration: `cargo run -p feishu-provider --example fetch_many`.

use std::error::Error;

use feishu_provider::FeishuSource;
use futures_util::StreamExt;
use ticket_core::model::Status;
use ticket_core::{FetchOptions, ListQuery, TicketId, TicketSource, TicketSourceExt};
use ticket_sandbox::{Credentials, Sandbox};

/// How many tickets are fetched at the same time.
const CONCURRENCY: usize = 16;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().tickets(60, 1).fault("feishu.ticket 5: status 403".parse()?);
    let sandbox = sandbox.start().await?;
    let source = source(&sandbox)?;

    let ids = closed_tickets(&source).await?;
    let total = ids.len();
    let (mut done, mut messages, mut failed) = (0, 0, Vec::new());
    // The results have the order of the ids. Nothing is fetched faster than you take the results.
    let options = FetchOptions::default().with_conversation();
    let mut results = source.fetch_many(ids, options, CONCURRENCY);
    while let Some((id, result)) = results.next().await {
        done += 1;
        match result {
            Ok(record) => {
                messages += record.ticket.conversation.map_or(0, |it| it.messages.len());
                eprintln!("{done} of {total}: {id}");
            }
            // One failure does not stop the others. Retries are over: see `handle_errors`.
            Err(error) => failed.push((id, error)),
        }
    }
    println!("{} tickets with {messages} messages", done - failed.len());
    for (id, error) in failed {
        println!("{id} failed: {error}");
    }
    Ok(())
}

/// Returns the ids of all closed tickets, and says if some may be missing.
async fn closed_tickets(source: &dyn TicketSource) -> Result<Vec<TicketId>, Box<dyn Error>> {
    let list = source.list().ok_or("this helpdesk has no list")?;
    let query = ListQuery { statuses: vec![Status::Closed], ..ListQuery::default() };
    let mut reader = list.read(query);
    let mut ids = Vec::new();
    while let Some(items) = reader.next_page().await? {
        for item in items {
            ids.push(TicketId::new(item.id())?);
        }
    }
    let receipt = reader.receipt();
    if receipt.is_complete() != Some(true) {
        eprintln!("the list may not be complete: {} tickets are missing", receipt.missing());
    }
    Ok(ids)
}

/// Connects to the sandbox. Your program leaves out the base URL and has its own credentials.
fn source(sandbox: &Sandbox) -> Result<FeishuSource, ticket_core::Error> {
    let Credentials {
        feishu_app_id,
        feishu_app_secret,
        feishu_helpdesk_id,
        feishu_helpdesk_token,
        ..
    } = sandbox.credentials().clone();
    FeishuSource::builder()
        .app(feishu_app_id, feishu_app_secret)
        .helpdesk(feishu_helpdesk_id, feishu_helpdesk_token)
        .base_url(sandbox.base_url())
        .build()
}

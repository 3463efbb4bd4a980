//! Lists and conversations of generated tickets, from the sandbox.
#![cfg(feature = "http")]

mod conversation;
mod faults;
mod files;
mod labels;
mod list;
mod refusals;

use std::collections::BTreeSet;
use std::time::Duration;

use feishu_provider::FeishuSource;
use ticket_core::model::Ticket;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{ListItem, ListQuery, ListReceipt, TicketId, TicketSource};
use ticket_sandbox::Sandbox;

/// Starts a sandbox without rate limits that has generated tickets.
async fn start(tickets: usize) -> Sandbox {
    let builder = Sandbox::builder().tickets(tickets, 1).epoch(1_764_000_000_000);
    builder.rate_limit_scale(0).start().await.unwrap()
}

/// Returns a source that hardly waits for retries and rate limits.
fn source(sandbox: &Sandbox) -> FeishuSource {
    source_with(sandbox, TransportConfig::default())
}

fn source_with(sandbox: &Sandbox, config: TransportConfig) -> FeishuSource {
    let transport = Transport::new(TransportConfig {
        initial_backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(5),
        rate_limit_fraction: 1_000.0,
        ..config
    });
    let credentials = sandbox.credentials();
    FeishuSource::builder()
        .base_url(sandbox.base_url())
        .transport(transport)
        .app(&*credentials.feishu_app_id, &*credentials.feishu_app_secret)
        .helpdesk(&*credentials.feishu_helpdesk_id, &*credentials.feishu_helpdesk_token)
        .build()
        .unwrap()
}

/// Reads a list to its end.
async fn read(source: &FeishuSource, query: ListQuery) -> (Vec<Ticket>, ListReceipt) {
    let mut reader = source.list().unwrap().read(query);
    let mut tickets = Vec::new();
    while let Some(items) = reader.next_page().await.unwrap() {
        tickets.extend(items.into_iter().map(ticket));
    }
    (tickets, reader.receipt())
}

fn ticket(item: ListItem) -> Ticket {
    match item {
        ListItem::Ticket(record) => record.ticket,
        ListItem::Id(id) => panic!("only the id of {id}"),
    }
}

fn ids(tickets: &[Ticket]) -> BTreeSet<&str> {
    tickets.iter().map(|ticket| ticket.id.as_str()).collect()
}

/// Returns the ids of all generated tickets.
fn generated(sandbox: &Sandbox) -> Vec<TicketId> {
    sandbox.generated_ids("feishu").map(|id| TicketId::new(id).unwrap()).collect()
}

/// Returns the number of requests at a route.
fn count(sandbox: &Sandbox, route: &str) -> usize {
    sandbox.requests().iter().filter(|request| request.route == Some(route)).count()
}

/// Injects a fault.
fn inject(sandbox: &Sandbox, rule: &str) {
    sandbox.inject(rule.parse().unwrap()).unwrap();
}

//! One source for many.

use std::sync::Arc;

use ticket_core::TicketId;
use ticket_core::transport::TransportConfig;
use tokio::task::JoinSet;

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene, fetch};
use crate::Subject;
use crate::subject::Printable;

/// How many calls go on at the same time.
pub(super) const CALLS: usize = 64;

pub(super) async fn many_calls_share_one_source(subject: &Subject) -> Found {
    if subject.is_in_memory {
        let source = subject.source("", TransportConfig::default())?;
        return many_calls(subject, &source).await;
    }
    let scene = Scene::of(subject, Play::default()).await?;
    let mut faults = many_calls(subject, &scene.source).await?;
    faults.add("all together", scene.unless_tickets(CALLS));
    Ok(faults)
}

/// Asks for all tickets in turn, from several threads.
pub(super) async fn many_calls(subject: &Subject, source: &Arc<dyn Printable>) -> Found {
    let mut calls = JoinSet::new();
    for id in subject.ids()?.into_iter().cycle().take(CALLS) {
        let id = TicketId::new(id).map_err(|error| error.to_string())?;
        let (source, patience) = (Arc::clone(source), subject.patience);
        calls.spawn(async move {
            let outcome: Outcome = fetch(&*source, id.as_str(), patience).await;
            outcome.unless_ticket(id.as_str())
        });
    }
    let mut faults = Faults::default();
    while let Some(call) = calls.join_next().await {
        faults.add("one of many calls", call.unwrap_or_else(|error| Some(error.to_string())));
    }
    Ok(faults)
}

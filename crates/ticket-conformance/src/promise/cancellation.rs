//! Calls that are given up.

use std::time::Duration;

use ticket_core::TicketId;
use ticket_sandbox::Requests;
use tokio::time::timeout;

use super::scene::{Faults, Found, Play, Scene, fetch};
use crate::Subject;

/// How many calls are given up, one after the other.
const TIMES: usize = 3;

pub(super) async fn a_call_that_is_given_up_leaves_nothing_behind(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, _) = subject.first()?;
    let asked = TicketId::new(id).map_err(|error| error.to_string())?;
    if subject.is_in_memory {
        let source = subject.source("", Play::default().settings)?;
        for _ in 0..TIMES {
            // Dropped wherever it first waits; one that never waits ends, which is as well.
            let _ = timeout(Duration::ZERO, source.fetch(&asked)).await;
        }
        let next = fetch(&*source, id, subject.patience).await;
        faults.add("the next call", next.unless_ticket(id));
        return Ok(faults);
    }
    for route in subject.route_names()? {
        let mut play = Play::struck(route, Requests::All, "silence");
        // One permit only: whoever keeps it is found out.
        play.settings.concurrency = 1;
        let scene = Scene::of(subject, play).await?;
        for number in 1..=TIMES {
            let place = format!("call {number}, given up while `{route}` is silent");
            let sent =
                scene.until(|scene| scene.server.count(route) == number, "no request was sent");
            tokio::select! {
                _ = scene.source.fetch(&asked) => {
                    return Err(format!("{place}: the call ended before it could be given up"));
                }
                fault = sent => faults.add(&place, fault),
            }
            // What was dropped is closed by a task of the client.
            let closed =
                scene.until(|scene| scene.server.unanswered() == 0, "its connection is open");
            faults.add(&place, closed.await);
        }
        scene.server.clear_faults();
        let next = scene.fetch(id).await;
        faults.add(&format!("the call after those, given up at `{route}`"), next.unless_ticket(id));
    }
    Ok(faults)
}

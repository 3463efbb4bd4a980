//! The right ticket, another one, and none.

use std::iter;

use ticket_core::{ErrorKind, Record};
use ticket_sandbox::{Reply, Requests};

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene, fetch};
use crate::Subject;
use crate::subject::Refused;

pub(super) async fn the_asked_ticket_comes_back(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    subject.ids()?;
    if subject.is_in_memory {
        let source = subject.source("", Play::default().settings)?;
        for (id, _) in &subject.tickets {
            let outcome = fetch(&*source, id, subject.patience).await;
            faults.add(
                id,
                outcome.unless_ticket(id).or(strange_origin(&outcome, id, source.provider(), None)),
            );
        }
        return Ok(faults);
    }
    for (id, body) in &subject.tickets {
        let scene = Scene::of(subject, Play::default()).await?;
        let outcome = scene.fetch(id).await;
        let provider = scene.source.provider();
        faults.add(id, outcome.unless_ticket(id).or(strange_origin(&outcome, id, provider, *body)));
        faults.add(id, scene.unless_tickets(1));
        faults.add(id, scene.server.received().iter().find_map(|sent| no_json(&sent.text)));
    }
    Ok(faults)
}

/// What is wrong with the body of a request that is said to be JSON.
fn no_json(request: &str) -> Option<String> {
    let (head, body) = request.split_once("\r\n\r\n")?;
    let is_json = head.to_lowercase().contains("content-type: application/json");
    if !is_json || body.is_empty() {
        return None;
    }
    let error = serde_json::from_str::<serde_json::Value>(body).err()?;
    Some(format!("the body of a request is said to be JSON, and is none: {error}"))
}

/// What is wrong with what is known of how a ticket came.
fn strange_origin(
    outcome: &Outcome,
    id: &str,
    provider: &str,
    sent: Option<&[u8]>,
) -> Option<String> {
    let Outcome::Ticket(record) = outcome else { return None };
    let Record { ticket, origin, .. } = &**record;
    if ticket.provider != provider || origin.provider != provider {
        return Some(format!(
            "the source is of `{provider}`, its ticket of `{}`, its origin of `{}`",
            ticket.provider, origin.provider
        ));
    }
    if origin.asked.as_ref().map(AsRef::as_ref) != Some(id) {
        return Some(format!("the origin names {:?} as the id that was asked for", origin.asked));
    }
    let sent = sent?;
    if !origin.responses.iter().any(|response| response.body == sent) {
        return Some("no response of the origin has the bytes that were sent".to_owned());
    }
    (origin.stats.attempts == 0).then(|| "the origin's stats tells of no request".to_owned())
}

pub(super) async fn another_ticket_is_an_error(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let ids = subject.ids()?;
    let (first, _) = subject.first()?;
    let others = iter::zip(ids, &subject.tickets).filter(|(id, _)| *id != first);
    for (other, (_, body)) in others.take(1) {
        let reply = Reply::json(200, body.unwrap_or_default());
        let scene = Scene::of(subject, Play::with(Requests::All, reply)).await?;
        let outcome = scene.fetch(first).await;
        let place = format!("asked for {first}, and {other} came");
        faults.add(
            &place,
            outcome.unless_failed(&[ErrorKind::TicketMismatch], scene.source.provider()),
        );
        faults.add(&place, scene.unless_tickets(1));
    }
    Ok(faults)
}

pub(super) async fn an_unknown_id_is_not_found(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let unknown = subject.unknown_id()?;
    if subject.is_in_memory {
        let source = subject.source("", Play::default().settings)?;
        let outcome = fetch(&*source, &unknown, subject.patience).await;
        faults.add(&unknown, outcome.unless_failed(&[ErrorKind::NotFound], source.provider()));
        return Ok(faults);
    }
    for refusal in subject.some_refusals(Refused::Unknown)? {
        let place = super::scene::described(&refusal.reply);
        let play = Play { unknown: Some(refusal.reply), ..Play::default() };
        let scene = Scene::of(subject, play).await?;
        let outcome = scene.fetch(&unknown).await;
        faults.add(&place, outcome.unless_failed(&[ErrorKind::NotFound], scene.source.provider()));
        faults.add(&place, scene.unless_tickets(1));
    }
    Ok(faults)
}

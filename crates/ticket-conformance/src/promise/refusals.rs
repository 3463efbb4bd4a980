//! Credentials that are wrong, credentials that do not suffice, and all else that no repetition mends.

use ticket_core::ErrorKind;
use ticket_sandbox::{Reply, Requests};

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene, TOKEN, described};
use crate::Subject;
use crate::subject::Refused;

pub(super) async fn refused_credentials_are_told(subject: &Subject) -> Found {
    // Newer credentials may be tried once.
    let most = if subject.token.is_some() { 2 } else { 1 };
    let judge = |scene: &Scene| {
        let count = scene.tickets();
        (count > most).then(|| format!("the ticket was asked for {count} times"))
    };
    let kind = Refused::TokenCall.kind();
    let mut faults = subject.each_refusal(Refused::Credentials, judge).await?;
    if subject.token.is_none() {
        return Ok(faults);
    }
    let (id, _) = subject.first()?;
    for refusal in subject.some_refusals(Refused::TokenCall)? {
        let place = format!("at the route of the token, {}", described(&refusal.reply));
        let scene = Scene::of(subject, Play::with_token(Requests::All, refusal.reply)).await?;
        let outcome = scene.fetch(id).await;
        faults.add(&place, outcome.unless_failed(&[kind], scene.source.provider()));
        faults.add(&place, scene.unless_tickets(0));
        let count = scene.tokens();
        faults.add(&place, (count != 1).then(|| format!("a token was asked for {count} times")));
    }
    Ok(faults)
}

pub(super) async fn missing_permission_is_told(subject: &Subject) -> Found {
    let once = |scene: &Scene| scene.unless_tickets(1);
    subject.each_refusal(Refused::Access, once).await
}

pub(super) async fn any_other_refusal_is_told(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    for what in [Refused::Request, Refused::Quota, Refused::Otherwise] {
        // A service may know none of these.
        if subject.refusals(what).next().is_some() {
            let once = |scene: &Scene| scene.unless_tickets(1);
            faults.0.extend(subject.each_refusal(what, once).await?.0);
        }
    }
    Ok(faults)
}

/// The statuses of failure; those from 500 on are tried again.
const FAILURES: [u16; 7] = [400, 401, 403, 404, 500, 502, 503];

pub(super) async fn a_failure_is_no_success(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, body) = subject.first()?;
    for status in FAILURES {
        let place = format!("HTTP {status} with the body of a success");
        let play = Play::with(Requests::All, Reply::json(status, body));
        let outcome = Scene::of(subject, play).await?.fetch(id).await;
        faults.add(&place, unless_failure(&outcome, status));
        if let Some(token) = &subject.token {
            let place = format!("at the route of the token, {place}");
            let grant = (token.grant)(TOKEN);
            let reply = Reply::json(status, grant.body());
            let scene = Scene::of(subject, Play::with_token(Requests::All, reply)).await?;
            let outcome = scene.fetch(id).await;
            faults.add(&place, unless_failure(&outcome, status));
            faults.add(&place, scene.unless_tickets(0));
        }
    }
    Ok(faults)
}

/// What is wrong with what became of a success that came with a status of failure.
fn unless_failure(outcome: &Outcome, status: u16) -> Option<String> {
    let Some(error) = outcome.error() else {
        return Some(format!("{outcome}; an error was to come"));
    };
    let is_told = match status {
        500.. => error.kind() == ErrorKind::Unavailable,
        // Whether it is the service that says so, the body may tell.
        404 => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidResponse),
        _ => !matches!(error.kind(), ErrorKind::InvalidResponse | ErrorKind::TicketMismatch),
    };
    if !is_told {
        return Some(format!("{outcome}; an error by the status was to come"));
    }
    let code = error.code()?;
    Some(format!("the error tells the code {code}, by which the body is a success"))
}

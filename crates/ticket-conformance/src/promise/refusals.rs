//! Credentials that are wrong, and credentials that do not suffice.

use ticket_core::ErrorKind;
use ticket_sandbox::Requests;

use super::scene::{Found, Play, Scene, described};
use crate::Subject;
use crate::subject::Refused;

pub(super) async fn refused_credentials_are_told(subject: &Subject) -> Found {
    // Newer credentials may be tried once.
    let most = if subject.token.is_some() { 2 } else { 1 };
    let judge = |scene: &Scene| {
        let count = scene.tickets();
        (count > most).then(|| format!("the ticket was asked for {count} times"))
    };
    let kind = ErrorKind::Unauthenticated;
    let mut faults = subject.each_refusal(Refused::Credentials, kind, judge).await?;
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
    subject.each_refusal(Refused::Access, ErrorKind::PermissionDenied, once).await
}

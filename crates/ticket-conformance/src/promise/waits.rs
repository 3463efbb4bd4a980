//! What time can mend, said by the service or by a gateway.

use std::time::Duration;

use ticket_core::ErrorKind;
use ticket_core::transport::TransportConfig;
use ticket_sandbox::{Reply, Requests};

use super::outcome::Outcome;
use super::scene::{Faults, Found, ONCE, Play, Scene, described};
use crate::Subject;
use crate::subject::{Refusal, Refused};

/// What a gateway says in the place of a service.
const GATEWAY: [u16; 3] = [502, 503, 504];

pub(super) async fn a_limit_is_waited_out(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, _) = subject.first()?;
    for Refusal { reply, wait, .. } in subject.some_refusals(Refused::Limit)? {
        let place = format!("{}, once", described(&reply));
        let scene = Scene::of(subject, Play::with(ONCE, reply.clone())).await?;
        let outcome = scene.fetch(id).await;
        faults.add(&place, outcome.unless_ticket(id).or(waited_less(&outcome, wait)));
        faults.add(&place, scene.unless_tickets(2));

        let place = format!("{}, always", described(&reply));
        let mut play = Play::with(Requests::All, reply);
        play.settings.max_attempts = 2;
        let scene = Scene::of(subject, play).await?;
        let outcome = scene.fetch(id).await;
        let provider = scene.source.provider();
        let fault = outcome.unless_failed(&[ErrorKind::RateLimited], provider);
        faults.add(&place, fault.or(untold_wait(&outcome, wait)));
        faults.add(&place, scene.unless_tickets(2));
    }
    Ok(faults)
}

fn waited_less(outcome: &Outcome, wait: Option<Duration>) -> Option<String> {
    let Outcome::Ticket(record) = outcome else { return None };
    let waited = record.origin.stats.waited;
    let is_less = wait.is_some_and(|wait| waited < wait);
    is_less.then(|| {
        format!("the call tells that it waited {waited:?}; the response asks for {wait:?}")
    })
}

fn untold_wait(outcome: &Outcome, wait: Option<Duration>) -> Option<String> {
    let told = outcome.error()?.retry_after();
    (told != wait)
        .then(|| format!("the error tells to wait {told:?}; the response asks for {wait:?}"))
}

pub(super) async fn an_overload_is_tried_again_and_told(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let own = subject.some_refusals(Refused::Overload)?.into_iter().map(|refusal| refusal.reply);
    let replies: Vec<_> = own.chain(GATEWAY.map(Reply::page)).collect();
    for reply in &replies {
        let place = described(reply);
        try_both(
            subject,
            &place,
            |requests| Play::with(requests, reply.clone()),
            false,
            &mut faults,
        )
        .await?;
    }
    if subject.token.is_some() {
        for reply in GATEWAY.map(Reply::page) {
            let place = format!("at the route of the token, {}", described(&reply));
            let play = |requests| Play::with_token(requests, reply.clone());
            try_both(subject, &place, play, true, &mut faults).await?;
        }
    }
    Ok(faults)
}

/// Once, and always.
async fn try_both(
    subject: &Subject,
    place: &str,
    play: impl Fn(Requests) -> Play,
    is_about_token: bool,
    faults: &mut Faults,
) -> Result<(), String> {
    let (id, _) = subject.first()?;
    for (requests, when) in [(ONCE, "once"), (Requests::All, "always")] {
        let place = format!("{place}, {when}");
        let play = play(requests);
        let TransportConfig { max_attempts, .. } = play.settings;
        let scene = Scene::of(subject, play).await?;
        let outcome = scene.fetch(id).await;
        let (fault, expected) = match requests {
            Requests::All => {
                let kinds = [ErrorKind::Unavailable];
                (outcome.unless_failed(&kinds, scene.source.provider()), max_attempts as usize)
            }
            _ => (outcome.unless_ticket(id), 2),
        };
        faults.add(&place, fault);
        let count = if is_about_token { scene.tokens() } else { scene.tickets() };
        let other = count != expected;
        faults.add(
            &place,
            other.then(|| format!("{count} requests were sent instead of {expected}")),
        );
    }
    Ok(())
}

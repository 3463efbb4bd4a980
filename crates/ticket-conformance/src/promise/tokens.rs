//! Tokens that are fetched, shared, refused and replaced.

use ticket_core::ErrorKind;
use ticket_sandbox::Requests;

use super::scene::{Faults, Found, ONCE, Play, Scene, TOKEN, described};
use super::sharing::many_calls;
use crate::Subject;
use crate::subject::Refused;

pub(super) async fn one_token_serves_all_calls(subject: &Subject) -> Found {
    let (id, _) = subject.first()?;
    let scene = Scene::of(subject, Play::default()).await?;
    let mut faults = many_calls(subject, &scene.source).await?;
    faults.add("the call after many", scene.fetch(id).await.unless_ticket(id));
    let count = scene.tokens();
    faults.add("all together", (count != 1).then(|| format!("{count} tokens were fetched")));
    Ok(faults)
}

pub(super) async fn a_refused_token_is_replaced_once(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, _) = subject.first()?;
    for refusal in subject.some_refusals(Refused::Token)? {
        let place = format!("{}, once", described(&refusal.reply));
        let scene = Scene::of(subject, Play::with(ONCE, refusal.reply.clone())).await?;
        faults.add(&place, scene.fetch(id).await.unless_ticket(id));
        faults.add(&place, counts(&scene, 2));
        let sent = scene.server.received();
        let last = sent.iter().rfind(|sent| sent.id.is_some()).map_or("", |sent| &sent.text);
        let is_new = !last.contains(&format!("{TOKEN}1"));
        faults
            .add(&place, (!is_new).then(|| "the token that was refused was sent again".to_owned()));

        let place = format!("{}, always", described(&refusal.reply));
        let scene = Scene::of(subject, Play::with(Requests::All, refusal.reply)).await?;
        let outcome = scene.fetch(id).await;
        let provider = scene.source.provider();
        faults.add(&place, outcome.unless_failed(&[ErrorKind::Unauthenticated], provider));
        faults.add(&place, counts(&scene, 2));
    }
    Ok(faults)
}

/// What is wrong where so many tokens and so many tickets were to be asked for.
fn counts(scene: &Scene, expected: usize) -> Option<String> {
    let (tokens, tickets) = (scene.tokens(), scene.tickets());
    ((tokens, tickets) != (expected, expected)).then(|| {
        format!("{tokens} tokens and {tickets} tickets were asked for instead of {expected} each")
    })
}

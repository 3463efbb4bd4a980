//! Tokens that are fetched, shared, refused and replaced.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use ticket_core::ErrorKind;
use ticket_sandbox::{Reply, Requests};

use super::scene::{Faults, Found, ONCE, Play, Scene, TOKEN, described};
use super::sharing::{CALLS, many_calls};
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
    for refusal in subject.some_refusals(Refused::Token)?.into_iter().take(1) {
        let reply = refusal.reply;
        faults.0.extend(one_for_all(subject, reply.clone()).await?.0);
        faults.0.extend(the_same_again(subject, reply).await?.0);
    }
    Ok(faults)
}

/// Many calls meet the refusal of one token: it is replaced once, and no newer one is dropped for it.
async fn one_for_all(subject: &Subject, refusal: Reply) -> Found {
    let mut faults = Faults::default();
    let first = NonZeroU64::new(CALLS as u64).ok_or("there are calls")?;
    let refused = Requests::Range(NonZeroU64::MIN, Some(first));
    let scene = Scene::of(subject, Play::with(refused, refusal)).await?;
    // A call whose second request comes before the first one of another is refused twice, and fails.
    many_calls(subject, &scene.source).await?;
    let received = scene.server.received();
    let asked = received.iter().filter(|sent| sent.id.is_some()).take(CALLS);
    let dropped: BTreeSet<_> = asked.filter_map(|sent| token_of(&sent.text)).collect();
    // A token that is sent in another form cannot be told from others.
    if dropped.is_empty() {
        return Ok(faults);
    }
    // Whoever is refused twice has replaced one token only.
    let (most, count) = (1 + dropped.len(), scene.tokens());
    let fault = format!("{count} tokens were fetched where {} were refused", dropped.len());
    let is_right = (2..=most).contains(&count);
    faults.add("many calls with one token", (!is_right).then_some(fault));
    Ok(faults)
}

/// The token that was refused is handed out again: it is neither sent nor kept.
async fn the_same_again(subject: &Subject, refusal: Reply) -> Found {
    let mut faults = Faults::default();
    let (id, _) = subject.first()?;
    let token = subject.token.as_ref().ok_or("the subject fetches no token")?;
    let twice = Requests::Range(NonZeroU64::MIN, NonZeroU64::new(2));
    let mut play = Play::with(ONCE, refusal);
    play.token.push((twice, (token.grant)(&format!("{TOKEN}1"))));
    let scene = Scene::of(subject, play).await?;
    let place = "the token that was refused is handed out again";
    let outcome = scene.fetch(id).await;
    let provider = scene.source.provider();
    faults.add(place, outcome.unless_failed(&[ErrorKind::Unauthenticated], provider));
    faults.add(place, scene.unless_tickets(1));
    let place = "the call after that";
    faults.add(place, scene.fetch(id).await.unless_ticket(id));
    let received = scene.server.received();
    let last = received.iter().rfind(|sent| sent.id.is_some());
    let is_old = last.and_then(|sent| token_of(&sent.text)) == Some('1');
    faults.add(place, is_old.then(|| "the token that was refused was sent again".to_owned()));
    Ok(faults)
}

/// The number of the token that a request carries.
fn token_of(request: &str) -> Option<char> {
    request.split_once(TOKEN)?.1.chars().next()
}

/// What is wrong where so many tokens and so many tickets were to be asked for.
fn counts(scene: &Scene, expected: usize) -> Option<String> {
    let (tokens, tickets) = (scene.tokens(), scene.tickets());
    ((tokens, tickets) != (expected, expected)).then(|| {
        format!("{tokens} tokens and {tickets} tickets were asked for instead of {expected} each")
    })
}

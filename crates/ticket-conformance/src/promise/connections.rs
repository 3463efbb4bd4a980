//! Connections that break.

use ticket_core::ErrorKind;
use ticket_sandbox::Requests;

use super::scene::{Faults, Found, ONCE, Play, Scene, fetch};
use crate::Subject;

const BROKEN: [&str; 5] = ["close", "reset", "cut", "cut-chunk", "garbage"];

pub(super) async fn a_broken_connection_is_tried_again_and_told(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, _) = subject.first()?;
    for route in subject.route_names()? {
        for fault in BROKEN {
            let place = format!("`{fault}` at the first request of `{route}`");
            let scene = Scene::of(subject, Play::struck(route, ONCE, fault)).await?;
            faults.add(&place, scene.fetch(id).await.unless_ticket(id));

            let place = format!("`{fault}` at every request of `{route}`");
            let scene = Scene::of(subject, Play::struck(route, Requests::All, fault)).await?;
            let outcome = scene.fetch(id).await;
            let provider = scene.source.provider();
            faults.add(&place, outcome.unless_failed(&[ErrorKind::Connection], provider));
            let count = scene.server.count(route);
            faults.add(&place, (count < 2).then(|| "nothing was tried again".to_owned()));
        }
    }
    let Scene { server, source, .. } = Scene::of(subject, Play::default()).await?;
    server.stop().await;
    let outcome = fetch(&*source, id, subject.patience).await;
    let fault = outcome.unless_failed(&[ErrorKind::Connection], source.provider());
    faults.add("nobody listens", fault);
    Ok(faults)
}

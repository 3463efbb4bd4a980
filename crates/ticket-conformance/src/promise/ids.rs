//! Ids that look like something else.

use ticket_core::ErrorKind;
use ticket_sandbox::Scripted;

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene, fetch};
use crate::Subject;

/// Ids that a `TicketId` can be, and that look like parts of addresses, options, numbers or words.
const ODD: [&str; 18] = [
    "...", "....", ".a", "a.", "a..b", "-", "--help", "_", ":", "::1", "http:", "a:b", "x:80", "0",
    "-1", "1e3", "null", "tickets",
];

pub(super) async fn an_odd_id_leads_nowhere_else(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let longest = "9".repeat(128);
    if subject.is_in_memory {
        let source = subject.source("", Play::default().settings)?;
        for id in ODD.into_iter().chain([longest.as_str()]) {
            let outcome = fetch(&*source, id, subject.patience).await;
            faults.add(&format!("{id:?}"), unless_refused(&outcome, source.provider()));
        }
        return Ok(faults);
    }
    let elsewhere = Scripted::start([]).await.map_err(|error| error.to_string())?;
    let address = elsewhere.address().to_string();
    let scene = Scene::of(subject, Play::default()).await?;
    let host = format!("host: {}\r\n", scene.server.address());
    for id in ODD.into_iter().chain([longest.as_str(), &address]) {
        let place = format!("{id:?}");
        let before = scene.server.received().len();
        let outcome = scene.fetch(id).await;
        faults.add(&place, unless_refused(&outcome, scene.source.provider()));
        for sent in &scene.server.received()[before..] {
            let is_other = sent.id.as_deref().is_some_and(|asked| asked != id);
            if sent.route.is_none() || is_other || !sent.text.to_lowercase().contains(&host) {
                let line = sent.text.lines().next().unwrap_or_default();
                faults.add(&place, [format!("`{}` was sent", line.escape_debug())]);
            }
        }
    }
    if elsewhere.connections() > 0 {
        faults.add(&address, ["a connection was made to that address".to_owned()]);
    }
    Ok(faults)
}

fn unless_refused(outcome: &Outcome, provider: &str) -> Option<String> {
    outcome.unless_failed(&[ErrorKind::NotFound, ErrorKind::InvalidRequest], provider)
}

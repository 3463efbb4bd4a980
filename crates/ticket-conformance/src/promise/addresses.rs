//! Where credentials may go, and where not; and without which nothing goes anywhere.

use ticket_core::transport::Transport;
use ticket_core::{Error, ErrorKind};
use ticket_sandbox::{Reply, Requests, Route, Scripted};

use super::outcome::Outcome;
use super::scene::{Faults, Found, Play, Scene};
use crate::Subject;
use crate::subject::Printable;

/// Addresses for which no source is built; nothing is ever sent to them.
const UNSAFE: [&str; 6] = [
    "http://helpdesk.example",
    "http://127.0.0.1.helpdesk.example",
    "https://user:password@helpdesk.example",
    "ftp://helpdesk.example",
    "helpdesk.example",
    "",
];

/// An address for which one is built.
const SAFE: &str = "https://helpdesk.example";

pub(super) async fn only_safe_addresses_are_taken(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let provider = provider(subject)?;
    for address in UNSAFE {
        let built = (subject.build)(address, Transport::default());
        faults.add(&format!("{address:?}"), unless_unbuilt(built, provider));
    }
    Ok(faults)
}

pub(super) async fn what_cannot_work_is_not_built(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let provider = provider(subject)?;
    if subject.unbuildable.is_empty() {
        return Err(
            "the subject names no settings that cannot work: add `.not_built(…)`".to_owned()
        );
    }
    for (what, build) in &subject.unbuildable {
        faults.add(what, unless_unbuilt(build(SAFE, Transport::default()), provider));
    }
    Ok(faults)
}

/// The name of the provider, as a source of it has it.
fn provider(subject: &Subject) -> Result<&'static str, String> {
    let built = (subject.build)(SAFE, Transport::default());
    built
        .map(|source| source.provider())
        .map_err(|error| format!("no source is built for {SAFE}: {error}"))
}

/// What is wrong where no source was to be built.
fn unless_unbuilt(built: Result<Box<dyn Printable>, Error>, provider: &str) -> Option<String> {
    match built {
        Ok(_) => Some("a source was built".to_owned()),
        Err(error) => Outcome::Failed(error).unless_failed(&[ErrorKind::Configuration], provider),
    }
}

pub(super) async fn no_redirect_is_followed(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, body) = subject.first()?;
    let ticket = Reply::json(200, body);
    // Whoever follows gets what they came for.
    let elsewhere = [
        Route::get("ticket", "{id}").otherwise(ticket.clone()),
        Route::post("token", "{id}").otherwise(ticket),
    ];
    let elsewhere = Scripted::start(elsewhere).await.map_err(|error| error.to_string())?;
    let origin = elsewhere.base_url();
    for route in subject.route_names()? {
        for status in [301, 302, 303, 307, 308] {
            for fault in [format!("redirect {status}"), format!("redirect {status} to {origin}")] {
                let place = format!("`{}` at `{route}`", fault.replace(&origin, "another origin"));
                let before = elsewhere.connections();
                let scene = Scene::of(subject, Play::struck(route, Requests::All, &fault)).await?;
                let outcome = scene.fetch(id).await;
                let provider = scene.source.provider();
                faults.add(&place, outcome.unless_failed(&[ErrorKind::Rejected], provider));
                let sent = scene.server.received();
                let lost = sent.iter().find(|sent| sent.route.is_none());
                faults.add(&place, lost.map(|sent| format!("`{}` was asked for", sent.path)));
                let count = scene.server.count(route);
                faults.add(&place, (count > 1).then(|| "it was tried again".to_owned()));
                let has_come = elsewhere.connections() > before;
                faults.add(
                    &place,
                    has_come.then(|| "a connection was made to the other origin".to_owned()),
                );
            }
        }
    }
    Ok(faults)
}

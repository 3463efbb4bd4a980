//! Where credentials may go, and where not.

use ticket_core::ErrorKind;
use ticket_core::transport::Transport;
use ticket_sandbox::{Reply, Requests, Route, Scripted};

use super::scene::{Faults, Found, Play, Scene};
use crate::Subject;

/// Addresses for which no source is built; nothing is ever sent to them.
const UNSAFE: [&str; 6] = [
    "http://helpdesk.example",
    "http://127.0.0.1.helpdesk.example",
    "https://user:password@helpdesk.example",
    "ftp://helpdesk.example",
    "helpdesk.example",
    "",
];

pub(super) async fn only_safe_addresses_are_taken(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    for address in UNSAFE {
        let place = format!("{address:?}");
        let fault = match (subject.build)(address, Transport::default()) {
            Ok(_) => Some("a source was built".to_owned()),
            Err(error) if error.kind() == ErrorKind::Configuration => None,
            Err(error) => {
                Some(format!("it is the error `{}` instead of `configuration`", error.kind()))
            }
        };
        faults.add(&place, fault);
    }
    if let Err(error) = (subject.build)("https://helpdesk.example", Transport::default()) {
        faults.add("https://helpdesk.example", [format!("no source is built: {error}")]);
    }
    Ok(faults)
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
                faults.add(&place, outcome.unless_failed(&[ErrorKind::Refused], provider));
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

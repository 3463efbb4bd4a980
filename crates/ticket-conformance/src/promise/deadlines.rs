//! Services that take too long.

use std::time::Duration;

use ticket_core::ErrorKind;
use ticket_core::transport::TransportConfig;
use ticket_sandbox::{Reply, Requests};

use super::scene::{Faults, Found, Play, Scene};
use crate::Subject;

/// A deadline that is over soon; nothing has to succeed within it.
const SOON: Duration = Duration::from_millis(100);
/// A deadline that is never over.
const NEVER: Duration = Duration::from_hours(24);

/// Ways not to come to an end.
const ENDLESS: [&str; 3] = ["silence", "stall", "drip 60s"];

pub(super) async fn every_call_ends_at_its_deadline(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    let (id, _) = subject.first()?;
    let usual = Play::default().settings;
    let of_attempt = TransportConfig {
        max_attempts: 2,
        attempt_timeout: SOON,
        call_timeout: NEVER,
        ..usual.clone()
    };
    let of_call = TransportConfig { attempt_timeout: NEVER, call_timeout: SOON, ..usual.clone() };
    let mut plays = Vec::new();
    for route in subject.route_names()? {
        for fault in ENDLESS {
            for (settings, whose) in [(&of_attempt, "an attempt"), (&of_call, "the call")] {
                let place =
                    format!("`{fault}` at `{route}`, with a deadline of {SOON:?} for {whose}");
                let play = Play::struck(route, Requests::All, fault);
                plays.push((place, Play { settings: settings.clone(), ..play }));
            }
        }
    }
    let tireless = TransportConfig {
        max_attempts: u32::MAX,
        retry_budget: u32::MAX,
        call_timeout: SOON,
        ..usual
    };
    let place = format!("a gateway that fails for ever, with a deadline of {SOON:?} for the call");
    let play = Play::with(Requests::All, Reply::page(503));
    plays.push((place, Play { settings: tireless, ..play }));

    for (place, play) in plays {
        let scene = Scene::of(subject, play).await?;
        let outcome = scene.fetch(id).await;
        let kinds = [ErrorKind::Timeout, ErrorKind::Unavailable];
        let kinds = if place.starts_with('`') { &kinds[..1] } else { &kinds };
        faults.add(&place, outcome.unless_failed(kinds, scene.source.provider()));
        // Between two drips nobody notices who has left.
        if !place.contains("drip") {
            let closed =
                scene.until(|scene| scene.server.unanswered() == 0, "a connection is open");
            faults.add(&place, closed.await);
        }
    }
    Ok(faults)
}

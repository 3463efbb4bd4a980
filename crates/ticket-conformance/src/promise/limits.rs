//! How often a ticket may be asked for.

use std::time::Duration;

use ticket_core::mapping::Limit;
use ticket_core::transport::TransportConfig;
use ticket_sandbox::Requests;

use super::scene::{Faults, Found, Play, Scene};
use crate::Subject;

/// A deadline that is over soon; nothing has to succeed within it.
const SOON: Duration = Duration::from_millis(300);
/// A deadline that is never over.
const NEVER: Duration = Duration::from_hours(24);

/// How many calls are made where one request is allowed.
const CALLS: usize = 3;

pub(super) async fn documented_limits_are_kept(subject: &Subject) -> Found {
    let mut faults = Faults::default();
    if let Some(told) = told(subject)
        && told != subject.limits
    {
        let named = &subject.limits;
        let fault = format!("they say {told:?}, and the subject names {named:?} by `.limit(…)`");
        faults.add("the capabilities", [fault]);
    }
    if subject.limits.is_empty() {
        return Ok(faults);
    }
    let (id, _) = subject.first()?;
    let (ticket, _) = subject.routes()?;
    // Of every limit only one request is ours, and nobody knows when a silent service counts it.
    let play = Play::struck(ticket.name(), Requests::All, "silence");
    let settings = TransportConfig {
        rate_limit_fraction: 0.0,
        attempt_timeout: NEVER,
        call_timeout: SOON,
        ..play.settings.clone()
    };
    let scene = Scene::of(subject, Play { settings, ..play }).await?;
    for _ in 0..CALLS {
        scene.fetch(id).await;
    }
    let count = scene.tickets();
    let place = format!("{CALLS} calls of which the limit lets one through");
    faults.add(&place, (count > 1).then(|| format!("{count} requests were sent")));
    Ok(faults)
}

/// The limits that the provider's capabilities tell of the call that asks for a ticket.
fn told(subject: &Subject) -> Option<Vec<Limit>> {
    let decoder = subject.decoder?;
    let mut operations = decoder.capabilities().operations.iter();
    let operation = operations.find(|operation| operation.name == decoder.ticket_operation());
    Some(operation.map(|operation| operation.limits.to_vec()).unwrap_or_default())
}

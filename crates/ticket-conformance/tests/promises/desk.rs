//! A helpdesk made for the suite: its decoder, its source, and all the ways in which they can break a promise.

mod decoder;
mod source;
mod tokens;

use std::fmt::Debug;
use std::time::Duration;

use ticket_conformance::{Reply, Route, Subject};
use ticket_core::mapping::Limit;
use ticket_core::{Error, ErrorKind, TicketSource};

pub(crate) use decoder::Desk;
pub(crate) use source::{DeskSource, Memory};

pub(crate) const PROVIDER: &str = "desk";
/// The one credential.
pub(crate) const KEY: &str = "canary/key+1";

pub(crate) const TICKETS: [(&str, &[u8]); 2] = [
    ("42", br#"{"number": "42", "subject": "A jam", "state": "open"}"#),
    ("A-43", br#"{"number": "A-43", "subject": "No paper", "state": "closed"}"#),
];

/// What the desk allows.
pub(crate) const LIMIT: Limit = Limit { requests: 50, seconds: 1 };

/// In which way the desk breaks a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    None,
    LosesTheResponse,
    TakesAnyTicket,
    HasEveryId,
    MistakesTheCredentials,
    MistakesAccess,
    TakesALimitAsFinal,
    TakesAnOverloadAsFinal,
    MistakesConnections,
    TakesNonsense,
    IgnoresTheTransport,
    JoinsIdsAsLinks,
    TakesAnyAddress,
    FollowsRedirects,
    PrintsItsKey,
    PrintsItsKeyInBase64,
    RepeatsTheResponse,
    LogsItsToken,
    KeepsPermits,
    SpawnsItsCalls,
    SharesItsQuestion,
    FetchesATokenEachTime,
    KeepsARefusedToken,
    ForgetsAField,
    PanicsWithoutSubject,
    RefusesUnknownWords,
    CountsItsTickets,
    NeedsNoKey,
    TakesFailuresForSuccesses,
    MistakesAQuota,
    KnowsNoLimit,
    KnowsBetter,
}

/// The same failure as one of another kind.
pub(crate) fn mistaken(error: &Error, kind: ErrorKind) -> Error {
    Error::new(kind, error.message()).with_provider(PROVIDER)
}

/// The desk with a lie, or with none.
pub(crate) fn subject(lie: Lie) -> Subject {
    pointed(lie, |desk| desk)
}

/// The desk, reached in some way.
pub(crate) fn pointed<S: TicketSource + Debug + 'static>(
    lie: Lie,
    point: impl Fn(DeskSource) -> S + Send + Sync + 'static,
) -> Subject {
    let subject = Subject::over_http(move |base_url, transport| {
        DeskSource::new(lie, base_url, KEY, transport).map(&point)
    });
    let subject = subject.not_built("no key", move |base_url, transport| {
        DeskSource::new(lie, base_url, "", transport)
    });
    with_responses(subject).decoder(Box::leak(Box::new(Desk::new(lie))))
}

/// All that the service responds.
fn with_responses(subject: Subject) -> Subject {
    let refusal = |status, word: &str| {
        Reply::json(status, format!(r#"{{"error": "{word}", "detail": "It is not to be."}}"#))
    };
    let limited = refusal(429, "limited");
    let subject = TICKETS.into_iter().fold(subject, |subject, (id, body)| subject.ticket(id, body));
    subject
        .secret(KEY)
        .ticket_route(Route::get("ticket", "/tickets/{id}"))
        .token_route(Route::post("token", "/token"), |token| {
            Reply::json(200, format!(r#"{{"token": "{token}"}}"#))
        })
        .when_unknown(refusal(404, "unknown"))
        .when_refused(refusal(401, "credentials"))
        .when_forbidden(refusal(403, "access"))
        .when_limited(limited.clone(), None)
        .when_limited(limited.with_header("Retry-After", "1"), Some(Duration::from_secs(1)))
        .when_overloaded(refusal(500, "broken"))
        .limit(LIMIT)
        .when_not_understood(refusal(400, "request"))
        .when_used_up(refusal(402, "quota"))
        .when_refused_otherwise(refusal(200, "closed"))
        .when_token_refused(refusal(401, "token_ended"))
        .when_token_call_refused(refusal(401, "credentials"))
}

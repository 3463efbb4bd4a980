//! A made-up helpdesk, correct or with a defect.

mod decoder;
mod list;
mod source;
mod tokens;

use std::fmt::Debug;
use std::time::Duration;

use ticket_core::mapping::Limit;
use ticket_core::{Error, ErrorKind, TicketSource};
use ticket_testkit::{ConversationUnderTest, ListUnderTest, Reply, Route, SourceUnderTest};

pub(crate) use decoder::HelpdeskDecoder;
pub(crate) use source::{HelpdeskSource, MemorySource};

pub(crate) const PROVIDER: &str = "helpdesk";
/// The one credential.
pub(crate) const KEY: &str = "canary/key+1";

pub(crate) const TICKETS: [(&str, &[u8]); 2] = [
    ("42", br#"{"number": "42", "subject": "Paper jam", "state": "open"}"#),
    ("A-43", br#"{"number": "A-43", "subject": "No paper", "state": "closed"}"#),
];

/// The documented rate limit.
pub(crate) const LIMIT: Limit = Limit { requests: 50, seconds: 1 };

/// How the source violates the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    None,
    DropsTheResponse,
    AcceptsAnyTicket,
    ReturnsATicketForEveryId,
    MisreportsCredentials,
    MisreportsPermission,
    DoesNotWaitForTheLimit,
    DoesNotRetryWhenUnavailable,
    MisreportsConnections,
    AcceptsInvalidResponses,
    IgnoresTheTransport,
    JoinsIdsAsRelativeUrls,
    AcceptsAnyBaseUrl,
    FollowsRedirects,
    ShowsKeyInDebug,
    ShowsKeyInBase64,
    EchoesTheResponse,
    LogsToken,
    LeaksPermits,
    SpawnsCalls,
    SharesTheRequestedId,
    FetchesATokenForEachCall,
    KeepsARejectedToken,
    DropsAField,
    PanicsWithoutSubject,
    RejectsUnknownWords,
    NumbersItsTickets,
    AcceptsAMissingKey,
    IgnoresTheStatus,
    MisreportsQuota,
    HasNoRateLimit,
    IgnoresVocabularyOverrides,
    DropsPages,
    KeepsAShortConversation,
    HasADeadlineForEachCall,
    HidesItsList,
    RepeatsRows,
    IgnoresFilters,
    AcceptsAnyPageToken,
    DoesNotRetryLists,
    /// Not a defect: the service merges tickets.
    MergesTickets,
}

/// Returns the same error with another kind.
pub(crate) fn with_kind(error: &Error, kind: ErrorKind) -> Error {
    Error::new(kind, error.message()).with_provider(PROVIDER)
}

/// Describes the source with a defect, or with none.
pub(crate) fn source_under_test(defect: Defect) -> SourceUnderTest {
    wrapped(defect, |source| source)
}

/// Describes a wrapper of the source.
pub(crate) fn wrapped<S: TicketSource + Debug + 'static>(
    defect: Defect,
    wrap: impl Fn(HelpdeskSource) -> S + Send + Sync + 'static,
) -> SourceUnderTest {
    let source = SourceUnderTest::over_http(move |base_url, transport| {
        HelpdeskSource::new(defect, base_url, KEY, transport).map(&wrap)
    });
    let source = source.rejects_configuration("no key", move |base_url, transport| {
        HelpdeskSource::new(defect, base_url, "", transport)
    });
    with_responses(source).decoder(Box::leak(Box::new(HelpdeskDecoder::new(defect))))
}

/// Adds all responses of the service.
fn with_responses(source: SourceUnderTest) -> SourceUnderTest {
    let error = |status, code: &str| {
        Reply::json(status, format!(r#"{{"error": "{code}", "detail": "Not now."}}"#))
    };
    let limited = error(429, "limited");
    let source = TICKETS.into_iter().fold(source, |source, (id, body)| source.ticket(id, body));
    source
        .secret(KEY)
        .ticket_route(Route::get("ticket", "/tickets/{id}"))
        .token_route(Route::post("token", "/token"), |token| {
            Reply::json(200, format!(r#"{{"token": "{token}"}}"#))
        })
        .conversation(
            ConversationUnderTest::new(Route::get("messages", "/tickets/42/messages?page={id}"), 3)
                .page("1", br#"{"total": 3, "messages": ["1", "2"]}"#)
                .page("2", br#"{"total": 3, "messages": ["3"]}"#),
        )
        .list(
            ListUnderTest::over_http(Route::get("list", "/tickets?page={id}"))
                .page_size(2)
                .page("1", br#"{"total": 3, "tickets": ["42", "A-43"]}"#)
                .page("2", br#"{"total": 3, "tickets": ["44"]}"#)
                .ids(["42", "A-43", "44"]),
        )
        .unknown_ticket_response(error(404, "unknown"))
        .invalid_credentials_response(error(401, "credentials"))
        .permission_denied_response(error(403, "access"))
        .rate_limited_response(limited.clone(), None)
        .rate_limited_response(
            limited.with_header("Retry-After", "1"),
            Some(Duration::from_secs(1)),
        )
        .unavailable_response(error(500, "broken"))
        .rate_limit(LIMIT)
        .invalid_request_response(error(400, "request"))
        .quota_exhausted_response(error(402, "quota"))
        .rejected_response(error(200, "closed"))
        .expired_token_response(error(401, "token_ended"))
        .token_rejected_response(error(401, "credentials"))
}

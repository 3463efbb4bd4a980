//! A correct source passes all contract tests; each defect is found and reported.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ticket_testkit::{
    ContractTest, ConversationUnderTest, Reply, Route, SourceUnderTest, TestOutcome,
    contract_tests, run_contract_tests,
};

use crate::helpdesk::{
    Defect, HelpdeskSource, KEY, LIMIT, MemorySource, TICKETS, source_under_test, wrapped,
};

#[test]
fn correct_source_passes_all_tests() {
    let passed = run_contract_tests(&source_under_test(Defect::None));
    assert_eq!(passed.len(), contract_tests().len());
}

#[test]
fn pointers_to_a_correct_source_pass_all_tests() {
    let sources = [
        wrapped(Defect::None, Box::new),
        wrapped(Defect::None, Arc::new),
        wrapped(Defect::None, |source| -> &'static HelpdeskSource { Box::leak(Box::new(source)) }),
    ];
    thread::scope(|scope| {
        for source in sources {
            scope.spawn(move || {
                assert_eq!(run_contract_tests(&source).len(), contract_tests().len());
            });
        }
    });
}

/// Describes the source in memory.
fn in_memory(returns_every_id: bool) -> SourceUnderTest {
    let source = SourceUnderTest::in_memory(move || Ok(MemorySource { returns_every_id }));
    TICKETS.into_iter().fold(source, |source, (id, _)| source.ticket_in_memory(id))
}

/// Returns the test with this name.
fn test(name: &str) -> &'static ContractTest {
    contract_tests().iter().find(|test| test.name == name).expect(name)
}

/// Returns the message of a failed test, or its outcome.
fn message(test: &'static ContractTest, source: &SourceUnderTest) -> String {
    match test.run(source) {
        TestOutcome::Failed(violation) => violation.to_string(),
        outcome => format!("{outcome:?}"),
    }
}

#[test]
fn source_in_memory_passes_the_tests_without_http() {
    let passed = run_contract_tests(&in_memory(false));
    let names: Vec<_> = passed.iter().map(|test| test.name).collect();
    assert_eq!(
        names,
        [
            "returns_the_requested_ticket",
            "unknown_id_is_not_found",
            "unusual_id_stays_in_its_path",
            "secrets_are_redacted",
            "cancelled_call_releases_resources",
            "concurrent_calls_get_their_own_tickets",
            "ticket_json_is_stable",
            "list_is_returned_if_there_is_one",
        ]
    );
    let message = message(test("unknown_id_is_not_found"), &in_memory(true));
    assert!(
        message.contains("49: the call returned ticket 42; expected the error `not_found`"),
        "{message}"
    );
}

/// The timeout for defects that prevent an event.
const SHORT: Duration = Duration::from_millis(500);

/// Each defect, the test that it fails, and a part of the problem.
const DEFECTS: &[(Defect, &str, &str)] = &[
    (
        Defect::DropsTheResponse,
        "returns_the_requested_ticket",
        "42: no response of the origin has the sent bytes",
    ),
    (
        Defect::AcceptsAnyTicket,
        "other_ticket_is_an_error",
        "requested 42 and got A-43: the call returned ticket A-43; expected the error `ticket_mismatch`",
    ),
    (
        Defect::ReturnsATicketForEveryId,
        "unknown_id_is_not_found",
        "the call returned ticket 49; expected the error `not_found`",
    ),
    (
        Defect::MisreportsCredentials,
        "invalid_credentials_are_reported",
        "the call failed with `rejected` (helpdesk: the helpdesk rejects the request: \"Not now.\" (HTTP 401)); expected the error `unauthenticated`",
    ),
    (
        Defect::MisreportsPermission,
        "missing_permission_is_reported",
        "expected the error `permission_denied`",
    ),
    (
        Defect::DoesNotWaitForTheLimit,
        "waits_for_the_rate_limit",
        "once: the call failed with `quota_exhausted`",
    ),
    (
        Defect::DoesNotRetryWhenUnavailable,
        "retries_when_unavailable",
        "once: the call failed with `rejected`",
    ),
    (
        Defect::MisreportsConnections,
        "retries_broken_connections",
        "`close` at every request of `ticket`: the call failed with `invalid_response`",
    ),
    (
        Defect::AcceptsInvalidResponses,
        "invalid_response_is_an_error",
        "`html` at every request of `ticket`: the call returned ticket 42; expected the error `invalid_response`",
    ),
    (
        Defect::IgnoresTheTransport,
        "oversized_response_is_an_error",
        "with Content-Length, with a limit of 4156 bytes: the call returned ticket 42",
    ),
    (
        Defect::IgnoresTheTransport,
        "call_ends_at_its_deadline",
        "`silence` at `ticket`, with a deadline of 100ms for an attempt: the call did not end within 0.5 s",
    ),
    (Defect::JoinsIdsAsRelativeUrls, "unusual_id_stays_in_its_path", "\"a:b\": "),
    (
        Defect::AcceptsAnyBaseUrl,
        "unsafe_base_url_is_rejected",
        "\"http://helpdesk.example\": the configuration was accepted",
    ),
    (
        Defect::FollowsRedirects,
        "redirect_is_not_followed",
        "to another origin` at `ticket`: connected to the other origin",
    ),
    (
        Defect::ShowsKeyInDebug,
        "secrets_are_redacted",
        "before any call: the source contains the secret `canary/key+1` in plain text, after `HelpdeskSource { key: \"`",
    ),
    (
        Defect::ShowsKeyInBase64,
        "secrets_are_redacted",
        "the source contains the secret `canary/key+1` in Base64",
    ),
    (
        Defect::EchoesTheResponse,
        "secrets_are_redacted",
        "the error contains the secret `canary/key+1`",
    ),
    (
        Defect::LogsToken,
        "secrets_are_redacted",
        "a success: the log contains a token in plain text",
    ),
    (
        Defect::LeaksPermits,
        "cancelled_call_releases_resources",
        "call 2, cancelled while `ticket` is silent: no request was sent after 0.5 s",
    ),
    (
        Defect::SpawnsCalls,
        "cancelled_call_releases_resources",
        "call 1, cancelled while `ticket` is silent: the connection is still open after 0.5 s",
    ),
    (
        Defect::SharesTheRequestedId,
        "concurrent_calls_get_their_own_tickets",
        "a concurrent call: the call returned ticket",
    ),
    (Defect::FetchesATokenForEachCall, "token_is_shared", "all calls: fetched 65 tokens"),
    (
        Defect::KeepsARejectedToken,
        "rejected_token_is_replaced_once",
        "once: the call failed with `unauthenticated`",
    ),
    (
        Defect::DropsAField,
        "mapping_matches_its_table",
        "/subject: it is dropped, but no row of the table says so",
    ),
    (
        Defect::PanicsWithoutSubject,
        "mutated_responses_are_handled",
        "the decoder panics: the subject is missing",
    ),
    (
        Defect::RejectsUnknownWords,
        "unknown_word_is_kept",
        "`an unknown word` at /state of 42: the call failed with `invalid_response`",
    ),
    (
        Defect::NumbersItsTickets,
        "ticket_json_is_stable",
        "42: the decoder returns another ticket for the same response",
    ),
    (
        Defect::AcceptsAMissingKey,
        "invalid_configuration_is_rejected",
        "no key: the configuration was accepted",
    ),
    (
        Defect::IgnoresTheStatus,
        "error_status_is_not_a_success",
        "HTTP 401 with the body of a success: the call returned ticket 42; expected an error",
    ),
    (Defect::MisreportsQuota, "other_errors_are_reported", "expected the error `quota_exhausted`"),
    (
        Defect::HasNoRateLimit,
        "keeps_documented_rate_limits",
        "3 calls with a limit of one request: sent ",
    ),
    (
        Defect::IgnoresVocabularyOverrides,
        "vocabulary_overrides_take_precedence",
        "`open` at /state, overridden as `closed`: the override is ignored",
    ),
    (
        Defect::DropsPages,
        "conversation_is_whole_and_keeps_its_responses",
        "42: no response of the origin has the bytes of page 2",
    ),
    (
        Defect::KeepsAShortConversation,
        "failing_page_is_no_short_conversation",
        "`html` at `messages` after its first request: 2 of 3 messages with `complete` Some(true)",
    ),
    (
        Defect::HasADeadlineForEachCall,
        "conversation_shares_the_deadline_of_its_fetch",
        "at every request, with a deadline of 3s: the call returned ticket 42; expected the error `timeout`",
    ),
    (Defect::HidesItsList, "list_is_returned_if_there_is_one", "the source: returns no list"),
    (
        Defect::RepeatsRows,
        "list_has_every_ticket_once",
        "all pages: listed [\"42\", \"42\", \"A-43\", \"44\", \"44\"]; expected",
    ),
    (
        Defect::IgnoresFilters,
        "unsupported_query_is_refused",
        "the filter `text`: the call returned 2 tickets; expected an error",
    ),
    (
        Defect::AcceptsAnyPageToken,
        "invalid_page_token_is_an_error",
        "the token \"no such page\": the call returned 2 tickets; expected an error",
    ),
    (
        Defect::DoesNotRetryLists,
        "list_call_keeps_limits_and_is_retried",
        "at `list`, once: the call failed with `rejected`",
    ),
];

#[test]
fn each_defect_is_reported_with_requirement_and_hint() {
    let mut unreported = Vec::new();
    thread::scope(|scope| {
        let running: Vec<_> = DEFECTS
            .iter()
            .map(|(defect, name, problem)| {
                let source = source_under_test(*defect);
                // An event that never comes needs a short timeout; others may take long on a busy machine.
                let is_timeout = problem.ends_with(" 0.5 s");
                let source = if is_timeout { source.timeout(SHORT) } else { source };
                let test = test(name);
                (defect, test, problem, scope.spawn(move || message(test, &source)))
            })
            .collect();
        for (defect, test, problem, message) in running {
            let message = message.join().expect("it does not panic");
            let ContractTest { name, requirement, hint, .. } = test;
            let start = format!("{name}: {requirement}\n  - ");
            let end = format!("\n  Check {hint}");
            if !(message.starts_with(&start)
                && message.contains(problem)
                && message.ends_with(&end))
            {
                unreported.push(format!("{defect:?}: {message}"));
            }
        }
    });
    assert!(unreported.is_empty(), "{}", unreported.join("\n\n"));
}

#[test]
fn every_test_fails_for_some_defect() {
    let failed: BTreeSet<_> = DEFECTS.iter().map(|(_, name, _)| *name).collect();
    let all: BTreeSet<_> = contract_tests().iter().map(|test| test.name).collect();
    assert_eq!(failed, all);
}

#[test]
fn incomplete_description_is_reported_with_the_missing_method() {
    let build =
        |base_url: &str, transport| HelpdeskSource::new(Defect::None, base_url, KEY, transport);
    let bare = || SourceUnderTest::over_http(build);
    let routed = || bare().ticket_route(Route::get("ticket", "/tickets/{id}"));
    let one = || routed().ticket(TICKETS[0].0, TICKETS[0].1);
    let two = || one().ticket(TICKETS[1].0, TICKETS[1].1);
    let without_route = || bare().ticket_in_memory("42").ticket_in_memory("43");
    for (source, name, missing) in vec![
        (without_route(), "returns_the_requested_ticket", "add `.ticket_route(…)`"),
        (routed(), "returns_the_requested_ticket", "add two `.ticket(…)`"),
        (one(), "other_ticket_is_an_error", "add another `.ticket(…)`"),
        (two(), "unknown_id_is_not_found", "add `.unknown_ticket_response(…)`"),
        (two(), "invalid_credentials_are_reported", "add `.invalid_credentials_response(…)`"),
        (two(), "missing_permission_is_reported", "add `.permission_denied_response(…)`"),
        (two().rate_limit(LIMIT), "waits_for_the_rate_limit", "add `.rate_limited_response(…)`"),
        (two(), "retries_when_unavailable", "add `.unavailable_response(…)`"),
        (two(), "secrets_are_redacted", "add `.secret(…)` for each"),
        (two(), "invalid_configuration_is_rejected", "add `.rejects_configuration(…)`"),
        (two().secret("short"), "secrets_are_redacted", "`short` is shorter than 8 characters"),
        (two().secret("another-secret"), "secrets_are_redacted", "no request carries a secret"),
    ] {
        let message = message(test(name), &source);
        assert!(message.contains(missing), "{message}");
    }
}

#[test]
fn several_responses_may_show_one_ticket() {
    let later = br#"{"number": "42", "subject": "Paper jam, again", "state": "closed"}"#;
    run_contract_tests(&source_under_test(Defect::None).ticket("42", later));
    let source = SourceUnderTest::in_memory(|| Ok(MemorySource { returns_every_id: false }));
    let twice = source.ticket_in_memory("42");
    let message = message(test("returns_the_requested_ticket"), &twice.ticket_in_memory("42"));
    assert!(message.contains("every ticket has the id 42: add another `.ticket(…)`"), "{message}");
}

#[test]
fn conversation_may_be_one_page() {
    let route = Route::get("messages", "/tickets/42/messages?page={id}");
    let page = br#"{"total": 2, "messages": ["1", "2"]}"#;
    let conversation = || ConversationUnderTest::new(route.clone(), 2).page("1", page);
    run_contract_tests(&source_under_test(Defect::None).conversation(conversation()));
    let source = source_under_test(Defect::HasADeadlineForEachCall).conversation(conversation());
    let message = message(test("conversation_shares_the_deadline_of_its_fetch"), &source);
    assert!(message.contains("with a deadline of 1.5s: the call returned ticket 42"), "{message}");
}

#[test]
fn other_responses_may_be_larger_than_the_ticket() {
    let large = || Reply::json(200, " ".repeat(10_000));
    let source = source_under_test(Defect::None)
        .other_route(Route::get("labels", "/labels").default_reply(large()));
    run_contract_tests(&source);
    let source = source_under_test(Defect::IgnoresTheTransport)
        .other_route(Route::get("labels", "/labels").default_reply(large()));
    let message = message(test("oversized_response_is_an_error"), &source);
    assert!(message.contains("with a limit of 14096 bytes"), "{message}");
}

#[test]
fn another_ticket_is_accepted_if_the_decoder_says_so() {
    let outcome = test("other_ticket_is_an_error").run(&source_under_test(Defect::MergesTickets));
    assert!(matches!(outcome, TestOutcome::Passed), "{outcome:?}");
}

#[test]
fn undescribed_list_is_reported() {
    let source = SourceUnderTest::over_http(|base_url, transport| {
        HelpdeskSource::new(Defect::None, base_url, KEY, transport)
    });
    let message = message(test("list_is_returned_if_there_is_one"), &source);
    assert!(message.contains("returns a list that is not described: add `.list(…)`"), "{message}");
}

#[test]
fn skipped_tests_have_a_reason() {
    let source = in_memory(false);
    let outcomes = contract_tests().iter().map(|test| test.run(&source));
    let reasons: BTreeSet<_> = outcomes
        .filter_map(|outcome| match outcome {
            TestOutcome::Skipped(reason) => Some(reason),
            _ => None,
        })
        .collect();
    let expected = [
        "the source does not use HTTP",
        "the source has no decoder",
        "the source uses no token call",
        "the source has no list",
        "the source needs no further call for a conversation",
    ];
    assert_eq!(reasons, BTreeSet::from(expected));
}

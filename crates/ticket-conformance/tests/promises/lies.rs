//! The suite against a desk made for it: an honest desk keeps every promise, and each lie is found, named and told what to look at.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ticket_conformance::{Promise, Route, Subject, Verdict, keep_all, promise, promises, verdicts};

use crate::desk::{DeskSource, KEY, Lie, Memory, TICKETS, pointed, subject};

#[test]
fn an_honest_desk_keeps_every_promise() {
    assert_eq!(keep_all(&subject(Lie::None)).len(), promises().len());
}

#[test]
fn whatever_points_to_an_honest_desk_keeps_every_promise() {
    for subject in [
        pointed(Lie::None, Box::new),
        pointed(Lie::None, Arc::new),
        pointed(Lie::None, |desk| -> &'static DeskSource { Box::leak(Box::new(desk)) }),
    ] {
        assert_eq!(keep_all(&subject).len(), promises().len());
    }
}

/// The desk in memory.
fn in_memory(has_every_id: bool) -> Subject {
    let subject = Subject::in_memory(move || Ok(Memory { has_every_id }));
    TICKETS.into_iter().fold(subject, |subject, (id, _)| subject.holds(id))
}

#[test]
fn a_desk_in_memory_keeps_what_makes_sense_without_a_service() {
    let kept: Vec<_> = keep_all(&in_memory(false)).iter().map(|promise| promise.name).collect();
    assert_eq!(
        kept,
        [
            "the_asked_ticket_comes_back",
            "an_unknown_id_is_not_found",
            "an_odd_id_leads_nowhere_else",
            "no_secret_is_told",
            "a_call_that_is_given_up_leaves_nothing_behind",
            "many_calls_share_one_source",
            "a_ticket_is_stable_json",
        ]
    );
    let broken = promise::an_unknown_id_is_not_found(&in_memory(true)).unwrap_err().to_string();
    assert!(
        broken.contains("49: the call gave ticket 42; the error `not_found` was to come"),
        "{broken}"
    );
}

/// How long the suite waits for what never comes.
const SHORT: Duration = Duration::from_millis(500);

/// Each lie, the promise that it breaks, and what is said of it.
const LIES: &[(Lie, &str, &str)] = &[
    (
        Lie::LosesTheResponse,
        "the_asked_ticket_comes_back",
        "42: no response of the origin has the bytes that were sent",
    ),
    (
        Lie::TakesAnyTicket,
        "another_ticket_is_an_error",
        "asked for 42, and A-43 came: the call gave ticket A-43; the error `ticket_mismatch` was to come",
    ),
    (
        Lie::HasEveryId,
        "an_unknown_id_is_not_found",
        "the call gave ticket 49; the error `not_found` was to come",
    ),
    (
        Lie::MistakesTheCredentials,
        "refused_credentials_are_told",
        "the call failed with `rejected` (desk: the desk refuses: \"It is not to be.\" (HTTP 401)); the error `unauthenticated` was to come",
    ),
    (
        Lie::MistakesAccess,
        "missing_permission_is_told",
        "the error `permission_denied` was to come",
    ),
    (
        Lie::TakesALimitAsFinal,
        "a_limit_is_waited_out",
        "once: the call failed with `quota_exhausted`",
    ),
    (
        Lie::TakesAnOverloadAsFinal,
        "an_overload_is_tried_again_and_told",
        "once: the call failed with `rejected`",
    ),
    (
        Lie::MistakesConnections,
        "a_broken_connection_is_tried_again_and_told",
        "`close` at every request of `ticket`: the call failed with `invalid_response`",
    ),
    (
        Lie::TakesNonsense,
        "what_is_no_response_is_unreadable",
        "`html` at every request of `ticket`: the call gave ticket 42; the error `invalid_response` was to come",
    ),
    (
        Lie::IgnoresTheTransport,
        "a_huge_response_is_not_read",
        "told ahead, where 4149 are allowed: the call gave ticket 42",
    ),
    (
        Lie::IgnoresTheTransport,
        "every_call_ends_at_its_deadline",
        "`silence` at `ticket`, with a deadline of 100ms for an attempt: the call had not ended after 0.5 s",
    ),
    (Lie::JoinsIdsAsLinks, "an_odd_id_leads_nowhere_else", "\"a:b\": "),
    (
        Lie::TakesAnyAddress,
        "only_safe_addresses_are_taken",
        "\"http://helpdesk.example\": a source was built",
    ),
    (
        Lie::FollowsRedirects,
        "no_redirect_is_followed",
        "to another origin` at `ticket`: a connection was made to the other origin",
    ),
    (
        Lie::PrintsItsKey,
        "no_secret_is_told",
        "before any call: the source tells the secret `canary/key+1` as it is, behind `DeskSource { key: \"`",
    ),
    (
        Lie::PrintsItsKeyInBase64,
        "no_secret_is_told",
        "the source tells the secret `canary/key+1` in Base64",
    ),
    (Lie::RepeatsTheResponse, "no_secret_is_told", "the error tells the secret `canary/key+1`"),
    (Lie::LogsItsToken, "no_secret_is_told", "a success: the log tells a token as it is"),
    (
        Lie::KeepsPermits,
        "a_call_that_is_given_up_leaves_nothing_behind",
        "call 2, given up while `ticket` is silent: no request was sent, even after 0.5 s",
    ),
    (
        Lie::SpawnsItsCalls,
        "a_call_that_is_given_up_leaves_nothing_behind",
        "call 1, given up while `ticket` is silent: its connection is open, even after 0.5 s",
    ),
    (
        Lie::SharesItsQuestion,
        "many_calls_share_one_source",
        "one of many calls: the call gave ticket",
    ),
    (
        Lie::FetchesATokenEachTime,
        "one_token_serves_all_calls",
        "all together: 65 tokens were fetched",
    ),
    (
        Lie::KeepsARefusedToken,
        "a_refused_token_is_replaced_once",
        "once: the call failed with `unauthenticated`",
    ),
    (
        Lie::ForgetsAField,
        "the_mapping_is_as_its_table_says",
        "title: no change of /subject moves it",
    ),
    (
        Lie::PanicsWithoutSubject,
        "changed_responses_are_read_or_refused",
        "the reading panics: there is always a subject",
    ),
    (
        Lie::RefusesUnknownWords,
        "an_unknown_word_is_kept",
        "`a word that nobody knows` at /state of 42: the call failed with `invalid_response`",
    ),
    (
        Lie::CountsItsTickets,
        "a_ticket_is_stable_json",
        "42: the decoder reads another ticket in the same response",
    ),
    (Lie::NeedsNoKey, "what_cannot_work_is_not_built", "no key: a source was built"),
    (
        Lie::TakesFailuresForSuccesses,
        "a_failure_is_no_success",
        "HTTP 401 with the body of a success: the call gave ticket 42; an error was to come",
    ),
    (Lie::MistakesAQuota, "any_other_refusal_is_told", "the error `quota_exhausted` was to come"),
    (
        Lie::KnowsNoLimit,
        "documented_limits_are_kept",
        "3 calls of which the limit lets one through: 3 requests were sent",
    ),
    (
        Lie::KnowsBetter,
        "words_of_the_tenant_come_first",
        "`open` at /state, which is `closed` here: it becomes something else",
    ),
];

/// What is said of one promise; nothing where it is kept.
fn said(promise: &'static Promise, subject: &Subject) -> String {
    match promise.keep(subject) {
        Verdict::Broken(broken) => broken.to_string(),
        verdict => format!("{verdict:?}"),
    }
}

#[test]
fn each_lie_is_found_named_and_told_what_to_look_at() {
    let mut unfound = Vec::new();
    thread::scope(|scope| {
        let told: Vec<_> = LIES
            .iter()
            .map(|(lie, name, fault)| {
                let promise = promises().iter().find(|promise| promise.name == *name);
                let promise = promise.expect(name);
                let subject = subject(*lie);
                // What never comes is waited for a short time; what comes may take long on a busy machine.
                let is_endless = fault.ends_with("after 0.5 s");
                let subject = if is_endless { subject.patience(SHORT) } else { subject };
                (lie, promise, fault, scope.spawn(move || said(promise, &subject)))
            })
            .collect();
        for (lie, promise, fault, said) in told {
            let said = said.join().expect("it does not panic");
            let Promise { name, sentence, look_at, .. } = promise;
            let begins = format!("{name}: {sentence}\n  - ");
            let ends = format!("\n  Look at {look_at}");
            if !(said.starts_with(&begins) && said.contains(fault) && said.ends_with(&ends)) {
                unfound.push(format!("{lie:?}: {said}"));
            }
        }
    });
    assert!(unfound.is_empty(), "{}", unfound.join("\n\n"));
}

#[test]
fn every_promise_is_broken_by_some_lie() {
    let broken: BTreeSet<_> = LIES.iter().map(|(_, name, _)| *name).collect();
    let all: BTreeSet<_> = promises().iter().map(|promise| promise.name).collect();
    assert_eq!(broken, all);
}

#[test]
fn a_subject_that_does_not_say_enough_is_told_what_to_add() {
    let source = |base_url: &str, transport| DeskSource::new(Lie::None, base_url, KEY, transport);
    let bare = || Subject::over_http(source);
    let routed = || bare().ticket_route(Route::get("ticket", "/tickets/{id}"));
    let one = || routed().ticket(TICKETS[0].0, TICKETS[0].1);
    let two = || one().ticket(TICKETS[1].0, TICKETS[1].1);
    for (subject, name, missing) in [
        (bare().holds("42").holds("43"), "the_asked_ticket_comes_back", "add `.ticket_route(…)`"),
        (routed(), "the_asked_ticket_comes_back", "add `.ticket(…)` twice"),
        (one(), "another_ticket_is_an_error", "add another one by `.ticket(…)`"),
        (two(), "an_unknown_id_is_not_found", "add `.when_unknown(…)`"),
        (two(), "refused_credentials_are_told", "add `.when_refused(…)`"),
        (two(), "missing_permission_is_told", "add `.when_forbidden(…)`"),
        (two(), "a_limit_is_waited_out", "add `.when_limited(…)`"),
        (two(), "an_overload_is_tried_again_and_told", "add `.when_overloaded(…)`"),
        (two(), "no_secret_is_told", "add `.secret(…)` for each"),
        (two(), "what_cannot_work_is_not_built", "add `.not_built(…)`"),
        (two().secret("short"), "no_secret_is_told", "`short` is shorter than 8 characters"),
        (
            two().secret("another-secret"),
            "no_secret_is_told",
            "no request carries any of the secrets",
        ),
    ] {
        let promise = promises().iter().find(|promise| promise.name == name).expect(name);
        let said = said(promise, &subject);
        assert!(said.contains(missing), "{said}");
    }
}

#[test]
fn what_makes_no_sense_is_said_to_be_not_asked() {
    let reasons: BTreeSet<_> = verdicts(&in_memory(false))
        .into_iter()
        .filter_map(|(_, verdict)| match verdict {
            Verdict::NotAsked(reason) => Some(reason),
            _ => None,
        })
        .collect();
    assert_eq!(
        reasons,
        BTreeSet::from(["it asks no service", "it fetches no token", "it names no decoder"])
    );
}

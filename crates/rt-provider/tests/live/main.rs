//! Checks against a real Request Tracker, which `cargo xtask live rt` starts; `xtask/live/rt/tickets.pl` creates the tickets.

mod describe;

use std::collections::BTreeSet;
use std::env;
use std::sync::OnceLock;

use describe::describe;
use futures_util::{StreamExt, TryStreamExt};
use rt_provider::{Rt, RtSource};
use ticket_core::{
    Decoder, Error, ErrorKind, FetchOptions, ListItem, ListQuery, ListReceipt, Record, TicketId,
    TicketSource, TicketSourceExt, TimeRange, VocabularyOverrides, saved,
};
use ticket_model::{Coded, Relation, RelationType, Status, Ticket, Visibility};

/// The tickets that a search finds, for each user.
const ROOT: &[u32] = &[1, 2, 3, 4, 5, 6, 8, 10, 11, 12];
const AGENT: &[u32] = &[1, 2, 4, 5, 8, 10, 11, 12];
const REQUESTER: &[u32] = &[1, 2, 4, 8];

/// A search does not find them, but they can be fetched.
const DELETED: u32 = 7;
const MERGED: u32 = 9;

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run cargo xtask live rt"))
}

/// Returns the source of a user: `ROOT`, `AGENT` or `REQUESTER`.
fn source(user: &str) -> RtSource {
    source_with(&variable(&format!("RT_{user}_TOKEN")))
}

fn source_with(token: &str) -> RtSource {
    let builder = RtSource::builder().base_url(variable("RT_BASE_URL")).token(token);
    builder.vocabulary(overrides()).build().unwrap()
}

/// Returns the meaning of the tenant's own statuses; `received` has none.
fn overrides() -> VocabularyOverrides {
    VocabularyOverrides::default()
        .with_status("diagnosed", Status::InProgress)
        .with_status("待用户回复", Status::WaitingOnRequester)
}

fn id(number: u32) -> TicketId {
    TicketId::new(number.to_string()).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

/// What a user gets for each ticket, with its conversation; fetched once for all tests.
struct Fetched {
    user: &'static str,
    results: Vec<Result<Record, Error>>,
}

impl Fetched {
    fn of(user: &str) -> &'static Self {
        static ALL: OnceLock<Vec<Fetched>> = OnceLock::new();
        let all = ALL.get_or_init(|| ["ROOT", "AGENT", "REQUESTER"].map(Self::fetch).into());
        all.iter().find(|fetched| fetched.user == user).unwrap()
    }

    fn fetch(user: &'static str) -> Self {
        let results = block_on(async {
            let source = source(user);
            let options = FetchOptions::default().with_conversation();
            let results = source.fetch_many((1..=12).map(id), options, 4);
            results.map(|(_, result)| result).collect().await
        });
        Self { user, results }
    }

    fn record(&self, number: u32) -> &Record {
        let result = &self.results[number as usize - 1];
        result.as_ref().unwrap_or_else(|error| panic!("{} {number}: {error}", self.user))
    }

    fn ticket(&self, number: u32) -> &Ticket {
        &self.record(number).ticket
    }
}

/// Lists all tickets of a query, and returns their numbers in order.
async fn list(source: &RtSource, query: ListQuery) -> (Vec<u32>, ListReceipt) {
    let mut reader = source.list().unwrap().read(query);
    let mut numbers = Vec::new();
    while let Some(items) = reader.next_page().await.unwrap() {
        numbers.extend(items.iter().map(|item| item.id().parse::<u32>().unwrap()));
    }
    (numbers, reader.receipt())
}

/// Lists all tickets that a user may see.
async fn rows(source: &RtSource) -> Vec<Record> {
    let rows = source.list().unwrap().read(ListQuery::default()).into_stream();
    let rows: Vec<_> = rows.try_collect().await.unwrap();
    let record = |row| match row {
        ListItem::Ticket(record) => *record,
        ListItem::Id(id) => panic!("the row of {id} is no ticket"),
    };
    rows.into_iter().map(record).collect()
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn root_gets_everything_of_every_ticket() {
    for number in 1..=12 {
        let ticket = Fetched::of("ROOT").ticket(number);
        insta::assert_snapshot!(format!("ticket_{number}"), describe(ticket));
    }
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn agent_gets_the_same_but_not_whether_the_conversation_is_complete() {
    for number in AGENT.iter().copied().chain([DELETED, MERGED]) {
        let expected = Fetched::of("ROOT").ticket(number);
        let mut seen = Fetched::of("AGENT").ticket(number).clone();
        assert_eq!(expected.conversation.as_ref().unwrap().complete, Some(true), "{number}");
        let complete = &mut seen.conversation.as_mut().unwrap().complete;
        assert_eq!(complete.replace(true), None, "{number}");
        assert_eq!(describe(&seen), describe(expected), "{number}");
    }
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn requester_gets_all_messages_but_internal_notes() {
    for number in REQUESTER.iter().copied() {
        let messages = |user| {
            let messages =
                &Fetched::of(user).ticket(number).conversation.as_ref().unwrap().messages;
            messages.iter().map(|it| (it.visibility, &it.body, &it.attachments))
        };
        let public: Vec<_> = messages("ROOT").filter(|it| it.0 == Visibility::Public).collect();
        assert_eq!(messages("REQUESTER").collect::<Vec<_>>(), public, "{number}");
    }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask live rt"]
async fn every_key_and_word_of_a_list_is_known() {
    let mut found = BTreeSet::new();
    for user in ["ROOT", "AGENT", "REQUESTER"] {
        for record in rows(&source(user)).await {
            found.extend(record.diagnostics.iter().map(ToString::to_string));
        }
    }
    assert_known(found);
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn every_key_and_word_of_a_ticket_is_known() {
    let mut found = BTreeSet::new();
    for user in ["ROOT", "AGENT", "REQUESTER"] {
        for record in Fetched::of(user).results.iter().flatten() {
            found.extend(record.diagnostics.iter().map(ToString::to_string));
        }
    }
    assert_known(found);
}

fn assert_known(mut diagnostics: BTreeSet<String>) {
    diagnostics.retain(|it| !it.ends_with("unknown word \"received\""));
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn saved_responses_decode_to_the_same_ticket() {
    for user in ["ROOT", "AGENT", "REQUESTER"] {
        for record in Fetched::of(user).results.iter().flatten() {
            let requested = record.origin.requested.as_ref().unwrap();
            let responses = saved::read(saved::write(&record.origin.responses), &Rt).unwrap();
            let decoded = Rt.decode(&responses, &overrides()).unwrap();
            assert_eq!(decoded.diagnostics, record.diagnostics, "{user} {requested}");
            assert_eq!(decoded.ticket, record.ticket, "{user} {requested}");
        }
    }
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn merged_ticket_comes_under_its_new_id() {
    let ticket = Fetched::of("AGENT").ticket(MERGED);
    assert_eq!((&*ticket.id, ticket.title.as_deref()), ("4", Some("Screen flickers")));
    let merged = ticket.relations.iter().find(|relation| relation.id.as_deref() == Some("9"));
    let relation_type = merged.unwrap().relation_type.as_ref().unwrap();
    assert_eq!(relation_type.value, RelationType::MergedInto);
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn users_get_only_what_they_may_see() {
    for (user, forbidden) in
        [("ROOT", &[][..]), ("AGENT", &[3, 6]), ("REQUESTER", &[3, 5, 6, 7, 10, 11, 12])]
    {
        for (number, result) in (1..).zip(&Fetched::of(user).results) {
            let kind = result.as_ref().err().map(Error::kind);
            let expected = forbidden.contains(&number).then_some(ErrorKind::PermissionDenied);
            assert_eq!(kind, expected, "{user} {number}");
        }
    }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask live rt"]
async fn failures_have_their_kinds() {
    let wrong = source_with("1-14-00000000000000000000000000000000");
    for (source, number, kind) in [
        (source("ROOT"), 999_999, ErrorKind::NotFound),
        (source("AGENT"), 999_999, ErrorKind::NotFound),
        (source("AGENT"), 3, ErrorKind::PermissionDenied),
        (source("REQUESTER"), 5, ErrorKind::PermissionDenied),
        (wrong.clone(), 1, ErrorKind::Unauthenticated),
    ] {
        for options in [FetchOptions::default(), FetchOptions::default().with_conversation()] {
            let error = source.fetch_with(&id(number), options).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{number}: {error}");
        }
    }
    assert_eq!(wrong.check().await.unwrap_err().kind(), ErrorKind::Unauthenticated);
    let error = wrong.list().unwrap().page(&ListQuery::default(), None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    source("REQUESTER").check().await.unwrap();
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask live rt"]
async fn lists_the_tickets_that_each_user_may_see() {
    // RT counts them for everybody, or only for those who may see all.
    let counts = env::var("RT_LIVE_COUNTS").as_deref() != Ok("0");
    for (user, expected) in [("ROOT", ROOT), ("AGENT", AGENT), ("REQUESTER", REQUESTER)] {
        let source = source(user);
        for page_size in [None, Some(2)] {
            let query = ListQuery { page_size, ..ListQuery::default() };
            let (numbers, receipt) = list(&source, query).await;
            assert_eq!(numbers, expected, "{user} {page_size:?}");
            let count = expected.len() as u64;
            assert_eq!((receipt.tickets, receipt.unreadable), (count, 0));
            let claimed = (counts || user == "ROOT").then_some(count);
            assert_eq!(receipt.claimed, claimed, "{user} {page_size:?}");
            let complete = claimed.map(|_| true);
            assert_eq!(receipt.is_complete(), complete, "{user} {page_size:?}");
        }
    }
}

#[test]
#[ignore = "needs a server: cargo xtask live rt"]
fn rows_of_a_list_are_the_tickets_that_a_fetch_returns() {
    for Record { ticket: row, .. } in block_on(rows(&source("ROOT"))) {
        let mut fetched = Fetched::of("ROOT").ticket(row.id.parse().unwrap()).clone();
        // Both come with the conversation.
        fetched.conversation = None;
        fetched.status_changes.clear();
        // A list does not look for the tickets that were merged into each row.
        let is_merged =
            |it: &Relation| it.relation_type == Some(Coded::derived(RelationType::MergedInto));
        fetched.relations.retain(|relation| !is_merged(relation));
        // A fetch makes a call for the names of roles.
        let row = describe(&row).replace("RT::CustomRole-1", "Account manager");
        assert_eq!(row, describe(&fetched));
    }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask live rt"]
async fn filters_find_the_right_tickets() {
    let source = source("ROOT");
    let at = |text: String| Some(text.parse().unwrap());
    // Each ticket was created at 12:00 UTC on its day of January, and updated a month later.
    let range = |month: u32, from: u32, to: u32| TimeRange {
        since: at(format!("2024-{month:02}-{from:02}T11:59:00Z")),
        until: at(format!("2024-{month:02}-{to:02}T12:01:00Z")),
    };
    let native = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let all = ListQuery::default;
    let queries: &[(ListQuery, &[u32])] = &[
        (ListQuery { statuses: vec![Status::New], ..all() }, &[2, 3, 10]),
        (ListQuery { statuses: vec![Status::Resolved, Status::OnHold], ..all() }, &[4, 5]),
        // RT finds no deleted tickets.
        (ListQuery { statuses: vec![Status::Closed], ..all() }, &[6]),
        (ListQuery { statuses: vec![Status::WaitingOnRequester], ..all() }, &[8]),
        (ListQuery { created: range(1, 4, 6), ..all() }, &[4, 5, 6]),
        (ListQuery { created: TimeRange { until: None, ..range(1, 11, 11) }, ..all() }, &[11, 12]),
        (ListQuery { updated: range(2, 8, 10), ..all() }, &[8, 10]),
        (ListQuery { updated: TimeRange { since: None, ..range(2, 1, 2) }, ..all() }, &[1, 2]),
        (ListQuery { requester: Some("lin@customer.example".into()), ..all() }, &[1, 2, 4, 8]),
        (ListQuery { requester: Some("o'neill@customer.example".into()), ..all() }, &[12]),
        (ListQuery { requester: Some("unknown@customer.example".into()), ..all() }, &[]),
        (ListQuery { assignee: Some("agent".into()), ..all() }, &[1, 4]),
        (ListQuery { text: Some("flickers".into()), ..all() }, &[4]),
        (ListQuery { text: Some("für März".into()), ..all() }, &[2]),
        (ListQuery { text: Some("it's BROKEN".into()), ..all() }, &[12]),
        (ListQuery { text: Some("x' OR id > 0 OR Subject = '".into()), ..all() }, &[]),
        (ListQuery { native: native("queue", "客户支持 Support"), ..all() }, &[1, 2, 4, 5, 10]),
        (ListQuery { native: native("query", "Priority > 50 OR id = 12"), ..all() }, &[1, 12]),
        (ListQuery { native: native("query", "CF.{Severity} LIKE 'High'"), ..all() }, &[1]),
        (
            ListQuery {
                created: range(1, 2, 12),
                requester: Some("hana@customer.example".into()),
                native: native("queue", "客户支持 Support"),
                ..all()
            },
            &[4, 5, 10],
        ),
    ];
    for (query, expected) in queries {
        let (numbers, _) = list(&source, query.clone()).await;
        assert_eq!(numbers, *expected, "{query:?}");
    }
    let query = ListQuery { native: native("query", "nonsense = 1"), ..all() };
    let error = source.list().unwrap().page(&query, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
}

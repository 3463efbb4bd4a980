//! Synchronization of sources in memory.

use std::panic::AssertUnwindSafe;
use std::sync::LazyLock;

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use ticket_core::model::{Actor, Coded, Conversation, Message, Person, Status, Ticket};
use ticket_core::{Error, ErrorKind, ListItems, ListQuery, TicketId, TicketSource};
use ticket_mirror::{
    Mirror, MirrorError, Receipt, SourceIdentity, SyncJob, SyncOptions, SyncOutcome, SyncScope,
};
use ticket_testkit::InMemorySource;

/// A mirror in a folder of its own.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn open(&self) -> Mirror {
        Mirror::open(self.folder.path().join("mirror.db")).unwrap()
    }

    async fn sync(&self, source: &InMemorySource) -> SyncOutcome {
        self.sync_with(source, SyncOptions::default()).await
    }

    async fn sync_with(&self, source: &InMemorySource, options: SyncOptions) -> SyncOutcome {
        let mut mirror = self.open();
        let identity = SourceIdentity::new("acme", &source.account());
        let sync = SyncJob::new(&mut mirror, source, &identity, options).unwrap();
        sync.run(|_| {}).await.unwrap()
    }

    fn ids(&self, query: &ListQuery) -> Vec<String> {
        let mut ids = Vec::new();
        self.open()
            .find(query, None, None, |found| {
                ids.push(found.ticket.id);
                Ok::<_, MirrorError>(true)
            })
            .unwrap();
        ids.sort();
        ids
    }

    fn sql(&self, query: &str) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let timeout = std::time::Duration::from_mins(1);
        self.open()
            .sql(query, timeout, |_, values| {
                rows.push(values.iter().map(ticket_mirror::SqlValue::to_text).collect());
                Ok::<_, MirrorError>(true)
            })
            .unwrap();
        rows
    }
}

/// Returns the same instant for each call with the same number.
fn days_ago(days: i64) -> Timestamp {
    static NOW: LazyLock<Timestamp> = LazyLock::new(now);
    *NOW - SignedDuration::from_hours(24 * days)
}

/// Returns the current time in milliseconds: services count them.
fn now() -> Timestamp {
    Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap()
}

#[allow(clippy::needless_pass_by_value, reason = "numbers and texts read well at the call")]
fn ticket(id: impl ToString, created_at: Timestamp) -> Ticket {
    let (created_at, updated_at) = (Some(created_at), Some(created_at));
    let title = Some(format!("ticket {}", id.to_string()));
    Ticket { title, created_at, updated_at, ..Ticket::new("acme", id.to_string()) }
}

fn source(tickets: impl IntoIterator<Item = Ticket>) -> InMemorySource {
    let source = InMemorySource::new("acme").with_list(ListItems::Tickets).with_page_size(10);
    tickets.into_iter().fold(source, InMemorySource::with_ticket)
}

fn numbers(receipt: &Receipt) -> (Option<bool>, Option<u64>, u64) {
    (receipt.complete, receipt.claimed, receipt.unique)
}

#[tokio::test]
async fn reads_windows_that_hold_more_than_the_list_shows() {
    let desk = Desk::new();
    let tickets = (0..95).map(|number| ticket(number, days_ago(number)));
    let outcome = desk.sync(&source(tickets).with_max_tickets(20)).await;
    assert_eq!(numbers(&outcome.receipt), (Some(true), Some(95), 95));
    assert_eq!(outcome.receipt.duplicates, 0);
    assert_eq!(desk.ids(&ListQuery::default()).len(), 95);
}

#[tokio::test]
async fn names_the_gap_of_a_full_instant() {
    let desk = Desk::new();
    let import = days_ago(3);
    let tickets = (0..30).map(|number| ticket(number, import)).chain([ticket(99, days_ago(4))]);
    let outcome = desk.sync(&source(tickets).with_max_tickets(20)).await;
    let receipt = &outcome.receipt;
    assert_eq!(receipt.complete, Some(false));
    let [gap] = &receipt.gaps[..] else { panic!("{:?}", receipt.gaps) };
    assert_eq!((gap.claimed, gap.tickets, &gap.since), (Some(20), 20, &gap.until));
    // The next run has nothing to read again, and does not forget the gap.
    let later = desk.sync(&source((0..30).map(|it| ticket(it, import))).with_max_tickets(20)).await;
    let kinds: Vec<_> = later.receipt.gaps.iter().map(|gap| &*gap.kind).collect();
    assert_eq!((&*later.receipt.kind, &*kinds), ("incremental", &["created", "updated"][..]));
    assert_eq!(later.receipt.complete, Some(false));
}

#[tokio::test]
async fn reads_what_is_new_and_what_changed() {
    let desk = Desk::new();
    let old = (0..40).map(|number| ticket(number, days_ago(100 + number)));
    let first = desk.sync(&source(old.clone())).await;
    assert_eq!((first.receipt.kind.as_str(), first.receipt.new), ("full", 40));
    let closed = Ticket {
        status: Some(Coded::new(Status::Closed, "50")),
        updated_at: Some(now()),
        ..ticket(7, days_ago(107))
    };
    let now = source(old.chain([closed, ticket("new", now())]));
    let second = desk.sync(&now).await;
    let receipt = &second.receipt;
    // The newest ticket that was known is read once more.
    assert_eq!(numbers(receipt), (Some(true), Some(2), 2));
    assert_eq!((receipt.kind.as_str(), receipt.new, receipt.changed), ("incremental", 1, 1));
    assert!(receipt.requests <= 3, "{}", receipt.requests);
    let history = desk.open().history("acme", "7").unwrap();
    let changes: Vec<_> = history[1].changes.iter().map(|change| &*change.field).collect();
    assert_eq!((history.len(), &*changes), (2, &["updated_at", "status"][..]));
}

#[tokio::test]
async fn goes_on_where_a_call_failed() {
    let desk = Desk::new();
    let tickets: Vec<_> = (0..50).map(|number| ticket(number, days_ago(number))).collect();
    let unavailable = || Error::new(ErrorKind::Unavailable, "overloaded");
    let outcome = desk.sync(&source(tickets.clone()).with_list_error(unavailable())).await;
    assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Unavailable);
    assert_eq!(outcome.receipt.complete, Some(false));
    let outcome = desk.sync(&source(tickets)).await;
    assert_eq!((outcome.receipt.run, numbers(&outcome.receipt)), (1, (Some(true), Some(50), 50)));
}

#[tokio::test]
async fn a_window_to_read_again_survives_interrupted_runs_of_any_kind() {
    let full = (0..40).map(|number| ticket(number, days_ago(number + 1)));
    let more = full.clone().chain((50..60).map(|number| ticket(number, days_ago(number - 40))));
    let repair = || SyncOptions { scope: SyncScope::Repair, ..options() };
    let down = || Error::new(ErrorKind::Unavailable, "overloaded");
    for interrupted in [repair(), options()] {
        let desk = Desk::new();
        desk.sync(&source(full.clone())).await;
        let service = source(more.clone());
        let identity = SourceIdentity::new("acme", &service.account());
        assert!(!desk.open().check(&identity, &service).await.unwrap().different.is_empty());
        let failing = source(more.clone()).with_list_error(down());
        let first = desk.sync_with(&failing, interrupted.clone()).await;
        assert!(first.error.is_some(), "{first:?}");
        // A run for ids reads no list, and takes nothing from the interrupted one.
        let mut mirror = desk.open();
        let mut ids = SyncJob::new(&mut mirror, &service, &identity, options()).unwrap();
        ids.request([TicketId::new("1").unwrap()]).unwrap();
        assert_eq!(ids.run(|_| {}).await.unwrap().receipt.kind, "ids");
        drop(mirror);
        let other = if interrupted.scope == SyncScope::Repair { options() } else { repair() };
        let receipt = desk.sync_with(&service, other).await.receipt;
        assert_eq!((receipt.new, receipt.complete), (10, Some(true)), "{receipt:?}");
        assert_eq!(desk.ids(&ListQuery::default()).len(), 50);
    }
}

#[tokio::test]
async fn a_run_for_ids_does_not_end_an_interrupted_one() {
    let desk = Desk::new();
    let tickets: Vec<_> = (0..50).map(|number| ticket(number, days_ago(number + 1))).collect();
    let down = Error::new(ErrorKind::Unavailable, "overloaded");
    let first = desk.sync(&source(tickets.clone()).with_list_error(down)).await.receipt;
    let service = source(tickets);
    let identity = SourceIdentity::new("acme", &service.account());
    let mut mirror = desk.open();
    let mut ids = SyncJob::new(&mut mirror, &service, &identity, options()).unwrap();
    ids.request([TicketId::new("49").unwrap()]).unwrap();
    assert_eq!(ids.run(|_| {}).await.unwrap().receipt.run, 2);
    let status = mirror.status().unwrap();
    assert!(status.sources[0].is_unfinished);
    drop(mirror);
    let receipt = desk.sync(&service).await.receipt;
    assert_eq!((receipt.run, numbers(&receipt)), (first.run, (Some(true), Some(50), 50)));
}

#[tokio::test]
async fn a_ticket_that_moves_while_a_run_is_interrupted_hides_no_other_one() {
    let desk = Desk::new();
    let tickets: Vec<_> = (0..30).map(|number| ticket(number, days_ago(number + 1))).collect();
    let before = source(tickets.clone());
    let mut mirror = desk.open();
    let identity = SourceIdentity::new("acme", &before.account());
    let job = SyncJob::new(&mut mirror, &before, &identity, options()).unwrap();
    let run = job.run(|progress| assert_eq!(progress.listed, 0, "the process ends here"));
    AssertUnwindSafe(run).catch_unwind().await.unwrap_err();
    drop(mirror);
    assert_eq!(desk.ids(&ListQuery::default()).len(), 10);

    // A ticket of the first page changes and moves to the last page, so that another one moves to the first page.
    let mut tickets = tickets;
    let moved = Ticket { updated_at: Some(now()), ..tickets.remove(3) };
    let after = source(tickets.into_iter().chain([moved]));
    let outcome = desk.sync(&after).await;
    assert_eq!((outcome.receipt.run, numbers(&outcome.receipt)), (1, (Some(true), Some(30), 30)));
    assert_eq!(desk.ids(&ListQuery::default()).len(), 30);
}

#[tokio::test]
async fn a_run_that_is_continued_tries_failed_tickets_again() {
    let desk = Desk::new();
    let tickets: Vec<_> = (0..70).map(|number| ticket(number, days_ago(number + 1))).collect();
    let down = (0..70).fold(source(tickets.clone()).with_list(ListItems::Ids), |source, id| {
        source.with_error(id.to_string(), Error::new(ErrorKind::Unavailable, "overloaded"))
    });
    let first = desk.sync(&down).await;
    assert_eq!(first.error.unwrap().kind(), ErrorKind::Unavailable);
    assert!(first.receipt.failures >= 20, "{}", first.receipt.failures);
    let second = desk.sync(&source(tickets).with_list(ListItems::Ids)).await.receipt;
    assert_eq!((second.run, second.failures, second.complete), (1, 0, Some(true)));
    assert_eq!(desk.ids(&ListQuery::default()).len(), 70);
}

#[tokio::test]
async fn a_run_from_a_relative_time_is_continued() {
    let desk = Desk::new();
    let tickets: Vec<_> = (0..30).map(|number| ticket(number, days_ago(number + 1))).collect();
    let since = |days: i64, seconds: i64| SyncOptions {
        since: Some(days_ago(days) + SignedDuration::from_secs(seconds)),
        ..options()
    };
    let down = Error::new(ErrorKind::Unavailable, "overloaded");
    let first = desk.sync_with(&source(tickets.clone()).with_list_error(down), since(20, 0)).await;
    assert!(first.error.is_some());
    // `20d` an hour later, and a much shorter time, which is another run.
    let later = desk.sync_with(&source(tickets.clone()), since(20, 3_600)).await.receipt;
    assert_eq!((later.run, later.unique, later.complete), (1, 20, Some(true)));
    let other = desk.sync_with(&source(tickets), since(5, 0)).await.receipt;
    assert_eq!(other.run, 2);
}

#[tokio::test]
async fn an_address_that_knows_no_ticket_makes_none_missing() {
    let desk = Desk::new();
    let tickets: Vec<_> = (0..6).map(|number| ticket(number, days_ago(number + 1))).collect();
    let list =
        || tickets.iter().cloned().fold(InMemorySource::new("acme"), InMemorySource::with_ticket);
    let not_found = || Error::new(ErrorKind::NotFound, "no route");
    let without = |ids: std::ops::Range<u32>| {
        ids.fold(list(), |source, id| source.with_error(id.to_string(), not_found()))
    };
    let identity = SourceIdentity::new("acme", &list().account());
    let mut mirror = desk.open();
    let all = list();
    let mut first = SyncJob::new(&mut mirror, &all, &identity, options()).unwrap();
    first.request((0..6).map(|id| TicketId::new(id.to_string()).unwrap())).unwrap();
    first.run(|_| {}).await.unwrap();
    for (source, failures, missing) in [
        (without(0..6), 6, 0),
        // Two are gone; the next run looks again, and finds one of them.
        (without(0..2), 0, 2),
        (without(0..1), 0, 0),
    ] {
        let job = SyncJob::new(&mut mirror, &source, &identity, options()).unwrap();
        let receipt = job.run(|_| {}).await.unwrap().receipt;
        assert_eq!((receipt.failures, receipt.missing), (failures, missing), "{receipt:?}");
    }
    drop(mirror);
    assert_eq!(desk.sql("SELECT id FROM ticket WHERE missing_since IS NOT NULL"), [["0"]]);
}

#[tokio::test]
async fn a_run_for_ids_keeps_conversations() {
    let desk = Desk::new();
    let tickets = (0..3).map(|number| with_message(ticket(number, days_ago(number + 1))));
    let service = source(tickets);
    desk.sync_with(&service, SyncOptions { conversation: true, ..options() }).await;
    let messages = || desk.sql("SELECT count(*) FROM message");
    assert_eq!(messages(), [["3"]]);
    let identity = SourceIdentity::new("acme", &service.account());
    let mut mirror = desk.open();
    let mut ids = SyncJob::new(&mut mirror, &service, &identity, options()).unwrap();
    ids.request([TicketId::new("1").unwrap()]).unwrap();
    let receipt = ids.run(|_| {}).await.unwrap().receipt;
    assert_eq!((receipt.fetched, receipt.changed), (1, 0), "{receipt:?}");
    drop(mirror);
    assert_eq!(messages(), [["3"]]);
}

#[tokio::test]
async fn finds_an_author_whose_name_is_part_of_another_one() {
    let desk = Desk::new();
    let messages = ["Maximilian Bauer", "Max"].map(|name| {
        let person = Person { name: Some(name.into()), ..Person::default() };
        let author = Actor { person: Some(person), ..Actor::default() };
        Message { author: Some(author), ..Message::default() }
    });
    let conversation = Conversation { messages: messages.into(), complete: Some(true) };
    let ticket = Ticket { conversation: Some(conversation), ..ticket(1, days_ago(1)) };
    let conversation = SyncOptions { conversation: true, ..options() };
    desk.sync_with(&source([ticket]), conversation).await;
    let query = ListQuery { text: Some("max".into()), ..ListQuery::default() };
    assert_eq!(desk.ids(&query), ["1"]);
}

#[tokio::test]
async fn marks_what_a_full_run_does_not_find_and_keeps_it() {
    let desk = Desk::new();
    let tickets = (0..12).map(|number| ticket(number, days_ago(number + 1)));
    desk.sync(&source(tickets.clone())).await;
    let fewer = source(tickets.clone().skip(1));
    let incremental = desk.sync(&fewer).await;
    assert_eq!(incremental.receipt.missing, 0);
    let full = SyncOptions { scope: SyncScope::Full, ..options() };
    assert_eq!(desk.sync_with(&fewer, full.clone()).await.receipt.missing, 1);
    assert_eq!(desk.sql("SELECT id FROM ticket WHERE missing_since IS NOT NULL"), [["0"]]);
    // A list without any ticket says nothing.
    assert_eq!(desk.sync_with(&source([]), full.clone()).await.receipt.missing, 0);
    desk.sync_with(&source(tickets), full).await;
    assert!(desk.sql("SELECT id FROM ticket WHERE missing_since IS NOT NULL").is_empty());
}

fn options() -> SyncOptions {
    SyncOptions::default()
}

fn with_message(ticket: Ticket) -> Ticket {
    let message = Message { body: Some(format!("message {}", ticket.id)), ..Message::default() };
    let conversation = Conversation { messages: vec![message], complete: Some(true) };
    Ticket { conversation: Some(conversation), ..ticket }
}

#[tokio::test]
async fn fetches_conversations_and_keeps_them() {
    let desk = Desk::new();
    let mut conversation = options();
    conversation.conversation = true;
    let tickets = (0..25).map(|number| with_message(ticket(number, days_ago(number + 1))));
    let first = desk.sync_with(&source(tickets.clone()), conversation).await;
    assert_eq!((first.receipt.new, first.receipt.changed, first.receipt.fetched), (25, 0, 25));
    assert_eq!(
        desk.sql("SELECT count(*), max(version) FROM ticket JOIN message ON ticket = key"),
        [["25", "1"]]
    );
    // Without the option, a ticket that changed is fetched again with its conversation, the others are not.
    let changed = Ticket {
        title: Some("new".into()),
        updated_at: Some(now()),
        ..with_message(ticket(3, days_ago(4)))
    };
    let now = source(tickets.chain([changed]));
    let second = desk.sync(&now).await;
    assert_eq!((second.receipt.fetched, second.receipt.changed), (1, 1));
    assert_eq!(now.fetched(), [TicketId::new("3").unwrap()]);
    assert_eq!(desk.sql("SELECT count(*) FROM message"), [["25"]]);
}

#[tokio::test]
async fn asks_once_for_a_conversation_that_a_ticket_does_not_have() {
    let desk = Desk::new();
    let options = || SyncOptions { conversation: true, ..options() };
    let silent = source([ticket(1, days_ago(1))]);
    assert_eq!(desk.sync_with(&silent, options()).await.receipt.fetched, 1);
    assert_eq!(desk.sync_with(&silent, options()).await.receipt.fetched, 0);
}

#[tokio::test]
async fn fetches_the_tickets_of_a_list_of_ids_and_tries_failed_ones_again() {
    let desk = Desk::new();
    let tickets: Vec<_> = (0..25).map(|number| ticket(number, days_ago(number + 1))).collect();
    let denied = Error::new(ErrorKind::PermissionDenied, "not yours");
    let ids = source(tickets.clone()).with_list(ListItems::Ids);
    let first = desk.sync(&ids.with_error("4", denied)).await;
    assert_eq!((first.receipt.complete, first.receipt.fetched), (Some(false), 24));
    assert_eq!(
        (&*first.receipt.failed[0].id, &*first.receipt.failed[0].kind),
        ("4", "permission_denied")
    );
    let second = desk.sync(&source(tickets).with_list(ListItems::Ids)).await;
    assert_eq!(second.receipt.failures, 0);
    assert_eq!(desk.ids(&ListQuery::default()).len(), 25);
}

#[tokio::test]
async fn reads_named_tickets_of_a_source_without_a_list_again() {
    let desk = Desk::new();
    let tickets = (0..3).map(|number| ticket(number, days_ago(number + 1)));
    let source = tickets.fold(InMemorySource::new("acme"), InMemorySource::with_ticket);
    let identity = SourceIdentity::new("acme", &source.account());
    let mut mirror = desk.open();
    let sync = SyncJob::new(&mut mirror, &source, &identity, options()).unwrap();
    assert!(matches!(sync.run(|_| {}).await, Err(MirrorError::Source(_))));
    let mut sync = SyncJob::new(&mut mirror, &source, &identity, options()).unwrap();
    sync.request(["0", "1", "nope"].map(|id| TicketId::new(id).unwrap())).unwrap();
    let outcome = sync.run(|_| {}).await.unwrap();
    assert_eq!((outcome.receipt.new, outcome.receipt.failures), (2, 1));
    assert_eq!(outcome.receipt.complete, Some(false));
    let sync = SyncJob::new(&mut mirror, &source, &identity, options()).unwrap();
    let again = sync.run(|_| {}).await.unwrap().receipt;
    assert_eq!((again.complete, again.fetched, again.unchanged), (None, 2, 2));
}

#[tokio::test]
async fn finds_words_of_two_chinese_characters() {
    let desk = Desk::new();
    let titled =
        |id: &str, title: &str| Ticket { title: Some(title.into()), ..ticket(id, days_ago(1)) };
    let tickets = [
        titled("1", "三楼打印机卡纸"),
        titled("2", "VPN 断开"),
        titled("3", "印象"),
        titled("4", "the printer jams"),
    ];
    desk.sync(&source(tickets)).await;
    for (words, ids) in [
        ("打印", &["1"][..]),
        ("打印机", &["1"]),
        ("三楼 卡纸", &["1"]),
        ("印", &["1", "3"]),
        ("纸", &["1"]),
        ("楼卡", &[]),
        ("vpn", &["2"]),
        ("print*", &["4"]),
        ("print", &[]),
        ("\"printer jams\"", &["4"]),
        ("ticket", &[]),
    ] {
        let query = ListQuery { text: Some(words.into()), ..ListQuery::default() };
        assert_eq!(desk.ids(&query), ids, "{words}");
    }
}

#[tokio::test]
async fn a_reader_sees_the_mirror_while_it_is_written() {
    let desk = Desk::new();
    desk.sync(&source([ticket(1, days_ago(1))])).await;
    let _writer = desk.open();
    let path = desk.folder.path().join("mirror.db");
    let second = Mirror::open(&path);
    assert!(matches!(second, Err(MirrorError::Busy(_))), "{second:?}");
    let reader = Mirror::open_read_only(&path).unwrap();
    assert_eq!(reader.status().unwrap().sources[0].tickets, 1);
}

#[tokio::test]
async fn sql_reads_and_cannot_write() {
    let desk = Desk::new();
    desk.sync(&source([ticket(1, days_ago(1))])).await;
    let mirror = Mirror::open_read_only(desk.folder.path().join("mirror.db")).unwrap();
    let minute = std::time::Duration::from_mins(1);
    let run = |query: &str, timeout| {
        let mut count = 0;
        mirror
            .sql(query, timeout, |_, _| {
                count += 1;
                Ok::<_, MirrorError>(true)
            })
            .map(|_| count)
    };
    assert_eq!(run("SELECT id FROM ticket", minute).unwrap(), 1);
    for query in [
        "DELETE FROM ticket",
        "DROP TABLE ticket",
        "SELECT 1; DELETE FROM ticket",
        "ATTACH ':memory:' AS other",
        "VACUUM INTO '/tmp/never'",
        "PRAGMA journal_mode = delete",
        "SELECT nothing FROM ticket",
        "",
    ] {
        let error = run(query, minute);
        assert!(
            matches!(error, Err(MirrorError::Query(_) | MirrorError::QueryWrites)),
            "{query}: {error:?}"
        );
    }
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let error = run(endless, std::time::Duration::ZERO);
    assert!(matches!(error, Err(MirrorError::QueryTimeout(0))), "{error:?}");
}

#[test]
fn refuses_files_that_are_no_mirror_or_newer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "these are notes, and not a database at all, as everyone can see")
        .unwrap();
    for opened in [Mirror::open(&path), Mirror::open_read_only(&path)] {
        assert!(matches!(opened, Err(MirrorError::NotAMirror(_))), "{opened:?}");
    }
    let missing = Mirror::open_read_only(folder.path().join("none.db"));
    assert!(matches!(missing, Err(MirrorError::Missing(_))), "{missing:?}");
}

#[tokio::test]
async fn a_common_word_finds_the_newest_tickets_first() {
    let desk = Desk::new();
    let tickets = |numbers: std::ops::RangeInclusive<i64>| {
        let tickets = numbers.map(|number| Ticket {
            title: Some(if number == 9 { "printer, printer" } else { "the printer" }.into()),
            created_at: Some(days_ago(0) - SignedDuration::from_secs(number)),
            ..Ticket::new("acme", number.to_string())
        });
        tickets.fold(source([]).with_page_size(1_000), InMemorySource::with_ticket)
    };
    let first = || {
        let query = ListQuery { text: Some("printer".into()), ..ListQuery::default() };
        let mut ids = Vec::new();
        let found = |found: ticket_mirror::FoundTicket| {
            ids.push(found.ticket.id);
            Ok::<_, MirrorError>(true)
        };
        desk.open().find(&query, Some("acme"), Some(1), found).unwrap();
        ids
    };
    desk.sync(&tickets(1..=5_000)).await;
    assert_eq!(first(), ["9"], "the best match of 5,000");
    desk.sync(&tickets(0..=5_000)).await;
    assert_eq!(first(), ["0"], "the newest of 5,001");
}

//! Files of tickets: downloaded once, tried again, forgotten.

use rusqlite::Connection;
use ticket_core::model::{Attachment, Conversation, Message, Ticket};
use ticket_core::{Error, ErrorKind, ListItems, TicketSource};
use ticket_mirror::{
    FileOptions, FilesReceipt, Mirror, SourceIdentity, SyncJob, SyncOptions, SyncScope,
};
use ticket_testkit::InMemorySource;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

fn file(id: &str) -> Attachment {
    Attachment { id: Some(id.into()), ..Attachment::default() }
}

fn ticket(id: &str) -> Ticket {
    let created_at = "2026-01-31T08:00:00Z".parse().ok();
    Ticket { created_at, ..Ticket::new("acme", id) }
}

/// Two tickets: one with a file of its own and two of a message, one with a file that the first has too, under another id.
fn source() -> InMemorySource {
    let mut first = ticket("1");
    first.attachments = vec![file("a")];
    let message = Message { attachments: vec![file("b"), file("c")], ..Message::default() };
    first.conversation = Some(Conversation { messages: vec![message], complete: Some(true) });
    let mut second = ticket("2");
    let by_address = "https://files.example/d".to_owned();
    second.attachments = vec![Attachment { url: Some(by_address), ..Attachment::default() }];
    InMemorySource::new("acme")
        .with_list(ListItems::Tickets)
        .with_ticket(first)
        .with_ticket(second)
        .with_file("a", PNG, None)
        .with_file("b", &b"hello"[..], Some("text/plain"))
        .with_file("https://files.example/d", PNG, None)
}

async fn sync(mirror: &mut Mirror, source: &InMemorySource, options: SyncOptions) -> FilesReceipt {
    let identity = SourceIdentity::new("acme", &source.account());
    let job = SyncJob::new(mirror, source, &identity, options).unwrap();
    let outcome = job.run(|_| {}).await.unwrap();
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    outcome.receipt.files.unwrap()
}

fn options() -> SyncOptions {
    SyncOptions {
        conversation: true,
        files: Some(FileOptions::default()),
        ..SyncOptions::default()
    }
}

fn mirror() -> (tempfile::TempDir, Mirror) {
    let folder = tempfile::tempdir().unwrap();
    let mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
    (folder, mirror)
}

/// The named, stored, downloaded, failed and left files.
fn numbers(receipt: &FilesReceipt) -> [u64; 5] {
    let FilesReceipt { named, stored, downloaded, failures, left, .. } = receipt;
    [*named, *stored, *downloaded, *failures, *left]
}

#[tokio::test]
async fn downloads_each_file_once_and_names_those_that_cannot_be_had() {
    let (folder, mut mirror) = mirror();
    let source = source();
    let receipt = sync(&mut mirror, &source, options()).await;
    assert_eq!(numbers(&receipt), [4, 3, 3, 1, 0]);
    assert_eq!(receipt.stored_bytes, (PNG.len() + 5) as u64, "the same bytes are stored once");
    let failed = &receipt.failed[0];
    assert_eq!((&*failed.ticket, &*failed.attachment, &*failed.kind), ("1", "c", "not_found"));

    let again = sync(&mut mirror, &source, options()).await;
    assert_eq!(numbers(&again), [4, 3, 0, 1, 0]);
    assert_eq!(source.downloaded().len(), 4, "a file that does not exist is not asked for again");

    let full = SyncOptions { scope: SyncScope::Full, ..options() };
    sync(&mut mirror, &source, full).await;
    assert_eq!(source.downloaded().len(), 5, "but in a full run");
    let database = Connection::open(folder.path().join("mirror.db")).unwrap();
    let types: Vec<(String, i64)> = database
        .prepare("SELECT media_type, size_bytes FROM file ORDER BY 1")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(types, [("image/png".to_owned(), 12), ("text/plain".to_owned(), 5)]);
}

#[tokio::test]
async fn tries_again_what_failed_for_now() {
    let (_folder, mut mirror) = mirror();
    let down = Error::new(ErrorKind::Unavailable, "overloaded");
    let source = source().with_file_error("a", down);
    assert_eq!(numbers(&sync(&mut mirror, &source, options()).await), [4, 2, 2, 2, 1]);
    assert_eq!(numbers(&sync(&mut mirror, &source, options()).await), [4, 3, 1, 1, 0]);
}

#[tokio::test]
async fn stops_asking_a_service_that_is_down() {
    let (_folder, mut mirror) = mirror();
    let mut ticket = ticket("1");
    ticket.attachments = (0..50).map(|number| file(&number.to_string())).collect();
    let source = InMemorySource::new("acme").with_list(ListItems::Tickets).with_ticket(ticket);
    let down = || Error::new(ErrorKind::Connection, "refused");
    let source =
        (0..50).fold(source, |source, number| source.with_file_error(number.to_string(), down()));
    let receipt = sync(&mut mirror, &source, options()).await;
    assert_eq!((receipt.named, receipt.stored, receipt.left), (50, 0, 50));
    assert!(source.downloaded().len() < 30, "{}", source.downloaded().len());
}

#[tokio::test]
async fn limits_size_and_type() {
    let (_folder, mut mirror) = mirror();
    let mut ticket = ticket("1");
    let large = Attachment { size_bytes: Some(11), ..file("large") };
    let page = Attachment { media_type: Some("text/html".into()), ..file("page") };
    ticket.attachments = vec![large, page, file("larger"), file("note")];
    let source = InMemorySource::new("acme")
        .with_list(ListItems::Tickets)
        .with_ticket(ticket)
        .with_file("larger", &b"01234567890"[..], Some("text/plain"))
        .with_file("note", &b"0123456789"[..], Some("text/plain"));
    let limits = FileOptions { max_bytes: 10, media_types: vec!["text/plain".into()] };
    let limited = SyncOptions { files: Some(limits), ..options() };
    let receipt = sync(&mut mirror, &source, limited).await;
    assert_eq!(numbers(&receipt), [4, 1, 1, 3, 0]);
    let mut kinds: Vec<_> = receipt.failed.iter().map(|it| (&*it.attachment, &*it.kind)).collect();
    kinds.sort_unstable();
    let too_large = "invalid_response";
    assert_eq!(kinds, [("large", too_large), ("larger", too_large), ("page", "excluded")]);
    let mut asked = source.downloaded();
    asked.sort_unstable();
    assert_eq!(asked, ["larger", "note"], "what is known to be excluded is not asked for");
}

#[tokio::test]
async fn forgets_the_files_of_a_ticket_but_not_those_of_others() {
    use feishu_provider::Feishu;

    let (folder, mut mirror) = mirror();
    sync(&mut mirror, &source(), options()).await;
    mirror.forget("acme", "1", &Feishu).unwrap();
    drop(mirror);
    let database = Connection::open(folder.path().join("mirror.db")).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM file"), 1);
    assert_eq!(count("SELECT count(*) FROM download"), 1);
    assert_eq!(count("SELECT count(*) FROM run WHERE receipt LIKE '%not_found%'"), 0);
    let text = std::fs::read(folder.path().join("mirror.db")).unwrap();
    assert!(!text.windows(5).any(|part| part == b"hello"), "the bytes are still in the file");
}

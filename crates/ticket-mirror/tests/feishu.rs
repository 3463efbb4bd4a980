//! The exact responses of a helpdesk in the mirror: mapped again, and forgotten.

#[path = "feishu/events.rs"]
mod events;

use std::path::{Path, PathBuf};

use feishu_provider::{Feishu, FeishuSource};
use rusqlite::Connection;
use tempfile::TempDir;
use ticket_core::model::Ticket;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{Error, ErrorKind, ListItems, TicketSource, VocabularyOverrides};
use ticket_mirror::{Mirror, MirrorError, SourceIdentity, SyncJob, SyncOptions, SyncScope};
use ticket_sandbox::Sandbox;
use ticket_testkit::InMemorySource;

/// The first epoch of the sandbox, in milliseconds since 1970.
const EPOCH: i64 = 1_764_000_000_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;
const SOURCE: &str = "feishu";

/// A mirror in a folder of its own.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("mirror.db")
    }

    /// Opens the mirror.
    fn open(&self) -> Mirror {
        Mirror::open(self.path()).unwrap()
    }

    /// Opens the database without the library.
    fn database(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// Reads the sandbox, as it is at this epoch, and returns its tickets.
    async fn sync(&self, epoch: i64, conversation: bool) -> Vec<String> {
        let builder = Sandbox::builder().tickets(60, 1).epoch(epoch).rate_limit_scale(0);
        let sandbox = builder.start().await.unwrap();
        let credentials = sandbox.credentials();
        // Does not wait for the documented rate limits.
        let config = TransportConfig { rate_limit_fraction: 1_000.0, ..TransportConfig::default() };
        let source = FeishuSource::builder()
            .base_url(sandbox.base_url())
            .app(&*credentials.feishu_app_id, &*credentials.feishu_app_secret)
            .helpdesk(&*credentials.feishu_helpdesk_id, &*credentials.feishu_helpdesk_token)
            .transport(Transport::new(config))
            .build()
            .unwrap();
        // Another port is no other account here.
        let mut identity = SourceIdentity::new(SOURCE, &source.account());
        identity.base_url = String::new();
        let options = SyncOptions { conversation, ..SyncOptions::default() };
        let mut mirror = self.open();
        let job = SyncJob::new(&mut mirror, &source, &identity, options).unwrap();
        let outcome = job.run(|_| {}).await.unwrap();
        assert_eq!(outcome.receipt.complete, Some(true));
        sandbox.generated_ids(SOURCE).collect()
    }

    fn remap(&self) -> ticket_mirror::RemapReport {
        self.open().remap(SOURCE, &Feishu, &VocabularyOverrides::default()).unwrap()
    }
}

/// Returns everything about the tickets of a mirror, as text.
fn state(database: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    for query in [
        "SELECT id, version, version_at, status, requester_name, row_hash, json FROM ticket ORDER BY id",
        "SELECT ticket, position, kind, body FROM message ORDER BY ticket, position",
        "SELECT ticket, position, role, name FROM person ORDER BY ticket, position",
        "SELECT ticket, position, name FROM tag ORDER BY ticket, position",
    ] {
        let mut statement = database.prepare(query).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..).map_while(|index| row.get_ref(index).ok());
            let values: Vec<_> = values.map(|value| format!("{value:?}")).collect();
            lines.push(values.join(" "));
        }
    }
    lines
}

/// Returns the stored responses as text, with their operations.
fn responses(database: &Connection) -> Vec<(String, String)> {
    let mut statement = database.prepare("SELECT operation, body FROM raw").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))).unwrap();
    rows.map(|row| {
        let (operation, body) = row.unwrap();
        (operation, String::from_utf8(zstd::stream::decode_all(&body[..]).unwrap()).unwrap())
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn remap_repairs_what_was_altered_and_changes_nothing_else() {
    for conversation in [false, true] {
        let desk = Desk::new();
        desk.sync(EPOCH, conversation).await;
        desk.sync(EPOCH + DAY, conversation).await;
        let before = state(&desk.database());
        let report = desk.remap();
        assert_eq!((report.tickets, report.changed, report.failed), (60, 0, 0));
        assert!(state(&desk.database()) == before, "a remap changed something");

        let database = desk.database();
        let altered = database
            .execute(
                "UPDATE ticket SET status = NULL, requester_name = NULL, json = json_remove(json, '$.status', '$.requester')
                 WHERE key % 2 = 0",
                [],
            )
            .unwrap();
        database.execute("DELETE FROM person WHERE ticket % 2 = 0", []).unwrap();
        drop(database);
        let report = desk.remap();
        assert_eq!((report.tickets, report.changed, report.failed), (60, altered as u64, 0));
        let after = state(&desk.database());
        let different = after.iter().zip(&before).find(|(after, before)| after != before);
        assert_eq!((different, after.len()), (None, before.len()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_forgotten_ticket() {
    for conversation in [false, true] {
        let desk = Desk::new();
        let ids = desk.sync(EPOCH, conversation).await;
        desk.sync(EPOCH + 10 * DAY, conversation).await;
        let database = desk.database();
        let changed: String = database
            .query_row("SELECT id FROM ticket WHERE version = 2 LIMIT 1", [], |row| row.get(0))
            .unwrap();
        let pages = |database: &Connection| {
            responses(database).iter().filter(|(operation, _)| operation == "list_tickets").count()
        };
        let before = pages(&database);
        drop(database);
        for id in [&changed, &ids[7]] {
            assert!(contains(&desk.path(), id));
            let ticket = desk.open().ticket(SOURCE, id).unwrap();
            desk.open().forget(SOURCE, id, &Feishu).unwrap();

            // Neither in a row, nor in space that is free.
            for file in std::fs::read_dir(desk.folder.path()).unwrap() {
                let path = file.unwrap().path();
                assert!(!contains(&path, id), "{id} is in {}", path.display());
                let texts = ticket.conversation.iter().flat_map(|it| &it.messages);
                for text in texts.filter_map(|it| it.id.as_ref()) {
                    assert!(!contains(&path, text), "{text} is in {}", path.display());
                }
            }
            let database = desk.database();
            for (operation, text) in responses(&database) {
                assert!(!text.contains(&**id), "{id} is in a response of {operation}");
            }
            database
                .execute_batch(
                    "CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, text_index, row)",
                )
                .unwrap();
            let words: i64 = database
                .query_row("SELECT count(*) FROM word WHERE term = ?1", [id], |row| row.get(0))
                .unwrap();
            assert_eq!(words, 0);
            let again = desk.open().forget(SOURCE, id, &Feishu);
            assert!(matches!(again, Err(MirrorError::UnknownTicket(_))), "{again:?}");
        }
        // The pages are still there for the others, unless all of them were fetched by their ids.
        let database = desk.database();
        assert_eq!(pages(&database), if conversation { 0 } else { before });
        drop(database);
        let report = desk.remap();
        assert_eq!((report.tickets, report.changed, report.failed), (58, 0, 0));
    }
}

#[tokio::test]
async fn a_receipt_does_not_name_a_forgotten_ticket() {
    let desk = Desk::new();
    let source = |error: Option<Error>| {
        let source = InMemorySource::new(SOURCE).with_list(ListItems::Ids);
        let created_at = "2026-01-31T08:00:00Z".parse().ok();
        let source = ["4711", "4712"].into_iter().fold(source, |source, id| {
            source.with_ticket(Ticket { created_at, ..Ticket::new(SOURCE, id) })
        });
        error.into_iter().fold(source, |source, error| source.with_error("4711", error))
    };
    let denied = Error::new(ErrorKind::PermissionDenied, "not yours");
    for source in [source(None), source(Some(denied))] {
        let identity = SourceIdentity::new(SOURCE, &source.account());
        let mut mirror = desk.open();
        let options = SyncOptions { scope: SyncScope::Full, ..SyncOptions::default() };
        let job = SyncJob::new(&mut mirror, &source, &identity, options).unwrap();
        job.run(|_| {}).await.unwrap();
    }
    let failed = |mirror: &Mirror| mirror.status().unwrap().sources[0].last.clone().unwrap().failed;
    let mut mirror = desk.open();
    assert_eq!(failed(&mirror)[0].id, "4711");
    mirror.forget(SOURCE, "4711", &Feishu).unwrap();
    assert_eq!(failed(&mirror), []);
    drop(mirror);
    assert!(!contains(&desk.path(), "4711") && contains(&desk.path(), "4712"));
}

/// Returns whether a file has this text anywhere.
fn contains(path: &Path, text: &str) -> bool {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains(text)
}

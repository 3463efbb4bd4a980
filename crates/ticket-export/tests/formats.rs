//! Every format has the same tickets, exactly.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use tempfile::TempDir;
use ticket_core::model::{Attachment, Coded, CustomField, Metrics, Status, Ticket};
use ticket_core::{ListItems, ListQuery, TicketSource};
use ticket_export::{ExportError, ExportOptions, ExportReceipt, Format, export, verify};
use ticket_mirror::{Anonymizer, FileOptions, Mirror, SourceIdentity, SyncJob, SyncOptions};
use ticket_testkit::InMemorySource;

const ID: &str = "6626871355780366331";
const TITLE: &str = "=HYPERLINK(\"https://example.com\")";
const DESCRIPTION: &str = "打印机\n卡纸 👍🏽\u{7} <b>";

/// A folder with a mirror of two sources.
struct Desk {
    folder: TempDir,
}

impl Desk {
    async fn new(tickets: Vec<Ticket>) -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.sync("acme", tickets).await;
        desk.sync("other", vec![ticket(ID, Status::Open)]).await;
        desk
    }

    async fn sync(&self, name: &'static str, tickets: Vec<Ticket>) {
        let source =
            tickets.into_iter().fold(InMemorySource::new(name), InMemorySource::with_ticket);
        let source = source.with_list(ListItems::Tickets);
        let mut mirror = self.mirror();
        let identity = SourceIdentity::new(name, &source.account());
        let options = SyncOptions { conversation: true, ..SyncOptions::default() };
        let job = SyncJob::new(&mut mirror, &source, &identity, options).unwrap();
        job.run(|_| {}).await.unwrap();
    }

    fn mirror(&self) -> Mirror {
        Mirror::open(self.folder.path().join("mirror.db")).unwrap()
    }

    fn export(
        &self,
        change: impl FnOnce(&mut ExportOptions),
    ) -> Result<ExportReceipt, ExportError> {
        let mut options = ExportOptions {
            query: ListQuery::default(),
            source: None,
            formats: Format::ALL.to_vec(),
            custom_field_columns: true,
            raw_formulas: false,
            bom: false,
            anonymizer: None,
            now: Timestamp::UNIX_EPOCH,
        };
        change(&mut options);
        export(&self.mirror(), &self.path(), &options).map(|summary| summary.receipt)
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("export")
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join("data").join(name)).unwrap()
    }
}

fn ticket(id: &str, status: Status) -> Ticket {
    let field = CustomField {
        key: Some("serial number".into()),
        value: Some("\"-0012\"".parse().unwrap()),
        ..CustomField::default()
    };
    Ticket {
        title: Some(TITLE.into()),
        description: Some(DESCRIPTION.into()),
        status: Some(Coded::new(status, "native")),
        created_at: Some("2026-02-10T08:30:00.125Z".parse().unwrap()),
        metrics: Some(Metrics { resolution_seconds: Some(3_600), ..Metrics::default() }),
        custom_fields: vec![field],
        ..Ticket::new("acme", id)
    }
}

/// Returns the first row of a Parquet file, by the names of its columns.
fn parquet_row(path: &Path) -> Vec<(String, Field)> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let row = reader.get_row_iter(None).unwrap().next().unwrap().unwrap();
    row.get_column_iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[tokio::test]
async fn every_format_has_the_exact_values() {
    let desk = Desk::new(vec![ticket(ID, Status::Open), ticket("TK-1", Status::Closed)]).await;
    let receipt = desk.export(|_| {}).unwrap();
    assert!(verify(&desk.path()).unwrap().is_intact());
    assert_eq!(receipt.tickets, 3);
    for file in receipt.files.iter().filter(|file| file.table == "tickets") {
        assert_eq!(file.rows, 3, "{file:?}");
    }

    let csv = desk.read("tickets.csv");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().unwrap().clone();
    let row = rows.records().next().unwrap().unwrap();
    let cell = |name| &row[header.iter().position(|it| it == name).unwrap()];
    assert_eq!(cell("id"), ID);
    assert_eq!(cell("title"), format!("'{TITLE}"));
    assert_eq!(cell("description"), DESCRIPTION.replace('\u{7}', ""));
    assert_eq!(cell("created_at"), "2026-02-10T08:30:00.125Z");
    assert_eq!(cell("custom_fields.serial number"), "-0012");

    let file = File::open(desk.path().join("data/tickets.xlsx")).unwrap();
    let mut sheet = String::new();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    for part in [
        &format!("<t xml:space=\"preserve\">{ID}</t>"),
        &format!("<t xml:space=\"preserve\">{TITLE}</t>"),
        "打印机\n卡纸 👍🏽_x0007_ &lt;b&gt;</t>",
        "<v>46063.35416811342</v>",
        "<v>3600</v>",
    ] {
        assert!(sheet.contains(part), "{part} in\n{sheet}");
    }

    let row = parquet_row(&desk.path().join("data/tickets.parquet"));
    for (name, value) in [
        ("id", Field::Str(ID.into())),
        ("title", Field::Str(TITLE.into())),
        ("description", Field::Str(DESCRIPTION.into())),
        ("url", Field::Null),
        ("created_at", Field::TimestampMillis(1_770_712_200_125)),
        ("resolution_seconds", Field::Long(3_600)),
        ("custom_fields.serial number", Field::Str("-0012".into())),
    ] {
        assert!(row.contains(&(name.to_owned(), value)), "{name} in {row:?}");
    }

    let tickets: Vec<Ticket> = desk
        .read("tickets.ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(tickets[0], ticket(ID, Status::Open));
    assert!(desk.read(&format!("html/acme/{ID}.html")).contains("打印机\n卡纸 👍🏽\\u{7} &lt;b&gt;"));
    assert!(desk.read(&format!("markdown/other/{ID}.md")).contains("打印机\n卡纸 👍🏽\\u{7} <b>"));
    let index = desk.read("html/index.html");
    assert_eq!(index.matches("<tr><td><a href=\"").count(), 3);
    let (_, link) = index.split_once("<a href=\"acme/tk-1~").expect("the id has capital letters");
    let name = link.split('"').next().unwrap();
    assert!(desk.path().join(format!("data/html/acme/tk-1~{name}")).exists());
}

#[tokio::test]
async fn filters_select_tickets_in_every_format() {
    let desk = Desk::new(vec![ticket("1", Status::Open), ticket("2", Status::Closed)]).await;
    let receipt = desk
        .export(|options| {
            options.source = Some("acme".into());
            options.query.statuses = vec![Status::Closed];
        })
        .unwrap();
    assert_eq!(receipt.tickets, 1);
    let names: Vec<_> = receipt.sources.iter().map(|source| source.source.clone()).collect();
    assert_eq!(names, ["acme"]);
    assert_eq!(desk.read("tickets.ndjson").lines().count(), 1);
    assert!(desk.read("html/index.html").contains("acme:2"));
    assert!(!desk.path().join("data/html/other").exists());
}

/// The same ticket as in the tests of its views: each text of it is another one.
#[path = "../../ticket-render/src/examples.rs"]
#[allow(dead_code, reason = "the views use more of it")]
mod examples;

#[tokio::test]
async fn anonymized_export_has_nothing_of_a_person() {
    let full = Ticket { id: ID.into(), ..examples::full() };
    let desk = Desk::new(vec![full.clone()]).await;
    let anonymizer = Anonymizer::new("a key of sixteen bytes", false).unwrap();
    let receipt = desk
        .export(|options| {
            options.anonymizer = Some(anonymizer);
            options.raw_formulas = true;
            options.query.requester = full.requester.as_ref().unwrap().id.clone();
        })
        .unwrap();
    assert_eq!((receipt.tickets, receipt.query.requester), (1, None));
    let masked = receipt.masked.unwrap();
    assert!(masked.pseudonyms.contains(&"people.name".to_owned()));
    assert!(masked.removed.contains(&"messages.body".to_owned()));

    let json = desk.read("tickets.ndjson");
    let masked: Ticket = serde_json::from_str(&json).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&masked).unwrap());
    // The tables and the pages have no text that the masked ticket does not have.
    let texts = examples::leaves(&full, |_, time| time.to_string());
    let removed: Vec<_> = texts.iter().filter(|(_, text)| !json.contains(&**text)).collect();
    assert!(removed.len() > 100, "{}", removed.len());
    let data = desk.path().join("data");
    let names = Format::ALL.iter().map(|format| match format {
        Format::Html | Format::Markdown => {
            let extension = if *format == Format::Html { "html" } else { "md" };
            format!("{format}/acme/{ID}.{extension}")
        }
        _ => format!("tickets.{format}"),
    });
    let tables = ["messages.csv", "people.csv", "custom_fields.csv", "tags.csv", "attachments.csv"];
    let tables = tables.into_iter().chain(["status_changes.csv", "receipt.json"]);
    for name in names.chain(tables.map(str::to_owned)) {
        let bytes = fs::read(data.join(&name)).unwrap();
        let content = String::from_utf8_lossy(&bytes);
        for (path, text) in &removed {
            // The other texts of the example are times and words of the page.
            let number = text.rsplit('-').next().unwrap_or_default();
            let is_plain = text.len() > 4 && number.len() == 3 && number.parse::<u16>().is_ok();
            assert!(!is_plain || !content.contains(text), "{name} has {path}: {text}");
        }
    }
}

/// Above 1,000 files, the file system is synchronized once instead of each file.
#[tokio::test]
async fn exports_more_pages_than_are_synchronized_one_by_one() {
    let tickets = (1..=1_050).map(|number| ticket(&number.to_string(), Status::Open));
    let desk = Desk::new(tickets.collect()).await;
    let receipt = desk.export(|options| options.formats = vec![Format::Markdown]).unwrap();
    let verified = verify(&desk.path()).unwrap();
    assert!(verified.is_intact() && verified.files > 1_050, "{verified:?}");
    assert_eq!(receipt.tickets, 1_051);
    assert!(desk.read("markdown/acme/1050.md").contains("1050"));
}

#[tokio::test]
async fn failed_export_leaves_nothing() {
    let mut wide = ticket(ID, Status::Open);
    wide.custom_fields = (0..2_000)
        .map(|number| CustomField { key: Some(format!("f{number}")), ..CustomField::default() })
        .collect();
    let desk = Desk::new(vec![wide]).await;
    let error = desk.export(|_| {}).unwrap_err();
    let message = "the tickets would have 2053 columns; a table has at most 2000";
    assert_eq!(error.to_string(), message);
    let left = fs::read_dir(desk.folder.path()).unwrap().map(|it| it.unwrap().file_name());
    let left: Vec<_> = left.filter(|it| it.to_string_lossy().contains("export")).collect();
    assert!(left.is_empty(), "{left:?}");
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

/// Adds a ticket whose files are an image, a page, and one that cannot be had.
async fn with_files(desk: &Desk) {
    let file = |id: &str| Attachment {
        id: Some(id.into()),
        name: Some("screen <1>.png".into()),
        ..Attachment::default()
    };
    let attachments = vec![file("img_1"), file("page_1"), file("gone_1")];
    let ticket = Ticket { attachments, ..ticket("7", Status::Open) };
    let source = InMemorySource::new("desk")
        .with_list(ListItems::Tickets)
        .with_ticket(ticket)
        .with_file("img_1", PNG, None)
        .with_file("page_1", &b"<script>"[..], Some("text/html"));
    let mut mirror = desk.mirror();
    let identity = SourceIdentity::new("desk", &source.account());
    let files = Some(FileOptions::default());
    let options = SyncOptions { files, ..SyncOptions::default() };
    let job = SyncJob::new(&mut mirror, &source, &identity, options).unwrap();
    let receipt = job.run(|_| {}).await.unwrap().receipt;
    assert_eq!(receipt.files.unwrap().stored, 2);
}

#[tokio::test]
async fn exports_the_files_of_tickets_by_their_hash() {
    let desk = Desk::new(vec![ticket(ID, Status::Open)]).await;
    with_files(&desk).await;
    let receipt = desk.export(|_| {}).unwrap();
    assert!(verify(&desk.path()).unwrap().is_intact());
    let bytes = (PNG.len() + "<script>".len()) as u64;
    assert_eq!((receipt.attachments.count, receipt.attachments.bytes), (2, bytes));

    let csv = desk.read("attachments.csv");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    let cells: Vec<_> = rows.iter().map(|row| (row[9].to_owned(), row[10].to_owned())).collect();
    let [(image, _), (page, _), (none, reason)] = &cells[..] else { panic!("{cells:?}") };
    let extension = |path: &str| path.rsplit_once('.').unwrap().1.to_owned();
    assert_eq!((extension(image), extension(page)), ("png".to_owned(), "bin".to_owned()));
    assert_eq!((&**none, &**reason), ("", "unknown file gone_1"));
    assert_eq!(fs::read(desk.path().join("data").join(image)).unwrap(), PNG);

    let links = desk.read("files.ndjson");
    assert_eq!(links.lines().count(), 2);
    assert!(links.contains(&format!(r#""attachment":"img_1","file":"{image}""#)), "{links}");
    let html = desk.read("html/desk/7.html");
    assert!(html.contains(&format!("<img src=\"../../{image}\"")), "{html}");
    assert!(html.contains(&format!("<a href=\"../../{page}\"")), "{html}");
    assert!(desk.read("markdown/desk/7.md").contains(&format!("![image](../../{image})")));
}

#[tokio::test]
async fn anonymized_export_has_no_files() {
    let desk = Desk::new(vec![ticket(ID, Status::Open)]).await;
    with_files(&desk).await;
    let anonymizer = Anonymizer::new("a key of sixteen bytes", true).unwrap();
    let receipt = desk.export(|options| options.anonymizer = Some(anonymizer)).unwrap();
    assert_eq!(receipt.attachments.count, 0);
    assert!(!desk.path().join("data/files").exists());
    assert!(!desk.path().join("data/files.ndjson").exists());
    assert!(!desk.read("receipt.json").contains("gone_1"));
    assert!(!desk.read("attachments.csv").contains("files/"));
    assert!(!desk.read("html/desk/7.html").contains("<img"));
}

//! Exports of a mirror, compared with bare programs that read the same rows with `rusqlite` and write the same files:
//! `cargo bench -p ticket-export --bench export -- mirror.db`.
//!
//! The programs alternate, and the ratios are those of neighbours, because a busy machine changes its speed. Ours also write the
//! checksums, the receipt and the tables' descriptions, and see one state of the mirror.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use ticket_core::ListQuery;
use ticket_core::model::Timestamp;
use ticket_export::{ExportOptions, Format, export};
use ticket_mirror::{Column, ColumnType, Mirror, Table};

/// How often each program runs.
const RUNS: usize = 5;
/// The rows that the bare program holds in memory.
const GROUP_ROWS: usize = 50_000;

fn main() {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        println!("skipped: name the file of a mirror");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let tickets = ours(&path, folder.path(), Format::Ndjson);
    for (format, bare) in
        [(Format::Ndjson, bare_ndjson as fn(&Connection, &Path)), (Format::Parquet, bare_parquet)]
    {
        let (mut ratios, mut times) = (Vec::new(), [Vec::new(), Vec::new()]);
        for _ in 0..RUNS {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
            let connection = Connection::open_with_flags(&path, flags).expect("a mirror");
            let bare = seconds(|| bare(&connection, folder.path()));
            let ours = seconds(|| _ = ours(&path, folder.path(), format));
            ratios.push(ours / bare);
            times[0].push(bare);
            times[1].push(ours);
        }
        let [bare, ours] = times.map(median);
        let ratio = median(ratios);
        println!(
            "{format}: {tickets} tickets, bare {bare:.2} s, ours {ours:.2} s, {ratio:.2} times as long (median of {RUNS})"
        );
    }
}

fn seconds(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn ours(path: &str, folder: &Path, format: Format) -> u64 {
    let options = ExportOptions {
        query: ListQuery::default(),
        source: None,
        formats: vec![format],
        custom_field_columns: false,
        raw_formulas: false,
        bom: false,
        anonymizer: None,
        now: Timestamp::UNIX_EPOCH,
    };
    let to = folder.join("export");
    let summary = export(&Mirror::open(path).expect("a mirror"), &to, &options).expect("an export");
    std::fs::remove_dir_all(to).expect("the export is there");
    summary.receipt.tickets
}

fn bare_ndjson(connection: &Connection, folder: &Path) {
    let mut out = BufWriter::with_capacity(1 << 18, file(folder));
    let mut statement = connection.prepare("SELECT json FROM ticket ORDER BY key").expect("SQL");
    let mut rows = statement.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let json = row.get_ref(0).expect("a value").as_bytes().expect("a text");
        out.write_all(json).and_then(|()| out.write_all(b"\n")).expect("a file");
    }
    out.into_inner().expect("a file").sync_all().expect("a file");
}

fn bare_parquet(connection: &Connection, folder: &Path) {
    for table in Table::ALL {
        let fields = table.columns.iter().map(|column| Arc::new(field(column))).collect();
        let schema = Type::group_type_builder(table.name).with_fields(fields).build();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let schema = Arc::new(schema.expect("a schema"));
        let mut writer =
            SerializedFileWriter::new(file(folder), schema, Arc::new(properties)).expect("a file");
        let mut statement = connection.prepare(&sql(&table)).expect("SQL");
        let mut rows = statement.query([]).expect("rows");
        let mut columns: Vec<Values> =
            table.columns.iter().map(|column| Values::new(column.kind)).collect();
        let mut count = 0;
        loop {
            let row = rows.next().expect("a row");
            if count == GROUP_ROWS || (row.is_none() && count > 0) {
                let mut group = writer.next_row_group().expect("a group");
                for column in &mut columns {
                    column.write(&mut group);
                }
                group.close().expect("a group");
                count = 0;
            }
            let Some(row) = row else { break };
            for (index, column) in columns.iter_mut().enumerate() {
                column.push(row.get_ref(index).expect("a value"));
            }
            count += 1;
        }
        writer.into_inner().expect("a file").sync_all().expect("a file");
    }
}

fn file(folder: &Path) -> File {
    File::create(folder.join("bare")).expect("a file")
}

/// Returns the rows of a table in their order.
fn sql(table: &Table) -> String {
    let from = match table.name {
        "people" => "person",
        name => name.strip_suffix('s').expect("a plural"),
    };
    let columns = table.columns.iter().map(|column| match &*column.name {
        "source" => "source.name".to_owned(),
        "ticket_id" => "ticket.id".to_owned(),
        "message_position" => "attachment.message".to_owned(),
        // Of downloads, which a mirror for this benchmark does not have.
        "file" | "not_downloaded" => "NULL".to_owned(),
        name => format!("{from}.\"{name}\""),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let source = "JOIN source ON source.key = ticket.source";
    if table.is_tickets() {
        return format!("SELECT {columns} FROM ticket CROSS {source} ORDER BY ticket.key");
    }
    format!(
        "SELECT {columns} FROM ticket CROSS {source} CROSS JOIN {from} ON {from}.ticket = ticket.key \
         ORDER BY ticket.key, {from}.position"
    )
}

fn field(column: &Column) -> Type {
    let (physical, logical) = match column.kind {
        ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Integer | ColumnType::Seconds => (Physical::INT64, None),
        ColumnType::Number => (Physical::DOUBLE, None),
        ColumnType::Boolean => (Physical::BOOLEAN, None),
        ColumnType::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
    };
    let field = Type::primitive_type_builder(&column.name, physical).with_logical_type(logical);
    field.with_repetition(Repetition::OPTIONAL).build().expect("a field")
}

/// The values of a column, and 1 for each value and 0 for each null.
struct Values {
    kind: ColumnType,
    texts: Vec<ByteArray>,
    integers: Vec<i64>,
    numbers: Vec<f64>,
    booleans: Vec<bool>,
    levels: Vec<i16>,
}

impl Values {
    fn new(kind: ColumnType) -> Self {
        Self {
            kind,
            texts: Vec::new(),
            integers: Vec::new(),
            numbers: Vec::new(),
            booleans: Vec::new(),
            levels: Vec::new(),
        }
    }

    fn push(&mut self, value: ValueRef<'_>) {
        self.levels.push(i16::from(value != ValueRef::Null));
        match (value, self.kind) {
            (ValueRef::Null, _) => {}
            (ValueRef::Text(text), ColumnType::Text) => self.texts.push(text.to_vec().into()),
            (ValueRef::Text(text), _) => {
                let time: Timestamp = str::from_utf8(text).unwrap().parse().expect("a time");
                self.integers.push(time.as_millisecond());
            }
            (ValueRef::Integer(value), ColumnType::Boolean) => self.booleans.push(value != 0),
            (ValueRef::Integer(value), _) => self.integers.push(value),
            (ValueRef::Real(value), _) => self.numbers.push(value),
            (ValueRef::Blob(_), _) => unreachable!("the tables have no blobs"),
        }
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, File>) {
        let mut column = group.next_column().expect("a column").expect("a column");
        let levels = Some(&*self.levels);
        let written = match self.kind {
            ColumnType::Text => {
                column.typed::<ByteArrayType>().write_batch(&self.texts, levels, None)
            }
            ColumnType::Number => {
                column.typed::<DoubleType>().write_batch(&self.numbers, levels, None)
            }
            ColumnType::Boolean => {
                column.typed::<BoolType>().write_batch(&self.booleans, levels, None)
            }
            _ => column.typed::<Int64Type>().write_batch(&self.integers, levels, None),
        };
        written.expect("a column");
        column.close().expect("a column");
        *self = Self::new(self.kind);
    }
}

//! Parquet: one typed file for each table, for analysis.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use ticket_mirror::{Column, ColumnType, Table, Value};

use crate::error::ExportError;
use crate::format::{Format, Writer};
use crate::payload::Payload;
use crate::receipt::FileRows;

/// A row group ends after so many rows, or so many bytes of text.
const GROUP_ROWS: usize = 50_000;
const GROUP_BYTES: usize = 1 << 23;

pub(crate) struct ParquetWriter {
    folder: PathBuf,
    open: Option<OpenFile>,
    files: Vec<FileRows>,
}

/// The file of the current table, and the rows that are not written yet.
struct OpenFile {
    path: PathBuf,
    writer: SerializedFileWriter<Payload>,
    columns: Vec<ColumnValues>,
    group_rows: usize,
    group_bytes: usize,
    rows: FileRows,
}

/// The values of a column, without nulls.
struct ColumnValues {
    values: Values,
    /// 1 for a value, 0 for a null.
    levels: Vec<i16>,
}

enum Values {
    /// All texts in one piece, and where each ends.
    Text(Vec<u8>, Vec<usize>),
    /// Also times, in milliseconds since 1970.
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Boolean(Vec<bool>),
}

impl ParquetWriter {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), open: None, files: Vec::new() }
    }

    fn close(&mut self) -> Result<(), ExportError> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let written = open.flush().and_then(|()| open.writer.into_inner());
        let sum = written.map_err(cause).and_then(Payload::finish);
        open.rows.checksum = Some(sum.map_err(ExportError::at(&open.path))?);
        self.files.push(open.rows);
        Ok(())
    }
}

impl Writer for ParquetWriter {
    fn begin(&mut self, table: &Table, columns: &[Column]) -> Result<(), ExportError> {
        self.close()?;
        let name = format!("{}.parquet", table.name);
        let path = self.folder.join(&name);
        let file = Payload::create(&path)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
            .set_created_by(format!("ticket {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = schema(table, columns).and_then(|schema| {
            SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))
        });
        let writer = writer.map_err(|error| ExportError::at(&path)(cause(error)))?;
        self.open = Some(OpenFile {
            path,
            writer,
            columns: columns.iter().map(|column| ColumnValues::new(column.kind)).collect(),
            group_rows: 0,
            group_bytes: 0,
            rows: FileRows::new(&name, Format::Parquet, table.name, 0, Vec::new()),
        });
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ExportError> {
        let open = self.open.as_mut().expect("a table has begun");
        for (column, value) in open.columns.iter_mut().zip(values) {
            open.group_bytes += column.push(*value);
        }
        open.rows.rows += 1;
        open.group_rows += 1;
        if open.group_rows >= GROUP_ROWS || open.group_bytes >= GROUP_BYTES {
            open.flush().map_err(|error| ExportError::at(&open.path)(cause(error)))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<FileRows>, ExportError> {
        self.close()?;
        Ok(self.files)
    }
}

impl OpenFile {
    /// Writes the rows as a group.
    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.group_rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let mut writer = group.next_column()?.expect("the schema has the same columns");
            column.write(&mut writer)?;
            writer.close()?;
        }
        group.close()?;
        (self.group_rows, self.group_bytes) = (0, 0);
        Ok(())
    }
}

impl ColumnValues {
    fn new(kind: ColumnType) -> Self {
        let values = match kind {
            ColumnType::Text => Values::Text(Vec::new(), Vec::new()),
            ColumnType::Integer | ColumnType::Seconds | ColumnType::Time => {
                Values::Integer(Vec::new())
            }
            ColumnType::Number => Values::Number(Vec::new()),
            ColumnType::Boolean => Values::Boolean(Vec::new()),
        };
        Self { values, levels: Vec::new() }
    }

    /// Adds a value, and returns the bytes of its text.
    fn push(&mut self, value: Value<'_>) -> usize {
        self.levels.push(i16::from(value != Value::Null));
        match (&mut self.values, value) {
            (_, Value::Null) => {}
            (Values::Text(bytes, ends), Value::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
                return text.len();
            }
            (Values::Integer(values), Value::Integer(value)) => values.push(value),
            (Values::Integer(values), Value::Time { instant, .. }) => {
                values.push(instant.as_millisecond());
            }
            (Values::Number(values), Value::Number(value)) => values.push(value),
            (Values::Boolean(values), Value::Boolean(value)) => values.push(value),
            _ => unreachable!("a snapshot has values of the type of their column"),
        }
        0
    }

    /// Writes the values and forgets them.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        fn batch<T: DataType>(
            writer: &mut SerializedColumnWriter<'_>,
            values: &[T::T],
            levels: &[i16],
        ) -> Result<(), ParquetError> {
            writer.typed::<T>().write_batch(values, Some(levels), None).map(drop)
        }
        let levels = &self.levels;
        match &mut self.values {
            Values::Text(bytes, ends) => {
                let bytes = Bytes::from(std::mem::take(bytes));
                let starts = [0].into_iter().chain(ends.iter().copied());
                let texts = starts.zip(ends.iter()).map(|(start, end)| bytes.slice(start..*end));
                let texts: Vec<_> = texts.map(ByteArray::from).collect();
                ends.clear();
                batch::<ByteArrayType>(writer, &texts, levels)?;
            }
            Values::Integer(values) => {
                batch::<Int64Type>(writer, values, levels)?;
                values.clear();
            }
            Values::Number(values) => {
                batch::<DoubleType>(writer, values, levels)?;
                values.clear();
            }
            Values::Boolean(values) => {
                batch::<BoolType>(writer, values, levels)?;
                values.clear();
            }
        }
        self.levels.clear();
        Ok(())
    }
}

fn schema(table: &Table, columns: &[Column]) -> Result<Type, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            ColumnType::Integer | ColumnType::Seconds => (Physical::INT64, None),
            ColumnType::Number => (Physical::DOUBLE, None),
            ColumnType::Boolean => (Physical::BOOLEAN, None),
            ColumnType::Time => {
                (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS)))
            }
        };
        let field = Type::primitive_type_builder(&column.name, physical)
            .with_logical_type(logical)
            .with_repetition(Repetition::OPTIONAL);
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder(table.name).with_fields(fields).build()
}

/// Returns the error of the file, if there is one.
fn cause(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}

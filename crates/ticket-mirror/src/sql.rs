//! SQL over the mirror, read-only.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, OpenFlags};
use serde::{Serialize, Serializer};

use crate::error::MirrorError;
use crate::hexadecimal::hexadecimal;
use crate::mirror::Mirror;

/// How many steps of the database pass between two looks at the clock.
const STEPS: i32 = 10_000;

/// A value of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum SqlValue {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Real(f64),
    /// A text. Bytes that are not UTF-8 become U+FFFD.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl SqlValue {
    fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(value) => Self::Integer(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(value) => Self::Text(String::from_utf8_lossy(value).into_owned()),
            ValueRef::Blob(value) => Self::Blob(value.to_owned()),
        }
    }

    /// Returns the value as text: nothing for no value, hexadecimal digits for bytes.
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Integer(value) => value.to_string(),
            Self::Real(value) => value.to_string(),
            Self::Text(value) => value.clone(),
            Self::Blob(value) => hexadecimal(value),
        }
    }
}

impl Serialize for SqlValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Real(value) => serializer.serialize_f64(*value),
            Self::Text(_) | Self::Blob(_) => serializer.serialize_str(&self.to_text()),
        }
    }
}

/// Returns the names of the columns as keys; a name that occurs again gets a number.
///
/// ```
/// let columns = ["id", "id", "title", "id"].map(str::to_owned);
/// assert_eq!(ticket_mirror::sql_keys(&columns), ["id", "id:2", "title", "id:3"]);
/// ```
pub fn sql_keys(columns: &[String]) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut keys = Vec::new();
    for name in columns {
        let count = seen.entry(name).or_default();
        *count += 1;
        keys.push(if *count == 1 { name.clone() } else { format!("{name}:{count}") });
    }
    keys
}

impl Mirror {
    /// Runs one SQL query and calls `each` with the names of the columns and the values of each row, until it returns `false`.
    /// Returns the names of the columns.
    ///
    /// The connection is read-only and cannot attach other files, whatever the query says. It ends after `timeout`.
    ///
    /// # Errors
    /// [`Query`](MirrorError::Query): the query is not valid, is more than one, or writes;
    /// [`QueryTimeout`](MirrorError::QueryTimeout); [`Database`](MirrorError::Database); and the errors of `each`.
    pub fn sql<E: From<MirrorError>>(
        &self,
        query: &str,
        timeout: Duration,
        each: impl FnMut(&[String], Vec<SqlValue>) -> Result<bool, E>,
    ) -> Result<Vec<String>, E> {
        self.sql_within(query, timeout, None, each)
    }

    /// Does the same as [`sql`](Self::sql), and refuses values of more than `max_bytes`: a query can make one of any size.
    ///
    /// # Errors
    /// Those of [`sql`](Self::sql).
    pub fn sql_within<E: From<MirrorError>>(
        &self,
        query: &str,
        timeout: Duration,
        max_bytes: Option<i32>,
        mut each: impl FnMut(&[String], Vec<SqlValue>) -> Result<bool, E>,
    ) -> Result<Vec<String>, E> {
        let database = |error: rusqlite::Error| MirrorError::from(error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection =
            rusqlite::Connection::open_with_flags(self.path(), flags).map_err(database)?;
        connection.pragma_update(None, "query_only", true).map_err(database)?;
        connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0).map_err(database)?;
        if let Some(max_bytes) = max_bytes {
            connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, max_bytes).map_err(database)?;
        }
        // A timeout beyond the clock is none.
        let end = Instant::now().checked_add(timeout);
        connection
            .progress_handler(STEPS, Some(move || end.is_some_and(|end| Instant::now() >= end)))
            .map_err(database)?;
        let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => MirrorError::QueryTimeout(timeout.as_secs()),
            Some(ErrorCode::ReadOnly) => MirrorError::QueryWrites,
            _ => match error {
                rusqlite::Error::SqlInputError { msg, .. }
                | rusqlite::Error::SqliteFailure(_, Some(msg)) => {
                    let is_attached = msg.starts_with("too many attached databases");
                    MirrorError::Query(if is_attached {
                        "ATTACH is not allowed".to_owned()
                    } else {
                        msg
                    })
                }
                rusqlite::Error::Empty => MirrorError::Query("the query is empty".to_owned()),
                rusqlite::Error::MultipleStatement => {
                    MirrorError::Query("there is more than one statement".to_owned())
                }
                error => error.into(),
            },
        };
        let mut statement = connection.prepare(query).map_err(failed)?;
        if !statement.readonly() {
            return Err(MirrorError::QueryWrites.into());
        }
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let values = (0..columns.len()).map(|index| row.get_ref(index).map(SqlValue::of));
            let values = values.collect::<Result<_, _>>().map_err(failed)?;
            if !each(&columns, values)? {
                break;
            }
        }
        drop(rows);
        Ok(columns)
    }
}

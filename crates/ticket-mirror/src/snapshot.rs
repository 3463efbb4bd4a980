//! Reads many tickets in one state of the mirror, row by row.

use std::cell::Cell;
use std::fmt::Write;

use rusqlite::types::{ToSql, ValueRef};
use rusqlite::{Connection, Transaction, params_from_iter};
use ticket_core::ListQuery;
use ticket_core::model::Timestamp;

use crate::error::MirrorError;
use crate::files::StoredFile;
use crate::mirror::Mirror;
use crate::status::MirrorStatus;
use crate::table::{Column, ColumnType, Expression, Table};
use crate::time;

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'r> {
    /// No value.
    Null,
    /// A text.
    Text(&'r str),
    /// A whole number, or whole seconds.
    Integer(i64),
    /// A number with decimals.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// An instant.
    Time {
        /// RFC 3339 in UTC with milliseconds.
        text: &'r str,
        /// The same instant.
        instant: Timestamp,
    },
}

/// A ticket of a snapshot.
#[derive(Debug, Clone, Copy)]
pub struct StoredTicket<'r> {
    /// The name of its source.
    pub source: &'r str,
    /// Its id.
    pub id: &'r str,
    /// The unified ticket, as JSON without nulls.
    pub json: &'r str,
    /// Its downloaded files.
    pub files: &'r [StoredFile],
}

/// Some tickets of a mirror, in one state: what another program writes meanwhile is not seen.
#[derive(Debug)]
pub struct Snapshot<'m> {
    mirror: &'m Mirror,
    pub(crate) transaction: Transaction<'m>,
    /// Whether all tickets of the mirror are selected.
    is_all: bool,
    /// Whether the table of the selected keys exists.
    has_keys: Cell<bool>,
    tickets: u64,
}

impl Mirror {
    /// Selects the tickets that match, as [`find`](Self::find) does, in the order in which the mirror saw them first.
    ///
    /// # Errors
    /// [`Query`](MirrorError::Query), [`UnknownSource`](MirrorError::UnknownSource), [`Database`](MirrorError::Database).
    pub fn snapshot(
        &self,
        query: &ListQuery,
        source: Option<&str>,
    ) -> Result<Snapshot<'_>, MirrorError> {
        let transaction = self.connection.unchecked_transaction()?;
        let matching = self.matching(query, source)?;
        let (is_all, condition) = (matching.is_all(), matching.condition());
        let tickets = if is_all {
            transaction.query_row("SELECT count(*) FROM ticket", [], |row| row.get(0))?
        } else {
            select_keys(&transaction, matching.from, &condition, matching.values)?
        };
        Ok(Snapshot { mirror: self, transaction, is_all, has_keys: Cell::new(!is_all), tickets })
    }
}

/// Creates a table of the keys of tickets, so that their large rows are read only once for each use, and returns their number.
fn select_keys(
    connection: &Connection,
    from: &str,
    condition: &str,
    values: Vec<Box<dyn ToSql>>,
) -> Result<u64, MirrorError> {
    connection.execute_batch(
        "CREATE TEMP TABLE selected (key INTEGER PRIMARY KEY, source INTEGER NOT NULL, id TEXT NOT NULL) STRICT",
    )?;
    // Without filters, an index has all three, and the table is not read. The `+` keeps it so: sorting the keys of the index is
    // faster than reading the tickets, and inserting them in their order faster than in any other.
    let sql = format!(
        "INSERT INTO temp.selected SELECT ticket.key, ticket.source, ticket.id FROM {from} WHERE {condition} ORDER BY +ticket.key"
    );
    Ok(connection.execute(&sql, params_from_iter(values))? as u64)
}

impl Snapshot<'_> {
    /// Creates the table of the selected keys, unless it exists.
    pub(crate) fn select(&self) -> Result<(), MirrorError> {
        if !self.has_keys.replace(true) {
            select_keys(&self.transaction, "ticket", "true", Vec::new())?;
        }
        Ok(())
    }

    /// Returns how many tickets are selected.
    pub fn tickets(&self) -> u64 {
        self.tickets
    }

    /// Returns what the mirror holds, with the last receipts.
    ///
    /// # Errors
    /// [`Database`](MirrorError::Database), [`Damaged`](MirrorError::Damaged).
    pub fn status(&self) -> Result<MirrorStatus, MirrorError> {
        self.mirror.status()
    }

    /// Returns the names of the custom fields of the tickets, sorted: the key, else the id, else the label.
    ///
    /// # Errors
    /// [`Database`](MirrorError::Database).
    pub fn custom_field_names(&self) -> Result<Vec<String>, MirrorError> {
        self.select()?;
        let sql = format!(
            "SELECT DISTINCT {FIELD_NAME} AS name FROM temp.selected CROSS JOIN custom_field ON custom_field.ticket = selected.key
             WHERE name IS NOT NULL ORDER BY name"
        );
        let mut statement = self.transaction.prepare(&sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Calls `each` with the rows of a table and returns their number. The rows of a ticket are together, in their order.
    ///
    /// # Errors
    /// [`Damaged`](MirrorError::Damaged), [`Database`](MirrorError::Database), and the errors of `each`.
    pub fn rows<E: From<MirrorError>>(
        &self,
        table: &Table,
        columns: &[Column],
        mut each: impl FnMut(&[Value<'_>]) -> Result<(), E>,
    ) -> Result<u64, E> {
        let database = |error: rusqlite::Error| MirrorError::from(error);
        self.select()?;
        let (sql, fields) = select(table, columns);
        let fields: Vec<&dyn ToSql> = fields.iter().map(|name| name as &dyn ToSql).collect();
        let mut statement = self.transaction.prepare(&sql).map_err(database)?;
        let mut rows = statement.query(&fields[..]).map_err(database)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(database)? {
            let mut values = Vec::with_capacity(columns.len());
            for (index, column) in columns.iter().enumerate() {
                let value = row.get_ref(index).map_err(database)?;
                values.push(read(value, column.kind).ok_or_else(|| {
                    let place = format!("{} of {}", column.name, table.name);
                    MirrorError::Damaged(format!("a value of the column {place}"))
                })?);
            }
            each(&values)?;
            count += 1;
        }
        Ok(count)
    }

    /// Calls `each` with each ticket, in the order of the [`rows`](Self::rows) of the tickets.
    ///
    /// # Errors
    /// [`Damaged`](MirrorError::Damaged), [`Database`](MirrorError::Database), and the errors of `each`.
    pub fn json<E: From<MirrorError>>(
        &self,
        mut each: impl FnMut(&StoredTicket<'_>) -> Result<(), E>,
    ) -> Result<u64, E> {
        let database = |error: rusqlite::Error| MirrorError::from(error);
        let mut files = self.files_of_ticket()?;
        let mut statement =
            self.transaction.prepare(&select_json(self.is_all)).map_err(database)?;
        let mut rows = statement.query([]).map_err(database)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(database)? {
            let text = |index| {
                let value = row.get_ref(index).map_err(database)?;
                // Four times as fast as `as_str`.
                let text = value.as_bytes().ok().and_then(|it| simdutf8::basic::from_utf8(it).ok());
                text.ok_or_else(|| MirrorError::Damaged("a ticket is not UTF-8".to_owned()))
            };
            let files = match &mut files {
                Some(files) => files.get(row.get(2).map_err(database)?)?,
                None => Vec::new(),
            };
            let (source, id, json, files) = (text(0)?, text(3)?, text(1)?, &*files);
            each(&StoredTicket { source, id, json, files })?;
            count += 1;
        }
        Ok(count)
    }
}

/// Returns the statement that reads whole tickets: all without the table of their keys.
fn select_json(is_all: bool) -> String {
    let (from, key) = if is_all {
        ("ticket", "ticket.key")
    } else {
        ("temp.selected CROSS JOIN ticket ON ticket.key = selected.key", "selected.key")
    };
    format!(
        "SELECT source.name, ticket.json, ticket.key, ticket.id FROM {from}
         CROSS JOIN source ON source.key = ticket.source ORDER BY {key}"
    )
}

/// The name of a custom field.
const FIELD_NAME: &str = "coalesce(nullif(custom_field.name, ''), nullif(custom_field.id, ''), nullif(custom_field.label, ''))";

/// Returns the statement that reads a table, and its parameters.
fn select<'c>(table: &Table, columns: &'c [Column]) -> (String, Vec<&'c str>) {
    let (mut sql, mut fields) = ("SELECT ".to_owned(), Vec::new());
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            sql.push_str(", ");
        }
        match &column.expression {
            Expression::Sql(expression) => sql.push_str(expression),
            Expression::CustomField(name) => {
                fields.push(&**name);
                write!(
                    sql,
                    "(SELECT group_concat(custom_field.value, char(10) ORDER BY custom_field.position) FROM custom_field
                      WHERE custom_field.ticket = selected.key AND {FIELD_NAME} = ?{})",
                    fields.len()
                )
                .expect("a string grows");
            }
        }
    }
    let from = table.from;
    let (key, order) = if table.is_tickets() {
        ("key", String::new())
    } else {
        ("ticket", format!(", {from}.position"))
    };
    write!(
        sql,
        " FROM temp.selected CROSS JOIN source ON source.key = selected.source
          CROSS JOIN {from} ON {from}.{key} = selected.key ORDER BY selected.key{order}"
    )
    .expect("a string grows");
    (sql, fields)
}

/// Reads a value of this type; `None` if it is of another.
fn read(value: ValueRef<'_>, kind: ColumnType) -> Option<Value<'_>> {
    Some(match (value, kind) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Text(text), ColumnType::Text) => Value::Text(str::from_utf8(text).ok()?),
        (ValueRef::Text(text), ColumnType::Time) => {
            let text = str::from_utf8(text).ok()?;
            Value::Time { text, instant: time::parse(text)? }
        }
        (ValueRef::Integer(value), ColumnType::Integer | ColumnType::Seconds) => {
            Value::Integer(value)
        }
        (ValueRef::Integer(value), ColumnType::Boolean) => Value::Boolean(value != 0),
        (ValueRef::Real(value), ColumnType::Number) => Value::Number(value),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ticket_core::ListQuery;

    use super::{select, select_json};
    use crate::error::MirrorError;
    use crate::mirror::Mirror;
    use crate::table::{Column, Table};

    /// Sorting a million messages would need memory, or room on the disk.
    #[test]
    fn reads_no_table_with_a_sort() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
        let snapshot = mirror.snapshot(&ListQuery::default(), None).unwrap();
        snapshot.select().unwrap();
        let sorts = |sql: &str, values: &[&str]| -> usize {
            let mut plan =
                snapshot.transaction.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan
                .query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))
                .unwrap();
            // The values of one field of one ticket are sorted in memory.
            let is_sort =
                |step: &String| step.contains("ORDER BY") && !step.contains("group_concat");
            steps.map(Result::unwrap).filter(is_sort).count()
        };
        for is_all in [true, false] {
            assert_eq!(sorts(&select_json(is_all), &[]), 0);
        }
        for table in Table::ALL {
            let mut columns = table.columns.to_vec();
            if table.is_tickets() {
                columns.push(Column::custom_field("it's \"one\""));
            }
            let (sql, fields) = select(&table, &columns);
            assert_eq!(sorts(&sql, &fields), 0, "{sql}");
            assert_eq!(snapshot.rows(&table, &columns, |_| Ok::<_, MirrorError>(())).unwrap(), 0);
            assert!(table.key.iter().all(|key| columns.iter().any(|it| it.name == *key)));
        }
    }

    #[test]
    fn every_column_of_the_database_is_exported() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
        // Keys of this file, and how the mirror works.
        let internal = [
            "key",
            "source",
            "ticket",
            "json",
            "version_at",
            "fetched",
            "content_hash",
            "row_hash",
            "seen_run",
            "seen_window",
        ];
        for table in Table::ALL {
            let sql = format!("SELECT name FROM pragma_table_info('{}')", table.from);
            let mut statement = mirror.connection.prepare(&sql).unwrap();
            let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
            for name in names.map(Result::unwrap).filter(|name| !internal.contains(&&**name)) {
                let name = if name == "message" { "message_position" } else { &name };
                let found = table.columns.iter().any(|column| column.name == name);
                assert!(found, "{} lacks {name}", table.name);
            }
        }
    }
}

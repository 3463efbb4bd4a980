//! Removes a ticket, or a source, with everything that belongs to it.

use rusqlite::{Connection, params};
use serde_json::value::RawValue;
use ticket_core::VocabularyOverrides;
use ticket_core::mapping::MappingDescription;

use crate::error::MirrorError;
use crate::mirror::Mirror;
use crate::remap;
use crate::source::SourceKey;
use crate::store;
use crate::sync::{Receipt, remove_unused_files};

/// Removes deleted texts from the index.
const OPTIMIZE: &str = "INSERT INTO text_index (text_index) VALUES ('optimize')";

impl Mirror {
    /// Removes a ticket: all versions, its entries in the index, its responses and its files. From pages of a list that other tickets share, its
    /// row is cut out. The file is rewritten, because free space may hold what was deleted earlier.
    ///
    /// A later run adds the ticket again if the service still has it.
    ///
    /// # Errors
    /// [`Reading`](MirrorError::Reading) if another program reads the file; [`UnknownSource`](MirrorError::UnknownSource),
    /// [`UnknownTicket`](MirrorError::UnknownTicket), [`Damaged`](MirrorError::Damaged), [`DiskFull`](MirrorError::DiskFull),
    /// [`Database`](MirrorError::Database).
    pub fn forget(
        &mut self,
        source: &str,
        id: &str,
        mapping: &dyn MappingDescription,
    ) -> Result<(), MirrorError> {
        let source_key = self.source_key(source)?;
        let (key, _) = self.ticket_key(source, id)?;
        // A program that reads would keep the old state in the file.
        self.empty_log()?;
        let transaction = self.connection.transaction()?;
        for table in store::TABLES.into_iter().chain(["ticket_version", "ticket_raw", "download"]) {
            transaction.execute(&format!("DELETE FROM {table} WHERE ticket = ?1"), [key])?;
        }
        // Also pages whose tickets came from other responses later.
        transaction.execute(
            "DELETE FROM raw WHERE source = ?1 AND NOT EXISTS (SELECT 1 FROM ticket_raw WHERE raw = raw.key)",
            [source_key.0],
        )?;
        remove_unused_files(&transaction)?;
        transaction.execute("DELETE FROM text_index WHERE rowid = ?1", [key])?;
        transaction.execute("DELETE FROM ticket WHERE key = ?1", [key])?;
        for table in ["todo", "failure"] {
            let of_source = match table {
                "todo" => "source = ?1",
                _ => "run IN (SELECT key FROM run WHERE source = ?1)",
            };
            let sql = format!("DELETE FROM {table} WHERE id = ?2 AND {of_source}");
            transaction.execute(&sql, params![source_key.0, id])?;
        }
        clean_receipts(&transaction, source_key, id)?;
        for raw in remap::pages(&transaction, source_key, mapping)? {
            cut_out(&transaction, raw, id, mapping)?;
        }
        transaction.execute_batch(OPTIMIZE)?;
        transaction.commit()?;
        self.rewrite()
    }

    /// Removes a source with all of its tickets, responses, files that no other source has, runs and receipts. The file is
    /// rewritten. Returns the number of tickets.
    ///
    /// # Errors
    /// [`Reading`](MirrorError::Reading) if another program reads the file; [`UnknownSource`](MirrorError::UnknownSource),
    /// [`DiskFull`](MirrorError::DiskFull), [`Database`](MirrorError::Database).
    pub fn forget_source(&mut self, source: &str) -> Result<u64, MirrorError> {
        let source = self.source_key(source)?.0;
        self.empty_log()?;
        let transaction = self.connection.transaction()?;
        let remove = |table: &str, condition: &str| {
            let sql = format!("DELETE FROM {table} WHERE {condition}");
            transaction.execute(&sql, [source])
        };
        for table in store::TABLES.into_iter().chain(["ticket_version", "ticket_raw", "download"]) {
            remove(table, "ticket IN (SELECT key FROM ticket WHERE source = ?1)")?;
        }
        remove("text_index", "rowid IN (SELECT key FROM ticket WHERE source = ?1)")?;
        for table in ["failure", "window"] {
            remove(table, "run IN (SELECT key FROM run WHERE source = ?1)")?;
        }
        for table in ["raw", "todo", "run"] {
            remove(table, "source = ?1")?;
        }
        let count = remove("ticket", "source = ?1")? as u64;
        remove("source", "key = ?1")?;
        remove_unused_files(&transaction)?;
        transaction.execute_batch(OPTIMIZE)?;
        transaction.commit()?;
        self.rewrite()?;
        Ok(count)
    }

    /// Rewrites the file, without the free space that holds what was deleted.
    fn rewrite(&self) -> Result<(), MirrorError> {
        // The copy of the whole file goes to the disk, not to memory.
        self.connection.pragma_update(None, "temp_store", "file")?;
        self.connection.execute_batch("VACUUM")?;
        self.connection.pragma_update(None, "temp_store", "memory")?;
        self.empty_log()
    }

    /// Moves everything from the log to the file.
    fn empty_log(&self) -> Result<(), MirrorError> {
        let is_busy: bool =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if is_busy { Err(MirrorError::Reading(self.path().to_owned())) } else { Ok(()) }
    }
}

/// Removes a ticket from the receipts of runs that could not fetch it.
fn clean_receipts(connection: &Connection, source: SourceKey, id: &str) -> Result<(), MirrorError> {
    let mut statement = connection
        .prepare("SELECT key, receipt FROM run WHERE source = ?1 AND instr(receipt, ?2) > 0")?;
    let rows = statement.query_map(params![source.0, id], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    for row in rows.collect::<Result<Vec<_>, _>>()? {
        let (run, text) = row;
        let mut receipt: Receipt = serde_json::from_str(&text)
            .map_err(|error| MirrorError::Damaged(format!("a receipt: {error}")))?;
        receipt.failed.retain(|failed| failed.id != id);
        if let Some(files) = &mut receipt.files {
            files.failed.retain(|failed| failed.ticket != id);
        }
        let text = serde_json::to_string(&receipt).expect("a receipt is JSON");
        connection.execute("UPDATE run SET receipt = ?2 WHERE key = ?1", params![run, text])?;
    }
    Ok(())
}

/// Cuts the row of a ticket out of a page.
fn cut_out(
    connection: &Connection,
    raw: i64,
    id: &str,
    mapping: &dyn MappingDescription,
) -> Result<(), MirrorError> {
    let (operation, compressed): (String, Vec<u8>) =
        connection.query_row("SELECT operation, body FROM raw WHERE key = ?1", [raw], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let response = remap::response(mapping, &operation, &compressed)?;
    if !String::from_utf8_lossy(&response.body).contains(id) {
        return Ok(());
    }
    let rows = mapping
        .decode_page(&response, &VocabularyOverrides::default())
        .map_err(|error| MirrorError::Damaged(format!("a stored page with {id}: {error}")))?;
    let mut tickets = rows.tickets.iter();
    let count = tickets.len() + rows.unreadable.len();
    let is_of_ticket = |index: &usize| {
        let pointer = format!("{}/{index}", rows.list);
        !rows.unreadable.contains(&pointer)
            && tickets.next().is_some_and(|decoded| decoded.ticket.id == id)
    };
    let cut: Vec<usize> = (0..count).filter(is_of_ticket).collect();
    if cut.is_empty() {
        return Ok(());
    }
    let text = std::str::from_utf8(&response.body)
        .map_err(|error| MirrorError::Damaged(format!("a stored response: {error}")))?;
    // The pointer begins with the name of the response.
    let pointer = rows.list.split_once('#').map_or(&*rows.list, |(_, pointer)| pointer);
    let body = without_rows(text, pointer, &cut)
        .ok_or_else(|| MirrorError::Damaged("a stored page has no list of rows".to_owned()))?;
    let body = store::compress(body.as_bytes())?;
    connection.execute("UPDATE raw SET body = ?2 WHERE key = ?1", params![raw, body])?;
    Ok(())
}

/// Returns the JSON without these items of the list at this pointer, and without a byte order mark; all else stays as it is.
fn without_rows(text: &str, pointer: &str, cut: &[usize]) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut list: &RawValue = serde_json::from_str(text).ok()?;
    for segment in pointer.split('/').skip(1) {
        let members: std::collections::HashMap<String, &RawValue> =
            serde_json::from_str(list.get()).ok()?;
        list = *members.get(&segment.replace("~1", "/").replace("~0", "~"))?;
    }
    let start = list.get().as_ptr().addr() - text.as_ptr().addr();
    let rows: Vec<&RawValue> = serde_json::from_str(list.get()).ok()?;
    let kept = rows.iter().enumerate().filter(|(index, _)| !cut.contains(index));
    let kept: Vec<_> = kept.map(|(_, row)| row.get()).collect();
    let end = start + list.get().len();
    Some([&text[..start], "[", &kept.join(","), "]", &text[end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::without_rows;
    use crate::error::MirrorError;
    use crate::mirror::Mirror;

    /// A new table has to be emptied too.
    #[test]
    fn every_table_is_emptied_with_its_source() {
        let folder = tempfile::tempdir().unwrap();
        let mut mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
        let tables = || {
            let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'";
            let mut statement = mirror.connection.prepare(sql).unwrap();
            let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
            names.map(Result::unwrap).collect::<Vec<_>>()
        };
        let tables = tables();
        assert!(tables.len() > 15, "{tables:?}");
        // The rows of one table come before those that they refer to.
        mirror.connection.pragma_update(None, "foreign_keys", false).unwrap();
        // A row in each table, with 1 wherever a key is, and what the column wants elsewhere.
        for table in &tables {
            let sql =
                format!("SELECT name, type FROM pragma_table_xinfo('{table}') WHERE hidden = 0");
            let mut statement = mirror.connection.prepare(&sql).unwrap();
            let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            let columns: Vec<(String, String)> = columns.map(Result::unwrap).collect();
            let names: Vec<_> = columns.iter().map(|(name, _)| &**name).collect();
            let values = columns.iter().map(|(_, kind)| match &**kind {
                "TEXT" => "'acme'",
                "BLOB" => "x'00'",
                _ => "1",
            });
            let (names, values) = (names.join(", "), values.collect::<Vec<_>>().join(", "));
            mirror
                .connection
                .execute_batch(&format!("INSERT INTO {table} ({names}) VALUES ({values})"))
                .unwrap();
        }
        let sql = "INSERT INTO text_index (rowid, title) VALUES (1, 'acme')";
        mirror.connection.execute_batch(sql).unwrap();
        mirror.connection.pragma_update(None, "foreign_keys", true).unwrap();
        mirror.forget_source("acme").unwrap();
        for table in tables.iter().map(String::as_str).chain(["text_index"]) {
            let sql = format!("SELECT count(*) FROM {table}");
            let count: i64 = mirror.connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(count, 0, "{table}");
        }
        assert!(matches!(mirror.forget_source("acme"), Err(MirrorError::UnknownSource { .. })));
    }

    #[test]
    fn the_log_is_not_emptied_while_another_program_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mirror.db");
        let mirror = Mirror::open(&path).unwrap();
        mirror.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        let reader = Mirror::open_read_only(&path).unwrap();
        let mut statement = reader.connection.prepare("SELECT name FROM sqlite_schema").unwrap();
        let mut rows = statement.query([]).unwrap();
        rows.next().unwrap();
        mirror.connection.execute_batch("CREATE TABLE later (it TEXT)").unwrap();
        assert!(matches!(mirror.empty_log(), Err(MirrorError::Reading(_))));
        drop(rows);
        mirror.empty_log().unwrap();
    }

    #[test]
    fn cuts_rows_and_keeps_everything_else() {
        let text = r#" {"code":0, "data":{"a/b":[ {"id":1}, {"id":[2,"}"]} ,3 ],"total":3}}"#;
        assert_eq!(
            without_rows(text, "/data/a~1b", &[1]).as_deref(),
            Some(r#" {"code":0, "data":{"a/b":[{"id":1},3],"total":3}}"#)
        );
        assert_eq!(without_rows(text, "/data/other", &[0]), None);
        assert_eq!(without_rows("\u{feff}[1,2]", "", &[0]).as_deref(), Some("[2]"));
    }
}

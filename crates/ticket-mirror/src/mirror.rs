//! The file of a mirror.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::MirrorError;
use crate::lock::{self, WriteLock};

/// The version of the schema that this library writes.
pub const SCHEMA_VERSION: i64 = 1;
/// Marks the file as a mirror: `tkmr`.
const APPLICATION_ID: i64 = 0x746B_6D72;
/// How long a statement waits for another program, for example for one that repairs the file after a crash.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Tickets of several sources in one `SQLite` file.
///
/// One program writes; any number reads at the same time and sees the state after the last page that was written completely.
#[derive(Debug)]
pub struct Mirror {
    pub(crate) connection: Connection,
    path: PathBuf,
    _lock: Option<WriteLock>,
}

impl Mirror {
    /// Opens a mirror to write to it, and creates it if there is none. Only the owner may read the new file.
    ///
    /// # Errors
    /// - [`Busy`](MirrorError::Busy): another program writes to it.
    /// - [`NotAMirror`](MirrorError::NotAMirror), [`Newer`](MirrorError::Newer): the file is something else.
    /// - [`Io`](MirrorError::Io), [`DiskFull`](MirrorError::DiskFull), [`Database`](MirrorError::Database).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, MirrorError> {
        let path = path.as_ref();
        let io = |source| MirrorError::Io { path: path.to_owned(), source };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let lock = WriteLock::take(path)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        lock::private(&mut options);
        options.open(path).map_err(io)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mirror = Self { connection, path: path.to_owned(), _lock: Some(lock) };
        mirror.prepare()?;
        Ok(mirror)
    }

    /// Opens a mirror to read it.
    ///
    /// # Errors
    /// - [`Missing`](MirrorError::Missing): there is no file.
    /// - [`NotAMirror`](MirrorError::NotAMirror), [`Newer`](MirrorError::Newer): the file is something else.
    /// - [`Database`](MirrorError::Database).
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, MirrorError> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(MirrorError::Missing(path.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mirror = Self { connection, path: path.to_owned(), _lock: None };
        mirror.connection.busy_timeout(BUSY_TIMEOUT)?;
        match mirror.version()? {
            0 => Err(MirrorError::NotAMirror(path.to_owned())),
            _ => Ok(mirror),
        }
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the version of the schema; 0 for an empty file.
    fn version(&self) -> Result<i64, MirrorError> {
        let value = |name: &str| {
            self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(
                |error| match error.sqlite_error_code() {
                    Some(rusqlite::ErrorCode::NotADatabase) => {
                        MirrorError::NotAMirror(self.path.clone())
                    }
                    _ => error.into(),
                },
            )
        };
        let (id, version) = (value("application_id")?, value("user_version")?);
        let is_empty = id == 0 && version == 0 && value("schema_version")? == 0;
        if !is_empty && id != APPLICATION_ID {
            return Err(MirrorError::NotAMirror(self.path.clone()));
        }
        if version > SCHEMA_VERSION {
            let (path, known) = (self.path.clone(), SCHEMA_VERSION);
            return Err(MirrorError::Newer { path, found: version, known });
        }
        Ok(version)
    }

    /// Creates or updates the schema.
    fn prepare(&self) -> Result<(), MirrorError> {
        let connection = &self.connection;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(64);
        let version = self.version()?;
        if version == 0 {
            connection.pragma_update(None, "page_size", 16_384)?;
        }
        // Readers are not blocked, and a commit does not wait for the disk: after a power failure the last pages are read again.
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "cache_size", -16_000)?;
        connection.pragma_update(None, "temp_store", "memory")?;
        if version == 0 {
            connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;",
                include_str!("schema.sql")
            ))?;
        }
        Ok(())
    }
}

//! The file of a mirror.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::MirrorError;
use crate::lock::{self, WriteLock};

/// The scripts that create the schema, one for each version: script 0 makes version 1 of an empty file, script 1 makes version 2 of
/// it. A released script never changes.
const SCRIPTS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema_2.sql")];
/// The version of the schema that this library writes.
pub const SCHEMA_VERSION: i64 = 2;
const _: () = assert!(SCRIPTS.len() == 2, "there is a script for each version");
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
    /// Opens a mirror to write to it, and creates it if there is none, in a folder that exists. Only the owner may read the new file.
    ///
    /// # Errors
    /// - [`Busy`](MirrorError::Busy): another program writes to it.
    /// - [`NotAMirror`](MirrorError::NotAMirror), [`Newer`](MirrorError::Newer): the file is something else.
    /// - [`Io`](MirrorError::Io), [`DiskFull`](MirrorError::DiskFull), [`Database`](MirrorError::Database).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, MirrorError> {
        let path = path.as_ref();
        if path.is_dir() {
            return Err(MirrorError::NotAMirror(path.to_owned()));
        }
        let io = |source| MirrorError::Io { path: path.to_owned(), source };
        if path.metadata().is_ok_and(|file| file.len() > 0) {
            // Nothing is written beside a file that is no mirror.
            Self::connect_to_read(path)?;
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
    /// - [`NotAMirror`](MirrorError::NotAMirror), [`Newer`](MirrorError::Newer), [`Older`](MirrorError::Older): the file is
    ///   something else.
    /// - [`Database`](MirrorError::Database).
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, MirrorError> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(MirrorError::Missing(path.to_owned()));
        }
        let (mirror, version) = Self::connect_to_read(path)?;
        match version {
            0 => Err(MirrorError::NotAMirror(path.to_owned())),
            SCHEMA_VERSION => Ok(mirror),
            found => {
                let (path, known) = (path.to_owned(), SCHEMA_VERSION);
                Err(MirrorError::Older { path, found, known })
            }
        }
    }

    /// Connects to a file to read it, and returns the version of its schema; 0 if it has none yet.
    fn connect_to_read(path: &Path) -> Result<(Self, i64), MirrorError> {
        if path.is_dir() {
            return Err(MirrorError::NotAMirror(path.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mirror = Self { connection, path: path.to_owned(), _lock: None };
        mirror.connection.busy_timeout(BUSY_TIMEOUT)?;
        let version = mirror.version()?;
        Ok((mirror, version))
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether the file is on a network file system, whose locks may not protect it.
    pub fn is_on_network(&self) -> bool {
        is_on_network(&self.path)
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
        let done = usize::try_from(version).unwrap_or_default();
        for (script, version) in SCRIPTS.iter().zip(1..).skip(done) {
            run_script(connection, script, version)?;
        }
        Ok(())
    }
}

/// Makes this version of the schema.
fn run_script(connection: &Connection, script: &str, version: i64) -> Result<(), MirrorError> {
    Ok(connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {script} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
    ))?)
}

#[cfg(target_os = "linux")]
#[allow(clippy::unnecessary_cast, reason = "the type differs between platforms")]
fn is_on_network(path: &Path) -> bool {
    /// NFS, SMB, CIFS, SMB2, 9P, AFS, Coda, Ceph, Lustre.
    const NETWORK: [i64; 9] = [
        0x6969,
        0x517B,
        0xFF53_4D42,
        0xFE53_4D42,
        0x0102_1997,
        0x5346_414F,
        0x7375_7245,
        0x00C3_6400,
        0x0BD0_0BD0,
    ];
    rustix::fs::statfs(path).is_ok_and(|stat| NETWORK.contains(&(stat.f_type as i64 & 0xFFFF_FFFF)))
}

#[cfg(not(target_os = "linux"))]
fn is_on_network(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{Mirror, SCHEMA_VERSION, SCRIPTS, run_script};
    use crate::error::MirrorError;

    #[test]
    fn updates_a_file_of_an_older_version_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mirror.db");
        let old = Connection::open(&path).unwrap();
        run_script(&old, SCRIPTS[0], 1).unwrap();
        old.execute_batch("INSERT INTO source VALUES (1, 'acme', 'acme', '', '')").unwrap();
        drop(old);
        let read_only = Mirror::open_read_only(&path).unwrap_err();
        assert!(matches!(read_only, MirrorError::Older { found: 1, .. }), "{read_only:?}");
        assert_eq!(Mirror::open(&path).unwrap().sources().unwrap()[0].name, "acme");
        let updated = Mirror::open_read_only(&path).unwrap();
        assert_eq!(updated.version().unwrap(), SCHEMA_VERSION);
    }
}

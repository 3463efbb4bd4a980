//! Ensures that one program at a time writes to a mirror.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::MirrorError;

/// A lock that is held as long as the value lives. The operating system frees it when the program ends, however it ends.
#[derive(Debug)]
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Locks the mirror, by a file beside it.
    ///
    /// # Errors
    /// [`MirrorError::Busy`] if another program writes to it.
    pub(crate) fn take(mirror: &Path) -> Result<Self, MirrorError> {
        let mut name = mirror.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        private(&mut options);
        let io = |source| MirrorError::Io { path: path.clone(), source };
        let file = options.open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(MirrorError::Busy(mirror.to_owned())),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }
}

/// Lets only the owner read and write a file that is created.
pub(crate) fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

//! Standard output, checked before anything is written to it.
//!
//! The standard library opens `/dev/null` in place of a closed stdout before `main` runs, and takes a write to a stdout
//! that is open for reading only as done. Both would lose the output without an error.

use std::io::{self, StdoutLock};

/// Locks stdout.
///
/// # Errors
/// If nothing that is written to it can arrive: it is closed, or open for reading only.
pub(super) fn lock() -> io::Result<StdoutLock<'static>> {
    #[cfg(unix)]
    descriptor::check()?;
    Ok(io::stdout().lock())
}

#[cfg(unix)]
mod descriptor {
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::fs::{OFlags, fcntl_getfl};
    use rustix::stdio::stdout;

    static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

    /// Looks at stdout before the standard library does.
    ///
    /// What runs before `main` must need nothing of the standard library's runtime: this is one system call and one atomic.
    #[ctor::ctor]
    fn look() {
        WAS_CLOSED.store(fcntl_getfl(stdout()).is_err(), Ordering::Relaxed);
    }

    pub(super) fn check() -> io::Result<()> {
        if WAS_CLOSED.load(Ordering::Relaxed) {
            return Err(io::Error::other("standard output is closed"));
        }
        let mode = fcntl_getfl(stdout())? & OFlags::RWMODE;
        if mode == OFlags::RDONLY {
            return Err(io::Error::other("standard output is open for reading only"));
        }
        Ok(())
    }
}

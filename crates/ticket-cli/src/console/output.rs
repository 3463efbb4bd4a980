//! Checks standard output before writing to it.
//!
//! Before `main` runs, the standard library replaces a closed stdout with `/dev/null`. It also ignores the error of a
//! write to a stdout that is open for reading only. Both would lose the output without an error.

use std::io::{self, StdoutLock};

/// Locks stdout.
///
/// # Errors
/// If stdout is closed or open for reading only.
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

    /// Records whether stdout is closed, before the standard library replaces it.
    ///
    /// Code that runs before `main` must not use the runtime of the standard library: this is one system call and one
    /// atomic.
    #[ctor::ctor]
    fn record() {
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

//! How long this thread has been at work.

use std::time::Duration;

/// The time for which the calling thread had a processor: waiting, and whatever else the machine does, is not in it.
#[cfg(unix)]
pub fn cpu_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.try_into().expect("it grows from nothing")
}

/// The time since the first call: this system has no clock that knows of the thread alone.
#[cfg(not(unix))]
pub fn cpu_time() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

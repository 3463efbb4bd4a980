//! Names that no two responses share.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// The ids that responds carry in their headers.
#[derive(Debug)]
pub(crate) struct Names {
    run: u64,
    count: AtomicU64,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self { run: random(), count: AtomicU64::new(0) }
    }

    /// The next name: 32 hexadecimal digits.
    pub(crate) fn next(&self) -> String {
        format!("{:016X}{:016X}", self.run, self.count.fetch_add(1, Ordering::Relaxed))
    }
}

/// A number that differs from call to call and from run to run; fit for names, not for secrets.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0)
}

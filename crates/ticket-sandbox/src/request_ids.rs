//! Unique request ids.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// Generates the request ids in the headers of replies.
#[derive(Debug)]
pub(crate) struct RequestIds {
    run: u64,
    count: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new() -> Self {
        Self { run: random(), count: AtomicU64::new(0) }
    }

    /// Returns a new id of 32 hexadecimal digits.
    pub(crate) fn next(&self) -> String {
        format!("{:016X}{:016X}", self.run, self.count.fetch_add(1, Ordering::Relaxed))
    }
}

/// Returns a random number for names, not for secrets.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0)
}

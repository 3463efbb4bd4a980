//! What a call took: the requests that were sent for it, and the time that it waited before them.

use std::time::Duration;

/// What a call took, or several of them together.
///
/// ```
/// use ticket_core::CallStats;
///
/// let mut together = CallStats::default();
/// together += CallStats { attempts: 2, ..CallStats::default() };
/// together += CallStats { attempts: 1, ..CallStats::default() };
/// assert_eq!(together.attempts, 3);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallStats {
    /// How many requests were sent.
    pub attempts: u64,
    /// How often a request waited before it was sent: for its turn within a limit, or to be tried again.
    pub waits: u64,
    /// How long all those waits were together.
    pub waited: Duration,
}

impl std::ops::AddAssign for CallStats {
    fn add_assign(&mut self, other: Self) {
        self.attempts += other.attempts;
        self.waits += other.waits;
        self.waited += other.waited;
    }
}

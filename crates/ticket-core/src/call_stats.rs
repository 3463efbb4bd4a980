//! The statistics of a call.

use std::time::Duration;

/// The statistics of one call, or the sum of several.
///
/// ```
/// use ticket_core::CallStats;
///
/// let mut sum = CallStats::default();
/// sum += CallStats { attempts: 2, ..CallStats::default() };
/// sum += CallStats { attempts: 1, ..CallStats::default() };
/// assert_eq!(sum.attempts, 3);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallStats {
    /// The number of requests that were sent.
    pub attempts: u64,
    /// The number of waits before a request was sent: for the rate limit, for a free slot, or for a retry.
    pub waits: u64,
    /// The sum of those waits.
    pub waited: Duration,
}

impl std::ops::AddAssign for CallStats {
    fn add_assign(&mut self, other: Self) {
        self.attempts += other.attempts;
        self.waits += other.waits;
        self.waited += other.waited;
    }
}

//! The last of very many.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many are remembered.
const REMEMBERED: usize = 10_000;

/// What was pushed: of very many, the last 10,000.
#[derive(Debug)]
pub(crate) struct Last<T>(Mutex<VecDeque<T>>);

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Last<T> {
    /// Adds one, and forgets the oldest where there are too many.
    pub(crate) fn push(&self, item: T) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back(item);
    }

    /// All that are remembered, oldest first.
    pub(crate) fn list(&self) -> Vec<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Last, REMEMBERED};

    #[test]
    fn the_oldest_are_forgotten() {
        let last = Last::default();
        for number in 0..REMEMBERED + 2 {
            last.push(number);
        }
        let kept = last.list();
        assert_eq!((kept.len(), kept[0]), (REMEMBERED, 2));
        assert_eq!(kept.last(), Some(&(REMEMBERED + 1)));
    }
}

//! A bounded list of the most recent items.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// The most items kept.
const CAPACITY: usize = 10_000;

/// The last 10,000 items that were pushed.
#[derive(Debug)]
pub(crate) struct History<T>(Mutex<VecDeque<T>>);

impl<T> Default for History<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> History<T> {
    /// Adds an item, and drops the oldest one if the list is full.
    pub(crate) fn push(&self, item: T) {
        let mut items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if items.len() == CAPACITY {
            items.pop_front();
        }
        items.push_back(item);
    }

    /// Returns all items, oldest first.
    pub(crate) fn list(&self) -> Vec<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, History};

    #[test]
    fn drops_the_oldest_items() {
        let history = History::default();
        for number in 0..CAPACITY + 2 {
            history.push(number);
        }
        let items = history.list();
        assert_eq!((items.len(), items[0]), (CAPACITY, 2));
        assert_eq!(items.last(), Some(&(CAPACITY + 1)));
    }
}

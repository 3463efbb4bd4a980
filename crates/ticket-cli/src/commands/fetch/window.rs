//! Puts the outcomes of calls back in the order in which the calls started.

use std::collections::VecDeque;

/// The order of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Order {
    /// As requested.
    Requested,
    /// As they finish.
    Finished,
}

/// The calls from the first one without a printed outcome.
///
/// The window limits how many outcomes wait for an earlier one, so one slow call does not fill the memory.
pub(super) struct Window<T> {
    order: Order,
    size: usize,
    /// The position of the first slot.
    first: usize,
    /// One slot for each call; empty until its outcome is there.
    slots: VecDeque<Option<T>>,
}

impl<T> Window<T> {
    /// Creates a window for this number of calls.
    pub(super) fn new(order: Order, size: usize) -> Self {
        Self { order, size, first: 0, slots: VecDeque::new() }
    }

    /// Returns whether a call may start.
    pub(super) fn has_room(&self) -> bool {
        self.slots.len() < self.size
    }

    /// Starts a call and returns its position.
    pub(super) fn start(&mut self) -> usize {
        if self.order == Order::Finished {
            self.first += 1;
            return self.first - 1;
        }
        self.slots.push_back(None);
        self.first + self.slots.len() - 1
    }

    /// Adds the outcome of a call, and passes each outcome whose turn it is to `each`, with its position.
    ///
    /// # Errors
    /// The error of `each`.
    pub(super) fn finish<E>(
        &mut self,
        position: usize,
        outcome: T,
        mut each: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.order == Order::Finished {
            return each(position, outcome);
        }
        self.slots[position - self.first] = Some(outcome);
        while let Some(outcome) = self.slots.front_mut().and_then(Option::take) {
            let position = self.first;
            self.slots.pop_front();
            self.first += 1;
            each(position, outcome)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::{Order, Window};

    /// Finishes calls in this order, and returns the outcomes in the order in which the window passes them on.
    fn passed(order: Order, finished: &[usize]) -> Vec<usize> {
        let mut window = Window::new(order, finished.len());
        for position in 0..finished.len() {
            assert!(window.has_room());
            assert_eq!(window.start(), position);
        }
        assert_eq!(window.has_room(), order == Order::Finished);
        let mut passed = Vec::new();
        for position in finished {
            let each = |at, outcome: usize| {
                assert_eq!(at, outcome);
                passed.push(outcome);
                Ok::<_, Infallible>(())
            };
            window.finish(*position, *position, each).unwrap();
        }
        assert!(window.has_room() && window.slots.is_empty());
        passed
    }

    #[test]
    fn passes_outcomes_on_as_requested_or_as_finished() {
        for finished in [&[0, 1, 2, 3][..], &[3, 2, 1, 0], &[1, 3, 0, 2], &[2, 0, 3, 1]] {
            assert_eq!(passed(Order::Requested, finished), [0, 1, 2, 3]);
            assert_eq!(passed(Order::Finished, finished), finished);
        }
    }

    #[test]
    fn has_no_room_behind_a_call_that_does_not_finish() {
        let mut window = Window::new(Order::Requested, 3);
        let mut passed = Vec::new();
        let mut finish = |window: &mut Window<()>, position| {
            window
                .finish(position, (), |at, ()| {
                    passed.push(at);
                    Ok::<_, Infallible>(())
                })
                .unwrap();
            passed.len()
        };
        for _ in 0..3 {
            window.start();
        }
        assert_eq!((finish(&mut window, 2), finish(&mut window, 1)), (0, 0));
        assert!(!window.has_room());
        assert_eq!(finish(&mut window, 0), 3);
        assert_eq!((window.has_room(), window.start()), (true, 3));
    }
}

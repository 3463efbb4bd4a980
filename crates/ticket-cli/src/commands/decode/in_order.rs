//! Works on items in several threads and keeps their order.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// What the threads share.
struct Shared<N, W, D, S> {
    input: Mutex<Input<N>>,
    work: W,
    done: D,
    output: Mutex<Output<S>>,
    /// Notified when the next item may be output.
    turn: Condvar,
}

struct Input<N> {
    next: N,
    /// The number of items taken so far.
    taken: u64,
}

struct Output<S> {
    /// The number of items output so far.
    finished: u64,
    state: S,
}

/// Calls `work` with each item of `next` in `jobs` threads, and `done` with the results in the order of the items.
///
/// Each thread holds one item or its result, so the memory is limited. Returns the state that `done` changed. If `done` fails, the
/// other threads end with the process, because one of them may be waiting for input.
///
/// # Errors
/// The first error of `done`, or that of starting the first thread.
pub(super) fn in_order<T, U, S: Default + Send + 'static>(
    jobs: usize,
    next: impl FnMut() -> Option<T> + Send + 'static,
    work: impl Fn(T) -> U + Send + Sync + 'static,
    done: impl Fn(&mut S, U) -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<S> {
    let shared = Arc::new(Shared {
        input: Mutex::new(Input { next, taken: 0 }),
        work,
        done,
        output: Mutex::new(Output { finished: 0, state: S::default() }),
        turn: Condvar::new(),
    });
    let (sender, outcomes) = mpsc::channel();
    for job in 0..jobs {
        let (shared, sender) = (shared.clone(), sender.clone());
        let run = move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| shared.run()));
            // The receiver is gone if another thread failed.
            let _ = sender.send(outcome);
        };
        match thread::Builder::new().spawn(run) {
            Ok(_) => {}
            // Fewer threads do the same.
            Err(_) if job > 0 => break,
            Err(error) => return Err(error),
        }
    }
    drop(sender);
    for outcome in outcomes {
        outcome.unwrap_or_else(|panic| resume_unwind(panic))?;
    }
    Ok(std::mem::take(&mut lock(&shared.output).state))
}

impl<T, U, S, N, W, D> Shared<N, W, D, S>
where
    N: FnMut() -> Option<T>,
    W: Fn(T) -> U,
    D: Fn(&mut S, U) -> io::Result<()>,
{
    /// Works until no items are left.
    fn run(&self) -> io::Result<()> {
        while let Some((number, item)) = self.take() {
            let result = (self.work)(item);
            let output = lock(&self.output);
            let is_later = |output: &mut Output<S>| output.finished < number;
            let mut output =
                self.turn.wait_while(output, is_later).unwrap_or_else(PoisonError::into_inner);
            (self.done)(&mut output.state, result)?;
            output.finished += 1;
            self.turn.notify_all();
        }
        Ok(())
    }

    /// Takes the next item with its number from 0.
    fn take(&self) -> Option<(u64, T)> {
        let mut input = lock(&self.input);
        let item = (input.next)()?;
        let number = input.taken;
        input.taken += 1;
        Some((number, item))
    }
}

/// Locks a value. A thread that panicked while it held the lock ends the whole run.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::in_order;

    #[allow(clippy::unnecessary_wraps, reason = "it is passed as `done`, which may fail")]
    fn push(results: &mut Vec<u32>, result: u32) -> io::Result<()> {
        results.push(result);
        Ok(())
    }

    #[test]
    fn keeps_the_order_of_the_items() {
        for jobs in [1, 2, 3, 8] {
            for count in [0, 1, 2, 1_000] {
                let mut items = 0..count;
                let results = in_order(jobs, move || items.next(), |item| item * 2, push).unwrap();
                let expected: Vec<_> = (0..count).map(|item| item * 2).collect();
                assert_eq!(results, expected, "{jobs} jobs, {count} items");
            }
        }
    }

    #[test]
    fn works_in_as_many_threads_as_requested() {
        // The barrier opens only if three items are worked on at once.
        let barrier = Barrier::new(3);
        let mut items = 0..300;
        let work = move |item| {
            barrier.wait();
            item
        };
        let results = in_order(3, move || items.next(), work, push).unwrap();
        assert_eq!(results.len(), 300);
    }

    #[test]
    fn holds_one_item_in_each_thread() {
        static HELD: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let mut items = 0..2_000;
        let next = move || {
            let item = items.next()?;
            MOST.fetch_max(HELD.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            Some(item)
        };
        let done = |results: &mut Vec<u32>, result| {
            HELD.fetch_sub(1, Ordering::SeqCst);
            push(results, result)
        };
        in_order(4, next, |item| item, done).unwrap();
        assert!(MOST.load(Ordering::SeqCst) <= 4, "{MOST:?}");
    }

    #[test]
    fn ends_at_the_first_failure_without_waiting_for_input() {
        for jobs in [1, 2, 4] {
            let mut items = 0..u32::MAX;
            let done = |_: &mut u32, item| match item {
                7 => Err(io::ErrorKind::BrokenPipe.into()),
                8.. => panic!("an item after the failure"),
                _ => Ok(()),
            };
            let failure = in_order(jobs, move || items.next(), |item| item, done).unwrap_err();
            assert_eq!(failure.kind(), io::ErrorKind::BrokenPipe, "{jobs}");
        }
    }

    #[test]
    #[should_panic(expected = "of item 5")]
    fn passes_on_a_panic() {
        let mut items = 0..100;
        let work = |item| {
            assert!(item != 5, "panic of item 5");
            item
        };
        let _: io::Result<Vec<u32>> = in_order(4, move || items.next(), work, push);
    }
}

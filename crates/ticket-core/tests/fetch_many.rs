//! Many fetches at a time: their order, their number, and slow tickets.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{FutureExt, StreamExt};
use ticket_core::model::Ticket;
use ticket_core::{
    Account, CallStats, Error, FetchOptions, Origin, Record, TicketId, TicketSource,
    TicketSourceExt, async_trait,
};
use tokio::sync::Notify;

/// The results that may wait for an earlier one, for each call in progress.
const WINDOW: usize = 8;

/// A source in memory whose slow tickets wait until they are released.
#[derive(Default)]
struct Slow {
    waiting: HashSet<&'static str>,
    release: Notify,
    fetched: Mutex<Vec<(String, bool)>>,
}

#[async_trait]
impl TicketSource for Slow {
    fn provider(&self) -> &'static str {
        "memory"
    }

    async fn fetch_with(&self, id: &TicketId, options: FetchOptions) -> Result<Record, Error> {
        self.fetched.lock().unwrap().push((id.to_string(), options.conversation));
        if self.waiting.contains(id.as_str()) {
            self.release.notified().await;
        }
        let origin = Origin {
            account: Arc::new(Account::of("memory")),
            requested: Some(id.clone()),
            responses: Vec::new(),
            stats: CallStats::default(),
        };
        let ticket = Ticket::new("memory", id.as_str());
        Ok(Record { ticket, diagnostics: Vec::new(), origin })
    }
}

impl Slow {
    fn with(slow: &[&'static str]) -> Self {
        Self { waiting: slow.iter().copied().collect(), ..Self::default() }
    }

    fn begun(&self) -> usize {
        self.fetched.lock().unwrap().len()
    }
}

fn id(number: usize) -> TicketId {
    TicketId::new(number.to_string()).unwrap()
}

#[tokio::test]
async fn keeps_the_order_while_a_slow_ticket_does_not_delay_other_calls() {
    for concurrency in [2, 3] {
        let source = Slow::with(&["0"]);
        let taken = AtomicUsize::new(0);
        let ids = (0..100).map(|number| {
            taken.fetch_add(1, Ordering::Relaxed);
            id(number)
        });
        let mut results = source.fetch_many(ids, FetchOptions::default(), concurrency);
        for _ in 0..10 {
            assert!(results.next().now_or_never().is_none(), "ticket 0 is first");
        }
        // The others are fetched, up to the window; then their results wait for ticket 0.
        let window = concurrency * WINDOW;
        assert_eq!((source.begun(), taken.load(Ordering::Relaxed)), (window, window));
        source.release.notify_one();
        let results: Vec<_> = results.collect().await;
        assert!(results.iter().map(|(id, _)| id.clone()).eq((0..100).map(id)));
        for (id, result) in results {
            assert_eq!(result.unwrap().ticket.id, id.as_str());
        }
    }
}

#[tokio::test]
async fn slow_tickets_occupy_their_calls_only() {
    let source = Slow::with(&["0", "1"]);
    let mut results = source.fetch_many((0..100).map(id), FetchOptions::default(), 2);
    assert!(results.next().now_or_never().is_none());
    assert_eq!(source.begun(), 2, "both calls are in progress");
    source.release.notify_waiters();
    assert_eq!(results.count().await, 100);
}

#[tokio::test]
async fn takes_ids_while_results_are_consumed() {
    let source = Slow::default();
    // Without an end: only the ids that are needed are taken.
    let mut results = source.fetch_many((0..).map(id), FetchOptions::default(), 4);
    assert_eq!(source.begun(), 0, "nothing is fetched before the first result is asked for");
    for number in 0..50 {
        assert_eq!(results.next().await.unwrap().0, id(number));
        assert!(source.begun() <= number + 1 + 4 * WINDOW, "{number}");
    }
}

#[tokio::test]
async fn passes_the_options_to_each_fetch() {
    let source = Slow::default();
    let options = FetchOptions::default().with_conversation();
    assert_eq!(source.fetch_many([id(1), id(1)], options, 1).count().await, 2);
    assert_eq!(source.fetch_all(&[id(2)], 1).await.len(), 1);
    let fetched = source.fetched.lock().unwrap().clone();
    assert_eq!(fetched, [("1".into(), true), ("1".into(), true), ("2".into(), false)]);
}

#[tokio::test]
async fn no_ids_are_no_results() {
    let source = Slow::default();
    assert!(source.fetch_many([], FetchOptions::default(), 0).next().await.is_none());
    assert!(source.fetch_all(&[], 3).await.is_empty());
}

//! Methods of every source.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ticket_core::{
    Account, CallStats, Error, ErrorKind, FetchOptions, Origin, Record, Response, TicketId,
    TicketSource, TicketSourceExt, async_trait,
};

/// A source in memory that has the tickets with even numbers.
#[derive(Default)]
struct EvenNumbers {
    under_way: AtomicUsize,
    most_at_once: AtomicUsize,
}

#[async_trait]
impl TicketSource for EvenNumbers {
    fn provider(&self) -> &'static str {
        "memory"
    }

    async fn fetch_with(&self, id: &TicketId, _: FetchOptions) -> Result<Record, Error> {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        tokio::task::yield_now().await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        if id.as_str().parse::<u64>().is_ok_and(|number| number % 2 == 0) {
            let text = format!(r#"{{"provider": "memory", "id": "{id}"}}"#);
            let ticket = serde_json::from_str(&text).expect("it is a ticket");
            let origin = Origin {
                account: Arc::new(Account::of("memory")),
                requested: Some(id.clone()),
                responses: Vec::new(),
                stats: CallStats::default(),
            };
            Ok(Record { ticket, diagnostics: Vec::new(), origin })
        } else {
            Err(Error::new(ErrorKind::NotFound, "an odd number"))
        }
    }
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<TicketId> {
    numbers.into_iter().map(|number| TicketId::new(number.to_string()).unwrap()).collect()
}

#[tokio::test]
async fn returns_results_in_the_order_of_the_ids() {
    let desk: Box<dyn TicketSource> = Box::new(EvenNumbers::default());
    let outcomes = desk.fetch_all(&ids(0..5), 3).await;
    let found: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().ok().map(|it| it.ticket.id.as_str()))
        .collect();
    assert_eq!(found, [Some("0"), None, Some("2"), None, Some("4")]);
}

#[tokio::test]
async fn limits_concurrent_fetches() {
    let desk = EvenNumbers::default();
    for (concurrency, most) in [(1, 1), (3, 3), (0, 1)] {
        desk.most_at_once.store(0, Ordering::SeqCst);
        desk.fetch_all(&ids(0..20), concurrency).await;
        assert_eq!(desk.most_at_once.load(Ordering::SeqCst), most, "{concurrency}");
    }
}

#[test]
fn shortens_long_request_ids() {
    let mut response = Response::saved("get_ticket", "");
    response.headers.insert("x-request-id", "x".repeat(30_000).parse().unwrap());
    assert_eq!(response.request_id(), Some(&*"x".repeat(200)));
}

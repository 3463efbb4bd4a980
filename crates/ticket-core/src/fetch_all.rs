//! Fetches many tickets of one source.

use std::collections::VecDeque;
use std::task::Poll;

use async_trait::async_trait;
use futures_util::stream::{self, FuturesUnordered, Stream, StreamExt};

use crate::{Error, FetchOptions, Record, TicketId, TicketSource};

/// How many results may wait for an earlier one, for each call in progress.
const WINDOW: usize = 8;

/// Methods that every source has.
#[async_trait]
pub trait TicketSourceExt: TicketSource {
    /// Fetches tickets, at most `concurrency` of them at a time, and returns the results in the order of the ids.
    ///
    /// The ids are taken one by one while the results are consumed. A slow ticket delays the results after it, not their calls: up
    /// to 8 × `concurrency` results wait in memory.
    ///
    /// ```
    /// use futures_util::StreamExt;
    /// use ticket_core::{FetchOptions, TicketId, TicketSource, TicketSourceExt};
    ///
    /// # async fn example(source: &dyn TicketSource, ids: Vec<TicketId>) {
    /// let mut results = source.fetch_many(ids, FetchOptions::default(), 16);
    /// while let Some((id, result)) = results.next().await {
    ///     match result {
    ///         Ok(record) => println!("{id}: {:?}", record.ticket.status),
    ///         Err(error) => eprintln!("{id}: {error}"),
    ///     }
    /// }
    /// # }
    /// ```
    fn fetch_many<'s, I>(
        &'s self,
        ids: I,
        options: FetchOptions,
        concurrency: usize,
    ) -> impl Stream<Item = (TicketId, Result<Record, Error>)> + Send + Unpin + 's
    where
        I: IntoIterator<Item = TicketId>,
        I::IntoIter: Send + 's,
    {
        let concurrency = concurrency.max(1);
        let call = move |id: TicketId| async move {
            let result = self.fetch_with(&id, options).await;
            (id, result)
        };
        Box::pin(ordered(ids.into_iter().map(call), concurrency, concurrency * WINDOW))
    }

    /// Fetches several tickets as [`fetch_many`](Self::fetch_many) does, and collects the results.
    async fn fetch_all(&self, ids: &[TicketId], concurrency: usize) -> Vec<Result<Record, Error>> {
        let results = self.fetch_many(ids.to_vec(), FetchOptions::default(), concurrency);
        results.map(|(_, result)| result).collect().await
    }
}

impl<S: TicketSource + ?Sized> TicketSourceExt for S {}

/// Runs at most `concurrency` futures at a time and returns their results in order; no more than `window` are begun and not returned.
fn ordered<F>(
    futures: impl Iterator<Item = F> + Send,
    concurrency: usize,
    window: usize,
) -> impl Stream<Item = F::Output> + Send
where
    F: Future + Send,
    F::Output: Send,
{
    let mut futures = futures.enumerate().fuse();
    let mut running = FuturesUnordered::new();
    // The results from `first` on; `None` for those that are not there yet.
    let mut first = 0;
    let mut results: VecDeque<Option<F::Output>> = VecDeque::new();
    stream::poll_fn(move |context| {
        loop {
            while running.len() < concurrency && results.len() < window {
                let Some((index, future)) = futures.next() else { break };
                running.push(async move { (index, future.await) });
                results.push_back(None);
            }
            if let Some(result) = results.front_mut().and_then(Option::take) {
                results.pop_front();
                first += 1;
                return Poll::Ready(Some(result));
            }
            match running.poll_next_unpin(context) {
                Poll::Ready(Some((index, result))) => results[index - first] = Some(result),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    })
}

//! An index of all tickets: the list must not compute each of them for each page.

use super::Facts;
use crate::generated::Generator;

/// The facts of all tickets, and their order in time.
#[derive(Debug)]
pub(crate) struct Index {
    facts: Vec<Facts>,
    /// The numbers `k`, by the time of creation.
    by_time: Vec<u32>,
}

impl Index {
    pub(super) fn of(generator: &Generator) -> Self {
        let facts: Vec<_> = (0..generator.count).map(|k| Facts::of(generator, k)).collect();
        let mut by_time: Vec<u32> = (0..).take(facts.len()).collect();
        by_time.sort_unstable_by_key(|k| facts[*k as usize].created_at);
        Self { facts, by_time }
    }

    /// Returns the tickets that were created within a range of milliseconds, inclusive at both ends, in the order of the
    /// list.
    ///
    /// Feishu documents no order. This one follows neither the ids nor the times.
    pub(crate) fn created_within(
        &self,
        range: Option<(i64, i64)>,
    ) -> impl Iterator<Item = (u64, &Facts)> {
        let numbers = range.map(|(start, end)| {
            let position = |is_before: &dyn Fn(i64) -> bool| {
                self.by_time.partition_point(|k| is_before(self.facts[*k as usize].created_at))
            };
            let first = position(&|time| time < start);
            let last = position(&|time| time <= end).max(first);
            let mut numbers = self.by_time[first..last].to_vec();
            numbers.sort_unstable();
            numbers
        });
        let all = if numbers.is_none() { 0..self.facts.len() } else { 0..0 };
        let some = numbers.into_iter().flatten().map(|k| k as usize);
        some.chain(all).map(|k| (k as u64, &self.facts[k]))
    }
}

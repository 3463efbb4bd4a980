//! What happened to a ticket, and when.

use super::{Generator, Topic};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// How far a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Created,
    Queued,
    Processing,
    Pending,
    AwaitingUser,
    ClosedByBot,
    ClosedByAgent,
    ClosedByUser,
}

/// The moments of a ticket in milliseconds, in order. Nothing is later than the epoch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeline {
    pub(crate) created_at: i64,
    /// When an agent joined.
    pub(crate) entered_at: Option<i64>,
    pub(crate) first_reply_at: Option<i64>,
    pub(crate) last_reply_at: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) stage: Stage,
}

impl Timeline {
    /// Returns the timeline of a ticket. Its events are fixed: a later epoch shows more of them.
    pub(crate) fn of(generator: &Generator, k: u64) -> Self {
        let mut random = generator.random(Topic::Timeline, k, 0);
        let created_at = generator.created_at(k);
        let closed = random.weighted(&[
            (16, Stage::ClosedByBot),
            (69, Stage::ClosedByAgent),
            (15, Stage::ClosedByUser),
        ]);
        // Some tickets are never closed.
        let open = random.percent(9).then(|| {
            random.weighted(&[
                (3, Stage::Created),
                (3, Stage::Queued),
                (7, Stage::Processing),
                (4, Stage::Pending),
                (4, Stage::AwaitingUser),
            ])
        });
        let has_agent =
            !matches!(open.unwrap_or(closed), Stage::Created | Stage::Queued | Stage::ClosedByBot);

        let entered_at = created_at + random.spread(5 * SECOND, 20 * MINUTE);
        let first_reply_at = entered_at + random.spread(15 * SECOND, HOUR);
        let last_reply_at = first_reply_at + random.spread(30 * SECOND, 24 * HOUR);
        let last_event = if has_agent { last_reply_at } else { created_at };
        let closed_at = last_event + random.spread(MINUTE, 12 * HOUR);

        let known = |time: i64| (time <= generator.epoch).then_some(time);
        let closed_at = known(closed_at).filter(|_| open.is_none());
        let reply = |time| known(time).filter(|_| has_agent);
        let first = reply(first_reply_at);
        let mut timeline = Self {
            created_at,
            entered_at: reply(entered_at),
            first_reply_at: first,
            last_reply_at: reply(last_reply_at).or(first),
            closed_at,
            stage: closed,
        };
        if closed_at.is_none() {
            timeline.stage = match open {
                Some(open) if !has_agent => open,
                None if !has_agent => Stage::Created,
                _ if timeline.entered_at.is_none() => Stage::Queued,
                Some(open) if first.is_some() => open,
                _ => Stage::Processing,
            };
        }
        timeline
    }

    /// Returns the time of the last event.
    pub(crate) fn last_event(&self) -> i64 {
        let later = self.closed_at.or(self.last_reply_at).or(self.entered_at);
        later.unwrap_or(self.created_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::PERIOD;

    #[test]
    fn events_are_ordered_and_fit_the_stage() {
        let generator = Generator::new(5000, 1, 1_764_000_000_000, PERIOD);
        let mut stages = Vec::new();
        for k in 0..5000 {
            let timeline = Timeline::of(&generator, k);
            let Timeline {
                created_at,
                entered_at,
                first_reply_at,
                last_reply_at,
                closed_at,
                stage,
            } = timeline;
            let events = [Some(created_at), entered_at, first_reply_at, last_reply_at, closed_at];
            assert!(events.iter().flatten().is_sorted(), "{timeline:?}");
            assert!(timeline.last_event() <= generator.epoch, "{timeline:?}");
            let is_closed =
                matches!(stage, Stage::ClosedByBot | Stage::ClosedByAgent | Stage::ClosedByUser);
            assert_eq!(closed_at.is_some(), is_closed, "{timeline:?}");
            if matches!(stage, Stage::Created | Stage::Queued | Stage::ClosedByBot) {
                assert_eq!(entered_at, None, "{timeline:?}");
            } else {
                assert!(entered_at.is_some(), "{timeline:?}");
            }
            if !stages.contains(&stage) {
                stages.push(stage);
            }
        }
        assert_eq!(stages.len(), 8);
    }
}

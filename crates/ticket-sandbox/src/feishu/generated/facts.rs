//! The facts of a ticket that the list filters by.

use crate::generated::people::{AGENTS, GUESTS};
use crate::generated::timeline::{Stage, Timeline};
use crate::generated::{Generator, Topic, cases};

/// The facts of a ticket, in a few bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// Milliseconds.
    pub(crate) created_at: i64,
    /// Milliseconds; -1 if the ticket was never updated, as documented.
    pub(crate) updated_at: i64,
    /// The index of the [case](cases::CASES).
    pub(crate) case: u8,
    pub(crate) guest: u16,
    /// One bit for each agent.
    pub(crate) agents: u16,
    /// The responsible agent.
    pub(crate) owner: Option<u8>,
    /// An agent who helps without being one of `agents`.
    pub(crate) collaborator: Option<u8>,
    pub(crate) closer: Option<CloserKind>,
    pub(crate) status: u8,
    pub(crate) ticket_type: u8,
    pub(crate) channel: u8,
    pub(crate) solve: Option<u8>,
    pub(crate) score: Option<u8>,
    /// One bit for each tag.
    pub(crate) tags: u16,
}

/// Who closed a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloserKind {
    Guest,
    Agent(u8),
}

impl Facts {
    pub(crate) fn of(generator: &Generator, k: u64) -> Self {
        let timeline = Timeline::of(generator, k);
        let mut random = generator.random(Topic::Facts, k, 0);
        let case = random.index(cases::CASES.len());
        // Some guests have many tickets.
        let guests = if random.percent(30) { GUESTS / 12 } else { GUESTS };
        let guest = below(random.below(u64::from(guests)));
        let owner = random.below(u64::from(AGENTS));
        let others = [random.below(u64::from(AGENTS)), random.below(u64::from(AGENTS))];
        let extra = random.weighted(&[(70, 0), (22, 1), (8, 2)]);
        let owner = timeline.entered_at.map(|_| below::<u8>(owner));
        let agents = owner.map_or(0, |owner| {
            others[..extra].iter().fold(1 << owner, |agents, other| agents | 1 << other)
        });

        let helper = random.below(u64::from(AGENTS));
        let collaborator = (owner.is_some() && agents >> helper & 1 == 0 && random.percent(20))
            .then(|| below::<u8>(helper));

        let (status, ticket_type) = match timeline.stage {
            Stage::Created => (1, 1),
            Stage::Processing => (2, 2),
            Stage::Queued => (3, 2),
            Stage::Pending => (4, 2),
            Stage::AwaitingUser => (5, 2),
            Stage::ClosedByBot => (50, 1),
            Stage::ClosedByAgent => (51, 2),
            Stage::ClosedByUser => (52, 2),
        };
        let rated = random.percent(45).then(|| random.weighted(&[(15, 1), (20, 2), (65, 3)]));
        let score = rated.filter(|_| timeline.closed_at.is_some());
        let solve = score.map(|score| if score == 1 || random.percent(8) { 1 } else { 2 });
        let closer = match timeline.stage {
            Stage::ClosedByAgent => owner.map(CloserKind::Agent),
            Stage::ClosedByUser => Some(CloserKind::Guest),
            _ => None,
        };
        let is_untouched = timeline.last_event() == timeline.created_at;
        let updated_at = if is_untouched || random.percent(3) {
            -1
        } else {
            // A rating or a tag may come after the last event.
            let later = timeline.last_event() + random.spread(1000, 60_000);
            later.min(generator.epoch)
        };
        let tags = match random.below(100) {
            0..40 => 0,
            40..80 => cases::CASES[case].tags.iter().fold(0, |tags, tag| tags | 1 << tag),
            _ => 1 << random.below(cases::TAGS.len() as u64),
        };
        Self {
            created_at: timeline.created_at,
            updated_at,
            case: below(case as u64),
            guest,
            agents,
            owner,
            collaborator,
            closer,
            status,
            ticket_type,
            channel: random.weighted(&[(30, 2), (15, 9), (25, 13), (10, 14), (20, 0)]),
            solve,
            score,
            tags,
        }
    }
}

/// Converts a number that is small by construction.
fn below<T: TryFrom<u64> + Default>(number: u64) -> T {
    T::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::PERIOD;

    #[test]
    fn every_documented_value_occurs() {
        let generator = Generator::new(3000, 1, 1_764_000_000_000, PERIOD);
        let all: Vec<_> = (0..3000).map(|k| Facts::of(&generator, k)).collect();
        let values = |value: fn(&Facts) -> Option<u8>| {
            let mut values: Vec<_> = all.iter().map(value).collect();
            values.sort_unstable();
            values.dedup();
            values
        };
        let some = |values: &[u8]| values.iter().copied().map(Some).collect::<Vec<_>>();
        assert_eq!(values(|facts| Some(facts.status)), some(&[1, 2, 3, 4, 5, 50, 51, 52]));
        assert_eq!(values(|facts| Some(facts.ticket_type)), some(&[1, 2]));
        assert_eq!(values(|facts| Some(facts.channel)), some(&[0, 2, 9, 13, 14]));
        assert_eq!(values(|facts| facts.score), [None, Some(1), Some(2), Some(3)]);
        assert_eq!(values(|facts| facts.solve), [None, Some(1), Some(2)]);
        assert!(all.iter().any(|facts| facts.updated_at == -1));
        assert!(all.iter().all(|facts| {
            facts.updated_at == -1
                || (facts.created_at..=generator.epoch).contains(&facts.updated_at)
        }));
        assert!(all.iter().any(|facts| facts.agents.count_ones() == 3));
        assert!(
            all.iter().all(|facts| facts.owner.is_none_or(|owner| facts.agents >> owner & 1 == 1))
        );
    }

    #[test]
    fn facts_are_small() {
        assert!(size_of::<Facts>() <= 40);
    }
}

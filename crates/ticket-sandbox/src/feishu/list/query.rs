//! The query of the list, and the generated tickets that it matches.

use url::form_urlencoded;

use super::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, MAX_TICKETS};
use crate::feishu::failure::Failure;
use crate::feishu::generated::{CloserKind, Facts, GeneratedTickets, open_id};
use crate::feishu::within;
use crate::generated::cases;
use crate::generated::people::{AGENTS, GUESTS, Person};
use crate::pages::Page;

/// The parsed query. An absent filter matches every ticket.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) page: Page,
    pub(super) statuses: Vec<i64>,
    pub(super) tags: Vec<String>,
    pub(super) ticket_type: Option<i64>,
    pub(super) channel: Option<i64>,
    pub(super) solve: Option<i64>,
    pub(super) score: Option<i64>,
    pub(super) ticket_id: Option<String>,
    pub(super) agent_id: Option<String>,
    pub(super) closed_by_id: Option<String>,
    pub(super) guest_id: Option<String>,
    pub(super) guest_name: Option<String>,
    pub(super) created: Window,
    pub(super) updated: Window,
}

/// A range of milliseconds, inclusive at both ends.
pub(super) type Window = Option<(i64, i64)>;

impl Query {
    pub(super) fn parse(query: &str) -> Result<Self, Failure> {
        let mut parsed = Self {
            page: Page { number: 1, size: DEFAULT_PAGE_SIZE },
            statuses: Vec::new(),
            tags: Vec::new(),
            ticket_type: None,
            channel: None,
            solve: None,
            score: None,
            ticket_id: None,
            agent_id: None,
            closed_by_id: None,
            guest_id: None,
            guest_name: None,
            created: None,
            updated: None,
        };
        let (mut created, mut updated) = ([None; 2], [None; 2]);
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let integer = || value.parse::<i64>().map_err(|_| Failure::BadRequest);
            let text = || Some(value.clone().into_owned());
            match &*key {
                "page" => parsed.page.number = within(&value, usize::MAX)?,
                "page_size" => parsed.page.size = within(&value, MAX_PAGE_SIZE)?,
                "status_list" => parsed.statuses.push(integer()?),
                "tags" => parsed.tags.extend(text()),
                // The list uses other names than the ticket.
                "type" => parsed.ticket_type = Some(integer()?),
                "solved" => parsed.solve = Some(integer()?),
                "channel" => parsed.channel = Some(integer()?),
                "score" => parsed.score = Some(integer()?),
                "ticket_id" => parsed.ticket_id = text(),
                "agent_id" => parsed.agent_id = text(),
                "closed_by_id" => parsed.closed_by_id = text(),
                "guest_id" => parsed.guest_id = text(),
                "guest_name" => parsed.guest_name = text(),
                "create_time_start" => created[0] = Some(integer()?),
                "create_time_end" => created[1] = Some(integer()?),
                "update_time_start" => updated[0] = Some(integer()?),
                "update_time_end" => updated[1] = Some(integer()?),
                _ => {}
            }
        }
        parsed.created = window(created)?;
        parsed.updated = window(updated)?;
        Ok(parsed)
    }

    /// Returns whether a value passes a filter.
    pub(super) fn admits(filter: Option<i64>, value: Option<i64>) -> bool {
        filter.is_none_or(|wanted| value == Some(wanted))
    }

    /// Returns whether a time is within a window.
    pub(super) fn contains(window: Window, time: Option<i64>) -> bool {
        window.is_none_or(|(start, end)| time.is_some_and(|time| (start..=end).contains(&time)))
    }

    /// Returns the numbers of the matching generated tickets, as many as can be listed.
    pub(super) fn generated(&self, tickets: &GeneratedTickets) -> Vec<u64> {
        let people = People::of(self, tickets);
        let only = self.ticket_id.as_ref().map(|id| tickets.find(id));
        // An id needs no search.
        if let Some(only) = only {
            let matches = |k: &u64| self.admits_facts(&people, &Facts::of(&tickets.generator, *k));
            return only.filter(matches).into_iter().collect();
        }
        tickets
            .index()
            .created_within(self.created)
            .filter(|(_, facts)| self.admits_facts(&people, facts))
            .map(|(k, _)| k)
            .take(MAX_TICKETS)
            .collect()
    }

    fn admits_facts(&self, people: &People, facts: &Facts) -> bool {
        let integer = |value: Option<u8>| value.map(i64::from);
        let name = |tag: &usize| facts.tags >> tag & 1 == 1;
        Self::contains(self.created, Some(facts.created_at))
            && Self::contains(self.updated, Some(facts.updated_at))
            && (self.statuses.is_empty() || self.statuses.contains(&facts.status.into()))
            && Self::admits(self.ticket_type, integer(Some(facts.ticket_type)))
            && Self::admits(self.channel, integer(Some(facts.channel)))
            && Self::admits(self.solve, integer(facts.solve))
            && Self::admits(self.score, integer(facts.score))
            && people.admit(facts)
            && (self.tags.is_empty()
                || (0..cases::TAGS.len())
                    .filter(name)
                    .any(|tag| self.tags.iter().any(|wanted| wanted == cases::TAGS[tag])))
    }
}

/// The filters about people, as the numbers of generated people.
struct People {
    guests: Option<Vec<u16>>,
    /// One bit for each agent.
    agents: Option<u16>,
    closers: Option<(Vec<u16>, u16)>,
}

impl People {
    fn of(query: &Query, tickets: &GeneratedTickets) -> Self {
        let generator = &tickets.generator;
        let guests = |matches: &dyn Fn(&Person) -> bool| -> Vec<u16> {
            (0..GUESTS).filter(|number| matches(&Person::guest(generator, *number))).collect()
        };
        let agents = |id: &String| -> u16 {
            (0..AGENTS)
                .filter(|number| open_id(&Person::agent(generator, *number)) == *id)
                .fold(0, |agents, number| agents | 1 << number)
        };
        let (id, name) = (query.guest_id.as_ref(), query.guest_name.as_ref());
        let is_wanted = |guest: &Person| {
            id.is_none_or(|id| open_id(guest) == *id) && name.is_none_or(|name| guest.name == *name)
        };
        Self {
            guests: (id.is_some() || name.is_some()).then(|| guests(&is_wanted)),
            agents: query.agent_id.as_ref().map(agents),
            closers: query
                .closed_by_id
                .as_ref()
                .map(|id| (guests(&|guest| open_id(guest) == *id), agents(id))),
        }
    }

    fn admit(&self, facts: &Facts) -> bool {
        self.guests.as_ref().is_none_or(|guests| guests.contains(&facts.guest))
            && self.agents.is_none_or(|agents| facts.agents & agents != 0)
            && self.closers.as_ref().is_none_or(|(guests, agents)| match facts.closer {
                Some(CloserKind::Guest) => guests.contains(&facts.guest),
                Some(CloserKind::Agent(number)) => agents >> number & 1 == 1,
                None => false,
            })
    }
}

/// Checks a range. The documentation requires both start and end.
fn window(ends: [Option<i64>; 2]) -> Result<Window, Failure> {
    match ends {
        [None, None] => Ok(None),
        [Some(start), Some(end)] => Ok(Some((start, end))),
        _ => Err(Failure::BadRequest),
    }
}

//! Generated threads.

use serde_json::{Value, json};

use super::content::{self, Kind};
use crate::feishu::generated::{Facts, agents, avatar, open_id};
use crate::generated::people::Person;
use crate::generated::timeline::Timeline;
use crate::generated::{Generator, Topic, cases};
use crate::random::Random;

/// The messages of the first ticket.
const FIRST: u64 = 250;
/// One ticket in so many has a long thread.
const LONG: u64 = 97;
/// The time of an open ticket in which messages follow the last event, in milliseconds.
const AFTERWARDS: i64 = 30 * 60 * 1000;

/// The messages of a generated ticket.
pub(super) struct Thread<'a> {
    generator: &'a Generator,
    k: u64,
    facts: Facts,
    timeline: Timeline,
    length: u64,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Author {
    Guest,
    Agent(u8),
    Collaborator(u8),
    /// Has no user id.
    Bot,
    /// Is named nowhere in the ticket.
    Stranger,
}

impl<'a> Thread<'a> {
    pub(super) fn of(generator: &'a Generator, k: u64) -> Self {
        let mut random = generator.random(Topic::Thread, k, 0);
        let length = match k {
            0 => FIRST,
            k if k.is_multiple_of(LONG) => FIRST + random.below(300),
            _ => random.weighted(&[(1, 0), (2, 1), (3, 2)]) + random.below(11),
        };
        let (facts, timeline) = (Facts::of(generator, k), Timeline::of(generator, k));
        Self { generator, k, facts, timeline, length }
    }

    /// Lists the numbers and the times of the messages. Feishu documents no order.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = (u64, i64)> {
        (0..self.length).rev().map(|number| (number, self.time(number)))
    }

    /// Returns when a message was sent: they are evenly spread over the life of the ticket.
    fn time(&self, number: u64) -> i64 {
        let Timeline { created_at, closed_at, .. } = self.timeline;
        // People write after the last event of an open ticket, too.
        let later = (self.timeline.last_event() + AFTERWARDS).min(self.generator.epoch);
        let end = closed_at.unwrap_or(later);
        let (number, length) = (number.cast_signed(), self.length.max(1).cast_signed());
        created_at + (end - created_at) / length * number
    }

    /// Returns a message as it is sent.
    pub(super) fn message(&self, number: u64) -> Value {
        let mut random = self.generator.random(Topic::Message, self.k, number);
        let kind = match number {
            // The first ticket has all types, in turn.
            number if self.k == 0 => {
                Kind::ALL[usize::try_from(number).unwrap_or(0) % Kind::ALL.len()]
            }
            0 => Kind::Text,
            _ => random.weighted(Kind::WEIGHTS),
        };
        let author = match kind {
            Kind::System => self.facts.owner.map_or(Author::Bot, Author::Agent),
            _ if number == 0 => Author::Guest,
            _ if number == 1 => Author::Bot,
            _ => self.author(random.below(100), random.next()),
        };
        let person = match author {
            Author::Guest => Some(Person::guest(self.generator, self.facts.guest)),
            Author::Agent(agent) | Author::Collaborator(agent) => {
                Some(Person::agent(self.generator, agent.into()))
            }
            Author::Stranger => Some(Person::stranger(self.generator)),
            Author::Bot => None,
        };
        let time = self.time(number);
        let case = &cases::CASES[usize::from(self.facts.case)];
        let text = match author {
            Author::Guest if number == 0 => case.question,
            Author::Guest => random.pick(content::GUEST_LINES),
            Author::Bot => random.pick(content::BOT_LINES),
            _ if random.percent(25) => case.answer,
            _ => random.pick(content::AGENT_LINES),
        };
        let name = person.as_ref().map_or("服务台机器人", |person| &person.name);
        let content = content::content(kind, &mut random, text, name);
        json!({
            "id": id(&mut random),
            "message_id": id(&mut random),
            "message_type": kind.name(),
            // Old tenants send a string.
            "created_at": if kind == Kind::Plain { Value::from(time.to_string()) } else { time.into() },
            "content": content,
            "user_name": name,
            "avatar_url": person.as_ref().map(avatar).unwrap_or_default(),
            "user_id": person.as_ref().map(open_id).unwrap_or_default(),
        })
    }

    /// Chooses an author among those who take part in the ticket.
    fn author(&self, percent: u64, which: u64) -> Author {
        let mut agents = agents(&self.facts);
        let count = u64::from(self.facts.agents.count_ones());
        let agent = agents.nth(usize::try_from(which % count.max(1)).unwrap_or(0));
        match (percent, agent, self.facts.collaborator) {
            (0..40, ..) => Author::Guest,
            (40..80, Some(agent), _) => Author::Agent(agent),
            (80..90, _, Some(collaborator)) => Author::Collaborator(collaborator),
            (90..93, ..) => Author::Stranger,
            _ => Author::Bot,
        }
    }
}

/// Returns an id that looks like those of messages.
fn id(random: &mut Random) -> String {
    (6_900_000_000_000_000_000 + random.below(1 << 56)).to_string()
}

/// Returns the images of the message with this id, and whether it is a post; `None` if the ticket has no such message.
pub(in crate::feishu) fn images(
    generator: &Generator,
    k: u64,
    message_id: &str,
) -> Option<(Vec<String>, bool)> {
    let thread = Thread::of(generator, k);
    let mut messages = (0..thread.length).map(|number| thread.message(number));
    let message = messages.find(|message| message["message_id"] == message_id)?;
    let content: Value = serde_json::from_str(message["content"].as_str()?).unwrap_or_default();
    let listed = content["image_keys"].as_array().into_iter().flatten();
    let own = content.get("image_key").into_iter();
    let keys = own.chain(listed).filter_map(|key| Some(key.as_str()?.to_owned()));
    Some((keys.collect(), message["message_type"] == "post"))
}

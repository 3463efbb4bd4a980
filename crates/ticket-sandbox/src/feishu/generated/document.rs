//! A generated ticket as it is sent.

use serde::Serialize;

use super::facts::{CloserKind, Facts};
use crate::feishu::fields::{FIELDS, Field, Type, key};
use crate::generated::people::Person;
use crate::generated::timeline::Timeline;
use crate::generated::{Generator, Topic, cases};
use crate::random::Random;

/// A ticket. Keys without a value are absent.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    ticket_id: String,
    helpdesk_id: &'a str,
    guest: User,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<Comments>,
    ticket_type: u8,
    status: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u8>,
    created_at: i64,
    updated_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dissatisfaction_reason: Option<OneOrList<Reason>>,
    agents: Vec<User>,
    channel: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    solve: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_by: Option<User>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    collaborators: Vec<User>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    customized_fields: Vec<FieldValue>,
    /// Minutes, with two decimal places.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_service_duration: Option<f64>,
    /// This and the other durations are seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_first_response_duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_service_duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_resolution_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual_processing_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_entry_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_first_response_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_last_response_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_owner: Option<User>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

/// A value that is documented as one object and reported as a list.
#[derive(Serialize)]
#[serde(untagged)]
enum OneOrList<T> {
    One(T),
    List([T; 1]),
}

type Comments = OneOrList<Comment>;

impl<T> OneOrList<T> {
    /// Wraps a value; one in eight is a list.
    fn of(random: &mut Random, value: T) -> Self {
        if random.percent(12) { Self::List([value]) } else { Self::One(value) }
    }
}

#[derive(Serialize)]
struct User {
    id: String,
    avatar_url: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    department: &'static str,
    city: &'static str,
    country: &'static str,
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        Self {
            id: open_id(&person),
            avatar_url: avatar(&person),
            // Some people have no address.
            email: (!person.key[1].is_multiple_of(8))
                .then(|| format!("{}@example.com", person.handle)),
            name: person.name,
            department: person.department,
            city: person.city,
            country: person.country,
        }
    }
}

/// Returns the id of a person in Feishu.
pub(crate) fn open_id(person: &Person) -> String {
    format!("ou_{:016x}{:016x}", person.key[0], person.key[1])
}

/// Returns the address of a person's picture.
pub(crate) fn avatar(person: &Person) -> String {
    format!("https://example.com/avatar/{:08x}.png", person.key[0] >> 32)
}

#[derive(Serialize)]
struct Comment {
    id: u64,
    content: &'static str,
    created_at: i64,
    user_id: u64,
    user_name: String,
    user_avatar_url: String,
}

#[derive(Serialize, Clone, Copy)]
struct Reason {
    zh_cn: &'static str,
    en_us: &'static str,
    ja_jp: &'static str,
}

#[derive(Serialize)]
struct FieldValue {
    id: String,
    value: Value,
    key_name: &'static str,
    display_name: &'static str,
    position: usize,
    required: bool,
    editable: bool,
}

/// The value of a field: text, as documented. How several options are sent is not documented.
#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    List(Vec<String>),
}

#[derive(Serialize)]
struct Tag {
    id: String,
    name: &'static str,
}

const NOTES: &[&str] = &[
    "已电话联系用户,等待回复。",
    "Waiting for the supplier, spare part ordered.",
    "VIP,请优先处理 ⭐",
    "Root cause: expired certificate. Renewed, monitoring added.",
    "与工单 7021 重复。",
];

const REASONS: &[Reason] = &[
    Reason {
        zh_cn: "答案看不懂", en_us: "I don't understand", ja_jp: "回答が複雑すぎる"
    },
    Reason { zh_cn: "响应太慢", en_us: "The response was slow", ja_jp: "対応が遅い" },
    Reason { zh_cn: "问题没有解决", en_us: "Not solved", ja_jp: "解決していない" },
];

impl<'a> Document<'a> {
    pub(crate) fn of(generator: &Generator, k: u64, helpdesk_id: &'a str) -> Self {
        let facts = Facts::of(generator, k);
        let timeline = Timeline::of(generator, k);
        let mut random = generator.random(Topic::Details, k, 0);
        let agent = |number: u8| User::from(Person::agent(generator, number.into()));
        let guest = || User::from(Person::guest(generator, facts.guest));

        let noted = timeline.entered_at.filter(|_| random.percent(40)).zip(facts.owner);
        let comments = noted.map(|(entered_at, owner)| {
            let person = Person::agent(generator, owner.into());
            let comment = Comment {
                id: random.below(100_000) + 1,
                content: random.pick(NOTES),
                created_at: entered_at,
                // A number above 2^53, and not an open id.
                user_id: 7_200_000_000_000_000_000 + (person.key[1] >> 8),
                user_avatar_url: avatar(&person),
                user_name: person.name,
            };
            OneOrList::of(&mut random, comment)
        });
        let explained = facts.score == Some(1) && random.percent(75);
        let dissatisfaction_reason = explained.then(|| {
            let reason = random.pick(REASONS);
            OneOrList::of(&mut random, reason)
        });
        let entered_at = timeline.entered_at;
        let resolution =
            timeline.closed_at.zip(entered_at).map(|(closed, entered)| closed - entered);
        let pending = resolution.map(|time| if random.percent(30) { time / 3 } else { 0 });
        let seconds = |time: i64| time / 1000;
        let since_entry =
            |time: Option<i64>| time.zip(entered_at).map(|(time, entry)| time - entry);
        Self {
            ticket_id: super::id(generator, k),
            helpdesk_id,
            guest: guest(),
            comments,
            ticket_type: facts.ticket_type,
            status: facts.status,
            score: facts.score,
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            closed_at: timeline.closed_at,
            dissatisfaction_reason,
            agents: agents(&facts).map(agent).collect(),
            channel: facts.channel,
            solve: facts.solve,
            closed_by: facts.closer.map(|closer| match closer {
                CloserKind::Guest => guest(),
                CloserKind::Agent(number) => agent(number),
            }),
            collaborators: facts.collaborator.into_iter().map(agent).collect(),
            customized_fields: fields(&mut random, &facts),
            agent_service_duration: since_entry(timeline.last_reply_at).map(minutes),
            agent_first_response_duration: since_entry(timeline.first_reply_at).map(seconds),
            bot_service_duration: entered_at.map(|entry| seconds(entry - facts.created_at)),
            agent_resolution_time: resolution.map(seconds),
            actual_processing_time: resolution.zip(pending).map(|(all, part)| seconds(all - part)),
            agent_entry_time: entered_at,
            agent_first_response_time: timeline.first_reply_at,
            agent_last_response_time: timeline.last_reply_at,
            agent_owner: facts.owner.map(agent),
            tags: tags(&facts)
                .map(|tag| Tag {
                    id: (7_474_857_595_946_745_884 + tag as u64).to_string(),
                    name: cases::TAGS[tag],
                })
                .collect(),
        }
    }
}

/// Lists the agents of a ticket, the responsible one first.
pub(crate) fn agents(facts: &Facts) -> impl Iterator<Item = u8> {
    let Facts { agents, owner, .. } = *facts;
    let others = (0..16).filter(move |agent| agents >> agent & 1 == 1 && Some(*agent) != owner);
    owner.into_iter().chain(others)
}

/// Lists the indices of a ticket's tags.
fn tags(facts: &Facts) -> impl Iterator<Item = usize> {
    let tags = facts.tags;
    (0..cases::TAGS.len()).filter(move |tag| tags >> tag & 1 == 1)
}

/// Converts milliseconds to minutes with two decimal places.
fn minutes(milliseconds: i64) -> f64 {
    // Durations are below a year, so that the number fits.
    let hundredths = i32::try_from(milliseconds / 600).unwrap_or(i32::MAX);
    f64::from(hundredths) / 100.0
}

fn fields(random: &mut Random, facts: &Facts) -> Vec<FieldValue> {
    let case = &cases::CASES[usize::from(facts.case)];
    let asset = cases::asset(random);
    let mut values = Vec::new();
    for (index, field) in FIELDS.iter().enumerate() {
        let share = match field.key_name {
            key::SUBJECT => 100,
            key::SEVERITY | key::CATEGORY => 85,
            key::AFFECTED | key::DESCRIPTION | key::ASSET | key::USERS => 40,
            _ => 6,
        };
        if !random.percent(share) {
            continue;
        }
        let value = match (&field.kind, field.key_name) {
            (_, key::SUBJECT) => Value::Text(case.subject.replace("{}", &asset)),
            (_, key::DESCRIPTION) => Value::Text(case.question.to_owned()),
            (_, key::ASSET) => Value::Text(asset.clone()),
            (Type::Nested(_), _) => Value::Text(Field::tag(index, &case.category)),
            (Type::Dropdown(choices), _) => {
                Value::Text(Field::tag(index, &[random.index(choices.len())]))
            }
            (Type::MultiSelect(choices), _) => {
                let first = random.index(choices.len() - 1);
                let count = 1 + random.index(choices.len() - first);
                let tags = (first..first + count).map(|choice| Field::tag(index, &[choice]));
                let tags: Vec<_> = tags.collect();
                if random.percent(20) { Value::List(tags) } else { Value::Text(tags.join(",")) }
            }
            (Type::Number, _) => Value::Text(random.below(60).to_string()),
            (Type::Text(examples), _) => Value::Text(random.pick(examples).to_owned()),
            (Type::Multiline, _) => Value::Text(case.answer.to_owned()),
        };
        values.push(FieldValue {
            id: Field::id(index),
            value,
            key_name: field.key_name,
            display_name: field.display_name,
            position: index + 1,
            required: field.required,
            editable: true,
        });
    }
    values
}

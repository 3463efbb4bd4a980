//! Generated tickets of EngageLab.

use serde_json::{Value, json};

use crate::generated::date::{civil, rfc3339};
use crate::generated::people::{AGENTS, GUESTS, Person};
use crate::generated::timeline::{Stage, Timeline};
use crate::generated::{Generator, Topic, cases};
use crate::random::Random;

/// 2025-01-01, in days since 1970-01-01.
const FIRST_DAY: i64 = 20_089;
const HOUR: i64 = 3_600_000;

/// Returns the id of ticket `k`, such as `tk_20251104_000123`.
///
/// The date depends on the seed only: an id that followed the epoch would change every day.
pub(crate) fn id(generator: &Generator, k: u64) -> String {
    let day = generator.random(Topic::Id, k, 0).below(360).cast_signed();
    let (year, month, day) = civil(FIRST_DAY + day);
    format!("tk_{year:04}{month:02}{day:02}_{:06}", k + 1)
}

/// Returns the number `k` of the ticket with this id.
pub(super) fn find(generator: &Generator, wanted: &str) -> Option<u64> {
    let (_, number) = wanted.rsplit_once('_')?;
    let k = number.parse::<u64>().ok()?.checked_sub(1)?;
    (k < generator.count && id(generator, k) == wanted).then_some(k)
}

/// Returns a ticket as it is sent.
pub(super) fn document(generator: &Generator, k: u64) -> Value {
    let timeline = Timeline::of(generator, k);
    let mut random = generator.random(Topic::Facts, k, 1);
    let case = random.pick(cases::CASES);
    let asset = cases::asset(&mut random);
    let guest = Person::guest(generator, small(random.below(GUESTS.into())));
    let agent = Person::agent(generator, small(random.below(AGENTS.into())));
    let priority = random.weighted(&[(2, "low"), (4, "medium"), (3, "high"), (1, "urgent")]);
    let ticket_type =
        random.weighted(&[(5, "incident"), (3, "question"), (1, "problem"), (2, "task")]);
    let is_resolved = timeline.closed_at.is_some();
    // A resolved ticket is closed some time later, unless the requester writes again.
    let closed_at = timeline.closed_at.map(|time| time + random.spread(HOUR, 48 * HOUR));
    let closed_at = closed_at.filter(|time| *time <= generator.epoch && random.percent(80));
    let (team, team_name) =
        random.pick(&[(5, "IT支持"), (6, "Network"), (7, "Applications"), (8, "安全")]);
    let rated = is_resolved && random.percent(40);
    let status = match timeline.stage {
        Stage::Created | Stage::Queued => "open",
        Stage::Processing | Stage::Pending | Stage::AwaitingUser => "in_progress",
        _ if closed_at.is_some() => "closed",
        _ => "resolved",
    };
    let time = |time: Option<i64>| time.map(rfc3339);
    let due = |hours: i64| rfc3339(timeline.created_at + hours * HOUR);
    let (response_hours, resolution_hours) = if priority == "urgent" { (1, 8) } else { (4, 48) };
    let first_reply = timeline.first_reply_at;
    let breached =
        first_reply.is_some_and(|first| first > timeline.created_at + response_hours * HOUR);
    json!({
        "ticket_id": id(generator, k),
        "title": case.subject.replace("{}", &asset),
        "description": case.question,
        "attachments": attachments(&mut random),
        "status": status,
        "priority": priority,
        "ticket_type": ticket_type,
        "requester": {
            "euid": contact_id(&guest),
            "name": guest.name,
            "email": format!("{}@example.com", guest.handle),
            "phone": format!("+8613900{:06}", guest.key[1] % 1_000_000),
            "channel_contacts": {
                "channel_id": format!("inbox_{}", 100 + team),
                "contact_id": (guest.key[0] % 10_000_000_000).to_string(),
                "sub_contact_id": (guest.key[1] % 100_000_000).to_string(),
                "followers": [user_id(&agent)],
            },
        },
        "submitter": {"id": user_id(&agent)},
        "assignment_team": {"id": team, "name": team_name},
        "custom_fields": {"device_sn": asset, "site": guest.city, "affected_users": random.below(60)},
        "conversation_list": conversation(&mut random, &timeline, &case, &guest, &agent),
        "status_changes": changes(&timeline, closed_at, &agent),
        "tags": case.tags.iter().map(|tag| cases::TAGS[*tag]).collect::<Vec<_>>(),
        "sla": {
            "first_response_due": due(response_hours),
            "resolution_due": due(resolution_hours),
            "first_response_at": time(first_reply),
            "breached": breached,
        },
        "followers": [{"id": user_id(&agent)}],
        "satisfactions": rated.then(|| json!({
            "rating": random.weighted(&[(1, 1), (1, 2), (2, 3), (4, 4), (6, 5)]),
            "feedback": random.pick(&["处理很快", "Thanks! 👍", "等了很久", "Not solved yet", ""]),
            "submitted_at": time(timeline.closed_at),
        })),
        "created_at": rfc3339(timeline.created_at),
        "updated_at": rfc3339(closed_at.unwrap_or(timeline.last_event())),
        "resolved_at": time(timeline.closed_at),
        "closed_at": time(closed_at),
    })
}

fn contact_id(person: &Person) -> String {
    format!("contact_{:05}", person.key[0] % 100_000)
}

fn user_id(person: &Person) -> String {
    format!("u_{:05}", person.key[0] % 100_000)
}

/// Converts a number that is small by construction.
fn small(number: u64) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

fn attachments(random: &mut Random) -> Value {
    match random.below(4) {
        0 => {
            json!([{"file_url": format!("https://example.com/files/{:08x}.jpg", random.next() >> 32)}])
        }
        _ => json!([]),
    }
}

/// A message before it is written.
struct Message<'a> {
    /// The id, the type and the name of the sender.
    sender: (String, &'static str, &'a str),
    content: &'static str,
    sent_at: i64,
    is_internal: bool,
}

/// Returns the messages: those of the timeline, and some between them.
fn conversation(
    random: &mut Random,
    timeline: &Timeline,
    case: &cases::Case,
    guest: &Person,
    agent: &Person,
) -> Vec<Value> {
    let contact = |content, sent_at| Message {
        sender: (contact_id(guest), "contact", &guest.name),
        content,
        sent_at,
        is_internal: false,
    };
    let member = |content, sent_at| Message {
        sender: (user_id(agent), "internal_member", &agent.name),
        content,
        sent_at,
        is_internal: false,
    };
    let mut messages = vec![contact(case.question, timeline.created_at)];
    if let (Some(entered), Some(first)) = (timeline.entered_at, timeline.first_reply_at) {
        messages.push(Message {
            is_internal: true, ..member("已接手,优先级待确认。", entered)
        });
        messages.push(member("收到,正在查看,请稍等。", first));
        let last = timeline.last_reply_at.unwrap_or(first);
        for number in 0..random.below(5).cast_signed() {
            let time = first + (last - first) / 5 * number;
            messages.push(if number % 2 == 0 {
                contact(random.pick(&["还是不行。", "已发送 📎", "Same error as before."]), time)
            } else {
                member(random.pick(&["Could you send a screenshot?", "已转给网络组。"]), time)
            });
        }
        messages.push(member(case.answer, last));
    }
    let run = random.next() >> 40;
    let message = |(number, message): (usize, Message<'_>)| {
        let (id, kind, name) = message.sender;
        json!({
            "message_id": format!("msg_{run:06x}_{:03}", number + 1),
            "sender": {"id": id, "type": kind, "name": name},
            "content": message.content,
            "content_type": "text",
            "attachments": [],
            "sent_at": rfc3339(message.sent_at),
            "is_internal": message.is_internal,
        })
    };
    messages.into_iter().enumerate().map(message).collect()
}

fn changes(timeline: &Timeline, closed_at: Option<i64>, agent: &Person) -> Vec<Value> {
    let change = |status: &str, time: i64, by: &str| {
        let mut change = json!({
            "to_status": status,
            "changed_at": rfc3339(time),
            "changed_by_type": by,
        });
        if by == "user" {
            change["changed_by_id"] = user_id(agent).into();
        }
        change
    };
    let by = if timeline.stage == Stage::ClosedByBot { "bot" } else { "user" };
    let entered = timeline.entered_at.map(|time| change("in_progress", time, "user"));
    let resolved = timeline.closed_at.map(|time| change("resolved", time, by));
    let closed = closed_at.map(|time| change("closed", time, "system"));
    entered.into_iter().chain(resolved).chain(closed).collect()
}

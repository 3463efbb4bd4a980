//! Example tickets for tests.

use ticket_model::{
    Actor, Attachment, BodyFormat, Channel, Coded, ContentType, Conversation, CustomField,
    Follower, Handle, HandledBy, Message, Metrics, Note, Participant, ParticipantRole, Person,
    Priority, Relation, RelationType, Role, Satisfaction, Seconds, Sla, Status, StatusChange, Tag,
    Team, Ticket, TicketType, Timestamp, Visibility,
};

/// Generates distinct texts, numbers and times.
struct Distinct(u32);

#[allow(clippy::unnecessary_wraps, reason = "the fields that they fill are optional")]
impl Distinct {
    fn text(&mut self, name: &str) -> String {
        self.0 += 1;
        format!("{name}-{}", self.0)
    }

    fn some(&mut self, name: &str) -> Option<String> {
        Some(self.text(name))
    }

    fn time(&mut self) -> Option<Timestamp> {
        self.0 += 1;
        Some(Timestamp::from_second(1_700_000_000 + 86_460 * i64::from(self.0)).unwrap())
    }

    fn number(&mut self) -> u64 {
        self.0 += 1;
        1_000_000 + u64::from(self.0)
    }

    fn person(&mut self) -> Person {
        Person {
            id: self.some("id"),
            name: self.some("name"),
            email: self.some("email"),
            phone: self.some("phone"),
            avatar_url: self.some("avatar"),
            department: self.some("department"),
            city: self.some("city"),
            country: self.some("country"),
            handles: vec![Handle {
                channel_id: self.some("channel"),
                contact_id: self.some("contact"),
                thread_id: self.some("thread"),
                followers: vec![Follower { id: self.some("id"), name: self.some("name") }],
            }],
        }
    }

    fn actor(&mut self, role: Role) -> Option<Actor> {
        Some(Actor { role: Some(Coded::new(role, self.text("role"))), person: Some(self.person()) })
    }

    fn attachment(&mut self) -> Attachment {
        Attachment {
            id: self.some("attachment"),
            url: self.some("url"),
            name: self.some("file"),
            media_type: self.some("media"),
            size_bytes: Some(self.number()),
        }
    }

    fn message(&mut self, visibility: Visibility, role: Role) -> Message {
        Message {
            id: self.some("message"),
            channel_message_id: self.some("sent"),
            author: self.actor(role),
            visibility,
            content_type: Some(Coded::new(ContentType::RichText, self.text("content"))),
            body: self.some("body"),
            format: Some(BodyFormat::Markdown),
            native: self.some("native"),
            attachments: vec![self.attachment()],
            created_at: self.time(),
        }
    }
}

/// Returns a ticket in which every field has a distinct value.
pub(crate) fn full() -> Ticket {
    let mut it = Distinct(100);
    Ticket {
        provider: it.text("provider"),
        id: it.text("ticket"),
        helpdesk_id: it.some("helpdesk"),
        url: it.some("page"),
        title: it.some("title"),
        description: it.some("description"),
        status: Some(Coded::new(Status::OnHold, it.text("status"))),
        priority: Some(Coded::new(Priority::Urgent, it.text("priority"))),
        ticket_type: Some(Coded::new(TicketType::Problem, it.text("type"))),
        handling: Some(Coded::new(HandledBy::Human, it.text("handling"))),
        channel: Some(Coded::new(Channel::QrCode, it.text("channel"))),
        requester: Some(it.person()),
        submitter: Some(it.person()),
        assignee: Some(it.person()),
        agents: vec![it.person(), it.person()],
        collaborators: vec![it.person()],
        followers: vec![it.person()],
        participants: vec![
            Participant {
                role: Some(Coded::new(ParticipantRole::Cc, "cc")),
                person: Some(it.person()),
                team: None,
            },
            Participant {
                role: Some(Coded::new(ParticipantRole::Other, it.text("own-role"))),
                person: None,
                team: Some(Team { id: it.some("group"), name: it.some("group") }),
            },
        ],
        closed_by: Some(it.person()),
        team: Some(Team { id: it.some("team"), name: it.some("team") }),
        tags: vec![Tag { id: it.some("tag"), name: it.some("tag") }],
        custom_fields: vec![CustomField {
            id: it.some("field"),
            key: it.some("key"),
            label: it.some("label"),
            value: Some(format!("{{\"{}\":{}}}", it.text("inner"), it.number()).parse().unwrap()),
            native: Some(format!("\"{}\"", it.text("option")).parse().unwrap()),
            required: Some(true),
            editable: Some(false),
            position: Some(4321),
        }],
        attachments: vec![it.attachment()],
        conversation: Some(Conversation {
            messages: vec![
                it.message(Visibility::Public, Role::Requester),
                it.message(Visibility::Internal, Role::Agent),
                it.message(Visibility::Unknown, Role::System),
            ],
            complete: Some(false),
        }),
        notes: vec![Note {
            id: it.some("note"),
            author: it.actor(Role::Other),
            body: it.some("remark"),
            created_at: it.time(),
        }],
        status_changes: vec![StatusChange {
            id: it.some("change"),
            from: Some(Coded::new(Status::InProgress, it.text("from"))),
            to: Some(Coded::new(Status::Resolved, it.text("to"))),
            created_at: it.time(),
            by: it.actor(Role::Bot),
        }],
        relations: vec![Relation {
            relation_type: Some(Coded::new(RelationType::BlockedBy, it.text("relation"))),
            id: it.some("other"),
            url: it.some("link"),
        }],
        sla: Some(Sla {
            name: it.some("sla"),
            first_response_due: it.time(),
            resolution_due: it.time(),
            breached: Some(true),
        }),
        satisfaction: Some(Satisfaction {
            score: Some(7001),
            min: Some(6001),
            max: Some(8001),
            comment: it.some("comment"),
            reasons: vec![
                [("zh-CN".into(), it.text("reason")), ("en-US".into(), it.text("reason"))].into(),
            ],
            submitted_at: it.time(),
        }),
        solved: Some(false),
        metrics: Some(Metrics {
            first_response_at: it.time(),
            last_response_at: it.time(),
            agent_joined_at: it.time(),
            first_response_seconds: Some(it.number()),
            agent_service_seconds: Seconds::from_milliseconds(it.number()),
            bot_service_seconds: Some(it.number()),
            resolution_seconds: Some(it.number()),
            processing_seconds: Some(it.number()),
            work_seconds: Seconds::from_milliseconds(it.number()),
        }),
        created_at: it.time(),
        updated_at: it.time(),
        started_at: it.time(),
        due_at: it.time(),
        resolved_at: it.time(),
        closed_at: it.time(),
        extra: [(it.text("/data/pointer"), format!("\"{}\"", it.text("value")).parse().unwrap())]
            .into(),
    }
}

/// Returns a ticket with only provider and id.
pub(crate) fn minimal() -> Ticket {
    Ticket::new("any", "1")
}

/// Returns whether views leave a field out on purpose: the content of a message in the format of the provider.
pub(crate) fn is_left_out(path: &str) -> bool {
    path.starts_with("/conversation/messages/")
        && path.ends_with("/native")
        && path.matches('/').count() == 4
}

/// Returns the JSON pointer of every leaf of the ticket, and the text that a view must contain for it.
pub(crate) fn leaves(
    ticket: &Ticket,
    moment: impl Fn(&str, Timestamp) -> String,
) -> Vec<(String, String)> {
    let json = serde_json::to_value(ticket).unwrap();
    let mut found = Vec::new();
    let mut open = vec![(String::new(), json)];
    while let Some((path, value)) = open.pop() {
        let text = match value {
            serde_json::Value::Object(members) => {
                for (key, member) in members {
                    if path == "/extra" || path.ends_with("/value") {
                        found.push((path.clone(), key.clone()));
                    }
                    open.push((format!("{path}/{key}"), member));
                }
                continue;
            }
            serde_json::Value::Array(items) => {
                let items = items.into_iter().enumerate();
                open.extend(items.map(|(index, item)| (format!("{path}/{index}"), item)));
                continue;
            }
            serde_json::Value::String(text) => match text.parse::<Timestamp>() {
                Ok(time) => moment(&path, time),
                Err(_) if path.ends_with("/visibility") => match text.as_str() {
                    "internal" => "INTERNAL NOTE".into(),
                    "unknown" => "visibility unknown".into(),
                    _ => text,
                },
                Err(_) if text == "cc" => "CC".into(),
                Err(_) if text.contains('-') => text,
                Err(_) => text.replace('_', " "),
            },
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::Bool(flag) => match (path.rsplit('/').next().unwrap(), flag) {
                ("required", true) => "required".into(),
                ("editable", false) => "read-only".into(),
                ("complete", false) => "incomplete".into(),
                ("breached", true) => "BREACHED".into(),
                ("solved", false) => "not solved".into(),
                other => panic!("unexpected flag {other:?}"),
            },
            // A participant is a person or a team.
            serde_json::Value::Null if path.starts_with("/participants/") => continue,
            serde_json::Value::Null => panic!("{path} has no value"),
        };
        found.push((path, text));
    }
    found
}

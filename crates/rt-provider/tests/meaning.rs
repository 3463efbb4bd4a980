//! What words and derived values mean, which the mapping table cannot prove.

use rt_provider::Rt;
use ticket_core::{Decoder, Response, VocabularyOverrides};
use ticket_model::{
    BodyFormat, Coded, ParticipantRole, Priority, RelationType, Role, Status, Ticket, Visibility,
};

fn decode(ticket: &str, others: &[(&'static str, &str)]) -> Ticket {
    let ticket = Response::saved("get_ticket", format!(r#"{{"id":7,{ticket}}}"#));
    let others =
        others.iter().map(|(operation, body)| Response::saved(operation, body.to_string()));
    let responses: Vec<_> = std::iter::once(ticket).chain(others).collect();
    Rt.decode(&responses, &VocabularyOverrides::default()).unwrap().ticket
}

fn page(items: &str) -> String {
    let count = items.matches(r#""type""#).count();
    format!(r#"{{"items":[{items}],"total":{count}}}"#)
}

#[test]
fn maps_each_status_of_the_lifecycles_of_rt() {
    for (native, value) in [
        ("new", Status::New),
        ("open", Status::Open),
        ("stalled", Status::OnHold),
        ("resolved", Status::Resolved),
        ("rejected", Status::Closed),
        ("deleted", Status::Closed),
        ("等待客户", Status::Other),
    ] {
        let ticket = decode(&format!(r#""Status":"{native}""#), &[]);
        assert_eq!(ticket.status, Some(Coded::new(value, native)));
    }
}

#[test]
fn maps_the_number_of_a_priority() {
    for (native, value) in [("0", Priority::Low), ("85", Priority::Medium), ("100", Priority::High)]
    {
        let ticket = decode(&format!(r#""Priority":"{native}""#), &[]);
        assert_eq!(ticket.priority, Some(Coded::new(value, native)));
    }
}

#[test]
fn recorded_minutes_are_seconds_and_0_is_nothing() {
    let seconds = |members: &str| {
        let metrics = decode(members, &[]).metrics;
        metrics.and_then(|it| it.work_seconds).map(|it| it.as_milliseconds() / 1_000)
    };
    assert_eq!(seconds(r#""TimeWorked":"30""#), Some(1_800));
    assert_eq!(seconds(r#""TimeWorked":"0""#), None);
}

#[test]
fn maps_each_link() {
    for (native, value) in [
        ("parent", RelationType::Parent),
        ("child", RelationType::Child),
        ("depends-on", RelationType::BlockedBy),
        ("depended-on-by", RelationType::Blocks),
        ("refers-to", RelationType::Related),
        ("referred-to-by", RelationType::Related),
        ("supersedes", RelationType::Other),
    ] {
        let link = format!(r#""_hyperlinks":[{{"ref":"{native}","id":"9","_url":"u"}}]"#);
        let relation = decode(&link, &[]).relations.remove(0);
        assert_eq!(relation.relation_type, Some(Coded::new(value, native)));
        assert_eq!((relation.id.as_deref(), relation.url.as_deref()), (Some("9"), Some("u")));
    }
    assert_eq!(
        decode(r#""_hyperlinks":[{"ref":"lifecycle","label":"Open It"}]"#, &[]).relations,
        []
    );
}

#[test]
fn first_requestor_is_the_requester_and_nobody_is_nobody() {
    let user = |id: &str| format!(r#"{{"id":"{id}","type":"user"}}"#);
    let members = format!(
        r#""Owner":{},"Requestor":[{},{}],"Cc":[{}],"AdminCc":[{{"id":"4","type":"group"}}],"RT::CustomRole-1":{}"#,
        user("Nobody"),
        user("ann"),
        user("bob"),
        user("cat"),
        user("Nobody")
    );
    let ticket = decode(&members, &[]);
    assert_eq!(ticket.assignee, None);
    assert_eq!(ticket.requester.unwrap().id.as_deref(), Some("ann"));
    let participants: Vec<_> = ticket
        .participants
        .iter()
        .map(|it| {
            let person = it.person.as_ref().and_then(|it| it.id.as_deref());
            let team = it.team.as_ref().and_then(|it| it.id.as_deref());
            (it.role.as_ref().unwrap().value, person, team)
        })
        .collect();
    assert_eq!(
        participants,
        [
            (ParticipantRole::Requester, Some("bob"), None),
            (ParticipantRole::Cc, Some("cat"), None),
            (ParticipantRole::Watcher, None, Some("4")),
        ]
    );
}

#[test]
fn events_are_messages_internal_notes_or_changes() {
    let event = |id: u32, word: &str, user: &str| {
        format!(
            r#"{{"id":"{id}","type":"transaction","Type":"{word}","OldValue":"new","NewValue":"open","Creator":{{"id":"{user}"}}}}"#
        )
    };
    let events = [
        event(1, "Create", "ann"),
        event(2, "Correspond", "eve"),
        event(3, "Comment", "eve"),
        event(4, "Status", "RT_System"),
        event(5, "EmailRecord", "RT_System"),
        event(6, "SetWatcher", "eve"),
        event(7, "Correspond", "RT_System"),
        event(8, "Correspond", "max"),
    ];
    let history = page(&events.join(","));
    let members = r#""Requestor":[{"id":"ann","type":"user"}],"Owner":{"id":"max","type":"user"}"#;
    let ticket = decode(members, &[("list_history", &history), ("list_attachments", &page(""))]);
    let conversation = ticket.conversation.unwrap();
    assert_eq!(conversation.complete, Some(true));
    let found: Vec<_> = conversation
        .messages
        .iter()
        .map(|it| {
            let role = it.author.as_ref().and_then(|it| it.role.as_ref()).map(|it| it.value);
            (it.id.as_deref().unwrap(), it.visibility, role)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("1", Visibility::Public, Some(Role::Requester)),
            ("2", Visibility::Public, None),
            ("3", Visibility::Internal, Some(Role::Agent)),
            ("7", Visibility::Public, Some(Role::System)),
            ("8", Visibility::Public, Some(Role::Agent)),
        ]
    );
    let change = &ticket.status_changes[0];
    assert_eq!(change.from, Some(Coded::new(Status::New, "new")));
    assert_eq!(change.to, Some(Coded::new(Status::Open, "open")));
    let kept: Vec<_> = ticket.extra.keys().filter(|it| !it.contains("Value")).collect();
    assert_eq!(kept, ["list_history[0]#/items/5"]);
}

#[test]
fn plain_text_is_the_body_and_html_is_kept_beside_it() {
    let history = page(r#"{"id":"1","type":"transaction","Type":"Correspond"}"#);
    let part = |id: u32, media_type: &str, name: &str| {
        format!(
            r#"{{"id":"{id}","type":"attachment","TransactionId":"1","ContentType":"{media_type}","Filename":"{name}"}}"#
        )
    };
    let text = |id: u32, content: &str| {
        format!(r#"{{"id":"{id}","type":"attachment","Content":"{content}"}}"#)
    };
    for (parts, body, format, native, files) in [
        (vec![(2, "text/plain", "")], "t2", BodyFormat::Plain, None, 0),
        (vec![(2, "text/html", "")], "t2", BodyFormat::Html, None, 0),
        (
            vec![(2, "multipart/alternative", ""), (3, "text/plain", ""), (4, "text/html", "")],
            "t3",
            BodyFormat::Plain,
            Some("t4"),
            0,
        ),
        (
            vec![(2, "text/plain", ""), (3, "text/plain", "log.txt"), (4, "image/png", "")],
            "t2",
            BodyFormat::Plain,
            None,
            2,
        ),
        (vec![(2, "text/plain", ""), (3, "text/plain", "")], "t2\nt3", BodyFormat::Plain, None, 0),
    ] {
        let attachments: Vec<_> = parts.iter().map(|(id, of, name)| part(*id, of, name)).collect();
        let texts: Vec<_> = parts.iter().map(|(id, ..)| text(*id, &format!("t{id}"))).collect();
        let others = [
            ("list_history", &*history),
            ("list_attachments", &page(&attachments.join(","))),
            ("list_texts", &page(&texts.join(","))),
        ];
        let message = decode(r#""Status":"new""#, &others).conversation.unwrap().messages.remove(0);
        assert_eq!(message.body.as_deref(), Some(body), "{parts:?}");
        assert_eq!(message.format, Some(format), "{parts:?}");
        assert_eq!(message.native.as_deref(), native, "{parts:?}");
        assert_eq!(message.attachments.len(), files, "{parts:?}");
    }
}

#[test]
fn conversation_is_complete_only_if_rt_says_how_much_there_is() {
    let events = |total: &str| {
        format!(
            r#"{{"items":[{{"id":"1","type":"transaction","Type":"Comment"}}],"total":{total}}}"#
        )
    };
    let files = |total: &str| format!(r#"{{"items":[],"total":{total}}}"#);
    for (history, attachments, complete) in [
        (events("1"), files("0"), Some(true)),
        (events("2"), files("0"), Some(false)),
        (events("1"), files("1"), Some(false)),
        (events("null"), files("null"), None),
        (events("null"), files("0"), None),
        // A history that the user may not see.
        (files("null"), files("null"), Some(false)),
        (files("0"), files("0"), Some(false)),
    ] {
        let others = [("list_history", &*history), ("list_attachments", &*attachments)];
        let found = decode(r#""Status":"new""#, &others).conversation.unwrap().complete;
        assert_eq!(found, complete, "{history} {attachments}");
    }
}

#[test]
fn names_of_people_and_roles_come_with_other_calls() {
    let members = r#""Requestor":[{"id":"ann","type":"user"}],"AdminCc":[{"id":"4","type":"group"}],"RT::CustomRole-2":[{"id":"bob","type":"user"}]"#;
    let people = page(
        r#"{"id":"7","type":"ticket","Requestor":[{"id":"ann","RealName":"Ann","EmailAddress":"a@b"}],"AdminCc":[{"id":"4","type":"group","Name":"Second level"}]}"#,
    );
    let role = r#"{"id":2,"Name":"Technicians"}"#;
    let ticket = decode(members, &[("list_people", &people), ("get_custom_role", role)]);
    let requester = ticket.requester.unwrap();
    assert_eq!((requester.name.as_deref(), requester.email.as_deref()), (Some("Ann"), Some("a@b")));
    let team = ticket.participants[0].team.as_ref().unwrap();
    assert_eq!(team.name.as_deref(), Some("Second level"));
    let role = ticket.participants[1].role.as_ref().unwrap();
    assert_eq!((role.value, role.native.as_deref()), (ParticipantRole::Other, Some("Technicians")));
}

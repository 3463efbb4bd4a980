//! Tables of the intended meaning of each rule; the snapshots only record what happens.

use engagelab_provider::EngageLab;
use ticket_core::{Decoded, Decoder, Response, VocabularyOverrides};
use ticket_model::{Coded, ContentType, Priority, Role, Status, Ticket, TicketType, Visibility};

fn decoded(members: &str) -> Decoded {
    let body =
        format!(r#"{{"code":0,"message":"Success","data":{{"ticket_id":"tk_1",{members}}}}}"#);
    EngageLab
        .decode(&[Response::saved("get_ticket", body)], &VocabularyOverrides::default())
        .unwrap()
}

fn ticket(members: &str) -> Ticket {
    decoded(members).ticket
}

fn extra(ticket: &Ticket) -> Vec<&str> {
    ticket.extra.keys().map(String::as_str).collect()
}

#[test]
fn maps_every_documented_status() {
    for (native, category) in [
        ("open", Status::Open),
        ("in_progress", Status::InProgress),
        ("resolved", Status::Resolved),
        ("closed", Status::Closed),
        ("vip_queue", Status::Other),
        ("Open", Status::Other),
    ] {
        let ticket = ticket(&format!(
            r#""status":"{native}","status_changes":[{{"to_status":"{native}"}}]"#
        ));
        let status = ticket.status.unwrap();
        assert_eq!(status, Coded::new(category, native));
        assert_eq!(ticket.status_changes[0].to, Some(status));
    }
}

#[test]
fn maps_every_documented_priority() {
    for (native, level) in [
        ("low", Priority::Low),
        ("medium", Priority::Medium),
        ("high", Priority::High),
        ("urgent", Priority::Urgent),
        ("normal", Priority::Other),
    ] {
        let priority = ticket(&format!(r#""priority":"{native}""#)).priority.unwrap();
        assert_eq!(priority, Coded::new(level, native));
    }
}

#[test]
fn maps_every_documented_type() {
    for (native, kind) in [
        ("incident", TicketType::Incident),
        ("question", TicketType::Question),
        ("problem", TicketType::Problem),
        ("task", TicketType::Task),
        ("wish", TicketType::Other),
    ] {
        assert_eq!(
            ticket(&format!(r#""ticket_type":"{native}""#)).ticket_type.unwrap().value,
            kind
        );
    }
}

#[test]
fn recognizes_the_requester_by_id() {
    let requester = r#""requester":{"euid":"c_1","channel_contacts":[{"contact_id":"-100"},{"contact_id":""}]}"#;
    for (id, sort, role, counted) in [
        (r#""u_1""#, r#""internal_member""#, Some(Role::Agent), 0),
        (r#""c_1""#, r#""internal_member""#, Some(Role::Agent), 0),
        (r#""u_1""#, r#""system""#, Some(Role::System), 0),
        (r#""u_1""#, r#""bot""#, Some(Role::Bot), 0),
        (r#""c_1""#, r#""customer""#, Some(Role::Requester), 0),
        (r#""-100""#, r#""customer""#, Some(Role::Requester), 0),
        (r#""c_2""#, r#""customer""#, Some(Role::Other), 1),
        (r#""""#, r#""customer""#, Some(Role::Other), 1),
        (r#""c_1""#, "null", None, 0),
    ] {
        let members = format!(
            r#"{requester},"conversation_list":[{{"sender":{{"id":{id},"type":{sort}}}}}]"#
        );
        let Decoded { ticket, diagnostics } = decoded(&members);
        let author = ticket.conversation.unwrap().messages[0].author.clone();
        assert_eq!(
            author.and_then(|author| author.role).map(|role| role.value),
            role,
            "{id} {sort}"
        );
        // The list of contacts is a diagnostic of its own.
        assert_eq!(diagnostics.len(), 1 + counted, "{id} {sort}: {diagnostics:?}");
    }
}

#[test]
fn maps_who_changed_a_status() {
    for (native, role) in
        [("user", Role::Agent), ("system", Role::System), ("bot", Role::Bot), ("rule", Role::Other)]
    {
        let members =
            format!(r#""status_changes":[{{"changed_by_type":"{native}","changed_by_id":"u_1"}}]"#);
        let by = ticket(&members).status_changes[0].by.clone().unwrap();
        assert_eq!(by.role, Some(Coded::new(role, native)));
        assert_eq!(by.person.unwrap().id.as_deref(), Some("u_1"));
    }
}

#[test]
fn maps_message_visibility() {
    for (sent, visibility) in [
        ("true", Visibility::Internal),
        ("false", Visibility::Public),
        ("null", Visibility::Unknown),
        ("1", Visibility::Unknown),
    ] {
        let ticket = ticket(&format!(r#""conversation_list":[{{"is_internal":{sent}}}]"#));
        assert_eq!(ticket.conversation.unwrap().messages[0].visibility, visibility, "{sent}");
    }
}

#[test]
fn maps_every_documented_content_type() {
    for (native, kind) in [
        ("text", ContentType::Text),
        ("image", ContentType::Image),
        ("file", ContentType::File),
        ("audio", ContentType::Audio),
        ("video", ContentType::Video),
        ("card", ContentType::Other),
    ] {
        let ticket = ticket(&format!(r#""conversation_list":[{{"content_type":"{native}"}}]"#));
        let content = ticket.conversation.unwrap().messages[0].content_type.clone().unwrap();
        assert_eq!(content, Coded::new(kind, native));
    }
}

#[test]
fn reads_sizes_as_text_or_number() {
    for (sent, size, kept) in [
        ("1220", Some(1_220), false),
        ("\"1220\"", Some(1_220), false),
        ("0", Some(0), false),
        ("null", None, false),
        ("\"1.2 KB\"", None, true),
        ("\"\"", None, true),
        ("-1", None, true),
        ("12.5", None, true),
    ] {
        let ticket = ticket(&format!(r#""attachments":[{{"file_size":{sent}}}]"#));
        assert_eq!(ticket.attachments[0].size_bytes, size, "{sent}");
        assert_eq!(extra(&ticket).contains(&"/data/attachments/0/file_size"), kept, "{sent}");
    }
}

#[test]
fn maps_ratings_from_1_to_5() {
    for (sent, score) in
        [("1", Some(1)), ("5", Some(5)), ("\"4\"", Some(4)), ("0", None), ("6", None)]
    {
        let ticket = ticket(&format!(r#""satisfactions":{{"rating":{sent},"feedback":"f"}}"#));
        let satisfaction = ticket.satisfaction.as_ref().unwrap();
        assert_eq!(satisfaction.score, score, "{sent}");
        assert_eq!((satisfaction.min, satisfaction.max), (Some(1), Some(5)));
        assert_eq!(extra(&ticket).is_empty(), score.is_some(), "{sent}");
    }
}

#[test]
fn reads_followers_in_every_documented_form() {
    let members = r#""followers":["u_1",7262656095919128578,{"id":"u_3"},{"id":4,"name":"Ada"}]"#;
    let followers = ticket(members).followers;
    let ids: Vec<_> = followers.iter().map(|follower| follower.id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["u_1", "7262656095919128578", "u_3", "4"]);
    assert_eq!(followers[3].name.as_deref(), Some("Ada"));
}

#[test]
fn reads_a_team_as_object_or_name() {
    let object = ticket(r#""assignment_team":{"id":5,"name":"IT"}"#).team.unwrap();
    assert_eq!((object.id.as_deref(), object.name.as_deref()), (Some("5"), Some("IT")));
    let bare = ticket(r#""assignment_team":"IT""#).team.unwrap();
    assert_eq!((bare.id, bare.name.as_deref()), (None, Some("IT")));
}

#[test]
fn empty_conversation_is_complete_and_missing_one_is_null() {
    let empty = ticket(r#""conversation_list":[]"#).conversation.unwrap();
    assert!(empty.messages.is_empty() && empty.complete == Some(true));
    assert_eq!(ticket(r#""conversation_list":null"#).conversation, None);
}

#[test]
fn maps_the_first_response_to_metrics() {
    let ticket = ticket(r#""sla":{"first_response_at":"2025-11-04T09:20:00+08:00"}"#);
    assert_eq!(
        ticket.metrics.unwrap().first_response_at.unwrap().to_string(),
        "2025-11-04T01:20:00Z"
    );
    assert_eq!(ticket.sla, None, "nothing else was promised");
}

#[test]
fn keeps_inconsistent_values_as_sent() {
    let ticket = ticket(
        r#""status":"open","resolved_at":null,"status_changes":[{"to_status":"resolved","changed_at":"2025-11-04T10:30:00+08:00"}]"#,
    );
    assert_eq!(ticket.status.unwrap().value, Status::Open);
    assert_eq!(ticket.resolved_at, None);
    assert_eq!(ticket.status_changes[0].to.as_ref().unwrap().value, Status::Resolved);
}

#[test]
fn vocabulary_overrides_take_precedence() {
    let overrides = VocabularyOverrides::default()
        .with_status("vip_queue", Status::Open)
        .with_priority("normal", Priority::Medium)
        .with_type("incident", TicketType::Problem);
    let body = r#"{"code":0,"data":{"ticket_id":"tk_1","status":"vip_queue","priority":"normal","ticket_type":"incident",
        "status_changes":[{"to_status":"vip_queue"}]}}"#;
    let decoded = EngageLab.decode(&[Response::saved("get_ticket", body)], &overrides).unwrap();
    let ticket = decoded.ticket;
    assert_eq!(ticket.status.as_ref().unwrap().value, Status::Open);
    assert_eq!(
        ticket.status_changes[0].to, ticket.status,
        "a status means the same in the history"
    );
    assert_eq!(ticket.priority.unwrap().value, Priority::Medium);
    assert_eq!(ticket.ticket_type, Some(Coded::new(TicketType::Problem, "incident")));
    assert_eq!(decoded.diagnostics, []);
}

//! Tables of the intended meaning of each rule; the snapshots only record what happens.

use feishu_provider::Feishu;
use ticket_core::{Decoded, Decoder, Response, VocabularyOverrides};
use ticket_model::{Channel, Coded, HandledBy, Status, Ticket};

fn decoded(members: &str) -> Decoded {
    let body = format!(
        r#"{{"code":0,"msg":"success","data":{{"ticket":{{"ticket_id":"66",{members}}}}}}}"#
    );
    Feishu.decode(&[Response::saved("get_ticket", body)], &VocabularyOverrides::default()).unwrap()
}

fn ticket(members: &str) -> Ticket {
    decoded(members).ticket
}

fn extra(ticket: &Ticket) -> Vec<&str> {
    ticket.extra.keys().map(String::as_str).collect()
}

#[test]
fn a_row_is_the_same_ticket_wherever_it_is_in_the_page() {
    let page = |rows: &str| {
        let body =
            format!(r#"{{"code":0,"msg":"success","data":{{"tickets":[{rows}],"total":2}}}}"#);
        let response = Response::saved("list_tickets", body);
        Feishu.decode_page(&response, &VocabularyOverrides::default()).unwrap().tickets
    };
    let (row, other) =
        (r#"{"ticket_id":"66","new":{"key":1},"score":"bad"}"#, r#"{"ticket_id":"67"}"#);
    let (first, last) = (page(&format!("{row},{other}")), page(&format!("{other},{row}")));
    assert_eq!(first[0], last[1]);
    assert!(extra(&first[0].ticket).contains(&"list_tickets[0]#/data/tickets/[i]/new"));
}

#[test]
fn maps_every_documented_status() {
    for (native, category) in [
        ("1", Status::New),
        ("2", Status::InProgress),
        ("3", Status::Open),
        ("4", Status::OnHold),
        ("5", Status::WaitingOnRequester),
        ("50", Status::Closed),
        ("51", Status::Closed),
        ("52", Status::Closed),
        ("0", Status::Other),
        ("6", Status::Other),
        ("53", Status::Other),
    ] {
        for sent in [native.to_owned(), format!("\"{native}\"")] {
            let status = ticket(&format!(r#""status":{sent}"#)).status.unwrap();
            assert_eq!(status, Coded::new(category, native));
        }
    }
}

#[test]
fn maps_ticket_type_to_handling() {
    for (native, by) in [("1", HandledBy::Bot), ("2", HandledBy::Human), ("3", HandledBy::Other)] {
        let handling = ticket(&format!(r#""ticket_type":{native}"#)).handling.unwrap();
        assert_eq!(handling, Coded::new(by, native));
    }
}

#[test]
fn maps_unlisted_channels_to_other() {
    for (native, kind) in [
        ("2", Channel::QrCode),
        ("9", Channel::OpenApi),
        ("13", Channel::Search),
        ("14", Channel::Share),
        ("0", Channel::Other),
        ("77", Channel::Other),
    ] {
        let Decoded { ticket, diagnostics } = decoded(&format!(r#""channel":{native}"#));
        assert_eq!(ticket.channel.unwrap().value, kind, "{native}");
        assert_eq!(diagnostics, [], "{native}");
    }
    assert_eq!(
        decoded(r#""channel":"web""#).diagnostics.len(),
        2,
        "a text, and a word nobody knows"
    );
}

#[test]
fn maps_solve_to_a_boolean() {
    for (sent, solved, kept) in [
        ("1", Some(false), vec![]),
        ("2", Some(true), vec![]),
        ("\"2\"", Some(true), vec![]),
        ("null", None, vec![]),
        ("0", None, vec!["/data/ticket/solve"]),
        ("3", None, vec!["/data/ticket/solve"]),
    ] {
        let ticket = ticket(&format!(r#""solve":{sent}"#));
        assert_eq!((ticket.solved, extra(&ticket)), (solved, kept), "{sent}");
    }
}

#[test]
fn maps_scores_from_1_to_3() {
    for (sent, score, kept) in [
        ("1", Some(1), vec![]),
        ("3", Some(3), vec![]),
        ("0", None, vec!["/data/ticket/score"]),
        ("4", None, vec!["/data/ticket/score"]),
    ] {
        let ticket = ticket(&format!(r#""score":{sent}"#));
        let satisfaction = ticket.satisfaction.as_ref();
        assert_eq!(satisfaction.and_then(|it| it.score), score, "{sent}");
        assert_eq!(
            satisfaction.map(|it| (it.min, it.max)),
            score.map(|_| (Some(1), Some(3))),
            "{sent}"
        );
        assert_eq!(extra(&ticket), kept, "{sent}");
    }
}

#[test]
fn converts_durations_to_seconds() {
    let metrics = ticket(
        r#""agent_service_duration":0.03,"agent_first_response_duration":90,"bot_service_duration":1,
           "agent_resolution_time":66,"actual_processing_time":68"#,
    )
    .metrics
    .unwrap();
    assert_eq!(metrics.agent_service_seconds.unwrap().to_string(), "1.8", "minutes become seconds");
    assert_eq!(metrics.first_response_seconds, Some(90));
    assert_eq!(metrics.bot_service_seconds, Some(1));
    assert_eq!(metrics.resolution_seconds, Some(66), "a duration, in spite of its name");
    assert_eq!(metrics.processing_seconds, Some(68), "a duration, in spite of its name");
    assert_eq!(metrics.agent_joined_at, None);
}

#[test]
fn reads_times_in_milliseconds() {
    let ticket = ticket(
        r#""created_at":1616920429000,"updated_at":-1,"closed_at":"1616920429001","agent_entry_time":1636444596000,
           "agent_first_response_time":1636444696000,"agent_last_response_time":1636444796000"#,
    );
    assert_eq!(ticket.created_at.unwrap().to_string(), "2021-03-28T08:33:49Z");
    assert_eq!(ticket.updated_at, None);
    assert_eq!(ticket.closed_at.unwrap().to_string(), "2021-03-28T08:33:49.001Z");
    let metrics = ticket.metrics.unwrap();
    assert_eq!(metrics.agent_joined_at.unwrap().to_string(), "2021-11-09T07:56:36Z");
    assert_eq!(metrics.first_response_at.unwrap().to_string(), "2021-11-09T07:58:16Z");
    assert_eq!(metrics.last_response_at.unwrap().to_string(), "2021-11-09T07:59:56Z");
    assert!(ticket.extra.is_empty());
}

#[test]
fn maps_reasons_by_language() {
    for (sent, reasons) in [
        (r#"{"zh_cn":"a","en_us":"b","ja_jp":"c"}"#, r#"[{"zh-CN":"a","en-US":"b","ja-JP":"c"}]"#),
        (r#"[{"en_us":"b"},{"fil_ph":"d"}]"#, r#"[{"en-US":"b"},{"fil-PH":"d"}]"#),
        (r#"["b","c"]"#, r#"[{"und":"b"},{"und":"c"}]"#),
        (r#""b""#, r#"[{"und":"b"}]"#),
    ] {
        let satisfaction =
            ticket(&format!(r#""dissatisfaction_reason":{sent}"#)).satisfaction.unwrap();
        assert_eq!(serde_json::to_string(&satisfaction.reasons).unwrap(), reasons);
    }
    for key in [
        "klingon", "e_us", "engl_us", "en_usa", "en_u", "EN_us", "En_us", "en_US", "en_uS",
        "e1_us", "en_u1", "en-us", "_",
    ] {
        let strange = ticket(&format!(r#""dissatisfaction_reason":{{"{key}":"x"}}"#));
        assert_eq!(extra(&strange), [format!("/data/ticket/dissatisfaction_reason/{key}")]);
        assert_eq!(strange.satisfaction, None, "{key}");
    }
}

#[test]
fn empty_objects_become_null() {
    let ticket = ticket(
        r#""guest":{},"closed_by":{"id":""},"comments":{},"dissatisfaction_reason":{},"agent_owner":{"name":null}"#,
    );
    assert_eq!(ticket.requester, None);
    assert_eq!(ticket.closed_by, None);
    assert_eq!(ticket.notes, []);
    assert_eq!(ticket.satisfaction, None);
    assert_eq!(ticket.assignee, None);
}

#[test]
fn conversation_is_null_without_its_call() {
    assert_eq!(ticket(r#""status":1"#).conversation, None);
}

#[test]
fn vocabulary_overrides_take_precedence() {
    let overrides = VocabularyOverrides::default()
        .with_status("51", Status::Resolved)
        .with_status("77", Status::OnHold)
        .with_channel("77", Channel::Share);
    let body = r#"{"code":0,"data":{"ticket":{"ticket_id":"66","status":51,"channel":77}}}"#;
    let decoded = Feishu.decode(&[Response::saved("get_ticket", body)], &overrides).unwrap();
    let status = decoded.ticket.status.unwrap();
    assert_eq!(status, Coded::new(Status::Resolved, "51"));
    assert_eq!(decoded.ticket.channel.unwrap().value, Channel::Share);
    let custom = Feishu
        .decode(&[Response::saved("get_ticket", body.replace("51", "77"))], &overrides)
        .unwrap();
    assert_eq!(custom.ticket.status.unwrap().value, Status::OnHold);
    assert_eq!(custom.diagnostics, []);
}

#[test]
fn a_row_whose_id_no_call_accepts_is_unreadable() {
    let body = r#"{"code":0,"data":{"tickets":[{"ticket_id":"1"},{"ticket_id":".."}],"total":2}}"#;
    let response = Response::saved("list_tickets", body);
    let rows = Feishu.decode_page(&response, &VocabularyOverrides::default()).unwrap();
    assert_eq!(rows.tickets.len(), 1);
    assert_eq!(rows.unreadable, ["list_tickets[0]#/data/tickets/1"]);
}

//! Explain and drift for Feishu.

use feishu_provider::Feishu;
use ticket_core::mapping::drift::{Drift, Kind};
use ticket_core::mapping::explain::{Explained, How, explain};
use ticket_core::mapping::inconsistencies::inconsistencies;
use ticket_core::{Decoder, Response, VocabularyOverrides};
use ticket_model::Status;

fn response(members: &str) -> Response {
    let body =
        format!(r#"{{"code":0,"msg":"ok","data":{{"ticket":{{"ticket_id":"66",{members}}}}}}}"#);
    Response::saved("get_ticket", body)
}

fn explained(members: &str, overrides: &VocabularyOverrides) -> Vec<Explained> {
    explain(&Feishu, &[response(members)], overrides).unwrap()
}

/// Returns how a field was made, its sources with their values, and its own value.
fn field(explained: &[Explained], name: &str) -> (How, Vec<(String, String)>, String) {
    let field =
        explained.iter().find(|explained| explained.field.as_deref() == Some(name)).unwrap();
    let text =
        |json: Option<&ticket_model::Json>| json.map_or("null".to_owned(), ToString::to_string);
    let sources = field.sources.iter();
    let sources =
        sources.map(|source| (source.pointer.clone(), text(source.native.as_ref()))).collect();
    (field.how, sources, text(field.value.as_ref()))
}

#[test]
fn explains_source_and_rule_of_every_field() {
    let all = explained(
        r#""status":51,"guest":{"name":"Ada"},"comments":[{"content":"a"},{"content":"b"}],"updated_at":-1,"created_at":12,
           "customized_fields":[{"value":{"x":[1]}}],"agent_service_duration":0.03,"later":true"#,
        &VocabularyOverrides::default(),
    );
    let source = |pointer: &str, native: &str| vec![(pointer.to_owned(), native.to_owned())];
    for (name, how, sources, value) in [
        ("provider", How::Constant, vec![], "\"feishu\""),
        ("id", How::Copied, source("/data/ticket/ticket_id", "\"66\""), "\"66\""),
        ("status.value", How::Converted, source("/data/ticket/status", "51"), "\"closed\""),
        ("requester.name", How::Copied, source("/data/ticket/guest/name", "\"Ada\""), "\"Ada\""),
        ("requester.email", How::Absent, source("/data/ticket/guest/email", "null"), "null"),
        ("notes[1].body", How::Copied, source("/data/ticket/comments/1/content", "\"b\""), "\"b\""),
        ("updated_at", How::Absent, source("/data/ticket/updated_at", "-1"), "null"),
        ("created_at", How::InvalidValue, source("/data/ticket/created_at", "12"), "null"),
        (
            "custom_fields[0].value.x[0]",
            How::Copied,
            source("/data/ticket/customized_fields/0/value", r#"{"x":[1]}"#),
            "1",
        ),
        (
            "metrics.agent_service_seconds",
            How::Converted,
            source("/data/ticket/agent_service_duration", "0.03"),
            "1.8",
        ),
        ("title", How::NotProvided, vec![], "null"),
        ("sla", How::NotProvided, vec![], "null"),
    ] {
        assert_eq!(field(&all, name), (how, sources, value.to_owned()), "{name}");
    }
    let rest: Vec<_> = all
        .iter()
        .filter(|explained| explained.field.is_none())
        .map(|explained| {
            (explained.how, explained.sources[0].pointer.as_str(), explained.note.as_str())
        })
        .collect();
    assert_eq!(
        rest,
        [
            (How::Unmapped, "/code", "must be the integer 0; any other integer is an error"),
            (How::Unmapped, "/msg", "the envelope's success message"),
            (
                How::Extra,
                "/data/ticket/created_at",
                "not an instant of 2000 to 2100 in milliseconds since 1970"
            ),
            (How::Extra, "/data/ticket/later", "undocumented key"),
        ]
    );
}

#[test]
fn names_the_vocabulary_override() {
    let overrides = VocabularyOverrides::default().with_status("51", Status::Resolved);
    let all = explained(r#""status":51"#, &overrides);
    assert_eq!(field(&all, "status.value").0, How::Overridden);
    assert_eq!(field(&all, "status.native").0, How::Converted);
}

#[test]
fn explains_every_field_of_every_fixture() {
    let overrides = VocabularyOverrides::default();
    for case in ticket_fixtures::of("feishu").filter(|case| case.http_status == 200) {
        let response = Response::saved(Feishu.ticket_operation(), case.body);
        let is_ticket = Feishu.decode(std::slice::from_ref(&response), &overrides).is_ok();
        let explained = explain(&Feishu, &[response], &overrides);
        assert_eq!(explained.is_ok(), is_ticket, "{}", case.name);
        let Ok(explained) = explained else { continue };
        for explained in explained {
            assert!(
                explained.value.is_none() || explained.how != How::NotProvided,
                "{}: {explained:?}",
                case.name
            );
        }
    }
}

#[test]
fn finds_inconsistencies_of_the_documented_example() {
    let documented =
        Response::saved("get_ticket", ticket_fixtures::case("feishu", "documented").unwrap().body);
    let ticket = Feishu.decode(&[documented], &VocabularyOverrides::default()).unwrap().ticket;
    assert!(
        inconsistencies(&ticket)
            .iter()
            .any(|found| found.fields[0] == "metrics.first_response_seconds")
    );
}

#[test]
fn drift_counts_differences_from_the_documentation() {
    let mut drift = Drift::new(&Feishu);
    for (name, members) in [
        ("a", r#""status":77,"comments":[{"new":1},{"new":2}]"#),
        ("b", r#""status":77,"score":9,"comments":[]"#),
    ] {
        drift.add(name, &[response(members)], &VocabularyOverrides::default());
    }
    drift.add("c", &[Response::saved("get_ticket", "<html>")], &VocabularyOverrides::default());
    let report = drift.report();
    assert_eq!((report.responses, report.tickets), (3, 2));
    let found: Vec<_> = report
        .entries
        .iter()
        .filter(|entry| entry.kind != Kind::NeverSeen)
        .map(|entry| {
            (entry.kind, entry.path.as_str(), entry.count, entry.example.as_ref().unwrap())
        })
        .map(|(kind, path, count, example)| {
            (kind, path, count, example.response.as_str(), example.pointer.as_str())
        })
        .collect();
    assert_eq!(
        found,
        [
            (Kind::NotATicket, "", 1, "c", ""),
            (
                Kind::UnknownKey,
                "/data/ticket/comments/[i]/new",
                2,
                "a",
                "/data/ticket/comments/0/new"
            ),
            (Kind::UnexpectedType, "/data/ticket/comments", 2, "a", "/data/ticket/comments"),
            (Kind::UnknownWord, "/data/ticket/status", 2, "a", "/data/ticket/status"),
            (Kind::InvalidValue, "/data/ticket/score", 1, "b", "/data/ticket/score"),
        ]
    );
    let never: Vec<_> = report
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::NeverSeen)
        .map(|entry| entry.path.as_str())
        .collect();
    assert!(never.contains(&"/data/ticket/channel") && !never.contains(&"/data/ticket/status"));
}

#[test]
fn drift_limits_the_number_of_entries() {
    let mut drift = Drift::new(&Feishu);
    for start in (0..12_000).step_by(1_000) {
        let keys: Vec<_> =
            (start..start + 1_000).map(|number| format!(r#""key_{number}":1"#)).collect();
        drift.add("a", &[response(&keys.join(","))], &VocabularyOverrides::default());
    }
    let report = drift.report();
    assert_eq!(
        report.entries.iter().filter(|entry| entry.kind == Kind::UnknownKey).count(),
        10_000
    );
    assert_eq!(report.omitted, 2_000);
}

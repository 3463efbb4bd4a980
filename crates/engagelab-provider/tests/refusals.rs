//! What is no ticket, although a careless reader would take it for one.

use engagelab_provider::EngageLab;
use ticket_core::{Answer, Dialect, Error, ErrorKind, Reading};

/// The error behind a fixture, read with its HTTP status.
fn refusal(name: &str) -> Error {
    let case = ticket_fixtures::case("engagelab", name).unwrap();
    let mut answer = Answer::saved("get_ticket", case.body);
    answer.http_status = Some(case.http_status);
    EngageLab.decode(&[answer], &Reading::default()).unwrap_err()
}

#[test]
fn http_502_is_no_success_although_code_and_ticket_say_so() {
    let error = refusal("broken_code_zero_with_502");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, None));
}

#[test]
fn http_200_with_another_code_than_0_is_a_refusal() {
    let (name, kind) = ("error_4001_with_http_200", ErrorKind::Refused);
    assert_eq!(refusal(name).kind(), kind);
}

#[test]
fn a_list_is_never_read_as_an_object() {
    for name in ["broken_positional", "broken_data_list", "broken_list"] {
        assert_eq!(refusal(name).kind(), ErrorKind::Unreadable, "{name}");
    }
}

#[test]
fn what_is_no_code_is_no_success() {
    for name in ["broken_code_text", "broken_code_fraction", "broken_code_true", "broken_code_null"]
    {
        assert_eq!(refusal(name).kind(), ErrorKind::Unreadable, "{name}");
    }
}

#[test]
fn a_page_of_a_proxy_with_http_200_is_told_as_what_it_is() {
    let message = refusal("broken_page").message().to_owned();
    assert!(message.starts_with("the answer is a page of HTML or XML, not JSON"), "{message}");
}

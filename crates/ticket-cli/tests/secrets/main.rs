//! Errors, logs and `Debug` output contain no credentials, even if the service repeats them.

mod echo_server;

use std::error::Error as _;
use std::fmt::Write as _;

use engagelab_provider::EngageLabSource;
use feishu_provider::{FeishuSource, get_tenant_access_token};
use ticket_core::transport::Authorization;
use ticket_core::{BaseUrl, Error, ErrorKind, Secret, TicketId, TicketSource};

use echo_server::{
    APP_SECRET, EchoServer, GOOD, HELPDESK, HELPDESK_TOKEN, KEY, Log, RESPONSES, SECRET, TOKEN,
    assert_redacted,
};

const ID: &str = "6626871355780366331";

/// Returns everything that can be read from an error and its causes.
fn full_text(error: &Error) -> String {
    let mut text = format!(
        "{error} {error:?} {error:#?} {} {:?} {:?} {:?} {:?}",
        error.message(),
        error.code(),
        error.hint(),
        error.request_id(),
        error.path()
    );
    let mut source = error.source();
    while let Some(inner) = source {
        write!(text, " {inner} {inner:?} {inner:#?}").unwrap();
        source = inner.source();
    }
    text
}

/// Fetches from all sources with every response of the server.
async fn fetch_all(mut check: impl FnMut(&str, Result<String, Error>)) {
    let server = EchoServer::start().await;
    for response in RESPONSES {
        for also_to_token_calls in [false, true] {
            server.respond_with(response, also_to_token_calls);
            for (name, source) in server.sources() {
                let outcome = source.fetch(&TicketId::new(ID).unwrap()).await;
                let what = format!("{name}, {}, {also_to_token_calls}", response.name);
                check(&what, outcome.map(|record| format!("{record:?}")));
            }
        }
    }
}

#[tokio::test]
async fn errors_contain_no_secret() {
    let mut kinds = Vec::new();
    fetch_all(|what, outcome| {
        let error = outcome.expect_err(what);
        assert_redacted(&full_text(&error), what);
        kinds.push(error.kind());
    })
    .await;
    for kind in [
        ErrorKind::Unauthenticated,
        ErrorKind::PermissionDenied,
        ErrorKind::RateLimited,
        ErrorKind::QuotaExhausted,
        ErrorKind::Unavailable,
        ErrorKind::InvalidResponse,
        ErrorKind::TicketMismatch,
        ErrorKind::Rejected,
    ] {
        assert!(kinds.contains(&kind), "no response causes {kind}");
    }
}

#[tokio::test]
async fn logs_contain_no_secret_at_any_level() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    fetch_all(|_, _| {}).await;
    let server = EchoServer::start().await;
    server.respond_with(&GOOD, false);
    for (name, source) in server.sources() {
        let record = source.fetch(&TicketId::new(ID).unwrap()).await;
        assert!(record.is_ok(), "{name}: {record:?}");
    }
    let text = log.0.lock().unwrap().clone();
    for target in ["ticket_core::transport", "hyper"] {
        assert!(text.contains(target), "no event of {target}");
    }
    assert!(text.contains("TRACE"), "no event of the lowest level");
    for line in text.lines() {
        assert_redacted(line, "a log");
    }
}

#[tokio::test]
async fn debug_output_contains_no_secret() {
    let base = BaseUrl::new("http://127.0.0.1:9").unwrap();
    let request = get_tenant_access_token(&base, "cli_x", &Secret::from(APP_SECRET)).unwrap();
    assert!(request.body.is_some(), "it contains the secret");
    let authorization = Authorization::default()
        .with("authorization", &Secret::from(TOKEN))
        .unwrap()
        .redact_also(&Secret::from(SECRET));
    for (what, text) in [
        ("a secret", format!("{:?} {:#?}", Secret::from(KEY), Secret::from(KEY))),
        ("a request", format!("{request:?} {request:#?}")),
        ("credentials", format!("{authorization:?} {authorization:#?}")),
    ] {
        assert_redacted(&text, what);
    }
    // `sources` checks builders and sources.
    EchoServer::start().await.sources();
    let error = EngageLabSource::builder().credentials(format!("{KEY}:"), SECRET).build();
    assert_redacted(&full_text(&error.unwrap_err()), "the error of a builder");
    let error = FeishuSource::builder()
        .helpdesk(HELPDESK, HELPDESK_TOKEN)
        .tenant_access_token(format!("{TOKEN}\n"))
        .build();
    assert_redacted(&full_text(&error.unwrap_err()), "the error of a builder");
}

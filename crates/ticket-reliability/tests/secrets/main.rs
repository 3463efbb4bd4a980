//! Canaries: credentials that are planted everywhere, and that nothing ever repeats, although the service does.

mod parrot;

use std::error::Error as _;
use std::fmt::Write as _;

use engagelab_provider::EngageLabSource;
use feishu_provider::{FeishuSource, get_tenant_access_token};
use ticket_core::transport::Authorization;
use ticket_core::{BaseUrl, Error, ErrorKind, Secret, TicketId, TicketSource};

use parrot::{
    APP_SECRET, GOOD, HELPDESK, HELPDESK_TOKEN, KEY, Log, Parrot, RESPONSES, SECRET, TOKEN,
    assert_silent,
};

const ID: &str = "6626871355780366331";

/// All that can be read of an error, and of what lies behind it.
fn told(error: &Error) -> String {
    let mut told = format!(
        "{error} {error:?} {error:#?} {} {:?} {:?} {:?} {:?}",
        error.message(),
        error.code(),
        error.hint(),
        error.request_id(),
        error.path()
    );
    let mut source = error.source();
    while let Some(inner) = source {
        write!(told, " {inner} {inner:?} {inner:#?}").unwrap();
        source = inner.source();
    }
    told
}

/// Asks all desks for a ticket, whatever the parrot says.
async fn ask_all(mut look: impl FnMut(&str, Result<String, Error>)) {
    let parrot = Parrot::start().await;
    for response in RESPONSES {
        for also_to_the_token_call in [false, true] {
            parrot.says(response, also_to_the_token_call);
            for (name, desk) in parrot.desks() {
                let outcome = desk.fetch(&TicketId::new(ID).unwrap()).await;
                let what = format!("{name}, {}, {also_to_the_token_call}", response.name);
                look(&what, outcome.map(|record| format!("{record:?}")));
            }
        }
    }
}

#[tokio::test]
async fn no_error_of_any_response_tells_a_secret() {
    let mut kinds = Vec::new();
    ask_all(|what, outcome| {
        let error = outcome.expect_err(what);
        assert_silent(&told(&error), what);
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
        assert!(kinds.contains(&kind), "no response is {kind}");
    }
}

#[tokio::test]
async fn no_log_tells_a_secret_at_any_level() {
    let log = Log::default();
    let _heard = tracing::subscriber::set_default(log.clone());
    ask_all(|_, _| {}).await;
    let parrot = Parrot::start().await;
    parrot.says(&GOOD, false);
    for (name, desk) in parrot.desks() {
        let record = desk.fetch(&TicketId::new(ID).unwrap()).await;
        assert!(record.is_ok(), "{name}: {record:?}");
    }
    let heard = log.0.lock().unwrap().clone();
    for target in ["ticket_core::transport", "hyper"] {
        assert!(heard.contains(target), "nothing was heard of {target}");
    }
    assert!(heard.contains("TRACE"), "nothing was heard at the lowest level");
    for line in heard.lines() {
        assert_silent(line, "a log");
    }
}

#[tokio::test]
async fn no_value_prints_a_secret() {
    let base = BaseUrl::new("http://127.0.0.1:9").unwrap();
    let request = get_tenant_access_token(&base, "cli_x", &Secret::from(APP_SECRET)).unwrap();
    assert!(request.body.is_some(), "it carries the secret");
    let authorization = Authorization::default()
        .with("authorization", &Secret::from(TOKEN))
        .unwrap()
        .redact_also(&Secret::from(SECRET));
    for (what, printed) in [
        ("a secret", format!("{:?} {:#?}", Secret::from(KEY), Secret::from(KEY))),
        ("a request", format!("{request:?} {request:#?}")),
        ("credentials", format!("{authorization:?} {authorization:#?}")),
    ] {
        assert_silent(&printed, what);
    }
    // Sources and their builders look for themselves.
    Parrot::start().await.desks();
    let refused = EngageLabSource::builder().credentials(format!("{KEY}:"), SECRET).build();
    assert_silent(&told(&refused.unwrap_err()), "a refused builder");
    let refused = FeishuSource::builder()
        .helpdesk(HELPDESK, HELPDESK_TOKEN)
        .tenant_access_token(format!("{TOKEN}\n"))
        .build();
    assert_silent(&told(&refused.unwrap_err()), "a refused builder");
}

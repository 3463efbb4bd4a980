//! Canaries: credentials that are planted everywhere, and that nothing ever repeats.
//!
//! The service is a parrot: whatever it is asked, it repeats every secret it knows, in every form, in its body, its headers
//! and its redirects.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use engagelab_provider::EngageLabSource;
use feishu_provider::{FeishuSource, get_tenant_access_token};
use ticket_core::transport::{Authorization, Settings, Transport};
use ticket_core::{BaseUrl, Error, ErrorKind, Secret, TicketId, TicketSource};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Each has characters that are written differently in JSON, in addresses and in both alphabets of Base64.
const KEY: &str = "k-c4n4ry/+>?\"1";
const SECRET: &str = "s-c4n4ry/+>?~\\2";
const APP_SECRET: &str = "a-c4n4ry/+>?\"3";
const HELPDESK_TOKEN: &str = "h-c4n4ry/+>?~4";
const TOKEN: &str = "t-c4n4ry/+>?\"5";
const GIVEN_TOKEN: &str = "t-c4n4ry/+>?~6";

/// No secret, but a part of one.
const HELPDESK: &str = "6626871355780366330";
const ID: &str = "6626871355780366331";

/// The secrets of each desk, as they were given and as they are sent.
fn of_engagelab() -> Vec<String> {
    let pair = format!("{KEY}:{SECRET}");
    let encoded = STANDARD.encode(&pair);
    vec![KEY.into(), SECRET.into(), format!("Basic {encoded}"), encoded, pair]
}

fn of_helpdesk(token: &str) -> Vec<String> {
    let pair = format!("{HELPDESK}:{HELPDESK_TOKEN}");
    let encoded = STANDARD.encode(&pair);
    vec![HELPDESK_TOKEN.into(), encoded, pair, token.into(), format!("Bearer {token}")]
}

/// What whoever receives this request knows.
fn of_request(request: &str) -> Vec<String> {
    if request.contains("tenant_access_token") {
        vec![APP_SECRET.to_owned()]
    } else if request.contains("helpdesk") {
        of_helpdesk(if request.contains(GIVEN_TOKEN) { GIVEN_TOKEN } else { TOKEN })
    } else {
        of_engagelab()
    }
}

/// A secret in every form in which it is looked for.
fn forms(secret: &str) -> Vec<String> {
    let percent = |is_kept: fn(u8) -> bool, upper: bool| {
        secret.bytes().fold(String::new(), |mut text, byte| {
            match (is_kept(byte), upper) {
                (true, _) => text.push(char::from(byte)),
                (false, true) => write!(text, "%{byte:02X}").unwrap(),
                (false, false) => write!(text, "%{byte:02x}").unwrap(),
            }
            text
        })
    };
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    let json = serde_json::to_string(secret).unwrap();
    let mut forms = vec![
        secret.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent(is_kept, true),
        percent(is_kept, false),
    ];
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        forms.push(engine.encode(secret));
    }
    forms
}

/// All secrets of all desks in every form.
fn all_forms() -> BTreeSet<String> {
    let helpdesks = [TOKEN, GIVEN_TOKEN].map(of_helpdesk).concat();
    let secrets = [of_engagelab(), helpdesks, vec![APP_SECRET.to_owned()]].concat();
    secrets.iter().flat_map(|secret| forms(secret)).collect()
}

/// Fails where a text has a secret in any form.
fn assert_silent(text: &str, what: &str) {
    for form in all_forms() {
        assert!(!text.contains(&form), "{what} tells {form}:\n{text}");
    }
    assert!(!text.contains("c4n4ry"), "{what} tells a part of a secret:\n{text}");
}

/// What the parrot answers, where `{}` stands for all it knows.
struct Answer {
    name: &'static str,
    /// The head without the length.
    head: &'static str,
    body: &'static str,
}

const fn answer(name: &'static str, head: &'static str, body: &'static str) -> Answer {
    Answer { name, head, body }
}

/// With the request and every secret in place of `{}`: as it is, or in quotes as a text of JSON.
const ANSWERS: &[Answer] = &[
    answer("page", "200 OK\r\nContent-Type: text/html; was={}", "<html>{}</html>"),
    answer("page that refuses", "401 No\r\nContent-Type: text/html", "<html>{}</html>"),
    answer("page that fails", "500 Down\r\nX-Request-Id: {}", "<html>{}</html>"),
    answer("page of a gateway", "502 Down\r\nRetry-After: {}", "{}"),
    answer("text", "200 OK", "{}"),
    answer("broken JSON", "200 OK", r#"{"code": 0, "data": {"ticket": {"x": {"#),
    answer("broken JSON with secrets", "200 OK", r#"{"code": 1, "msg": {json}, "message": {json}"#),
    answer("broken key", "200 OK", r#"{"code": 0, "data": { {json}: "#),
    answer("no code", "200 OK", r#"{"message": {json}, "msg": {json}}"#),
    answer("code of failure", "200 OK", r#"{"code": 7, "msg": {json}, "message": {json}}"#),
    answer(
        "code that is a text",
        "400 No",
        r#"{"code": {json}, "msg": {json}, "message": {json}}"#,
    ),
    answer(
        "refusal in all its forms",
        "403 No\r\nX-Tt-Logid: {}\r\nX-Request-Id: {}",
        r#"{"code": 99991672, "msg": {json}, "message": {json}, "error": {"code": {json}, "message": {json},
            "log_id": {json}, "logid": {json}, "troubleshooter": {json},
            "field_violations": [{"field": {json}, "description": {json}}],
            "permission_violations": [{"type": {json}, "subject": {json}, "scope": {json}}]}}"#,
    ),
    answer("refused token", "400 No", r#"{"code": 99991663, "msg": {json}}"#),
    answer("limit", "429 No\r\nx-ogw-ratelimit-reset: {}", r#"{"code": 99991400, "msg": {json}}"#),
    answer("quota", "400 No", r#"{"code": 99991403, "msg": {json}}"#),
    answer(
        "another ticket",
        "200 OK",
        r#"{"code": 0, "data": {"ticket_id": {json}, "ticket": {"ticket_id": {json}}}}"#,
    ),
    answer("no ticket", "200 OK", r#"{"code": 0, "msg": {json}, "data": {json}}"#),
    answer("key that stands twice", "200 OK", r#"{"code": 0, "code": 1, {json}: {json}}"#),
    answer("redirect with a question", "302 Found\r\nLocation: /login?was={query}", "{}"),
    answer(
        "redirect elsewhere",
        "307 Go\r\nLocation: https://{user}@evil.example/{query}#{query}",
        "{}",
    ),
    answer("escapes", "403 No", r#"{"code": 7, "msg": {escaped}, "message": {escaped}}"#),
    answer("escaped code", "403 No", r#"{"code": {escaped}}"#),
    answer(
        "escaped id",
        "200 OK",
        r#"{"code": 0, "data": {"ticket_id": {escaped}, "ticket": {"ticket_id": {escaped}}}}"#,
    ),
    answer(
        "end of a quotation",
        "200 OK",
        "<html>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{}",
    ),
    answer("compressed", "200 OK\r\nContent-Encoding: {}", "{}"),
];

/// A server that repeats all it knows.
struct Parrot {
    base: String,
    answer: Arc<Mutex<(&'static Answer, bool)>>,
}

impl Parrot {
    async fn start() -> Self {
        listen_always();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new((&ANSWERS[0], false)));
        let shared = Arc::clone(&answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { base, answer }
    }

    /// Answers so from now on; the token call too, or with a token.
    fn says(&self, answer: &'static Answer, also_to_the_token_call: bool) {
        *self.answer.lock().unwrap() = (answer, also_to_the_token_call);
    }

    fn desks(&self) -> [(&'static str, Box<dyn TicketSource>); 3] {
        let backoff = Duration::from_millis(1);
        let transport = Transport::new(Settings { attempts: 2, backoff, ..Settings::default() });
        let engagelab = EngageLabSource::builder().credentials(KEY, SECRET);
        let feishu = FeishuSource::builder().helpdesk(HELPDESK, HELPDESK_TOKEN);
        let app = feishu.clone().app("cli_x", APP_SECRET).base_url(&self.base);
        let given = feishu.tenant_access_token(GIVEN_TOKEN).base_url(&self.base);
        let engagelab = engagelab.base_url(&self.base).transport(transport.clone());
        let desks = format!("{engagelab:?} {app:?} {given:?} {transport:?}");
        assert_silent(&desks, "a builder");
        let engagelab = engagelab.build().unwrap();
        let app = app.transport(transport.clone()).build().unwrap();
        let given = given.transport(transport).build().unwrap();
        assert_silent(&format!("{engagelab:?} {app:?} {given:?}"), "a source");
        [("engagelab", Box::new(engagelab)), ("app", Box::new(app)), ("token", Box::new(given))]
    }
}

async fn serve(mut stream: TcpStream, answer: Arc<Mutex<(&'static Answer, bool)>>) {
    let mut request = Vec::new();
    loop {
        let mut block = [0; 4096];
        match stream.read(&mut block).await {
            Ok(0) | Err(_) => return,
            Ok(count) => request.extend_from_slice(&block[..count]),
        }
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        if body.len() < length.unwrap_or(0) {
            continue;
        }
        request.clear();
        let (said, also_to_the_token_call) = *answer.lock().unwrap();
        let bytes = if text.contains("tenant_access_token") && !also_to_the_token_call {
            let token = serde_json::to_string(TOKEN).unwrap();
            let body = format!(r#"{{"code": 0, "tenant_access_token": {token}, "expire": 7200}}"#);
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        } else {
            filled(said, &text)
        };
        if stream.write_all(bytes.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The answer with all that the parrot knows.
fn filled(Answer { head, body, .. }: &Answer, request: &str) -> String {
    let secrets = of_request(request);
    let known: Vec<_> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    let (line, query) = (known.join(" | "), known.join("&"));
    let all = format!("{line} {request}");
    let user = URL_SAFE_NO_PAD.encode(&secrets[0]);
    // A header has one line, and no more than a client takes.
    let head = head.replace("{}", &line).replace("{query}", &query).replace("{user}", &user);
    let json = serde_json::to_string(&all).unwrap();
    // As it may be written: every character by its number.
    let escaped = line.encode_utf16().fold(String::new(), |mut text, unit| {
        write!(text, "\\u{unit:04x}").unwrap();
        text
    });
    // A quotation ends in the middle of the first secret.
    let body = body.replace("{end}", &format!("\"{}{escaped}\"", "x".repeat(191)));
    let body = body.replace("{escaped}", &format!("\"{escaped}\""));
    let body = body.replace("{json}", &json).replace("{}", &all);
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

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
    for answer in ANSWERS {
        for also_to_the_token_call in [false, true] {
            parrot.says(answer, also_to_the_token_call);
            for (name, desk) in parrot.desks() {
                let outcome = desk.fetch(&TicketId::new(ID).unwrap()).await;
                let what = format!("{name}, {}, {also_to_the_token_call}", answer.name);
                look(&what, outcome.map(|record| format!("{record:?}")));
            }
        }
    }
}

#[tokio::test]
async fn no_error_of_any_answer_tells_a_secret() {
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
        ErrorKind::Unreadable,
        ErrorKind::WrongTicket,
        ErrorKind::Refused,
    ] {
        assert!(kinds.contains(&kind), "no answer is {kind}");
    }
}

/// Whether anybody listens is remembered for each line that tells, and two tests at once can remember it wrongly, unless
/// somebody listens all the time.
fn listen_always() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Log::default()).unwrap());
}

/// Keeps all that is told at any level by whomever: by us, and by the HTTP client.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // As it is: in quotes a secret would be written in another form.
        write!(self.0, " {field}={value}").unwrap();
    }
}

impl Log {
    fn keep(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Fields<'_>)) {
        let mut log = self.0.lock().unwrap();
        write!(log, "\n{} {}", metadata.level(), metadata.target()).unwrap();
        record(&mut Fields(&mut log));
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.keep(span.metadata(), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, record: &Record<'_>) {
        record.record(&mut Fields(&mut self.0.lock().unwrap()));
    }

    fn event(&self, event: &Event<'_>) {
        self.keep(event.metadata(), |fields| event.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// A success, whose head repeats all the same.
const GOOD: Answer = answer(
    "good",
    "200 OK\r\nX-Request-Id: {}\r\nX-Tt-Logid: {}",
    r#"{"code": 0, "data": {"ticket_id": "6626871355780366331", "title": "t",
            "ticket": {"ticket_id": "6626871355780366331"}}}"#,
);

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
        .hiding(&Secret::from(SECRET));
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

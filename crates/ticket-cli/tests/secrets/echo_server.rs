//! A server that repeats every secret it receives, in every encoding, in bodies, headers and redirects.

mod canaries;
mod log;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engagelab_provider::EngageLabSource;
use feishu_provider::FeishuSource;
use ticket_core::TicketSource;
use ticket_core::transport::{Transport, TransportConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use canaries::{forms, of_request};

pub(crate) use canaries::{
    APP_SECRET, GIVEN_TOKEN, HELPDESK, HELPDESK_TOKEN, KEY, SECRET, TOKEN, assert_redacted,
};
pub(crate) use log::Log;

/// A response of the server; `{}` is the placeholder for secrets.
pub(crate) struct Response {
    pub(crate) name: &'static str,
    /// The head without `Content-Length`.
    head: &'static str,
    body: &'static str,
}

const fn response(name: &'static str, head: &'static str, body: &'static str) -> Response {
    Response { name, head, body }
}

/// Responses with the request and every secret instead of `{}`, `{json}` (a JSON string) and other placeholders.
pub(crate) const RESPONSES: &[Response] = &[
    response("page", "200 OK\r\nContent-Type: text/html; was={}", "<html>{}</html>"),
    response("error page 401", "401 No\r\nContent-Type: text/html", "<html>{}</html>"),
    response("error page 500", "500 Down\r\nX-Request-Id: {}", "<html>{}</html>"),
    response("gateway page", "502 Down\r\nRetry-After: {}", "{}"),
    response("text", "200 OK", "{}"),
    response("broken JSON", "200 OK", r#"{"code": 0, "data": {"ticket": {"x": {"#),
    response(
        "broken JSON with secrets",
        "200 OK",
        r#"{"code": 1, "msg": {json}, "message": {json}"#,
    ),
    response("broken key", "200 OK", r#"{"code": 0, "data": { {json}: "#),
    response("no code", "200 OK", r#"{"message": {json}, "msg": {json}}"#),
    response("error code", "200 OK", r#"{"code": 7, "msg": {json}, "message": {json}}"#),
    response("string as code", "400 No", r#"{"code": {json}, "msg": {json}, "message": {json}}"#),
    response(
        "error with all fields",
        "403 No\r\nX-Tt-Logid: {}\r\nX-Request-Id: {}",
        r#"{"code": 99991672, "msg": {json}, "message": {json}, "error": {"code": {json}, "message": {json},
            "log_id": {json}, "logid": {json}, "troubleshooter": {json},
            "field_violations": [{"field": {json}, "description": {json}}],
            "permission_violations": [{"type": {json}, "subject": {json}, "scope": {json}}]}}"#,
    ),
    response("rejected token", "400 No", r#"{"code": 99991663, "msg": {json}}"#),
    response(
        "limit",
        "429 No\r\nx-ogw-ratelimit-reset: {}",
        r#"{"code": 99991400, "msg": {json}}"#,
    ),
    response("quota", "400 No", r#"{"code": 99991403, "msg": {json}}"#),
    response(
        "another ticket",
        "200 OK",
        r#"{"code": 0, "data": {"ticket_id": {json}, "ticket": {"ticket_id": {json}}}}"#,
    ),
    response("no ticket", "200 OK", r#"{"code": 0, "msg": {json}, "data": {json}}"#),
    response("duplicate key", "200 OK", r#"{"code": 0, "code": 1, {json}: {json}}"#),
    response("redirect with query", "302 Found\r\nLocation: /login?was={query}", "{}"),
    response(
        "redirect to another host",
        "307 Go\r\nLocation: https://{user}@evil.example/{query}#{query}",
        "{}",
    ),
    response("escapes", "403 No", r#"{"code": 7, "msg": {escaped}, "message": {escaped}}"#),
    response("escaped code", "403 No", r#"{"code": {escaped}}"#),
    response(
        "escaped id",
        "200 OK",
        r#"{"code": 0, "data": {"ticket_id": {escaped}, "ticket": {"ticket_id": {escaped}}}}"#,
    ),
    response(
        "end of a quoted excerpt",
        "200 OK",
        "<html>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{}",
    ),
    response("compressed", "200 OK\r\nContent-Encoding: {}", "{}"),
];

/// A server that repeats secrets.
pub(crate) struct EchoServer {
    base: String,
    response: Arc<Mutex<(&'static Response, bool)>>,
}

impl EchoServer {
    pub(crate) async fn start() -> Self {
        log::install_global_subscriber();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let response = Arc::new(Mutex::new((&RESPONSES[0], false)));
        let shared = Arc::clone(&response);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { base, response }
    }

    /// Sends this response from now on. Token calls get it too, or else a token.
    pub(crate) fn respond_with(&self, response: &'static Response, also_to_token_calls: bool) {
        *self.response.lock().unwrap() = (response, also_to_token_calls);
    }

    /// Builds sources with the canaries as credentials.
    pub(crate) fn sources(&self) -> [(&'static str, Box<dyn TicketSource>); 3] {
        let initial_backoff = Duration::from_millis(1);
        let transport = Transport::new(TransportConfig {
            max_attempts: 2,
            initial_backoff,
            ..TransportConfig::default()
        });
        let engagelab = EngageLabSource::builder().credentials(KEY, SECRET);
        let feishu = FeishuSource::builder().helpdesk(HELPDESK, HELPDESK_TOKEN);
        let app = feishu.clone().app("cli_x", APP_SECRET).base_url(&self.base);
        let given = feishu.tenant_access_token(GIVEN_TOKEN).base_url(&self.base);
        let engagelab = engagelab.base_url(&self.base).transport(transport.clone());
        let builders = format!("{engagelab:?} {app:?} {given:?} {transport:?}");
        assert_redacted(&builders, "a builder");
        let engagelab = engagelab.build().unwrap();
        let app = app.transport(transport.clone()).build().unwrap();
        let given = given.transport(transport).build().unwrap();
        assert_redacted(&format!("{engagelab:?} {app:?} {given:?}"), "a source");
        [("engagelab", Box::new(engagelab)), ("app", Box::new(app)), ("token", Box::new(given))]
    }
}

async fn serve(mut stream: TcpStream, response: Arc<Mutex<(&'static Response, bool)>>) {
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
        let (response, also_to_token_calls) = *response.lock().unwrap();
        let bytes = if text.contains("tenant_access_token") && !also_to_token_calls {
            let token = serde_json::to_string(TOKEN).unwrap();
            let body = format!(r#"{{"code": 0, "tenant_access_token": {token}, "expire": 7200}}"#);
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        } else {
            filled(response, &text)
        };
        if stream.write_all(bytes.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Fills the placeholders of a response.
fn filled(Response { head, body, .. }: &Response, request: &str) -> String {
    let secrets = of_request(request);
    let encoded: Vec<_> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    let (line, query) = (encoded.join(" | "), encoded.join("&"));
    let all = format!("{line} {request}");
    let user = URL_SAFE_NO_PAD.encode(&secrets[0]);
    // A header is one line, and not longer than the client accepts.
    let head = head.replace("{}", &line).replace("{query}", &query).replace("{user}", &user);
    let json = serde_json::to_string(&all).unwrap();
    // Every character as a Unicode escape.
    let escaped = line.encode_utf16().fold(String::new(), |mut text, unit| {
        write!(text, "\\u{unit:04x}").unwrap();
        text
    });
    let body = body.replace("{escaped}", &format!("\"{escaped}\""));
    let body = body.replace("{json}", &json).replace("{}", &all);
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A success whose headers repeat the secrets.
pub(crate) const GOOD: Response = response(
    "good",
    "200 OK\r\nX-Request-Id: {}\r\nX-Tt-Logid: {}",
    r#"{"code": 0, "data": {"ticket_id": "6626871355780366331", "title": "t",
            "ticket": {"ticket_id": "6626871355780366331"}}}"#,
);

//! A client on a plain socket: one request per connection.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use ticket_sandbox::{Credentials, Sandbox};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let header = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The HTTP status and the error code of the body.
    pub(crate) fn error(&self) -> (u16, i64) {
        (self.status, self.json()["code"].as_i64().expect("a code"))
    }
}

/// Sends bytes, and returns all bytes until the server closes the connection.
pub(crate) async fn exchange(sandbox: &Sandbox, bytes: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(sandbox.address()).await.expect("the sandbox listens");
    stream.write_all(bytes.as_bytes()).await.expect("the sandbox reads");
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.expect("no reset");
    received
}

/// Sends one request; `headers` are whole lines.
pub(crate) async fn call(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[String],
    body: &str,
) -> Response {
    let received = exchange(sandbox, &request(method, target, headers, body)).await;
    let end = received.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = str::from_utf8(&received[..end]).expect("text");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status line");
    let headers = lines.filter_map(|line| line.split_once(": "));
    Response {
        status: status.parse().expect(status),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: received[end + 4..].to_vec(),
    }
}

/// Writes a request that closes the connection.
pub(crate) fn request(method: &str, target: &str, headers: &[String], body: &str) -> String {
    let length = format!("Content-Length: {}", body.len());
    let request_line = format!("{method} {target} HTTP/1.1");
    let fixed = [request_line, "Host: sandbox".to_owned(), "Connection: close".to_owned(), length];
    format!("{}\r\n\r\n{body}", [&fixed, headers].concat().join("\r\n"))
}

/// The header of HTTP Basic.
pub(crate) fn basic(key: &str, secret: &str) -> String {
    format!("Authorization: Basic {}", STANDARD.encode(format!("{key}:{secret}")))
}

/// The valid headers for EngageLab.
pub(crate) fn engagelab() -> Vec<String> {
    let credentials = Credentials::default();
    vec![basic(&credentials.engagelab_api_key, &credentials.engagelab_api_secret)]
}

/// Returns the body of Feishu's token call.
pub(crate) async fn token_response(sandbox: &Sandbox) -> Value {
    let Credentials { feishu_app_id: id, feishu_app_secret: secret, .. } = Credentials::default();
    let body = format!(r#"{{"app_id":"{id}","app_secret":"{secret}"}}"#);
    let response =
        call(sandbox, "POST", "/open-apis/auth/v3/tenant_access_token/internal", &[], &body).await;
    assert_eq!(response.status, 200);
    response.json()
}

/// Returns a token of Feishu.
pub(crate) async fn token(sandbox: &Sandbox) -> String {
    token_response(sandbox).await["tenant_access_token"].as_str().expect("a token").to_owned()
}

/// The valid headers for Feishu.
pub(crate) fn feishu(token: &str) -> Vec<String> {
    let Credentials { feishu_helpdesk_id: id, feishu_helpdesk_token: secret, .. } =
        Credentials::default();
    vec![format!("Authorization: Bearer {token}"), helpdesk(&format!("{id}:{secret}"))]
}

/// The header of Feishu's helpdesk.
pub(crate) fn helpdesk(pair: &str) -> String {
    format!("X-Lark-Helpdesk-Authorization: {}", STANDARD.encode(pair))
}

//! A client made of a plain socket: it sends what it is told, also what no client should.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use ticket_sandbox::{Credentials, Sandbox};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The HTTP status and the code of the body.
    pub(crate) fn refusal(&self) -> (u16, i64) {
        (self.status, self.json()["code"].as_i64().expect("a code"))
    }
}

/// How the server ended a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Closed,
    Reset,
}

/// An open connection.
pub(crate) struct Client {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(sandbox.address()).await.expect("the sandbox listens");
        Self { stream, received: Vec::new() }
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("the sandbox reads");
    }

    /// Says that nothing more will come.
    pub(crate) async fn finish(&mut self) {
        self.stream.shutdown().await.expect("an open connection");
    }

    /// Reads one response; `None` when the server ends the connection instead.
    pub(crate) async fn reply(&mut self) -> Option<Reply> {
        self.reply_to("GET").await
    }

    /// Reads the response to a method: to `HEAD` it has no body, whatever its length says.
    pub(crate) async fn reply_to(&mut self, method: &str) -> Option<Reply> {
        let head = loop {
            match self.received.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => break self.received.drain(..end + 4).collect::<Vec<_>>(),
                None if !self.receive().await => return None,
                None => {}
            }
        };
        let head = String::from_utf8(head).expect("text");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status line");
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(a, b)| (a.to_owned(), b.to_owned()));
        let mut reply = Reply {
            status: status.parse().expect(status),
            headers: headers.collect(),
            body: Vec::new(),
        };
        let length =
            reply.header("Content-Length").map_or(0, |length| length.parse().expect("a length"));
        if method != "HEAD" {
            while self.received.len() < length {
                assert!(self.receive().await, "the body is cut short");
            }
            reply.body = self.received.drain(..length).collect();
        }
        Some(reply)
    }

    /// Reads until the server ends the connection.
    pub(crate) async fn everything(mut self) -> (Vec<u8>, End) {
        loop {
            match self.stream.read_buf(&mut self.received).await {
                Ok(0) => return (self.received, End::Closed),
                Ok(_) => {}
                Err(_) => return (self.received, End::Reset),
            }
        }
    }

    /// Waits until the response begins.
    pub(crate) async fn first_byte(&mut self) {
        assert!(self.receive().await, "no response came");
    }

    /// Whether anything more came before the end of the connection.
    async fn receive(&mut self) -> bool {
        // A reset is an end, too.
        self.stream.read_buf(&mut self.received).await.is_ok_and(|count| count > 0)
    }
}

/// Sends one request on a connection of its own; `headers` are whole lines.
pub(crate) async fn call(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[String],
    body: &str,
) -> Reply {
    let mut client = Client::connect(sandbox).await;
    client.send(request(method, target, headers, body)).await;
    client.reply_to(method).await.expect("a response")
}

/// Writes a request.
pub(crate) fn request(method: &str, target: &str, headers: &[String], body: &str) -> String {
    let length = format!("Content-Length: {}", body.len());
    let mut lines = vec![format!("{method} {target} HTTP/1.1"), "Host: sandbox".to_owned(), length];
    lines.extend_from_slice(headers);
    format!("{}\r\n\r\n{body}", lines.join("\r\n"))
}

/// The header that EngageLab wants.
pub(crate) fn basic(key: &str, secret: &str) -> String {
    format!("Authorization: Basic {}", STANDARD.encode(format!("{key}:{secret}")))
}

/// The header that lets a client in to EngageLab.
pub(crate) fn engagelab() -> Vec<String> {
    let credentials = Credentials::default();
    vec![basic(&credentials.engagelab_api_key, &credentials.engagelab_api_secret)]
}

/// Makes Feishu's token call with the right credentials.
pub(crate) async fn token_response(sandbox: &Sandbox) -> Value {
    let Credentials { feishu_app_id: id, feishu_app_secret: secret, .. } = Credentials::default();
    let body = format!(r#"{{"app_id":"{id}","app_secret":"{secret}"}}"#);
    let reply =
        call(sandbox, "POST", "/open-apis/auth/v3/tenant_access_token/internal", &[], &body).await;
    assert_eq!(reply.status, 200);
    reply.json()
}

/// Gets a token from Feishu.
pub(crate) async fn token(sandbox: &Sandbox) -> String {
    token_response(sandbox).await["tenant_access_token"].as_str().expect("a token").to_owned()
}

/// The two headers that let a client in to Feishu.
pub(crate) fn feishu(token: &str) -> Vec<String> {
    let Credentials { feishu_helpdesk_id: id, feishu_helpdesk_token: secret, .. } =
        Credentials::default();
    vec![format!("Authorization: Bearer {token}"), helpdesk(&format!("{id}:{secret}"))]
}

/// Feishu's own header.
pub(crate) fn helpdesk(pair: &str) -> String {
    format!("X-Lark-Helpdesk-Authorization: {}", STANDARD.encode(pair))
}

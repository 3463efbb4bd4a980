//! A client on a plain socket, which can send invalid HTTP.

use scripted_server::ScriptedServer;
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

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("text")
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
    pub(crate) async fn connect(server: &ScriptedServer) -> Self {
        let stream = TcpStream::connect(server.address()).await.expect("the server listens");
        Self { stream, received: Vec::new() }
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("the server reads");
    }

    /// Closes the sending half.
    pub(crate) async fn finish(&mut self) {
        self.stream.shutdown().await.expect("an open connection");
    }

    /// Reads one response; `None` if the server ends the connection instead.
    pub(crate) async fn response(&mut self) -> Option<Response> {
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
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut response =
            Response { status: status.parse().expect(status), headers, body: Vec::new() };
        let length = response.header("Content-Length");
        let length = length.map_or(0, |length| length.parse().expect("a length"));
        while self.received.len() < length {
            assert!(self.receive().await, "the body is incomplete");
        }
        response.body = self.received.drain(..length).collect();
        Some(response)
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

    /// Waits for the first bytes of a response.
    pub(crate) async fn first_byte(&mut self) {
        assert!(self.receive().await, "no response came");
    }

    /// Returns whether anything was received before the connection ended.
    async fn receive(&mut self) -> bool {
        self.stream.read_buf(&mut self.received).await.is_ok_and(|count| count > 0)
    }
}

/// Sends one request on a new connection; `headers` are whole lines.
pub(crate) async fn call(
    server: &ScriptedServer,
    method: &str,
    target: &str,
    headers: &[&str],
    body: &str,
) -> Response {
    let mut client = Client::connect(server).await;
    client.send(request(method, target, headers, body)).await;
    client.response().await.expect("a response")
}

/// Requests ticket 1 on a new connection.
pub(crate) async fn get_ticket(server: &ScriptedServer) -> Response {
    call(server, "GET", "/tickets/1", &[], "").await
}

/// Writes a request.
pub(crate) fn request(method: &str, target: &str, headers: &[&str], body: &str) -> String {
    let request_line = format!("{method} {target} HTTP/1.1");
    let length = format!("Content-Length: {}", body.len());
    let mut lines = vec![request_line.as_str(), "Host: server", &length];
    lines.extend_from_slice(headers);
    format!("{}\r\n\r\n{body}", lines.join("\r\n"))
}

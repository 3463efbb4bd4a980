//! A server that responds with arbitrary bytes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ticket_core::{BaseUrl, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::sleep;

/// A server that sends its responses in order and repeats the last one. After each response it does what [`After`] says.
pub(crate) struct RawServer {
    pub(crate) base: BaseUrl,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    counts: Mutex<Counts>,
    request: Notify,
}

#[derive(Default)]
struct Counts {
    /// The heads of the requests.
    heads: Vec<String>,
    connections: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum After {
    KeepOpen,
    Close,
    StaySilent,
    /// Sends a space after each such interval until the client disconnects.
    Drip(Duration),
}

/// Returns a port that refuses connections, and that no other test gets.
pub(crate) fn closed_port() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket
}

impl RawServer {
    pub(crate) async fn start(response: impl Into<Vec<u8>>, after: After) -> Self {
        Self::script(vec![response.into()], after).await
    }

    pub(crate) async fn script(responses: Vec<Vec<u8>>, after: After) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = BaseUrl::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let seen = Arc::new(Seen::default());
        let log = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                log.counts.lock().unwrap().connections += 1;
                let (responses, log) = (responses.clone(), log.clone());
                tokio::spawn(async move { serve(stream, responses, after, &log).await });
            }
        });
        Self { base, seen }
    }

    pub(crate) fn heads(&self) -> Vec<String> {
        self.seen.counts.lock().unwrap().heads.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.counts.lock().unwrap().connections
    }

    /// Waits until a request is complete.
    pub(crate) async fn requested(&self) {
        self.seen.request.notified().await;
    }

    pub(crate) fn request(&self) -> Request {
        Request::get("get_ticket", self.base.join(&["tickets", "7"]).unwrap())
    }
}

async fn serve(mut stream: TcpStream, responses: Vec<Vec<u8>>, after: After, log: &Seen) {
    let mut head = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(read) => head.extend_from_slice(&buffer[..read]),
        }
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let response = {
            let heads = &mut log.counts.lock().unwrap().heads;
            heads.push(String::from_utf8(std::mem::take(&mut head)).unwrap());
            responses[(heads.len() - 1).min(responses.len() - 1)].clone()
        };
        log.request.notify_one();
        if stream.write_all(&response).await.is_err() || after == After::Close {
            return;
        }
        while let After::Drip(pause) = after {
            sleep(pause).await;
            if stream.write_all(b" ").await.is_err() {
                return;
            }
        }
        if after == After::StaySilent {
            // Wait until the client disconnects.
            let _ = stream.read(&mut [0]).await;
            return;
        }
    }
}

pub(crate) fn response(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

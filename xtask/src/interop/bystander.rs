//! A server that responds as it is told and remembers every byte that it was sent.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A request as it came in.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    /// The path with its query.
    pub(super) target: String,
    /// All headers, as text.
    pub(super) head: String,
    pub(super) body: String,
}

impl Request {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// Whether it asks for a token.
    pub(super) fn is_for_token(&self) -> bool {
        self.target.ends_with("/tenant_access_token/internal")
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// A status and JSON.
    Json(u16, String),
    /// A status and where to go.
    Redirect(u16, String),
}

/// The server; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Bystander {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bystander {
    /// Starts it on a free port of 127.0.0.1.
    pub(super) fn start(response: impl Fn(&Request) -> Reply + Send + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (seen, is_over) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<AtomicBool>::default());
        let (seeing, ending) = (Arc::clone(&seen), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::Acquire) {
                    break;
                }
                // A connection that breaks is one that nothing is known of.
                let Ok(mut stream) = stream else { continue };
                let Ok(request) = read(&mut stream) else { continue };
                let reply = response(&request);
                seeing.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                let _ = stream.write_all(&bytes(&reply));
            }
        });
        Ok(Self { address, seen, is_over, thread: Some(thread) })
    }

    /// The port that it listens on.
    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// What came in.
    pub(super) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        // Wakes the thread, so that it sees that it is over.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn read(stream: &mut TcpStream) -> io::Result<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let (mut received, mut part) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(request) = request(&received) {
            return Ok(request);
        }
        match stream.read(&mut part)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => received.extend_from_slice(&part[..length]),
        }
    }
}

/// A request that is whole; `None` while it is not.
fn request(bytes: &[u8]) -> Option<Request> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (first, head) = head.split_once("\r\n").unwrap_or((head, ""));
    let target = first.split(' ').nth(1)?.to_owned();
    let request = Request { target, head: head.to_owned(), body: body.to_owned() };
    let length = request.header("Content-Length").map_or(Some(0), |value| value.parse().ok())?;
    (request.body.len() >= length).then_some(request)
}

fn bytes(reply: &Reply) -> Vec<u8> {
    let (status, header, body) = match reply {
        Reply::Json(status, body) => {
            (status, "Content-Type: application/json".to_owned(), body.as_str())
        }
        Reply::Redirect(status, place) => (status, format!("Location: {place}"), ""),
    };
    let length = body.len();
    format!("HTTP/1.1 {status} \r\n{header}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Bystander, Reply, request};
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    #[test]
    fn a_request_is_taken_when_it_is_whole() {
        let whole = b"POST /a?b HTTP/1.1\r\nX-One:  1\r\ncontent-length: 2\r\n\r\n{}";
        for length in 0..whole.len() {
            assert!(request(&whole[..length]).is_none(), "{length}");
        }
        let request = request(whole).unwrap();
        assert_eq!((&*request.target, &*request.body), ("/a?b", "{}"));
        assert_eq!((request.header("x-one"), request.header("x-two")), (Some("1"), None));
    }

    #[test]
    fn it_responds_as_told_and_remembers() {
        let server = Bystander::start(|request| match &*request.target {
            "/old" => Reply::Redirect(302, "/new".to_owned()),
            _ => Reply::Json(200, "{}".to_owned()),
        })
        .unwrap();
        for (target, response) in [("/old", "Location: /new\r\n"), ("/new", "\r\n\r\n{}")] {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
            write!(stream, "GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            assert!(text.contains(response), "{text}");
        }
        let targets: Vec<_> = server.seen().into_iter().map(|request| request.target).collect();
        assert_eq!(targets, ["/old", "/new"]);
    }
}

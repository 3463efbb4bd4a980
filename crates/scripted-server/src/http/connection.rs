//! One connection: reads requests and writes replies.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::request::{self, Head};
use super::{Request, RequestError};

/// The most bytes of an unread request that are discarded before the connection is closed.
const MAX_DISCARDED: usize = 4 * 1024 * 1024;

/// One action of the server after a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends the same bytes several times.
    Repeat(Vec<u8>, u64),
    /// Sends bytes one by one, with a pause before each.
    Drip(Vec<u8>, Duration),
    /// Waits.
    Wait(Duration),
    /// Sends nothing more, until the client closes the connection.
    Silence,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
}

/// What happens after a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// The next request is read.
    NextRequest,
    /// The connection is closed; the client can still read what was sent.
    Close,
    /// The connection is dropped at once.
    Drop,
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// Bytes that were received and not parsed yet.
    received: Vec<u8>,
    /// Timeout for an idle connection, for the rest of a request, and for each write.
    timeout: Option<Duration>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, timeout: Option<Duration>) -> Self {
        // Replies are written at once. If the option cannot be set, the connection still works.
        let _ = stream.set_nodelay(true);
        Self { stream, received: Vec::new(), timeout }
    }

    /// Reads the next request; `None` if the client closed the connection or was idle for too long.
    pub(crate) async fn read(&mut self) -> Result<Option<Request>, RequestError> {
        let timeout = self.timeout;
        if self.received.is_empty() {
            match within(timeout, self.receive()).await {
                Some(Ok(())) => {}
                None | Some(Err(_)) => return Ok(None),
            }
        }
        within(timeout, self.read_request()).await.unwrap_or(Err(RequestError::Timeout))
    }

    async fn read_request(&mut self) -> Result<Option<Request>, RequestError> {
        let Head { mut request, length, body_length, expects_continue } = loop {
            match request::parse_head(&self.received)? {
                Some(head) => break head,
                None if self.receive().await.is_err() => return Ok(None),
                None => {}
            }
        };
        if expects_continue
            && self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.is_err()
        {
            return Ok(None);
        }
        while self.received.len() < length + body_length {
            if self.receive().await.is_err() {
                return Ok(None);
            }
        }
        // The rest belongs to the next request.
        let rest = self.received.split_off(length + body_length);
        request.body = self.received.split_off(length);
        self.received = rest;
        Ok(Some(request))
    }

    /// Performs the steps in order, until one ends the connection or the client is gone.
    pub(crate) async fn perform(&mut self, steps: &[Step]) -> NextStep {
        for step in steps {
            let sent = match step {
                Step::Send(bytes) => self.send(bytes).await,
                Step::Repeat(bytes, count) => self.send_repeatedly(bytes, *count).await,
                Step::Drip(bytes, pause) => self.drip(bytes, *pause).await,
                Step::Wait(time) => {
                    tokio::time::sleep(*time).await;
                    Ok(())
                }
                Step::Silence => {
                    self.discard_until_closed().await;
                    return NextStep::Close;
                }
                Step::Close => return NextStep::Close,
                Step::Reset => {
                    // If the option cannot be set, the connection is closed without a reset.
                    let _ = self.stream.set_zero_linger();
                    return NextStep::Drop;
                }
            };
            if sent.is_err() {
                return NextStep::Close;
            }
        }
        NextStep::NextRequest
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = within(self.timeout, self.stream.write_all(bytes)).await;
        written.unwrap_or(Err(io::ErrorKind::TimedOut.into()))
    }

    async fn send_repeatedly(&mut self, bytes: &[u8], count: u64) -> io::Result<()> {
        for _ in 0..count {
            self.send(bytes).await?;
        }
        Ok(())
    }

    async fn drip(&mut self, bytes: &[u8], pause: Duration) -> io::Result<()> {
        for byte in bytes {
            tokio::time::sleep(pause).await;
            self.send(&[*byte]).await?;
        }
        Ok(())
    }

    async fn discard_until_closed(&mut self) {
        while self.receive().await.is_ok() {
            self.received.clear();
        }
    }

    /// Closes the connection so that the client can still read the last reply.
    ///
    /// Closing a socket with unread bytes resets the connection, and the reset can overtake the reply.
    pub(crate) async fn close(mut self) {
        let timeout = self.timeout;
        let close = async {
            self.stream.shutdown().await?;
            let mut leftover = self.stream.take(MAX_DISCARDED as u64);
            tokio::io::copy(&mut leftover, &mut tokio::io::sink()).await
        };
        // The connection is over: an error changes nothing.
        let _ = within(timeout, close).await;
    }

    /// Receives bytes; the end of the stream is an error.
    async fn receive(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Awaits a future with a timeout, or without one for `None`.
async fn within<T>(timeout: Option<Duration>, future: impl Future<Output = T>) -> Option<T> {
    match timeout {
        Some(timeout) => tokio::time::timeout(timeout, future).await.ok(),
        None => Some(future.await),
    }
}

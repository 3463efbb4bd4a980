//! One connection: reads requests, writes responses, gives up on whoever is silent.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::http::request::{self, Head};
use crate::http::{Refusal, Request};

/// How much of an unread request is taken in and thrown away, so that its sender reads the refusal, in bytes.
const LONGEST_LEFTOVER: usize = 4 * 1024 * 1024;

/// A part of what is done to respond a request, rightly or wrongly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// These bytes are sent.
    Send(Vec<u8>),
    /// These bytes are sent so many times.
    Repeat(Vec<u8>, u64),
    /// These bytes are sent one by one, with so much time before each.
    Drip(Vec<u8>, Duration),
    /// So much time passes.
    Wait(Duration),
    /// Nothing more happens, for as long as the client stays.
    Silence,
    /// The connection ends.
    Close,
    /// The connection is reset.
    Reset,
}

/// What may follow on a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// The next request.
    Next,
    /// The end, after which the client can still read what was sent.
    Over,
    /// The end at once.
    Reset,
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// What was received and not yet understood.
    received: Vec<u8>,
    /// How long to wait for a request to begin, for a begun one to end, and for a response to be taken.
    patience: Option<Duration>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, patience: Option<Duration>) -> Self {
        // A response is written at once; there is nothing to wait for. That it cannot be set is no reason to refuse.
        let _ = stream.set_nodelay(true);
        Self { stream, received: Vec::new(), patience }
    }

    /// Reads the next request; `None` means that the client has nothing more to say.
    pub(crate) async fn read(&mut self) -> Result<Option<Request>, Refusal> {
        let patience = self.patience;
        if self.received.is_empty() {
            match within(patience, self.receive()).await {
                Some(Ok(())) => {}
                // Silence, or an end between two requests: nobody waits for a response.
                None | Some(Err(_)) => return Ok(None),
            }
        }
        within(patience, self.read_whole()).await.unwrap_or(Err(Refusal::TooSlow))
    }

    async fn read_whole(&mut self) -> Result<Option<Request>, Refusal> {
        let Head { mut request, length, body_length, expects_continue } = loop {
            match request::head(&self.received)? {
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
        // What is left belongs to the next request.
        let rest = self.received.split_off(length + body_length);
        request.body = self.received.split_off(length);
        self.received = rest;
        Ok(Some(request))
    }

    /// Does one step after the other, until one of them ends the connection or the client is gone.
    pub(crate) async fn perform(&mut self, steps: &[Step]) -> After {
        for step in steps {
            let sent = match step {
                Step::Send(bytes) => self.send(bytes).await,
                Step::Repeat(bytes, count) => self.send_often(bytes, *count).await,
                Step::Drip(bytes, pause) => self.drip(bytes, *pause).await,
                Step::Wait(time) => {
                    tokio::time::sleep(*time).await;
                    Ok(())
                }
                Step::Silence => {
                    self.listen_to_the_end().await;
                    return After::Over;
                }
                Step::Close => return After::Over,
                // Nothing is to be done where it fails: the connection is closed in another way.
                Step::Reset => {
                    let _ = self.stream.set_zero_linger();
                    return After::Reset;
                }
            };
            if sent.is_err() {
                return After::Over;
            }
        }
        After::Next
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = within(self.patience, self.stream.write_all(bytes)).await;
        written.unwrap_or(Err(io::ErrorKind::TimedOut.into()))
    }

    async fn send_often(&mut self, bytes: &[u8], count: u64) -> io::Result<()> {
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

    /// Says nothing for as long as the client stays.
    async fn listen_to_the_end(&mut self) {
        while self.receive().await.is_ok() {
            // Whatever it says, it gets no response.
            self.received.clear();
        }
    }

    /// Ends the connection so that the client can still read the last response.
    ///
    /// Closing with bytes unread resets the connection, and the reset can overtake the response.
    pub(crate) async fn close(mut self) {
        let patience = self.patience;
        let leave = async {
            self.stream.shutdown().await?;
            let mut leftover = self.stream.take(LONGEST_LEFTOVER as u64);
            tokio::io::copy(&mut leftover, &mut tokio::io::sink()).await
        };
        // Whatever goes wrong here goes wrong with a connection that is over.
        let _ = within(patience, leave).await;
    }

    /// Takes in what has arrived; an end of the connection is an error.
    async fn receive(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Waits for `future`, but not for longer than `patience`.
async fn within<T>(patience: Option<Duration>, future: impl Future<Output = T>) -> Option<T> {
    match patience {
        Some(patience) => tokio::time::timeout(patience, future).await.ok(),
        None => Some(future.await),
    }
}

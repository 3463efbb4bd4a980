//! A tunnel through a proxy: HTTP CONNECT or SOCKS 5.
//!
//! A proxy may lock an account after a few wrong passwords. So the tunnel sends one request at a time until the proxy has accepted
//! the credentials, and never sends rejected credentials again.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::header::{HOST, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::lookup_host;
use tokio::sync::Mutex;

use super::socks::{self, SocksError};
use super::{Connector, Stream, deepest, failed};
use crate::transport::proxy::{Proxy, ProxyCredentials, ProxyScheme};
use crate::{Error, ErrorKind, Secret};

/// A proxy, and its responses so far.
pub(super) struct Tunnel {
    proxy: Proxy,
    user_agent: HeaderValue,
    /// The error if the proxy rejected the credentials.
    denied: OnceLock<Error>,
    /// The number of refused connections.
    refusals: AtomicU64,
    state: Mutex<State>,
}

/// What earlier responses of the proxy showed.
#[derive(Default)]
struct State {
    /// Whether the proxy opened a tunnel, so that the credentials are valid.
    has_accepted: bool,
    /// The last host and port that the proxy refused, and the error.
    refused: Option<(Arc<str>, Error)>,
}

/// Why there is no tunnel.
enum Failure {
    /// The proxy rejects the credentials, or requires some.
    Denied(Error),
    /// The proxy refuses this connection.
    Refused(Error),
    /// A transient failure.
    Transient(Error),
}

impl Tunnel {
    pub(super) fn new(proxy: Proxy, user_agent: &HeaderValue) -> Self {
        let user_agent = user_agent.clone();
        let (refusals, state) = (AtomicU64::default(), Mutex::default());
        Self { proxy, user_agent, denied: OnceLock::new(), refusals, state }
    }

    /// Returns the message for a failure to connect through the proxy.
    pub(super) fn cannot_connect(&self) -> String {
        format!("cannot connect through the proxy {}", self.proxy.address())
    }

    /// Opens a tunnel to the host and port of this address.
    ///
    /// Calls that waited while the proxy refused the same address share the error.
    pub(super) async fn open(
        &self,
        connector: &Connector,
        uri: &Uri,
        host: &str,
    ) -> Result<Stream, Error> {
        let seen = self.refusals.load(Ordering::SeqCst);
        self.check_denied()?;
        let stream = self.connect_to_proxy(connector).await?;
        let port = uri.port_u16().unwrap_or(443);
        let target = Arc::from(format!("{}:{port}", uri.host().unwrap_or_default()));
        let mut state = self.state.lock().await;
        self.check_denied()?;
        let has_refused = self.refusals.load(Ordering::SeqCst) != seen;
        if let Some((_, error)) = state.refused.as_ref().filter(|it| has_refused && it.0 == target)
        {
            return Err(error.clone());
        }
        let outcome = if state.has_accepted {
            drop(state);
            let outcome = self.request(stream, &target, host, port).await;
            state = self.state.lock().await;
            outcome
        } else {
            self.request(stream, &target, host, port).await
        };
        match outcome {
            Ok(stream) => {
                state.has_accepted = true;
                Ok(stream)
            }
            Err(Failure::Transient(error)) => Err(error),
            Err(Failure::Denied(error)) => Err(self.denied.get_or_init(|| error).clone()),
            Err(Failure::Refused(error)) => {
                self.refusals.fetch_add(1, Ordering::SeqCst);
                state.refused = Some((target, error.clone()));
                Err(error)
            }
        }
    }

    fn check_denied(&self) -> Result<(), Error> {
        self.denied.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Connects to the proxy, with TLS if its scheme is https.
    async fn connect_to_proxy(&self, connector: &Connector) -> Result<Stream, Error> {
        let address = self.proxy.address();
        let uri = format!("http://{address}").parse::<Uri>().expect("host and port are an address");
        let message = format!("cannot connect to the proxy {address}");
        let stream = connector.tcp(uri).await.map_err(|error| failed(&message, error))?;
        if self.proxy.scheme() == ProxyScheme::Https {
            let host = self.proxy.host();
            let peer = format!("the proxy {address}");
            return connector.tls(stream, &host, &peer, &message).await;
        }
        Ok(stream)
    }

    async fn request(
        &self,
        stream: Stream,
        target: &str,
        host: &str,
        port: u16,
    ) -> Result<Stream, Failure> {
        match self.proxy.scheme() {
            ProxyScheme::Http | ProxyScheme::Https => self.http(stream, target).await,
            ProxyScheme::Socks5 | ProxyScheme::Socks5h => self.socks(stream, host, port).await,
        }
    }

    async fn http(&self, stream: Stream, target: &str) -> Result<Stream, Failure> {
        let mut request = Request::connect(target)
            .header(HOST, target)
            .header(USER_AGENT, &self.user_agent)
            .body(Empty::<Bytes>::new())
            .map_err(|error| self.transient(&error))?;
        if let Some(credentials) = self.proxy.credentials() {
            request.headers_mut().insert(PROXY_AUTHORIZATION, basic(credentials));
        }
        let handshake = handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(|error| self.transient(&error))?;
        let exchange = async {
            let response =
                sender.send_request(request).await.map_err(|error| self.transient(&error))?;
            if !response.status().is_success() {
                return Err(self.refusal(response.status()));
            }
            let upgraded = hyper::upgrade::on(response).await;
            upgraded.map_err(|error| self.transient(&error))
        };
        // Polling the connection drives the exchange; the connection ends when it has handed over the tunnel.
        let upgraded = match select(pin!(exchange), pin!(connection.with_upgrades())).await {
            Either::Left((outcome, _)) => outcome?,
            Either::Right((_, exchange)) => exchange.await?,
        };
        Ok(Box::new(TokioIo::new(upgraded)))
    }

    async fn socks(&self, mut stream: Stream, host: &str, port: u16) -> Result<Stream, Failure> {
        let host = if self.proxy.scheme() == ProxyScheme::Socks5 {
            let mut found =
                lookup_host((host, port)).await.map_err(|error| self.transient(&error))?;
            found.next().map_or_else(|| host.to_owned(), |address| address.ip().to_string())
        } else {
            host.to_owned()
        };
        match socks::connect(&mut stream, &host, port, self.proxy.credentials()).await {
            Ok(()) => Ok(stream),
            Err(SocksError::Denied) => Err(Failure::Denied(self.denied("SOCKS"))),
            Err(SocksError::NotAllowed) => Err(Failure::Refused(self.refused("SOCKS"))),
            Err(SocksError::Failed(reason)) => Err(self.failed(reason)),
            Err(SocksError::Io(error)) => Err(self.transient(&error)),
        }
    }

    /// Returns the failure that a status code other than 2xx means.
    fn refusal(&self, status: StatusCode) -> Failure {
        let code = status.as_str();
        match status.as_u16() {
            407 => Failure::Denied(self.denied(code)),
            500.. => self.failed(code),
            _ => Failure::Refused(self.refused(code)),
        }
    }

    fn denied(&self, reason: &str) -> Error {
        let problem = match self.proxy.credentials() {
            Some(_) => "refused the user name or the password",
            None => "requires a password",
        };
        let message = format!("the proxy {} {problem} ({reason})", self.proxy.address());
        let setting = self.proxy.variable().unwrap_or("the address of the proxy");
        let scheme = self.proxy.scheme().as_str();
        Error::new(ErrorKind::Configuration, message)
            .with_hint(format!("set them in {setting}, as in {scheme}://USER:PASSWORD@HOST:PORT"))
    }

    fn refused(&self, reason: &str) -> Error {
        let message =
            format!("the proxy {} refused the connection ({reason})", self.proxy.address());
        Error::new(ErrorKind::Configuration, message)
            .with_hint("the proxy decides which hosts may be reached through it")
    }

    /// Returns the failure of a proxy that could not connect to the service.
    fn failed(&self, reason: &str) -> Failure {
        let message = format!("the proxy {} could not connect ({reason})", self.proxy.address());
        Failure::Transient(Error::new(ErrorKind::Connection, message))
    }

    fn transient(&self, error: &(dyn std::error::Error + 'static)) -> Failure {
        let message = format!("{}: {}", self.cannot_connect(), deepest(error));
        Failure::Transient(Error::new(ErrorKind::Connection, message))
    }
}

/// Returns the value of `Proxy-Authorization` for these credentials.
fn basic(ProxyCredentials { user, password }: &ProxyCredentials) -> HeaderValue {
    let pair = Secret::joined(&[user.expose(), ":", password.expose()]).to_base64();
    let header = Secret::joined(&["Basic ", pair.expose()]);
    let mut header =
        HeaderValue::from_maybe_shared(header.to_bytes()).expect("Base64 is a header value");
    header.set_sensitive(true);
    header
}

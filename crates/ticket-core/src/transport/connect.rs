//! Connects to the service, directly or through a proxy, with TLS for https.

mod resolve;
mod socks;
mod tunnel;

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::sleep;
use tokio_rustls::TlsConnector;
use tower_service::Service;

use self::resolve::Resolver;
use self::tunnel::Tunnel;
use super::Proxy;
use crate::{Error, ErrorKind};

/// The idle time before TCP sends keepalive probes.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A connection: TCP, TLS or a tunnel.
pub(super) type Stream = Box<dyn Io>;

/// A stream that can be read and written.
pub(super) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        // Every proxy is a tunnel, so the client sends the same requests as without one.
        Connected::new()
    }
}

/// Connects an HTTP client to hosts. Clones share the state of the proxy.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector<Resolver>,
    tls: Option<TlsConnector>,
    tunnel: Option<Arc<Tunnel>>,
    timeout: Duration,
}

impl Connector {
    /// Returns a connector that connects through the proxy, or directly if there is none; `only_public` refuses a name if
    /// one of its addresses is not public.
    pub(super) fn new(
        timeout: Duration,
        tls: Option<Arc<ClientConfig>>,
        proxy: Option<(&Proxy, &HeaderValue)>,
        only_public: bool,
    ) -> Self {
        let tcp = tcp_connector(Resolver::new(only_public), timeout);
        let tunnel =
            proxy.map(|(proxy, user_agent)| Arc::new(Tunnel::new(proxy.clone(), user_agent)));
        Self { tcp, tls: tls.map(TlsConnector::from), tunnel, timeout }
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<Stream>, Error> {
        let connecting = async {
            let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
            let cannot_connect = cannot_connect(&uri);
            let stream = match &self.tunnel {
                Some(tunnel) => tunnel.open(&self, &uri, host).await?,
                None => {
                    self.tcp(uri.clone()).await.map_err(|error| failed(&cannot_connect, error))?
                }
            };
            if uri.scheme() == Some(&Scheme::HTTPS) {
                self.tls(stream, host, "the service", &cannot_connect).await
            } else {
                Ok(stream)
            }
        };
        let stream = tokio::select! {
            // Before the timeout of TCP, which names neither the service nor the proxy.
            biased;
            () = sleep(self.timeout) => {
                let message = match &self.tunnel {
                    Some(tunnel) => tunnel.cannot_connect(),
                    None => cannot_connect(&uri),
                };
                Err(Error::new(ErrorKind::Timeout, format!("{message} in time")))
            }
            stream = connecting => stream,
        };
        stream.map(TokioIo::new)
    }

    async fn tcp(&self, uri: Uri) -> io::Result<Stream> {
        let stream = self.tcp.clone().call(uri).await.map_err(|error| {
            if let Some(refused) = own_error(&error) {
                return io::Error::other(refused);
            }
            let kind = causes(&error).find_map(|cause| cause.downcast_ref().map(io::Error::kind));
            io::Error::new(kind.unwrap_or(io::ErrorKind::Other), deepest(&error).to_string())
        })?;
        Ok(Box::new(stream.into_inner()))
    }

    /// Performs a TLS handshake with `peer`, whose certificate must be for this host.
    ///
    /// # Errors
    /// With the message `cannot_connect`, unless the certificate is not trusted.
    async fn tls(
        &self,
        stream: Stream,
        host: &str,
        peer: &str,
        cannot_connect: &str,
    ) -> Result<Stream, Error> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error| failed(cannot_connect, io::Error::other(error)))?;
        let tls = self.tls.as_ref().expect("a client for https has a TLS configuration");
        match tls.connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(match untrusted(&error) {
                Some(reason) => untrusted_certificate(peer, &reason),
                None => failed(cannot_connect, error),
            }),
        }
    }
}

/// Returns a TCP connector. It divides the timeout among the addresses of a name: one that does not respond leaves time for the
/// others.
fn tcp_connector<R>(resolver: R, timeout: Duration) -> HttpConnector<R> {
    let mut tcp = HttpConnector::new_with_resolver(resolver);
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_connect_timeout(Some(timeout));
    tcp
}

/// Returns the message for a failure to connect to the host and port of this address, the only parts that it names.
fn cannot_connect(uri: &Uri) -> String {
    let default = if uri.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 };
    let port = uri.port_u16().unwrap_or(default);
    format!("cannot connect to {}:{port}", uri.host().unwrap_or_default())
}

/// Returns the error of this crate that is a cause of the error.
fn own_error(error: &(dyn StdError + 'static)) -> Option<Error> {
    causes(error).find_map(|cause| cause.downcast_ref::<Error>()).cloned()
}

/// Returns the error of a connection that failed, with the deepest cause in its message.
fn failed(message: &str, error: io::Error) -> Error {
    if let Some(refused) = own_error(&error) {
        return refused;
    }
    let kind = if is_timeout(&error) { ErrorKind::Timeout } else { ErrorKind::Connection };
    Error::new(kind, format!("{message}: {}", deepest(&error))).with_source(error)
}

/// Returns the error for an untrusted certificate. It is final: a retry would not help, and the peer may be an impostor.
fn untrusted_certificate(peer: &str, reason: &CertificateError) -> Error {
    use CertificateError as Reason;
    let hint = match reason {
        Reason::Expired | Reason::ExpiredContext { .. } => {
            "renew the certificate, or set the clock of this machine"
        }
        Reason::NotValidYet | Reason::NotValidYetContext { .. } => "set the clock of this machine",
        Reason::NotValidForName | Reason::NotValidForNameContext { .. } => {
            "check the host of the address: the certificate is for another host"
        }
        _ => {
            "check the address; to trust your own certificate authority, set ca_file or SSL_CERT_FILE to a PEM file with its certificate"
        }
    };
    let message = format!("the certificate of {peer} is not trusted: {reason}");
    Error::new(ErrorKind::Configuration, message).with_hint(hint)
}

/// Returns the defect of the peer's certificate if that is a cause of the error.
fn untrusted(error: &(dyn StdError + 'static)) -> Option<CertificateError> {
    causes(error).find_map(|cause| match cause.downcast_ref()? {
        rustls::Error::InvalidCertificate(reason) => Some(reason.clone()),
        _ => None,
    })
}

/// Returns whether a timeout of the operating system is a cause of the error.
pub(super) fn is_timeout(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|it| it.kind() == io::ErrorKind::TimedOut)
    })
}

/// Returns the last error of the chain, which is the most specific one.
pub(super) fn deepest<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    causes(error).last().unwrap_or(error)
}

/// Returns the error and all its causes.
pub(super) fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| {
        let error = *error;
        // `io::Error::source` skips the error that it wraps.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner.map(|inner| inner as &(dyn StdError + 'static)).or(error.source())
    })
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

/// Linux leaves a connection pending if the backlog is full; other systems refuse or accept it.
#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::convert::Infallible;
    use std::future::{Ready, ready};
    use std::net::SocketAddr;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use hyper_util::client::legacy::connect::dns::Name;
    use tokio::net::{TcpListener, TcpSocket, TcpStream};
    use tokio::task::{JoinHandle, yield_now};
    use tokio::time::{Instant, timeout};
    use tower_service::Service;

    use super::tcp_connector;

    /// Resolves every name to these addresses.
    #[derive(Clone)]
    struct Addresses(Vec<SocketAddr>);

    impl Service<Name> for Addresses {
        type Response = std::vec::IntoIter<SocketAddr>;
        type Error = Infallible;
        type Future = Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Name) -> Self::Future {
            ready(Ok(self.0.clone().into_iter()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn silent_address_leaves_time_for_the_next_one() {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let silent = socket.listen(1).unwrap();
        let silent_address = silent.local_addr().unwrap();
        let pending: Vec<_> =
            (0..8).map(|_| tokio::spawn(TcpStream::connect(silent_address))).collect();
        // The runtime has one thread: each task starts now.
        yield_now().await;
        let open = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addresses = vec![silent_address, open.local_addr().unwrap()];
        let mut tcp = tcp_connector(Addresses(addresses), Duration::from_secs(10));
        let start = Instant::now();
        let connecting = tcp.call("http://desk.example".parse().unwrap());
        let connected = timeout(Duration::from_mins(1), connecting).await;
        assert!(matches!(connected, Ok(Ok(_))), "the second address is not tried");
        assert_eq!(start.elapsed().as_secs(), 5, "each address gets half of the timeout");
        pending.iter().for_each(JoinHandle::abort);
    }
}

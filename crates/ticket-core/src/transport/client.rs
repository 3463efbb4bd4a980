//! The HTTP clients of the transport, each built on first use.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connect::Connector;
use super::{TransportConfig, certificates};
use crate::request::is_loopback;
use crate::{Error, ErrorKind, Request};

/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(90);

/// A client for one kind of connection.
pub(super) type Client = legacy::Client<Connector, Full<Bytes>>;

/// One client for each kind of connection.
///
/// Plain http goes to loopback addresses only and needs no certificates, which take milliseconds to load.
#[derive(Debug, Default)]
pub(super) struct Clients {
    plain: OnceLock<Client>,
    direct: OnceLock<Client>,
    /// Connects to public addresses only.
    public: OnceLock<Client>,
    proxied: OnceLock<Client>,
}

impl Clients {
    /// Returns the client for this request.
    pub(super) fn get(
        &self,
        request: &Request,
        settings: &TransportConfig,
    ) -> Result<&Client, Error> {
        let url = &request.url;
        let only_public = request.download.is_some_and(|it| it.only_public);
        let proxy = settings.proxy_for(url);
        let (slot, is_secure) = match (url.scheme(), proxy) {
            ("http", None) if is_loopback(url) => (&self.plain, false),
            ("https", None) if only_public => (&self.public, true),
            ("https", None) => (&self.direct, true),
            ("https", Some(_)) => (&self.proxied, true),
            _ => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    "only https is allowed; http only for loopback addresses",
                ));
            }
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let tls = is_secure.then(|| certificates::tls(settings)).transpose()?.map(Arc::new);
        let user_agent = user_agent(settings)?;
        let proxy = proxy.map(|proxy| (proxy, &user_agent));
        let only_public = only_public && proxy.is_none();
        let connector = Connector::new(settings.connect_timeout, tls, proxy, only_public);
        Ok(slot.get_or_init(|| {
            legacy::Client::builder(TokioExecutor::new())
                .pool_idle_timeout(IDLE)
                .pool_timer(TokioTimer::new())
                .build(connector)
        }))
    }
}

/// Returns the value of the `User-Agent` header.
pub(super) fn user_agent(settings: &TransportConfig) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(&settings.user_agent).map_err(|_| {
        let message = "the user agent has characters that are invalid in a header";
        Error::new(ErrorKind::Configuration, message)
    })
}

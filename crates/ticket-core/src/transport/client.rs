//! The HTTP clients behind the transport, each built when it is first needed.

use std::sync::OnceLock;

use http::HeaderValue;
use reqwest::{Certificate, Client, Proxy, redirect};
use url::Url;

use super::TransportConfig;
use crate::request::is_loopback;
use crate::{Error, ErrorKind};

/// One client for each way out.
///
/// Plain http goes to loopback only and needs no certificates: without any on the machine building a client
/// with TLS fails, and loading them takes milliseconds.
#[derive(Debug, Default)]
pub(super) struct Clients {
    plain: OnceLock<Client>,
    secure_loopback: OnceLock<Client>,
    secure: OnceLock<Client>,
}

impl Clients {
    /// The client for this address.
    pub(super) fn get(&self, url: &Url, settings: &TransportConfig) -> Result<&Client, Error> {
        let is_loopback = is_loopback(url);
        let (slot, is_secure) = match (url.scheme(), is_loopback) {
            ("https", true) => (&self.secure_loopback, true),
            ("https", false) => (&self.secure, true),
            ("http", true) => (&self.plain, false),
            _ => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    "only https, or http to a loopback address, is ever used",
                ));
            }
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = build(settings, is_secure, is_loopback)?;
        Ok(slot.get_or_init(|| client))
    }
}

fn build(settings: &TransportConfig, is_secure: bool, is_loopback: bool) -> Result<Client, Error> {
    let configuration = |message: &str, error: reqwest::Error| {
        Error::new(ErrorKind::Configuration, message).with_source(error.without_url())
    };
    if HeaderValue::from_str(&settings.user_agent).is_err() {
        let message = "the user agent has characters that no header can carry";
        return Err(Error::new(ErrorKind::Configuration, message));
    }
    let mut builder = Client::builder()
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only();
    if is_loopback {
        builder = builder.no_proxy();
    } else if let Some(proxy) = &settings.proxy {
        let proxy = Proxy::all(proxy.expose())
            .map_err(|error| configuration("the proxy's address cannot be read", error))?;
        builder = builder.proxy(proxy);
    }
    if is_secure {
        let mut certificates = Vec::new();
        for pem in &settings.root_certificates {
            let bundle = Certificate::from_pem_bundle(&pem.0).map_err(|error| {
                configuration("a certificate to trust cannot be read as PEM", error)
            })?;
            if bundle.is_empty() {
                let message = "a certificate to trust holds none in PEM";
                return Err(Error::new(ErrorKind::Configuration, message));
            }
            certificates.extend(bundle);
        }
        builder = builder.tls_certs_merge(certificates);
    } else {
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| {
        configuration("the HTTP client cannot be built", error)
            .with_hint("https needs certificates: those of the system (install ca-certificates), and none that is broken")
    })
}

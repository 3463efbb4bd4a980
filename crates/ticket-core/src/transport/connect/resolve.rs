//! Resolves the names of hosts.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

use crate::transport::download::{is_public, not_public};

/// Resolves names by the system; on demand only those whose addresses are all public.
///
/// The connection is made to the addresses that were checked, so that a name cannot lead elsewhere afterwards.
#[derive(Clone)]
pub(super) struct Resolver {
    system: GaiResolver,
    only_public: bool,
}

impl Resolver {
    pub(super) fn new(only_public: bool) -> Self {
        Self { system: GaiResolver::new(), only_public }
    }
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.system.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (found, only_public) = (self.system.call(name), self.only_public);
        Box::pin(async move {
            let addresses: Vec<_> = found.await?.collect();
            if only_public && !addresses.iter().all(|address| is_public(address.ip())) {
                return Err(io::Error::other(not_public()));
            }
            Ok(addresses.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use tower_service::Service;

    use super::Resolver;

    #[tokio::test]
    async fn refuses_a_name_that_leads_to_this_machine() {
        let name = || "localhost".parse().unwrap();
        assert!(Resolver::new(false).call(name()).await.is_ok());
        let error = Resolver::new(true).call(name()).await.unwrap_err();
        assert!(error.to_string().contains("private address"), "{error}");
    }
}

//! Acorn Desk in the registry of providers.

use std::sync::Arc;

use acorn_provider::{AcornDesk, AcornDeskSource, BASE_URL};
use ticket_core::transport::Transport;
use ticket_core::{Error, VocabularyOverrides, async_trait};

use super::{CliSource, Provider};
use crate::setting::{Setting, Values};

pub(super) const PROVIDER: Provider = Provider {
    name: "acorn",
    decoder: &AcornDesk,
    settings: &[
        Setting::secret("token", "ACORN_TOKEN").required(),
        Setting::visible("base_url", "ACORN_BASE_URL").default(BASE_URL),
    ],
    auth_methods: &[],
    regions: &[],
    events: None,
    example: "42",
    source,
};

#[async_trait]
impl CliSource for AcornDeskSource {
    /// This API has no read-only test call.
    async fn check(&self) -> Option<Result<&'static str, Error>> {
        None
    }
}

fn source(
    values: &Values,
    overrides: VocabularyOverrides,
    transport: Transport,
) -> Result<Arc<dyn CliSource>, Error> {
    let mut builder = AcornDeskSource::builder().vocabulary(overrides).transport(transport);
    if let Some(profile) = values.profile() {
        builder = builder.profile(profile);
    }
    if let Some(token) = values.secret("token") {
        builder = builder.token(token);
    }
    if let Some(base_url) = values.text("base_url") {
        builder = builder.base_url(base_url);
    }
    Ok(Arc::new(builder.build()?))
}

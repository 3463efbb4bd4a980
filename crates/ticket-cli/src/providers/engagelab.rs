//! The entry of EngageLab LiveDesk.

use std::sync::Arc;

use engagelab_provider::{BASE_URL, EngageLab, EngageLabSource, PATH_PREFIX};
use ticket_core::transport::Transport;
use ticket_core::{Error, VocabularyOverrides, async_trait};

use super::{CliSource, Provider};
use crate::setting::{Setting, Values};

/// The page with the credentials.
const CONSOLE: &str = "EngageLab console: Project Settings, API Management";

pub(super) const PROVIDER: Provider = Provider {
    name: "engagelab",
    decoder: &EngageLab,
    settings: &[
        Setting::secret("api_key", "ENGAGELAB_API_KEY").required().found(CONSOLE),
        Setting::secret("api_secret", "ENGAGELAB_API_SECRET").required().found(CONSOLE),
        Setting::visible("base_url", "ENGAGELAB_BASE_URL").default(BASE_URL),
        Setting::visible("path_prefix", "ENGAGELAB_PATH_PREFIX").default(PATH_PREFIX),
    ],
    auth_methods: &[],
    regions: &[],
    events: None,
    example: "tk_20251104_789abc",
    source,
};

#[async_trait]
impl CliSource for EngageLabSource {
    /// Returns `None`: the only documented call without side effects needs a ticket.
    async fn check(&self) -> Option<Result<&'static str, Error>> {
        None
    }
}

fn source(
    values: &Values,
    overrides: VocabularyOverrides,
    transport: Transport,
) -> Result<Arc<dyn CliSource>, Error> {
    let mut builder = EngageLabSource::builder().vocabulary(overrides).transport(transport);
    if let Some(profile) = values.profile() {
        builder = builder.profile(profile);
    }
    if let (Some(key), Some(secret)) = (values.secret("api_key"), values.secret("api_secret")) {
        builder = builder.credentials(key, secret);
    }
    if let Some(base_url) = values.text("base_url") {
        builder = builder.base_url(base_url);
    }
    if let Some(path_prefix) = values.text("path_prefix") {
        builder = builder.path_prefix(path_prefix);
    }
    Ok(Arc::new(builder.build()?))
}

//! The entry of Request Tracker.

use std::sync::Arc;

use rt_provider::{Rt, RtSource};
use ticket_core::transport::Transport;
use ticket_core::{Error, VocabularyOverrides, async_trait};

use super::{CliSource, Provider};
use crate::setting::{Setting, Values};

pub(super) const PROVIDER: Provider = Provider {
    name: "rt",
    decoder: &Rt,
    settings: &[
        Setting::secret("token", "RT_TOKEN").found("RT: Logged in as …, Settings, Auth Tokens"),
        Setting::visible("user", "RT_USER").found("the name with which you log in"),
        Setting::secret("password", "RT_PASSWORD").found("the password of that user"),
        Setting::visible("base_url", "RT_BASE_URL")
            .required()
            .found("the address in your browser, such as https://rt.example.com"),
    ],
    auth_methods: &[&["token"], &["user", "password"]],
    regions: &[],
    events: None,
    example: "1",
    source,
};

#[async_trait]
impl CliSource for RtSource {
    async fn check(&self) -> Option<Result<&'static str, Error>> {
        Some(RtSource::check(self).await.map(|()| "the version of RT can be read"))
    }
}

fn source(
    values: &Values,
    overrides: VocabularyOverrides,
    transport: Transport,
) -> Result<Arc<dyn CliSource>, Error> {
    let mut builder = RtSource::builder().vocabulary(overrides).transport(transport);
    if let Some(profile) = values.profile() {
        builder = builder.profile(profile);
    }
    if let Some(token) = values.secret("token") {
        builder = builder.token(token);
    }
    if let (Some(user), Some(password)) = (values.text("user"), values.secret("password")) {
        builder = builder.user(user, password);
    }
    if let Some(base_url) = values.text("base_url") {
        builder = builder.base_url(base_url);
    }
    Ok(Arc::new(builder.build()?))
}

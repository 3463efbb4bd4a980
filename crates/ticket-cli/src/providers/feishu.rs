//! The entry of Feishu and Lark Helpdesk.

use std::sync::Arc;

use feishu_provider::event::{self, EventError, Incoming};
use feishu_provider::{BASE_URL, Feishu, FeishuSource, LARK_BASE_URL};
use ticket_core::transport::Transport;
use ticket_core::{Error, ErrorKind, VocabularyOverrides, async_trait};

use super::{CliSource, EventSubject, Events, Provider};
use crate::outcome::Failure;
use crate::setting::{Setting, Values};

/// The page with the credentials of the app.
const APP: &str = "developer console (open.feishu.cn/app): your app, Credentials & Basic Info";
/// The page with the credentials of the helpdesk.
const HELPDESK: &str = "helpdesk console (feishu.cn/helpdesk/admin): Settings, API Credentials";

pub(super) const PROVIDER: Provider = Provider {
    name: "feishu",
    decoder: &Feishu,
    settings: &[
        Setting::visible("app_id", "FEISHU_APP_ID").found(APP),
        Setting::secret("app_secret", "FEISHU_APP_SECRET").found(APP),
        Setting::secret("tenant_access_token", "FEISHU_TENANT_ACCESS_TOKEN")
            .found("a token that another program has fetched; it is valid for two hours at most"),
        Setting::visible("helpdesk_id", "FEISHU_HELPDESK_ID").required().found(HELPDESK),
        Setting::secret("helpdesk_token", "FEISHU_HELPDESK_TOKEN").required().found(HELPDESK),
        Setting::secret("verification_token", "FEISHU_VERIFICATION_TOKEN"),
        Setting::secret("encrypt_key", "FEISHU_ENCRYPT_KEY"),
        Setting::visible("region", "FEISHU_REGION")
            .found("feishu for open.feishu.cn, lark for open.larksuite.com; Enter means feishu"),
        Setting::visible("base_url", "FEISHU_BASE_URL").default(BASE_URL),
    ],
    auth_methods: &[&["app_id", "app_secret"], &["tenant_access_token"]],
    regions: &[("feishu", BASE_URL), ("lark", LARK_BASE_URL)],
    events: Some(Events { read: read_event, keys: &["verification_token", "encrypt_key"] }),
    example: "6626871355780366331",
    source,
};

#[async_trait]
impl CliSource for FeishuSource {
    async fn check(&self) -> Option<Result<&'static str, Error>> {
        Some(FeishuSource::check(self).await.map(|()| "the list of tickets can be read"))
    }
}

fn source(
    values: &Values,
    overrides: VocabularyOverrides,
    transport: Transport,
) -> Result<Arc<dyn CliSource>, Error> {
    let mut builder = FeishuSource::builder().vocabulary(overrides).transport(transport);
    if let Some(profile) = values.profile() {
        builder = builder.profile(profile);
    }
    if let (Some(id), Some(secret)) = (values.text("app_id"), values.secret("app_secret")) {
        builder = builder.app(id, secret);
    }
    if let Some(token) = values.secret("tenant_access_token") {
        builder = builder.tenant_access_token(token);
    }
    if let (Some(id), Some(token)) = (values.text("helpdesk_id"), values.secret("helpdesk_token")) {
        builder = builder.helpdesk(id, token);
    }
    if let Some(base_url) = values.text("base_url") {
        builder = builder.base_url(base_url);
    }
    Ok(Arc::new(builder.build()?))
}

fn read_event(values: &Values, body: &[u8]) -> Result<EventSubject, Failure> {
    let (key, token) = (values.secret("encrypt_key"), values.secret("verification_token"));
    match event::read_saved(body, key.as_ref(), token.as_ref()) {
        Ok(Incoming::Challenge(_)) => Ok(EventSubject::Challenge),
        Ok(Incoming::Event(event)) => Ok(match event.ticket_id {
            Some(id) => EventSubject::Ticket(id),
            None => EventSubject::Other(event.kind.as_str().to_owned()),
        }),
        Err(error) => {
            let kind = match error {
                EventError::NoEncryptKey | EventError::NotDecryptable => ErrorKind::Configuration,
                EventError::WrongToken => ErrorKind::Unauthenticated,
                _ => ErrorKind::InvalidResponse,
            };
            Err(Failure::new(kind, error.to_string()))
        }
    }
}

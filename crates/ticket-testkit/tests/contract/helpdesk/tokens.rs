//! The tokens of the made-up helpdesk.

use ticket_core::decode::{Document, Scalar};
use ticket_core::transport::{ApiClient, Authorization, CredentialProvider};
use ticket_core::{Error, ErrorKind, Request, Response, Secret, async_trait, wire_struct};
use tokio::sync::Mutex;

use super::decoder::check;
use super::{Defect, KEY};

wire_struct! {
    struct Granted {
        token: Scalar<'t>,
    }
}

/// Fetches tokens, and holds the current one with its number.
pub(super) struct Tokens {
    defect: Defect,
    client: ApiClient,
    held: Mutex<(u64, Option<Secret>)>,
}

impl Tokens {
    pub(super) fn new(defect: Defect, client: &ApiClient) -> Self {
        let redaction = match defect {
            Defect::EchoesTheResponse => Authorization::default(),
            _ => Authorization::default().redact_also(&Secret::from(KEY)),
        };
        Self { defect, client: client.with(redaction), held: Mutex::default() }
    }

    async fn current(&self, held: &mut (u64, Option<Secret>)) -> Result<Authorization, Error> {
        if held.1.is_none() || self.defect == Defect::FetchesATokenForEachCall {
            let body = format!(r#"{{"key": "{KEY}"}}"#);
            let request =
                Request::post_json("get_token", self.client.base_url().join(&["token"])?, body);
            let (token, ..) = self.client.call(&request.repeatable(), decode).await?;
            if self.defect == Defect::LogsToken {
                tracing::debug!(token = token.expose(), "a new token");
            }
            *held = (held.0 + 1, Some(token));
        }
        let token = held.1.as_ref().expect("a token");
        Ok(Authorization::default().with_bearer(token)?.with_generation(held.0))
    }
}

fn decode(response: &Response) -> Result<Secret, Error> {
    check(response)?;
    let document = Document::open(response)?;
    let Granted { token, unknown: _ } = document.parse()?;
    let token = document.root().id(token).map(Secret::from);
    let is_usable = |token: &Secret| Authorization::default().with_bearer(token).is_ok();
    token
        .filter(is_usable)
        .ok_or_else(|| Error::new(ErrorKind::InvalidResponse, "the token cannot be sent"))
}

#[async_trait]
impl CredentialProvider for Tokens {
    async fn authorization(&self) -> Result<Authorization, Error> {
        let mut held = self.held.lock().await;
        self.current(&mut held).await
    }

    async fn refresh(
        &self,
        used: &Authorization,
        error: &Error,
    ) -> Result<Option<Authorization>, Error> {
        if error.code() != Some("token_ended") || self.defect == Defect::KeepsARejectedToken {
            return Ok(None);
        }
        let mut held = self.held.lock().await;
        let rejected = if held.0 == used.generation() { held.1.take() } else { None };
        let refreshed = self.current(&mut held).await?;
        let text = |secret: &Option<Secret>| secret.as_ref().map(|it| it.expose().to_owned());
        if rejected.is_some() && text(&rejected) == text(&held.1) {
            held.1 = None;
            return Ok(None);
        }
        Ok(Some(refreshed))
    }
}

//! The desk's token.

use ticket_core::decode::{Document, Scalar};
use ticket_core::transport::{ApiClient, Authorization, CredentialProvider};
use ticket_core::{Error, ErrorKind, Request, Response, Secret, async_trait, wire_struct};
use tokio::sync::Mutex;

use super::decoder::check;
use super::{KEY, Lie};

wire_struct! {
    struct Granted {
        token: Scalar<'t>,
    }
}

/// Where tokens come from, and the one in use with its number.
pub(super) struct Tokens {
    lie: Lie,
    client: ApiClient,
    held: Mutex<(u64, Option<Secret>)>,
}

impl Tokens {
    pub(super) fn new(lie: Lie, client: &ApiClient) -> Self {
        let nothing = match lie {
            Lie::RepeatsTheResponse => Authorization::default(),
            _ => Authorization::default().redact_also(&Secret::from(KEY)),
        };
        Self { lie, client: client.with(nothing), held: Mutex::default() }
    }

    async fn current(&self, held: &mut (u64, Option<Secret>)) -> Result<Authorization, Error> {
        if held.1.is_none() || self.lie == Lie::FetchesATokenEachTime {
            let body = format!(r#"{{"key": "{KEY}"}}"#);
            let request =
                Request::post_json("get_token", self.client.base_url().join(&["token"])?, body);
            let (token, _) = self.client.call(&request.repeatable(), read).await?;
            if self.lie == Lie::LogsItsToken {
                tracing::debug!(token = token.expose(), "a new token");
            }
            *held = (held.0 + 1, Some(token));
        }
        let token = held.1.as_ref().expect("there is one by now");
        Ok(Authorization::default().with_bearer(token)?.with_generation(held.0))
    }
}

fn read(response: &Response) -> Result<Secret, Error> {
    check(response)?;
    let document = Document::open(response)?;
    let Granted { token, unknown: _ } = document.parse()?;
    let token = document.root().id(token).map(Secret::from);
    let is_usable = |token: &Secret| Authorization::default().with_bearer(token).is_ok();
    token
        .filter(is_usable)
        .ok_or_else(|| Error::new(ErrorKind::InvalidResponse, "there is no token that can be sent"))
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
        if error.code() != Some("token_ended") || self.lie == Lie::KeepsARefusedToken {
            return Ok(None);
        }
        let mut held = self.held.lock().await;
        let refused = if held.0 == used.generation() { held.1.take() } else { None };
        let renewed = self.current(&mut held).await?;
        let text = |secret: &Option<Secret>| secret.as_ref().map(|it| it.expose().to_owned());
        if refused.is_some() && text(&refused) == text(&held.1) {
            held.1 = None;
            return Ok(None);
        }
        Ok(Some(renewed))
    }
}

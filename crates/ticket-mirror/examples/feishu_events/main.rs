//! Keeps a mirror current with the events that Feishu sends: `cargo run -p ticket-mirror --example feishu_events`.
//!
//! It listens on 127.0.0.1, behind a web server that has a public address and TLS. Settings are variables of the environment, as for
//! the command `ticket`, and `LISTEN` and `TICKET_MIRROR`.

mod receiver;

use std::env;
use std::sync::Arc;

use feishu_provider::FeishuSource;
use feishu_provider::event::EventVerifier;
use ticket_mirror::Mirror;
use tokio::net::TcpListener;

use receiver::Receiver;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let needed = |name| env::var(name).map_err(|_| format!("set {name}"));
    let optional = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let helpdesk = needed("FEISHU_HELPDESK_ID")?;
    let mut source = FeishuSource::builder()
        .app(needed("FEISHU_APP_ID")?, needed("FEISHU_APP_SECRET")?)
        .helpdesk(&*helpdesk, needed("FEISHU_HELPDESK_TOKEN")?);
    if let Some(base_url) = optional("FEISHU_BASE_URL") {
        source = source.base_url(base_url);
    }
    let mut verifier = EventVerifier::new(needed("FEISHU_VERIFICATION_TOKEN")?);
    match optional("FEISHU_ENCRYPT_KEY") {
        Some(key) => verifier = verifier.with_encrypt_key(key),
        None => eprintln!("FEISHU_ENCRYPT_KEY is not set: requests need no signature"),
    }
    let mut mirror = Mirror::open(needed("TICKET_MIRROR")?)?;
    let listener =
        TcpListener::bind(optional("LISTEN").as_deref().unwrap_or("127.0.0.1:8080")).await?;
    println!("listening on http://{}", listener.local_addr()?);

    let (receiver, tickets) = Receiver::new(verifier, helpdesk);
    let source = source.build()?;
    tokio::select! {
        () = receiver::serve(listener, Arc::new(receiver)) => Ok(()),
        result = receiver::update(&mut mirror, &source, tickets) => Ok(result?),
    }
}

//! `ticket get`: fetches tickets and shows them.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use ticket_core::transport::Transport;
use ticket_core::{ErrorKind, Record, TicketId};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::Place;
use super::show::Shower;
use crate::arguments::Get;
use crate::console::Console;
use crate::outcome::{DONE, Failure};
use crate::providers::{self, Desk, Provider};
use crate::settings;

/// How many tickets are fetched at the same time.
const CONCURRENCY: usize = 8;

/// Fetches all at once, prints them in the order asked; the first failure in that order is the exit code.
pub(crate) async fn run(arguments: &Get, console: &Console) -> io::Result<u8> {
    let mut shower = Shower::new(console, &arguments.show, arguments.ids.len());
    let place = match Place::open(&arguments.place).await {
        Ok(place) => place,
        Err(failure) => {
            failure.tell(console, shower.telling());
            return Ok(failure.exit());
        }
    };
    let transport = Transport::default();
    let slots = Arc::new(Semaphore::new(CONCURRENCY));
    let mut desks = HashMap::new();
    let calls: Vec<Result<JoinHandle<_>, Failure>> = arguments
        .ids
        .iter()
        .map(|name| {
            let (provider, id) = read_name(name)?;
            let desk = desks
                .entry(provider.name)
                .or_insert_with(|| desk(provider, &place, &transport))
                .clone()
                .map_err(|failure| failure.with_provider(provider.name).with_id(id.as_str()))?;
            Ok(tokio::spawn(fetch(desk, id, Arc::clone(&slots))))
        })
        .collect();
    let mut exit = DONE;
    for call in calls {
        let outcome = match call {
            Ok(call) => {
                call.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
            }
            Err(failure) => Err(failure),
        };
        match outcome {
            Ok(record) => shower.show(&record)?,
            Err(failure) => {
                failure.tell(console, shower.telling());
                if exit == DONE {
                    exit = failure.exit();
                }
            }
        }
    }
    Ok(exit)
}

/// Splits `provider:id`, of which the id may have colons of its own.
pub(super) fn read_name(name: &str) -> Result<(&'static Provider, TicketId), Failure> {
    let Some((provider, id)) = name.split_once(':') else {
        return Err(Failure::new(
            ErrorKind::InvalidRequest,
            format!("\"{name}\" does not say which provider it is of"),
        )
        .with_id(name)
        .with_hint(format!(
            "write PROVIDER:ID, such as feishu:6626871355780366331; the providers are {}",
            providers::names()
        )));
    };
    let row = providers::named(provider)
        .map_err(|failure| failure.with_provider(provider).with_id(id))?;
    match TicketId::new(id) {
        Ok(id) => Ok((row, id)),
        Err(error) => Err(Failure::of(&error).with_provider(provider).with_id(id)),
    }
}

/// The desk of a provider, with the settings that the place has for it.
pub(super) fn desk(
    provider: &Provider,
    place: &Place,
    transport: &Transport,
) -> Result<Arc<dyn Desk>, Failure> {
    let values = settings::complete(provider, place.settings(provider)?).map_err(|failure| {
        failure
            .or_hint("`ticket doctor` says what is configured; --sandbox needs no settings at all")
    })?;
    (provider.desk)(&values, transport.clone()).map_err(|error| Failure::of(&error))
}

async fn fetch(
    desk: Arc<dyn Desk>,
    id: TicketId,
    slots: Arc<Semaphore>,
) -> Result<Record, Failure> {
    let _slot = slots.acquire_owned().await;
    desk.fetch(&id)
        .await
        .map_err(|error| Failure::of(&error).with_provider(desk.provider()).with_id(id.as_str()))
}

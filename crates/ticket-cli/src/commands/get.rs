//! `ticket get`: fetches tickets and shows them.

use std::io;

use super::show::Shower;
use super::{Place, fetch};
use crate::arguments::Get;
use crate::console::Console;
use crate::outcome::DONE;

/// Prints them in the order asked; the first failure in that order is the exit code.
pub(crate) async fn run(arguments: &Get, console: &Console) -> io::Result<u8> {
    let mut shower = Shower::new(console, &arguments.show, arguments.ids.len());
    let place = match Place::open(&arguments.place).await {
        Ok(place) => place,
        Err(failure) => return Ok(failure.end(console, shower.telling())),
    };
    let mut first_failure = None;
    let names = arguments.ids.iter().map(String::as_str);
    fetch::in_order(names, &place, |outcome| match outcome {
        Ok(fetched) => shower.show(&fetched.record),
        Err(missed) => {
            let exit = missed.failure.end(console, shower.telling());
            first_failure.get_or_insert(exit);
            Ok(())
        }
    })
    .await?;
    Ok(first_failure.unwrap_or(DONE))
}

//! `ticket capabilities`: what a provider can do.

use std::io;

use crate::arguments;
use crate::console::Console;
use crate::outcome::DONE;
use crate::providers::{self, PROVIDERS};
use crate::view::ability::{self, Ability};

use super::listing::Lister;

/// Tells it of one provider, or of all of them.
pub(crate) fn run(arguments: &arguments::Capabilities, console: &Console) -> io::Result<u8> {
    let named = arguments.provider.as_deref().map(providers::named).transpose();
    let mut lister = Lister::new(console, arguments.output, matches!(named, Ok(Some(_))));
    let providers: Vec<_> = match named {
        Ok(Some(provider)) => vec![provider],
        Ok(None) => PROVIDERS.iter().collect(),
        Err(failure) => return Ok(failure.end(console, lister.telling())),
    };
    for provider in providers {
        let ability = Ability::of(provider.dialect);
        lister.print(&ability, |columns| ability::table(&ability, columns))?;
    }
    Ok(DONE)
}

//! `docs/interoperability.md`: what the official SDKs do, beside `ticket`, with the same stand-in on this machine.
//!
//! It needs the registries once, to install them, and is therefore no step of `check`. Whatever they ask for, they ask of
//! 127.0.0.1.

mod bystander;
mod caller;
mod cost;
mod fields;
mod page;
mod sdk;
mod steps;
mod tickets;
mod values;

use anyhow::{Context, Result};
use tokio::runtime;

use crate::{cargo, generated};
use caller::Caller;
pub(crate) use cost::cost;
use sdk::SDKS;

const PAGE: &str = "docs/interoperability.md";

/// Runs every step with every caller, and writes the tables of the page.
pub(crate) fn run() -> Result<()> {
    for sdk in SDKS {
        sdk.install()?;
    }
    cargo::run(&["build", "--package", "ticket-cli"])?;
    // Servers response on the one thread while this one waits for whoever asks them.
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let callers: Vec<_> = SDKS.iter().map(Caller::Sdk).chain([Caller::Ours]).collect();
    let mut rows = Vec::new();
    for step in steps::STEPS {
        println!("\n{}", step.about);
        let mut cells = Vec::new();
        for caller in &callers {
            let cell = (step.run)(&runtime, *caller).with_context(|| caller.title())?;
            println!("  {}: {cell}", caller.title());
            cells.push(cell);
        }
        rows.push((step.about, cells));
    }
    let ours = tickets::ours_of(&runtime)?;
    let mut tallies = Vec::new();
    for sdk in SDKS {
        tallies.push((sdk, tickets::tally(&runtime, Caller::Sdk(sdk), &ours)?));
    }
    let titles: Vec<_> = callers.iter().map(|caller| caller.title()).collect();
    let text = generated::read(PAGE)?;
    let text = generated::between_marks(&text, "steps", &page::steps(&titles, &rows))?;
    let table = page::tickets(&titles, &tallies, &ours);
    let text = generated::between_marks(&text, "tickets", &table)?;
    let table = page::differences(&tallies, &tickets::documented_places()?);
    let text = generated::between_marks(&text, "differences", &table)?;
    let text = generated::between_marks(&text, "unread", &page::unread(&tallies))?;
    generated::page(PAGE, &text, false, "cargo xtask interop")
}

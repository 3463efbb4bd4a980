//! `ticket man`: writes the manual pages, from the same definition as `--help`.

use std::fs;

use clap::CommandFactory;
use ticket_core::ErrorKind;

use crate::arguments::{Arguments, Man};
use crate::console::Console;
use crate::outcome::{DONE, Failure, MessageFormat};
use crate::view::copyable;

/// Writes a page for each command.
pub(crate) fn run(arguments: &Man, console: &Console) -> u8 {
    let folder = &arguments.folder;
    let written = fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    match written {
        Ok(()) => DONE,
        Err(error) => {
            let message = format!("cannot write the pages to {}: {error}", copyable::path(folder));
            Failure::new(ErrorKind::Output, message)
                .with_hint("name a folder that you may write to")
                .end(console, MessageFormat::Text)
        }
    }
}

//! `ticket completions`: prints shell completions.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::console::print_bytes;
use crate::outcome::DONE;

/// Prints the completions.
pub(crate) fn run(shell: Shell) -> io::Result<u8> {
    // The generator panics on a closed pipe, so it writes to memory first.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ticket", &mut script);
    print_bytes(&script)?;
    Ok(DONE)
}

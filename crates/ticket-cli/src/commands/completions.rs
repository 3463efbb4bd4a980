//! `ticket completions`: prints the script that completes this program in a shell.

use std::io;

use clap_complete::Shell;

use crate::completion;
use crate::console::print_bytes;
use crate::outcome::DONE;

/// Prints the script.
pub(crate) fn run(shell: Shell) -> io::Result<u8> {
    let mut script = Vec::new();
    completion::write_script(shell, &mut script)?;
    print_bytes(&script)?;
    Ok(DONE)
}

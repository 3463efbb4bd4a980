//! `ticket schema`: prints the JSON Schema of a ticket.

use std::io;

use crate::console::print_bytes;
use crate::outcome::DONE;

/// Prints the schema.
pub(crate) fn run() -> io::Result<u8> {
    print_bytes(ticket_model::schema().as_bytes())?;
    Ok(DONE)
}

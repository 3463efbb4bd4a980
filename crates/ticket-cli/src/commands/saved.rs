//! Responses that were saved earlier: one in a file, or on standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ticket_core::{ErrorKind, Response};

use crate::console::announce_input;
use crate::outcome::Failure;
use crate::providers::Provider;
use crate::view::copyable;

/// More than any ticket has; a source reads no more either.
pub(super) const LARGEST: usize = 8 << 20;

/// Reads the response in a file, or on standard input where the file is `-`.
pub(super) fn response(provider: &Provider, file: &Path) -> Result<Response, Failure> {
    match read(file) {
        Ok(body) => Ok(Response::saved(provider.decoder.ticket_operation(), body)),
        Err(error) => Err(unreadable(provider, &name(file), &error)),
    }
}

/// The failure to read what was named.
pub(super) fn unreadable(provider: &Provider, name: &str, error: &io::Error) -> Failure {
    Failure::new(ErrorKind::InvalidRequest, format!("{name} cannot be read: {error}"))
        .with_provider(provider.name)
}

/// What people call it.
pub(super) fn name(file: &Path) -> String {
    if is_stdin(file) { "standard input".into() } else { copyable::path(file) }
}

/// Whether standard input is meant.
pub(super) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let source: Box<dyn Read> = if is_stdin(file) {
        announce_input();
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file)?)
    };
    let mut body = Vec::new();
    source.take(LARGEST as u64 + 1).read_to_end(&mut body)?;
    if body.len() > LARGEST { Err(too_large()) } else { Ok(body) }
}

/// Why more than the largest response is not read.
pub(super) fn too_large() -> io::Error {
    io::Error::other("it is larger than 8 MiB")
}

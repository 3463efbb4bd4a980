//! Reads saved responses from files and standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ticket_core::{Error, ErrorKind, Response};

use crate::console::announce_input;
use crate::outcome::Failure;
use crate::providers::Provider;
use crate::view::copyable;

/// The most bytes of a file or a line: the responses of one ticket.
pub(super) const LARGEST: usize = 64 << 20;

/// Reads the responses of one fetch in a file, or on standard input if the file is `-`.
///
/// # Errors
/// If it cannot be read, is too large, or has responses of unknown operations.
pub(super) fn responses(provider: &Provider, file: &Path) -> Result<Vec<Response>, Failure> {
    of_body(provider, &name(file), body(provider, file)?)
}

/// Reads one body in a file, or on standard input if the file is `-`.
///
/// # Errors
/// If it cannot be read, or is too large.
pub(super) fn body(provider: &Provider, file: &Path) -> Result<Vec<u8>, Failure> {
    read(file).map_err(|error| unreadable(provider, &name(file), &error))
}

/// Opens a file, or standard input if the file is `-`, to read it bit by bit.
///
/// # Errors
/// If it cannot be opened.
pub(super) fn open(provider: &Provider, file: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    let failure = |error| unreadable(provider, &name(file), &error);
    if is_stdin(file) {
        let input = announce_input().map(|()| io::stdin());
        return input.map(|it| Box::new(it) as _).map_err(failure);
    }
    File::open(file).map(|it| Box::new(it) as _).map_err(failure)
}

/// Returns the responses in the text `name`: one body, or several responses as `--output raw` prints them.
///
/// # Errors
/// If the text has responses of unknown operations.
pub(super) fn of_body(
    provider: &Provider,
    name: &str,
    body: Vec<u8>,
) -> Result<Vec<Response>, Failure> {
    ticket_core::saved::read(body.into(), provider.decoder)
        .map_err(|error| Failure::of(&error).about(name))
}

/// Converts an error of decoding a saved response: a hint about the connection does not apply.
pub(super) fn undecodable(provider: &Provider, error: &Error) -> Failure {
    let failure = Failure::of(error).with_provider(provider.name);
    match error.hint() {
        Some(hint) if hint.starts_with("check the base URL") => {
            failure.with_hint("the file has to have the JSON that the API sent")
        }
        _ => failure,
    }
}

/// Converts an error of reading the input `name`.
pub(super) fn unreadable(provider: &Provider, name: &str, error: &io::Error) -> Failure {
    Failure::new(ErrorKind::InvalidRequest, format!("{name} cannot be read: {error}"))
        .with_provider(provider.name)
}

/// Returns the name of an input for messages.
pub(super) fn name(file: &Path) -> String {
    if is_stdin(file) { "standard input".into() } else { copyable::path(file) }
}

/// Returns whether the file name means standard input.
pub(super) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let source: Box<dyn Read> = if is_stdin(file) {
        announce_input()?;
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file)?)
    };
    let mut body = Vec::new();
    source.take(LARGEST as u64 + 1).read_to_end(&mut body)?;
    if body.len() > LARGEST { Err(too_large()) } else { Ok(body) }
}

/// Returns the error for what is above the limit.
pub(super) fn too_large() -> io::Error {
    io::Error::other("it is larger than 64 MiB")
}

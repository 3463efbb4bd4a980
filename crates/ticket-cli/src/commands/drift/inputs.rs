//! Reads responses from files, folders and standard input.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use ticket_core::Response;

use super::stream::Stream;
use crate::commands::saved::{self, LARGEST};
use crate::console::announce_input;
use crate::outcome::Failure;
use crate::providers::Provider;

/// The extensions of files with several responses.
const STREAMS: [&str; 2] = ["ndjson", "jsonl"];

/// Calls `each` with the name and the responses of each fetch in an input.
///
/// # Errors
/// If the input itself cannot be read. A failure of one response goes to `each`.
pub(super) fn each(
    provider: &Provider,
    input: &Path,
    mut each: impl FnMut(&str, Result<Vec<Response>, Failure>),
) -> Result<(), Failure> {
    let name = saved::name(input);
    let unreadable = |error: io::Error| saved::unreadable(provider, &name, &error);
    if saved::is_stdin(input) {
        announce_input().map_err(unreadable)?;
        stream(provider, "stdin", io::stdin().lock(), &mut each);
    } else if input.is_dir() {
        let files = files(input).map_err(unreadable)?;
        if files.is_empty() {
            return Err(unreadable(io::Error::other("the folder contains no *.json file")));
        }
        for file in files {
            each(&saved::name(&file), saved::responses(provider, &file));
        }
    } else if ends_in(input, &STREAMS) {
        let file = File::open(input).map_err(unreadable)?;
        stream(provider, &name, BufReader::new(file), &mut each);
    } else {
        each(&name, saved::responses(provider, input));
    }
    Ok(())
}

fn ends_in(file: &Path, endings: &[&str]) -> bool {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Lists the JSON files of a folder by name, without its subfolders.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if ends_in(&path, &["json"]) && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads the responses of a stream. Each is named by the line in which it begins.
fn stream(
    provider: &Provider,
    name: &str,
    source: impl BufRead,
    each: &mut impl FnMut(&str, Result<Vec<Response>, Failure>),
) {
    for (line, response) in Stream::new(source, LARGEST) {
        let name = format!("{name}:{line}");
        let body = response.map_err(|error| saved::unreadable(provider, &name, &error));
        each(&name, body.and_then(|body| saved::of_body(provider, &name, body)));
    }
}

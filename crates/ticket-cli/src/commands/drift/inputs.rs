//! What holds answers: files with one, files and standard input with one in each line, folders of files.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use ticket_core::Answer;

use crate::commands::saved::{self, LARGEST};
use crate::console::announce_input;
use crate::outcome::Failure;
use crate::providers::Provider;

/// The endings of files with one answer in each line.
const LINES: [&str; 2] = ["ndjson", "jsonl"];

/// Hands over each answer of an input with its name, one after the other.
///
/// # Errors
/// Where the input itself cannot be read; `each` gets the failure of a part of it.
pub(super) fn each(
    provider: &Provider,
    input: &Path,
    mut each: impl FnMut(&str, Result<Answer, Failure>),
) -> Result<(), Failure> {
    let name = saved::name(input);
    let unreadable = |error: io::Error| saved::unreadable(provider, &name, &error);
    if saved::is_stdin(input) {
        announce_input();
        lines(provider, "stdin", io::stdin().lock(), &mut each);
    } else if input.is_dir() {
        let files = files(input).map_err(unreadable)?;
        if files.is_empty() {
            return Err(unreadable(io::Error::other("the folder has no file *.json")));
        }
        for file in files {
            each(&saved::name(&file), saved::answer(provider, &file));
        }
    } else if ends_in(input, &LINES) {
        let file = File::open(input).map_err(unreadable)?;
        lines(provider, &name, BufReader::new(file), &mut each);
    } else {
        each(&name, saved::answer(provider, input));
    }
    Ok(())
}

fn ends_in(file: &Path, endings: &[&str]) -> bool {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// The answers in a folder by name; folders inside of it are left out.
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

/// One answer in each line; empty lines are none. A line is called after its number.
fn lines(
    provider: &Provider,
    name: &str,
    mut source: impl BufRead,
    each: &mut impl FnMut(&str, Result<Answer, Failure>),
) {
    let operation = provider.dialect.ticket_operation();
    for number in 1.. {
        let name = format!("{name}:{number}");
        match line(&mut source) {
            Ok(None) => break,
            Ok(Some(line)) if line.trim_ascii().is_empty() => {}
            Ok(Some(line)) if line.len() as u64 > LARGEST => {
                let error = io::Error::other("the line is longer than 8 MiB");
                each(&name, Err(saved::unreadable(provider, &name, &error)));
            }
            Ok(Some(line)) => each(&name, Ok(Answer::saved(operation, line))),
            Err(error) => {
                each(&name, Err(saved::unreadable(provider, &name, &error)));
                break;
            }
        }
    }
}

/// The next line; of one that is too long, the beginning that shows it.
fn line(source: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if source.by_ref().take(LARGEST + 1).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 > LARGEST {
        source.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor, Read, repeat};

    use super::{LARGEST, line};

    #[test]
    fn lines_come_without_their_ends() {
        let mut source = Cursor::new("one\n\ntwo\r\nthree");
        let mut lines = Vec::new();
        while let Some(line) = line(&mut source).unwrap() {
            lines.push(String::from_utf8(line).unwrap());
        }
        assert_eq!(lines, ["one", "", "two\r", "three"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_to_its_end() {
        let long = repeat(b'x').take(3 * LARGEST).chain(Cursor::new("\nnext"));
        let mut source = BufReader::new(long);
        assert_eq!(line(&mut source).unwrap().unwrap().len() as u64, LARGEST + 1);
        assert_eq!(line(&mut source).unwrap().unwrap(), b"next");
        assert_eq!(line(&mut source).unwrap(), None);
    }

    #[test]
    fn a_line_of_the_largest_size_is_whole() {
        let largest = repeat(b'x').take(LARGEST).chain(Cursor::new("\nnext"));
        let mut source = BufReader::new(largest);
        assert_eq!(line(&mut source).unwrap().unwrap().len() as u64, LARGEST);
        assert_eq!(line(&mut source).unwrap().unwrap(), b"next");
    }
}

//! The tickets of a command: from the command line, from files and from standard input.
//!
//! A file is read while tickets are fetched, in a thread of its own, and only a few blocks ahead.

mod lines;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tokio::sync::mpsc::{Receiver, channel};

use super::saved;
use crate::console::announce_input;
use crate::outcome::Failure;
use lines::{InvalidLine, Lines, NumberedLine, Problem};

/// How many bytes are read at once.
const BLOCK: usize = 8 << 10;
/// How many blocks of lines are read ahead.
const BLOCKS_AHEAD: usize = 2;

/// The tickets in the order in which they were requested, each as `SOURCE:ID`.
pub(super) struct Ids {
    parts: VecDeque<Part>,
    /// The lines of the file that is being read.
    lines: VecDeque<Line>,
    reader: Option<Receiver<Vec<Line>>>,
    /// The number of tickets; `None` if files have some of them.
    total: Option<usize>,
}

/// A ticket as it was requested, or why it cannot be read.
type Line = Result<Requested, Unreadable>;

/// A ticket as it was requested.
#[derive(Debug)]
pub(super) struct Requested {
    pub(super) name: String,
    /// The line and the file; `None` for the command line.
    place: Option<(u64, Arc<str>)>,
}

impl Requested {
    /// Returns the failure with the line and the file of the ticket.
    pub(super) fn located(&self, failure: Failure) -> Failure {
        match &self.place {
            Some((number, file)) => failure.about(&format!("line {number} of {file}")),
            None => failure,
        }
    }
}

/// What was requested, but is not a ticket.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// The place: a line, or a file.
    pub(super) name: String,
    pub(super) failure: Failure,
}

enum Part {
    Id(String),
    Input(Input),
}

/// A file with one ticket on each line.
struct Input {
    /// The name for messages.
    name: String,
    source: Box<dyn Read + Send>,
}

impl Ids {
    /// Returns these tickets.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Self::new(names.map(|name| Part::Id(name.to_owned())).collect())
    }

    /// Returns these tickets, and then those in the files; `-` stands for standard input in both.
    ///
    /// # Errors
    /// If a file cannot be opened, or standard input is named twice.
    pub(super) fn open(names: &[String], files: &[PathBuf]) -> Result<Self, Failure> {
        let is_input = |name: &String| saved::is_stdin(Path::new(name));
        let in_names = names.iter().filter(|name| is_input(name)).count();
        let in_files = files.iter().filter(|file| saved::is_stdin(file)).count();
        if in_names + in_files > 1 {
            let failure = Failure::new(
                ticket_core::ErrorKind::InvalidRequest,
                "standard input is named more than once",
            );
            return Err(failure.with_hint("use - once"));
        }
        let of_names = names.iter().map(|name| {
            if is_input(name) { Input::open(Path::new("-")) } else { Ok(Part::Id(name.clone())) }
        });
        let of_files = files.iter().map(|file| Input::open(file));
        let parts = of_names.chain(of_files).collect::<Result<_, _>>()?;
        if in_names + in_files > 0 {
            announce_input().map_err(|error| unreadable(&saved::name(Path::new("-")), &error))?;
        }
        Ok(Self::new(parts))
    }

    fn new(parts: VecDeque<Part>) -> Self {
        let is_known = parts.iter().all(|part| matches!(part, Part::Id(_)));
        let total = is_known.then_some(parts.len());
        Self { parts, lines: VecDeque::new(), reader: None, total }
    }

    /// Returns the number of all tickets; `None` if files have some of them.
    pub(super) fn total(&self) -> Option<usize> {
        self.total
    }

    /// Returns the next ticket, or why it cannot be read; `None` after the last one.
    ///
    /// Nothing is lost if the returned future is dropped before it is ready.
    pub(super) async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(line);
            }
            if let Some(reader) = &mut self.reader {
                match reader.recv().await {
                    Some(lines) => self.lines.extend(lines),
                    None => self.reader = None,
                }
                continue;
            }
            match self.parts.pop_front()? {
                Part::Id(name) => return Some(Ok(Requested { name, place: None })),
                Part::Input(input) => self.reader = Some(input.read()),
            }
        }
    }
}

impl Input {
    fn open(file: &Path) -> Result<Part, Failure> {
        let name = saved::name(file);
        let source: Box<dyn Read + Send> = if saved::is_stdin(file) {
            Box::new(io::stdin())
        } else {
            match open(file) {
                Ok(file) => Box::new(file),
                Err(error) => return Err(unreadable(&name, &error)),
            }
        };
        Ok(Part::Input(Self { name, source }))
    }

    /// Reads the lines in a thread of its own, because a read may wait for long.
    fn read(self) -> Receiver<Vec<Line>> {
        let (sender, receiver) = channel(BLOCKS_AHEAD);
        // The thread ends with its input, with the receiver, or with the process.
        thread::spawn(move || {
            let Self { name, mut source } = self;
            let file: Arc<str> = Arc::from(&*name);
            let mut lines = Lines::default();
            let mut block = vec![0; BLOCK];
            loop {
                let (found, is_end): (Vec<_>, _) = match source.read(&mut block) {
                    Ok(0) => (lines.finish().into_iter().collect(), true),
                    Ok(length) => (lines.feed(&block[..length]), false),
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => {
                        let failure = unreadable(&name, &error);
                        let _ = sender.blocking_send(vec![Err(Unreadable { name, failure })]);
                        return;
                    }
                };
                let found = found.into_iter();
                let found: Vec<_> = found
                    .map(|line| match line {
                        Ok(NumberedLine { number, text }) => {
                            Ok(Requested { name: text, place: Some((number, Arc::clone(&file))) })
                        }
                        Err(line) => Err(Unreadable::of(&line, &name)),
                    })
                    .collect();
                if !found.is_empty() && sender.blocking_send(found).is_err() || is_end {
                    return;
                }
            }
        });
        receiver
    }
}

impl Unreadable {
    fn of(line: &InvalidLine, file: &str) -> Self {
        let name = format!("line {} of {file}", line.number);
        let (message, hint) = match line.problem {
            Problem::NotUtf8 => ("it is not UTF-8", "save the file as UTF-8"),
            Problem::TooLong => ("it is longer than 4 KiB", "write one SOURCE:ID on each line"),
        };
        let failure = Failure::new(ticket_core::ErrorKind::InvalidRequest, message).about(&name);
        Self { name, failure: failure.with_hint(hint) }
    }
}

/// Opens a file; a folder is an error at once, and not at the first read.
fn open(file: &Path) -> io::Result<File> {
    let file = File::open(file)?;
    if file.metadata()?.is_dir() { Err(ErrorKind::IsADirectory.into()) } else { Ok(file) }
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::new(ticket_core::ErrorKind::InvalidRequest, format!("{name} cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[tokio::test]
    async fn reads_names_and_files_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let many: Vec<_> = (0..2_000).map(|number| format!("feishu:{number}")).collect();
        let files = [file("one", "b\n\nc"), file("empty", ""), file("many", &many.join("\n"))];
        let mut ids = Ids::open(&["a".into()], &files).unwrap();
        let mut read = Vec::new();
        while let Some(line) = ids.next().await {
            read.push(line.unwrap().name);
        }
        assert_eq!(read[..3], ["a", "b", "c"]);
        assert_eq!((read.len(), read[2_002].as_str()), (2_003, "feishu:1999"));
    }

    #[test]
    fn knows_the_number_of_tickets_without_files() {
        let names =
            |names: &[&str]| -> Vec<_> { names.iter().map(|name| (*name).to_owned()).collect() };
        let total = |of: &[&str]| Ids::open(&names(of), &[]).unwrap().total();
        assert_eq!((total(&["a"]), total(&["a", "b"])), (Some(1), Some(2)));
        let file = tempfile::NamedTempFile::new().unwrap();
        let with_file = Ids::open(&names(&["a"]), &[file.path().to_owned()]);
        assert_eq!(with_file.unwrap().total(), None);
    }
}

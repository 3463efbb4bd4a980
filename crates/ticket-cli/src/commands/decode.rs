//! `ticket decode`: shows a ticket from a saved answer, offline.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ticket_core::{Answer, ErrorKind, Origin, Reading, Record};

use super::show::Shower;
use crate::arguments::Decode;
use crate::console::Console;
use crate::outcome::{DONE, Failure};
use crate::providers;

/// More than any ticket has; a source reads no more either.
const LARGEST: u64 = 8 << 20;

/// Reads the answer, decodes it and shows it.
pub(crate) fn run(arguments: &Decode, console: &Console) -> io::Result<u8> {
    let mut shower = Shower::new(console, &arguments.show, 1);
    match decode(&arguments.provider, &arguments.file) {
        Ok(record) => {
            shower.show(&record)?;
            Ok(DONE)
        }
        Err(failure) => {
            failure.tell(console, shower.telling());
            Ok(failure.exit())
        }
    }
}

fn decode(provider: &str, file: &Path) -> Result<Record, Failure> {
    let provider = providers::named(provider)?;
    let dialect = provider.dialect;
    let body = read(file).map_err(|error| {
        let name =
            if is_stdin(file) { "standard input".into() } else { file.display().to_string() };
        Failure::new(ErrorKind::InvalidRequest, format!("{name} cannot be read: {error}"))
            .with_provider(provider.name)
    })?;
    let answers = vec![Answer::saved(dialect.ticket_operation(), body)];
    let decoded = dialect
        .decode(&answers, &Reading::default())
        .map_err(|error| Failure::of(&error).with_provider(provider.name))?;
    Ok(Record {
        ticket: decoded.ticket,
        report: decoded.report,
        origin: Origin { provider: provider.name, asked: None, answers },
    })
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let source: Box<dyn Read> =
        if is_stdin(file) { Box::new(io::stdin().lock()) } else { Box::new(File::open(file)?) };
    let mut body = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut body)?;
    if body.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 8 MiB"));
    }
    Ok(body)
}

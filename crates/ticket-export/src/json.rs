//! NDJSON: the unified ticket as the mirror stores it, one a line.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use ticket_mirror::StoredTicket;

use crate::error::ExportError;
use crate::files::FILES;
use crate::format::{Format, Writer};
use crate::payload::Payload;
use crate::receipt::FileRows;

/// The name of the file.
const FILE: &str = "tickets.ndjson";
/// The name of the file that says which files belong to which attachments.
const LINKS: &str = "files.ndjson";

pub(crate) struct NdjsonWriter {
    path: PathBuf,
    out: Payload,
    rows: u64,
    /// Which files are of which attachments, if there are any.
    files: Option<Payload>,
    links: u64,
}

impl NdjsonWriter {
    pub(crate) fn create(folder: &Path) -> Result<Self, ExportError> {
        let path = folder.join(FILE);
        let out = Payload::create(&path)?;
        Ok(Self { path, out, rows: 0, files: None, links: 0 })
    }
}

/// A line about a file.
#[derive(Serialize)]
struct Link<'a> {
    source: &'a str,
    ticket_id: &'a str,
    /// The id of the attachment, else its URL.
    attachment: &'a str,
    /// The path below `data`.
    file: String,
    media_type: Option<&'a str>,
}

impl NdjsonWriter {
    fn link(&mut self, ticket: &StoredTicket<'_>) -> Result<(), ExportError> {
        let path = self.path.with_file_name(LINKS);
        let out = match &mut self.files {
            Some(out) => out,
            none => none.insert(Payload::create(&path)?),
        };
        for file in ticket.files {
            let line = Link {
                source: ticket.source,
                ticket_id: ticket.id,
                attachment: &file.attachment,
                file: format!("{FILES}/{}", file.name),
                media_type: file.media_type.as_deref(),
            };
            let written = serde_json::to_writer(&mut *out, &line).map_err(io::Error::from);
            written.and_then(|()| out.write_all(b"\n")).map_err(ExportError::at(&path))?;
            self.links += 1;
        }
        Ok(())
    }
}

impl Writer for NdjsonWriter {
    fn ticket(&mut self, ticket: &StoredTicket<'_>) -> Result<(), ExportError> {
        self.rows += 1;
        if !ticket.files.is_empty() {
            self.link(ticket)?;
        }
        let written =
            self.out.write_all(ticket.json.as_bytes()).and_then(|()| self.out.write_all(b"\n"));
        written.map_err(ExportError::at(&self.path))
    }

    fn finish(self: Box<Self>) -> Result<Vec<FileRows>, ExportError> {
        let mut written = Vec::new();
        let files = self.files.map(|out| (out, LINKS, "files", self.links));
        for (out, name, table, rows) in
            [(self.out, FILE, "tickets", self.rows)].into_iter().chain(files)
        {
            let path = self.path.with_file_name(name);
            let mut rows = FileRows::new(name, Format::Ndjson, table, rows, Vec::new());
            rows.checksum = Some(Payload::finish(out).map_err(ExportError::at(&path))?);
            written.push(rows);
        }
        Ok(written)
    }
}

//! NDJSON: the unified ticket as the mirror stores it, one a line.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::ExportError;
use crate::format::{Format, Writer};
use crate::receipt::FileRows;

/// The name of the file.
const FILE: &str = "tickets.ndjson";

pub(crate) struct NdjsonWriter {
    path: PathBuf,
    out: BufWriter<File>,
    rows: u64,
}

impl NdjsonWriter {
    pub(crate) fn create(folder: &Path) -> Result<Self, ExportError> {
        let path = folder.join(FILE);
        let file = File::create(&path).map_err(ExportError::at(&path))?;
        Ok(Self { path, out: BufWriter::with_capacity(1 << 18, file), rows: 0 })
    }
}

impl Writer for NdjsonWriter {
    fn ticket(&mut self, _: &str, json: &str) -> Result<(), ExportError> {
        self.rows += 1;
        let written = self.out.write_all(json.as_bytes()).and_then(|()| self.out.write_all(b"\n"));
        written.map_err(ExportError::at(&self.path))
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<FileRows>, ExportError> {
        self.out.flush().map_err(ExportError::at(&self.path))?;
        Ok(vec![FileRows::new(FILE, Format::Ndjson, "tickets", self.rows, Vec::new())])
    }
}

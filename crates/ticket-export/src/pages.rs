//! HTML and Markdown: a page for each ticket, and an index of them.

mod index;
mod name;

use std::fs;
use std::path::{Path, PathBuf};

use ticket_core::model::{Attachment, Ticket};
use ticket_mirror::{MirrorError, StoredFile, StoredTicket};
use ticket_render::{FileLink, html_with_files, markdown_with_files};

use crate::error::ExportError;
use crate::files::FILES;
use crate::format::{Format, Writer};
use crate::receipt::FileRows;
use index::Index;
use name::file_name;

/// Which pages to write.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PageFormat {
    Html,
    Markdown,
}

impl PageFormat {
    fn format(self) -> Format {
        match self {
            Self::Html => Format::Html,
            Self::Markdown => Format::Markdown,
        }
    }

    /// Returns what the names of the files end with.
    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
        }
    }
}

/// Writes `html/SOURCE/ID.html`, and `html/index.html`.
pub(crate) struct PagesWriter {
    kind: PageFormat,
    folder: PathBuf,
    index: Index,
    /// The last source, and the name of its folder.
    source: (String, String),
    pages: u64,
}

impl PagesWriter {
    pub(crate) fn create(kind: PageFormat, folder: &Path) -> Result<Self, ExportError> {
        let folder = folder.join(kind.format().as_str());
        fs::create_dir(&folder).map_err(ExportError::at(&folder))?;
        let index = Index::new(kind, &folder);
        Ok(Self { kind, folder, index, source: (String::new(), String::new()), pages: 0 })
    }
}

/// Returns the link from a page to the file of an attachment.
fn link(attachment: &Attachment, files: &[StoredFile]) -> Option<FileLink> {
    let file = files.iter().find(|file| file.is_of(attachment))?;
    Some(FileLink { path: format!("../../{FILES}/{}", file.name), is_image: file.is_image() })
}

impl Writer for PagesWriter {
    fn ticket(&mut self, stored: &StoredTicket<'_>) -> Result<(), ExportError> {
        let StoredTicket { source, json, files, .. } = *stored;
        let ticket: Ticket = serde_json::from_str(json)
            .map_err(|error| MirrorError::Damaged(format!("a ticket of {source}: {error}")))?;
        if self.source.0 != source {
            let name = file_name(source);
            let folder = self.folder.join(&name);
            fs::create_dir_all(&folder).map_err(ExportError::at(&folder))?;
            self.source = (source.to_owned(), name);
        }
        let link = |attachment: &Attachment| link(attachment, files);
        let page = match self.kind {
            PageFormat::Html => html_with_files(&ticket, &link),
            PageFormat::Markdown => markdown_with_files(&ticket, &link),
        };
        let extension = self.kind.extension();
        let name = format!("{}/{}.{extension}", self.source.1, file_name(&ticket.id));
        let path = self.folder.join(&name);
        fs::write(&path, page).map_err(ExportError::at(&path))?;
        self.pages += 1;
        self.index.add(&name, source, &ticket)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<FileRows>, ExportError> {
        self.index.finish()?;
        let format = self.kind.format();
        Ok(vec![FileRows::new(format.as_str(), format, "tickets", self.pages, Vec::new())])
    }
}

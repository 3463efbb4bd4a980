//! The index of the pages: one line for each ticket.

use std::fs;
use std::path::{Path, PathBuf};

use ticket_core::model::{Person, Ticket};
use ticket_render::{clean, html_document, html_text, markdown_text, transcript, words};

use super::PageFormat;
use crate::error::ExportError;

/// More tickets continue on another page.
const MAX_ROWS: usize = 2_000;
/// The characters of a title.
const MAX_TITLE: usize = 100;

/// Shows only the rows that have all words of the search field.
const SEARCH: &str = "const field = document.querySelector('input'), rows = [...document.querySelectorAll('tbody tr')];\n\
    const texts = rows.map(row => row.textContent.toLowerCase());\n\
    field.addEventListener('input', () => {\n\
    \x20 const words = field.value.toLowerCase().split(/\\s+/);\n\
    \x20 rows.forEach((row, index) => { row.hidden = !words.every(word => texts[index].includes(word)); });\n\
    });\n";

pub(super) struct Index {
    kind: PageFormat,
    folder: PathBuf,
    /// The number of the page, from 1.
    page: usize,
    rows: Vec<String>,
}

impl Index {
    pub(super) fn new(kind: PageFormat, folder: &Path) -> Self {
        Self { kind, folder: folder.to_owned(), page: 1, rows: Vec::new() }
    }

    /// Adds a ticket whose page is at this path.
    pub(super) fn add(
        &mut self,
        path: &str,
        source: &str,
        ticket: &Ticket,
    ) -> Result<(), ExportError> {
        if self.rows.len() == MAX_ROWS {
            self.write(true)?;
            self.page += 1;
        }
        let status = ticket.status.as_ref().map(words::coded).unwrap_or_default();
        let name = |person: &Option<Person>| {
            person.as_ref().and_then(|it| it.name.clone().or_else(|| it.id.clone()))
        };
        let requester = name(&ticket.requester).unwrap_or_default();
        let assignee = name(&ticket.assignee).unwrap_or_default();
        let created = ticket.created_at.map(|it| it.strftime("%Y-%m-%d %H:%M").to_string());
        let (created, title) = (created.unwrap_or_default(), title(ticket));
        let address = format!("{source}:{}", ticket.id);
        self.rows.push(match self.kind {
            PageFormat::Html => format!(
                "<tr><td><a href=\"{path}\">{}</a></td><td>{}</td><td>{}</td><td class=\"optional\">{}</td>\
                 <td>{created}</td><td class=\"optional\">{}</td></tr>\n",
                html_text(&title),
                html_text(&status),
                html_text(&requester),
                html_text(&assignee),
                html_text(&address),
            ),
            PageFormat::Markdown => {
                let facts = [markdown_text(&status), markdown_text(&requester), created];
                format!(
                    "- [{}]({path}) · {} · {}\n",
                    markdown_text(&title),
                    facts.join(" · "),
                    markdown_text(&address)
                )
            }
        });
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<(), ExportError> {
        self.write(false)
    }

    fn name(&self, page: usize) -> String {
        let extension = self.kind.extension();
        if page == 1 { format!("index.{extension}") } else { format!("index-{page}.{extension}") }
    }

    /// Writes a page of the index.
    fn write(&mut self, has_next: bool) -> Result<(), ExportError> {
        let rows = std::mem::take(&mut self.rows).concat();
        let earlier = (self.page > 1).then(|| (self.name(self.page - 1), "previous page"));
        let later = has_next.then(|| (self.name(self.page + 1), "next page"));
        let links = earlier.into_iter().chain(later);
        let text = match self.kind {
            PageFormat::Html => {
                let links = links.map(|(name, text)| format!("<a href=\"{name}\">{text}</a> "));
                let links = links.collect::<String>();
                let links = if links.is_empty() { links } else { format!("<p>{links}</p>\n") };
                let body = format!(
                    "<h1>Tickets</h1>\n<input type=\"search\" placeholder=\"Search on this page\" aria-label=\"Search on this page\">\n{links}\
                     <table class=\"tickets\"><thead><tr><th>Title</th><th>Status</th><th>Requester</th><th class=\"optional\">Assignee</th>\
                     <th>Created (UTC)</th><th class=\"optional\">Ticket</th></tr></thead><tbody>\n{rows}</tbody></table>\n{links}"
                );
                html_document("Tickets", &body, Some(SEARCH))
            }
            PageFormat::Markdown => {
                let links = links.map(|(name, text)| format!("[{text}]({name})\n"));
                format!("# Tickets\n\n{rows}\n{}", links.collect::<String>())
            }
        };
        let path = self.folder.join(self.name(self.page));
        fs::write(&path, text).map_err(ExportError::at(&path))
    }
}

/// Returns the title, or the beginning of the description or of the first message.
fn title(ticket: &Ticket) -> String {
    let description = ticket.description.as_deref();
    let mut texts = ticket.title.as_deref().into_iter().chain(description).map(Into::into);
    let is_text = |text: &std::borrow::Cow<'_, str>| !text.trim().is_empty();
    let message = || {
        let conversation = ticket.conversation.as_ref()?;
        let mut bodies =
            transcript::in_order(&conversation.messages).into_iter().filter_map(transcript::body);
        bodies.find(is_text)
    };
    let text = texts.find(is_text).or_else(message).unwrap_or_else(|| ticket.id.as_str().into());
    let line = clean::one_line(text.lines().find(|line| !line.trim().is_empty()).unwrap_or(&text));
    match line.char_indices().nth(MAX_TITLE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

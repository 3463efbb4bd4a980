//! Renders a ticket as an HTML page.
//!
//! The page is made from the ticket's Markdown, which shows every field and has no markup of the ticket. Only the messages that are
//! Markdown themselves are parsed once more, by [`body`].

mod body;
mod document;

use std::fmt::{self, Write};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use ticket_model::{Ticket, Visibility};

use crate::markdown::{FileLinks, is_plain_path, markdown_with_files};
use crate::{clean, words};
pub use document::html_document;

/// Returns a page without references to other files, which sends no request and runs no script.
///
/// The page is the [`markdown`](crate::markdown()) of the ticket, and shows Markdown in messages.
pub fn html(ticket: &Ticket) -> String {
    html_with_files(ticket, &|_| None)
}

/// Returns the page of [`html`], with links to the files that `links` finds. It loads images beside it, and nothing else.
pub fn html_with_files(ticket: &Ticket, links: FileLinks<'_>) -> String {
    let markdown = markdown_with_files(ticket, links);
    let mut page = Page::default();
    for event in Parser::new(&markdown) {
        page.event(event);
    }
    page.close(HeadingLevel::H1);
    let name = format!("{}:{}", ticket.provider, ticket.id);
    let title = ticket.title.as_deref().filter(|title| !title.trim().is_empty());
    let title = title.map_or_else(|| name.clone(), |title| format!("{title} · {name}"));
    html_document(&title, &page.out, None)
}

/// Returns text as HTML, also for attributes. Invisible characters become escapes such as `\u{202e}`.
pub fn html_text(text: &str) -> String {
    let text = clean::lines(text);
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

/// Appends to a text, which cannot fail.
fn push(out: &mut String, text: fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string grows");
}

/// A page under construction.
#[derive(Default)]
struct Page {
    out: String,
    /// Where the text of the open heading begins.
    heading: usize,
    /// The title of the section.
    section: String,
    is_section_open: bool,
    /// Whether a message or a note is open.
    is_article_open: bool,
    /// The open items.
    items: Vec<Item>,
    /// Whether each open list is closed until somebody asks for it.
    lists: Vec<bool>,
    /// The language and the text of the open fence.
    fence: Option<(String, String)>,
}

/// What of an item of a list is written.
enum Item {
    /// Nothing; this is the beginning of its label.
    Label(String),
    /// The label and the beginning of the value.
    Value,
    /// All but its nested items.
    Closed,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.close(level);
                self.heading = self.out.len();
            }
            Event::End(TagEnd::Heading(level)) => {
                let title = self.out.split_off(self.heading);
                self.open(level, &title);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.fence = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => self.close_fence(),
            Event::Start(Tag::List(_)) => {
                self.close_value();
                let is_detail = self.is_article_open && self.items.is_empty()
                    || !self.is_article_open && !self.is_section_open && !self.items.is_empty();
                self.out.push_str(if is_detail {
                    "<details><summary>details</summary><ul>"
                } else {
                    "<ul>"
                });
                self.lists.push(is_detail);
            }
            Event::End(TagEnd::List(_)) => {
                let is_detail = self.lists.pop() == Some(true);
                self.out.push_str(if is_detail { "</ul></details>" } else { "</ul>" });
            }
            Event::Start(Tag::Item) => {
                self.out.push_str("<li>");
                self.items.push(Item::Label(String::new()));
            }
            Event::End(TagEnd::Item) => {
                self.close_value();
                self.items.pop();
                self.out.push_str("</li>");
            }
            Event::Start(Tag::Paragraph) => self.out.push_str("<p>"),
            Event::End(TagEnd::Paragraph) => self.out.push_str("</p>"),
            Event::Code(code) => {
                let code = format!("<code>{}</code>", html_text(&code));
                match self.items.last_mut() {
                    Some(Item::Label(label)) => label.push_str(&code),
                    _ => self.out.push_str(&code),
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) if is_plain_path(&dest_url) => {
                push(&mut self.out, format_args!("<a href=\"{dest_url}\">"));
            }
            Event::End(TagEnd::Link) => self.out.push_str("</a>"),
            Event::Start(Tag::Image { dest_url, .. }) if is_plain_path(&dest_url) => {
                push(&mut self.out, format_args!("<img src=\"{dest_url}\" alt=\""));
            }
            Event::End(TagEnd::Image) => self.out.push_str("\">"),
            Event::SoftBreak | Event::HardBreak => self.out.push('\n'),
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => {
                match &mut self.fence {
                    Some((_, fence)) => fence.push_str(&words),
                    None => self.words(&words),
                }
            }
            // The Markdown of a ticket has nothing else.
            _ => {}
        }
    }

    /// Writes text; that of an item begins with its label.
    fn words(&mut self, words: &str) {
        let Some(Item::Label(label)) = self.items.last_mut() else {
            self.out.push_str(&html_text(words));
            return;
        };
        let Some((end, value)) = words.split_once(": ") else {
            label.push_str(&html_text(words));
            return;
        };
        label.push_str(&html_text(end));
        push(&mut self.out, format_args!("<span class=\"label\">{label}</span> "));
        push(
            &mut self.out,
            format_args!("<span class=\"value\" dir=\"auto\">{}", html_text(value)),
        );
        self.replace_item(Item::Value);
    }

    fn replace_item(&mut self, item: Item) {
        *self.items.last_mut().expect("an item is open") = item;
    }

    fn close_value(&mut self) {
        match self.items.last() {
            Some(Item::Value) => self.out.push_str("</span>"),
            Some(Item::Label(label)) => self.out.push_str(label),
            Some(Item::Closed) | None => return,
        }
        self.replace_item(Item::Closed);
    }

    fn close_fence(&mut self) {
        let Some((language, fence)) = self.fence.take() else { return };
        let fence = fence.strip_suffix('\n').unwrap_or(&fence);
        if self.is_article_open && language == "markdown" {
            self.out.push_str("<div class=\"body\" dir=\"auto\">");
            self.out.push_str(&body::body(fence));
        } else {
            self.out.push_str("<div class=\"text\" dir=\"auto\">");
            self.out.push_str(&html_text(fence));
        }
        self.out.push_str("</div>");
    }

    /// Closes what a heading of this level ends.
    fn close(&mut self, level: HeadingLevel) {
        if self.is_article_open {
            self.out.push_str("</article>\n");
            self.is_article_open = false;
        }
        if self.is_section_open && level < HeadingLevel::H3 {
            self.out.push_str("</section>\n");
            self.is_section_open = false;
        }
    }

    /// Writes a heading, and begins what it is the title of.
    fn open(&mut self, level: HeadingLevel, title: &str) {
        let out = &mut self.out;
        match level {
            HeadingLevel::H1 => push(out, format_args!("<h1>{title}</h1>\n")),
            HeadingLevel::H2 => {
                push(out, format_args!("<section><h2>{title}</h2>\n"));
                title.clone_into(&mut self.section);
                self.is_section_open = true;
            }
            _ => {
                let internal = words::visibility(Visibility::Internal);
                let is_internal = self.section == "Notes" || title.ends_with(internal);
                let class = if is_internal { "internal" } else { "message" };
                push(out, format_args!("<article class=\"{class}\"><h3>{title}</h3>\n"));
                self.is_article_open = true;
            }
        }
    }
}

#[cfg(test)]
mod tests;

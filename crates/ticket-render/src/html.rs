//! Renders a ticket as an HTML page.
//!
//! The page is made from the ticket's Markdown, which shows every field and has no markup of the ticket. Only the messages that are
//! Markdown themselves are parsed once more, by [`body`].

mod body;
mod document;

use std::fmt::{self, Write};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use ticket_model::{Ticket, Visibility};

use crate::{clean, markdown, words};
pub use document::html_document;

/// Returns a page without references to other files, which sends no request and runs no script.
///
/// The page is the [`markdown`] of the ticket, and shows Markdown in messages.
pub fn html(ticket: &Ticket) -> String {
    let markdown = markdown(ticket);
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
    /// For each open item of a list, what of it is written.
    items: Vec<Item>,
    /// The language and the text of the open fence.
    fence: Option<(String, String)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Item {
    /// Nothing.
    Empty,
    /// The label and the begin of the value.
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
                self.out.push_str("<ul>");
            }
            Event::End(TagEnd::List(_)) => self.out.push_str("</ul>"),
            Event::Start(Tag::Item) => {
                self.out.push_str("<li>");
                self.items.push(Item::Empty);
            }
            Event::End(TagEnd::Item) => {
                self.close_value();
                self.items.pop();
                self.out.push_str("</li>");
            }
            Event::Start(Tag::Paragraph) => self.out.push_str("<p>"),
            Event::End(TagEnd::Paragraph) => self.out.push_str("</p>"),
            Event::Code(code) => {
                self.label("");
                push(&mut self.out, format_args!("<code>{}</code>", html_text(&code)));
            }
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

    /// Writes text; the first text of an item begins with its label.
    fn words(&mut self, words: &str) {
        let is_first = self.items.last() == Some(&Item::Empty);
        let parts = words.split_once(": ").filter(|_| is_first);
        let (label, words) = parts.unwrap_or(("", words));
        self.label(label);
        self.out.push_str(&html_text(words));
    }

    /// Begins the value of an item.
    fn label(&mut self, label: &str) {
        let Some(item) = self.items.last_mut().filter(|item| **item == Item::Empty) else { return };
        *item = Item::Value;
        if !label.is_empty() {
            push(&mut self.out, format_args!("<span class=\"label\">{}</span> ", html_text(label)));
        }
        self.out.push_str("<span class=\"value\" dir=\"auto\">");
    }

    fn close_value(&mut self) {
        if let Some(item) = self.items.last_mut().filter(|item| **item == Item::Value) {
            *item = Item::Closed;
            self.out.push_str("</span>");
        }
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

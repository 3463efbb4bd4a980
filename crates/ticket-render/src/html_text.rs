//! Turns HTML into readable text.
//!
//! HTML is read as a sequence of tags, without a tree, so that time and memory grow with its length and not with its nesting. The
//! result is text and never markup: a view escapes it like any other text of a ticket.

mod flow;

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use flow::Flow;

/// Returns the text of a document: paragraphs, lists, quotes and code in lines, links as `text (url)`.
pub(crate) fn to_text(html: &str) -> String {
    let mut emitter = DefaultEmitter::default();
    // The content of scripts and styles is not made of tags.
    emitter.naively_switch_states(true);
    let mut writer = Writer::default();
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => writer.start(&tag),
            Token::EndTag(tag) => writer.end(&text_of(&tag.name)),
            Token::String(text) => writer.text(&text_of(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    writer.finish()
}

fn text_of(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether nobody sees the content of an element.
fn is_hidden(name: &str) -> bool {
    matches!(name, "script" | "style" | "title" | "iframe" | "noembed" | "noframes" | "noscript")
}

/// Whether an element begins a line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "legend"
            | "li"
            | "main"
            | "nav"
            | "option"
            | "section"
            | "summary"
            | "tr"
    )
}

/// Whether an element is separated from its neighbours by an empty line.
fn is_paragraph(name: &str) -> bool {
    matches!(name, "dl" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "p" | "table")
}

fn is_code(name: &str) -> bool {
    matches!(name, "code" | "kbd" | "samp" | "tt")
}

/// Writes the text of each tag.
#[derive(Default)]
struct Writer {
    flow: Flow,
    /// The element whose content is left out.
    hidden: Option<String>,
    /// The target of the open link, and where its text begins.
    link: Option<(String, usize)>,
    /// How many elements of code are open.
    code: usize,
}

impl Writer {
    fn start(&mut self, tag: &StartTag<()>) {
        if self.hidden.is_some() {
            return;
        }
        let name = text_of(&tag.name);
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes());
            // A URL has no line breaks; browsers remove them too.
            value.map_or_else(String::new, |value| text_of(value).replace(['\n', '\r', '\t'], ""))
        };
        match &*name {
            hidden if is_hidden(hidden) => self.hidden = Some(name),
            "a" => {
                self.close_link();
                let href = attribute("href").trim().to_owned();
                self.link = Some((href, self.flow.position()));
            }
            "img" => {
                let (alt, source) = (attribute("alt"), attribute("src"));
                let alt = if alt.trim().is_empty() { "image" } else { alt.trim() };
                self.flow.word(&format!("[{alt}]"));
                self.flow.append_url(source.trim());
            }
            "br" => self.flow.line_break(),
            "hr" => {
                self.flow.paragraph();
                self.flow.word("---");
                self.flow.paragraph();
            }
            "blockquote" => self.flow.open_quote(),
            "ul" | "menu" => self.flow.open_list(None),
            "ol" => self.flow.open_list(Some(attribute("start").trim().parse().unwrap_or(1))),
            "pre" => self.flow.open_code_block(),
            "li" => {
                self.flow.block();
                self.flow.list_item();
            }
            "td" | "th" => self.flow.cell(),
            code if is_code(code) => {
                self.code += 1;
                if self.code == 1 && !self.flow.is_code_block() {
                    self.flow.open_code();
                }
            }
            _ => self.separate(&name),
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(hidden) = &self.hidden {
            if hidden == name {
                self.hidden = None;
            }
            return;
        }
        match name {
            "a" => self.close_link(),
            "blockquote" => self.flow.close_quote(),
            "ul" | "ol" | "menu" => self.flow.close_list(),
            "pre" => self.flow.close_code_block(),
            code if is_code(code) && self.code > 0 => {
                self.code -= 1;
                if self.code == 0 && !self.flow.is_code_block() {
                    self.flow.append("`");
                }
            }
            _ => self.separate(name),
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_none() {
            self.flow.text(text);
        }
    }

    fn separate(&mut self, name: &str) {
        if is_paragraph(name) {
            self.flow.paragraph();
        } else if is_block(name) {
            self.flow.block();
        }
    }

    /// Writes the target of the open link, unless its text says it.
    fn close_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let text = self.flow.since(start).trim();
        let target = href.strip_prefix("mailto:").unwrap_or(&href);
        if href.is_empty() || href.starts_with('#') || text == href || text == target {
            return;
        }
        if text.is_empty() {
            self.flow.word(&href);
        } else {
            self.flow.append_url(&href);
        }
    }

    fn finish(mut self) -> String {
        self.close_link();
        self.flow.finish()
    }
}

#[cfg(test)]
mod tests;

//! Text in lines, with the marks of quotes and lists before each line.

/// How many of the innermost quotes and lists are shown, so that deep nesting does not multiply the text.
const MAX_SHOWN: usize = 4;

/// Precedes each line of a block of code.
const CODE: &str = "    ";

/// A text under construction.
#[derive(Default)]
pub(super) struct Flow {
    out: String,
    containers: Vec<Container>,
    quotes: usize,
    lists: usize,
    code_blocks: usize,
    /// Whether a block of code has begun and has no text yet.
    is_code_start: bool,
    /// How many lines end before the next text.
    breaks: usize,
    /// What separates the next text of the line.
    separator: Separator,
    /// How many quotes the last line shows.
    shown_quotes: usize,
}

/// What separates the next word from the last one of the line.
#[derive(Default, PartialEq)]
enum Separator {
    /// Nothing yet; white space counts.
    #[default]
    None,
    Space,
    /// Nothing: white space is left out.
    Joined,
    /// The end of a cell of a table.
    Cell,
}

enum Container {
    Quote,
    List {
        /// The next number; `None` for a list with bullets.
        next: Option<i64>,
        /// The mark of an item that has no text yet.
        mark: Option<String>,
        /// The width of the last mark.
        width: usize,
    },
}

impl Flow {
    /// Appends text: white space collapses, except in a block of code.
    pub(super) fn text(&mut self, text: &str) {
        if self.code_blocks > 0 {
            self.code(text);
            return;
        }
        let is_space = |character: char| character.is_ascii_whitespace();
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.trim_start_matches(is_space);
            if word.len() < rest.len() && self.separator == Separator::None {
                self.separator = Separator::Space;
            }
            let end = word.find(is_space).unwrap_or(word.len());
            self.word(&word[..end]);
            rest = &word[end..];
        }
    }

    fn code(&mut self, text: &str) {
        // A line break right after the tag is not text.
        let is_start = std::mem::take(&mut self.is_code_start);
        let text = text.strip_prefix('\n').filter(|_| is_start).unwrap_or(text);
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.breaks += 1;
            }
            self.word(line.trim_end_matches('\r'));
        }
    }

    /// Appends a word after the white space or the line break that is due.
    pub(super) fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let separator = std::mem::take(&mut self.separator);
        if self.breaks > 0 || self.out.is_empty() {
            self.begin_line();
        } else {
            self.out.push_str(match separator {
                Separator::None | Separator::Joined => "",
                Separator::Space => " ",
                Separator::Cell => " | ",
            });
        }
        self.out.push_str(word);
    }

    /// Opens code inside a line.
    pub(super) fn open_code(&mut self) {
        self.word("`");
        self.separator = Separator::Joined;
    }

    /// Appends to the last word.
    pub(super) fn append(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Appends a URL in parentheses to the last word.
    pub(super) fn append_url(&mut self, url: &str) {
        if !url.is_empty() {
            self.append(&format!(" ({url})"));
        }
    }

    pub(super) fn block(&mut self) {
        self.breaks = self.breaks.max(1);
    }

    pub(super) fn paragraph(&mut self) {
        self.breaks = self.breaks.max(2);
    }

    pub(super) fn line_break(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
    }

    /// Ends a cell of a table, if there is one in this line.
    pub(super) fn cell(&mut self) {
        self.separator = Separator::Cell;
    }

    pub(super) fn open_quote(&mut self) {
        self.paragraph();
        self.quotes += 1;
        self.containers.push(Container::Quote);
    }

    pub(super) fn close_quote(&mut self) {
        if self.quotes > 0 {
            self.close(|container| matches!(container, Container::Quote));
        }
        self.paragraph();
    }

    /// Opens a list whose items have these numbers, or bullets.
    pub(super) fn open_list(&mut self, next: Option<i64>) {
        if self.lists == 0 {
            self.paragraph();
        } else {
            self.block();
        }
        self.lists += 1;
        self.containers.push(Container::List { next, mark: None, width: 0 });
    }

    pub(super) fn close_list(&mut self) {
        if self.lists > 0 {
            self.close(|container| matches!(container, Container::List { .. }));
        }
        if self.lists == 0 {
            self.paragraph();
        } else {
            self.block();
        }
    }

    /// Marks the next line as an item, if the innermost container is a list.
    pub(super) fn list_item(&mut self) {
        if let Some(Container::List { next, mark, width }) = self.containers.last_mut() {
            let text = match next {
                Some(number) => {
                    let text = format!("{number}. ");
                    *number = number.saturating_add(1);
                    text
                }
                None => "- ".to_owned(),
            };
            *width = text.len();
            *mark = Some(text);
        }
    }

    pub(super) fn open_code_block(&mut self) {
        self.paragraph();
        self.code_blocks += 1;
        self.is_code_start = true;
    }

    pub(super) fn close_code_block(&mut self) {
        self.code_blocks = self.code_blocks.saturating_sub(1);
        // Line breaks at the end of the code are not text.
        self.breaks = 2;
    }

    pub(super) fn is_code_block(&self) -> bool {
        self.code_blocks > 0
    }

    /// Returns the length of the text.
    pub(super) fn position(&self) -> usize {
        self.out.len()
    }

    /// Returns the text from a position on.
    pub(super) fn since(&self, position: usize) -> &str {
        &self.out[position..]
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Closes the innermost container of a kind with all in it. There has to be one.
    fn close(&mut self, is_wanted: impl Fn(&Container) -> bool) {
        while let Some(container) = self.containers.pop() {
            match container {
                Container::Quote => self.quotes -= 1,
                Container::List { .. } => self.lists -= 1,
            }
            if is_wanted(&container) {
                return;
            }
        }
    }

    fn begin_line(&mut self) {
        let start = self.containers.len().saturating_sub(MAX_SHOWN);
        let shown = &mut self.containers[start..];
        let quotes = shown.iter().filter(|it| matches!(it, Container::Quote)).count();
        if !self.out.is_empty() {
            let empty = "> ".repeat(quotes.min(self.shown_quotes));
            self.out.push('\n');
            for _ in 1..self.breaks {
                self.out.push_str(empty.trim_end());
                self.out.push('\n');
            }
        }
        for container in shown {
            match container {
                Container::Quote => self.out.push_str("> "),
                Container::List { mark, width, .. } => match mark.take() {
                    Some(mark) => self.out.push_str(&mark),
                    None => self.out.extend(std::iter::repeat_n(' ', *width)),
                },
            }
        }
        if self.code_blocks > 0 {
            self.out.push_str(CODE);
        }
        self.shown_quotes = quotes;
        self.breaks = 0;
    }
}

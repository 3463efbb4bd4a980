//! One answer: as many items as its budget allows, what it leaves out, and where to go on.

use unicode_segmentation::UnicodeSegmentation;

use crate::cursor::{self, Position};
use crate::error::ToolError;
use crate::fence;

/// The characters of an answer that are not items: the fence, the note at the end with a cursor, and line breaks.
const OVERHEAD: usize = fence::OVERHEAD + 320;
/// An item is cut only if at least this much of it fits.
const MIN_PIECE: usize = 200;
/// The longest text before the items.
pub(crate) const MAX_HEAD: usize = 240;

/// The smallest budget.
pub(crate) const MIN_CHARS: u64 = 1_000;
/// The budget unless another one is asked for.
pub(crate) const DEFAULT_CHARS: u64 = 8_000;
/// The largest budget.
pub(crate) const MAX_CHARS: u64 = 50_000;

/// An answer under construction.
pub(crate) struct Page {
    /// Identifies the call: the tool and its arguments.
    call: u32,
    start: Option<Position>,
    /// Whether the first item is the one that the cursor means.
    is_checked: bool,
    budget: usize,
    used: usize,
    text: String,
    has_items: bool,
    /// The number of the next item.
    item: u64,
    /// The hash of the last item of which something was returned.
    anchor: u32,
    next: Option<Position>,
    /// What is cut, and how many items of each kind are left out.
    cut: Option<&'static str>,
    left: Vec<(&'static str, u64)>,
    /// Whether more may be left out than is counted.
    is_lower_bound: bool,
}

impl Page {
    /// Begins an answer, or continues an earlier one.
    ///
    /// # Errors
    /// If the cursor is broken, or from another call.
    pub(crate) fn new(
        call: u32,
        max_chars: usize,
        cursor: Option<&str>,
    ) -> Result<Self, ToolError> {
        let start = cursor.map(|text| cursor::read(text, call)).transpose()?;
        Ok(Self {
            call,
            start,
            is_checked: start.is_none(),
            budget: max_chars - OVERHEAD - MAX_HEAD,
            used: 0,
            text: String::new(),
            has_items: false,
            item: start.map_or(0, |start| start.item - u64::from(start.offset == 0)),
            anchor: 0,
            next: None,
            cut: None,
            left: Vec::new(),
            is_lower_bound: false,
        })
    }

    /// Returns the number of the first item to pass to [`push`](Self::push).
    pub(crate) fn first(&self) -> u64 {
        self.item
    }

    /// Returns whether this is the first answer of several.
    pub(crate) fn is_first(&self) -> bool {
        self.start.is_none()
    }

    /// Returns whether it has no item yet.
    pub(crate) fn is_empty(&self) -> bool {
        !self.has_items
    }

    /// Adds an item of this kind. Returns `false` if the page is full; the items after this one are to be [left out](Self::leave_out).
    ///
    /// # Errors
    /// If the item is not the one that the cursor means.
    pub(crate) fn push(&mut self, kind: &'static str, safe: &str) -> Result<bool, ToolError> {
        let item = self.item;
        self.item += 1;
        let hash = cursor::hash(safe);
        let mut offset = 0;
        if let Some(start) = self.start.filter(|_| !self.is_checked) {
            if start.anchor != hash || !safe.is_char_boundary(start.offset) {
                return Err(changed());
            }
            self.is_checked = true;
            self.anchor = hash;
            if start.offset == 0 {
                return Ok(true);
            }
            offset = start.offset;
        }
        let rest = &safe[offset..];
        let joint = usize::from(self.has_items);
        let room = self.budget.saturating_sub(self.used + joint);
        let length = rest.chars().count();
        if length <= room {
            self.add(rest, length);
            self.anchor = hash;
            return Ok(true);
        }
        if !self.has_items || length > self.budget && room >= MIN_PIECE {
            let end = cut(rest, room);
            self.add(&rest[..end], room);
            self.next = Some(Position { item, offset: offset + end, anchor: hash });
            self.cut = Some(kind);
        } else {
            self.next = Some(Position { item, offset, anchor: self.anchor });
            self.leave_out(kind, 1);
        }
        Ok(false)
    }

    fn add(&mut self, text: &str, length: usize) {
        if self.has_items {
            self.text.push('\n');
            self.used += 1;
        }
        self.text.push_str(text);
        self.used += length;
        self.has_items = true;
    }

    /// Counts items that are left out.
    pub(crate) fn leave_out(&mut self, kind: &'static str, count: u64) {
        if count == 0 {
            return;
        }
        match self.left.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += count,
            None => self.left.push((kind, count)),
        }
    }

    /// Notes that more may be left out than was counted.
    pub(crate) fn may_leave_out_more(&mut self) {
        self.is_lower_bound = true;
    }

    /// Returns the answer; `head` is a line before the items.
    ///
    /// # Errors
    /// If what the cursor continues does not exist any more.
    pub(crate) fn finish(self, head: &str) -> Result<String, ToolError> {
        if !self.is_checked {
            return Err(changed());
        }
        debug_assert!(head.chars().count() <= MAX_HEAD, "{head}");
        let mut answer = head.to_owned();
        if self.has_items {
            answer.push('\n');
            answer.push_str(&fence::enclosed(&self.text));
        }
        if let Some(next) = self.next {
            let cut = self.cut.map(|kind| format!("the rest of this {kind}"));
            let more = if self.is_lower_bound { "at least " } else { "" };
            let left = self.left.iter().map(|(kind, count)| {
                format!("{more}{count} {kind}{}", if *count == 1 { "" } else { "s" })
            });
            let left = cut.into_iter().chain(left).collect::<Vec<_>>().join(", ");
            let cursor = cursor::write(self.call, next);
            answer.push_str("\nLeft out: ");
            answer.push_str(&left);
            answer.push_str(". To go on, call again with the same arguments and cursor \"");
            answer.push_str(&cursor);
            answer.push_str("\".");
        } else if self.start.is_none() {
            answer.push_str("\nNothing is left out.");
        } else {
            answer.push_str("\nThis is the end.");
        }
        Ok(answer)
    }
}

fn changed() -> ToolError {
    ToolError::new("what the cursor continues has changed since")
        .with_hint("leave the cursor out to begin again")
}

/// Returns where to cut a text so that at most `room` characters are before the cut, and a part of it is: between two grapheme
/// clusters, if the first one is not longer than the room.
fn cut(text: &str, room: usize) -> usize {
    let mut count = 0;
    let mut end = 0;
    for cluster in text.graphemes(true) {
        count += cluster.chars().count();
        if count > room {
            break;
        }
        end += cluster.len();
    }
    if end > 0 {
        return end;
    }
    text.char_indices().nth(room.max(1)).map_or(text.len(), |(end, _)| end)
}

#[cfg(test)]
mod tests {
    use super::{MIN_CHARS, Page, cut};

    #[test]
    fn cuts_between_grapheme_clusters() {
        for (text, room, before) in [
            ("abc", 2, "ab"),
            ("打印机", 2, "打印"),
            ("ae\u{301}x", 2, "a"),
            ("👨\u{200d}👩\u{200d}👧x", 4, "👨\u{200d}👩\u{200d}"),
            ("x👨\u{200d}👩\u{200d}👧", 4, "x"),
            ("a\u{301}\u{301}\u{301}\u{301}", 3, "a\u{301}\u{301}"),
        ] {
            assert_eq!(&text[..cut(text, room)], before, "{text:?} {room}");
        }
    }

    fn page(max: u64, cursor: Option<&str>) -> Page {
        Page::new(1, usize::try_from(max).unwrap(), cursor).unwrap()
    }

    #[test]
    fn pages_have_everything_once() {
        let items: Vec<String> = [0, 1, 150, 250, 3_000, 20, 700, 1, 5_000]
            .iter()
            .enumerate()
            .map(|(number, length)| format!("{number}:{}", "打e\u{301}👍🏽x".repeat(length / 5)))
            .collect();
        for max in [MIN_CHARS, 1_234, 2_500, 50_000] {
            let (mut whole, mut cursor, mut pages) = (String::new(), None::<String>, 0);
            loop {
                let mut page = page(max, cursor.as_deref());
                let first = usize::try_from(page.first()).unwrap();
                let mut items = items[first..].iter();
                while let Some(item) = items.next() {
                    if !page.push("row", item).unwrap() {
                        page.leave_out("row", items.len() as u64);
                        break;
                    }
                }
                let is_cut = page.cut.is_some();
                let answer = page.finish("head").unwrap();
                assert!(answer.chars().count() <= usize::try_from(max).unwrap(), "{max}");
                let inside =
                    answer.split(">\n").nth(1).unwrap().rsplit_once("\n</untrusted-").unwrap();
                whole.push_str(inside.0);
                pages += 1;
                let Some((_, rest)) = answer.rsplit_once("cursor \"") else { break };
                cursor = Some(rest.trim_end_matches("\".").to_owned());
                if !is_cut {
                    whole.push('\n');
                }
            }
            assert_eq!(whole, items.join("\n"), "{max}");
            assert_eq!(pages == 1, max == 50_000);
        }
    }

    #[test]
    fn refuses_to_go_on_in_what_has_changed() {
        let mut full = page(MIN_CHARS, None);
        assert!(full.push("row", "a").unwrap());
        assert!(!full.push("row", &"b".repeat(900)).unwrap());
        let answer = full.finish("head").unwrap();
        let cursor = answer.rsplit_once("cursor \"").unwrap().1.trim_end_matches("\".").to_owned();
        let mut changed = page(MIN_CHARS, Some(&cursor));
        assert!(changed.push("row", "other").unwrap_err().text().contains("has changed"));
        let gone = page(MIN_CHARS, Some(&cursor)).finish("head");
        assert!(gone.unwrap_err().text().contains("has changed"));
    }
}

//! Shortens long values.

use unicode_segmentation::UnicodeSegmentation;

use crate::view::clean::one_line;
use crate::view::ink::{PLAIN, QUIET, StyledText};

/// Returns a value as one escaped line, cut after `max_length` characters and followed by its full length.
pub(crate) fn cut(value: &str, max_length: usize) -> StyledText {
    let text = one_line(value);
    // Counts graphemes, so that the cut never splits an emoji of several characters.
    match text.grapheme_indices(true).nth(max_length) {
        None => StyledText::of(PLAIN, &text),
        Some((end, _)) => StyledText::of(PLAIN, &format!("{}…", &text[..end]))
            .then(QUIET, &format!(" {} characters", value.chars().count())),
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn cuts_long_values_and_shows_their_length() {
        assert_eq!(cut("打印机", 3).as_str(), "打印机");
        assert_eq!(cut("打印机卡纸", 3).as_str(), "打印机… 5 characters");
        assert_eq!(cut("a\u{202e}b", 60).as_str(), "a\\u{202e}b");
    }
}

//! Long values on a screen: their beginning, and how long they are.

use unicode_segmentation::UnicodeSegmentation;

use crate::view::clean::one_line;
use crate::view::ink::{Ink, PLAIN, QUIET};

/// A value in one line, fit for a terminal, up to so many characters.
pub(crate) fn cut(value: &str, longest: usize) -> Ink {
    let text = one_line(value);
    // An emoji of several characters is cut before or behind it.
    match text.grapheme_indices(true).nth(longest) {
        None => Ink::of(PLAIN, &text),
        Some((end, _)) => Ink::of(PLAIN, &format!("{}…", &text[..end]))
            .then(QUIET, &format!(" {} characters", value.chars().count())),
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn only_a_long_value_is_cut_and_its_length_told() {
        assert_eq!(cut("打印机", 3).as_str(), "打印机");
        assert_eq!(cut("打印机卡纸", 3).as_str(), "打印机… 5 characters");
        assert_eq!(cut("a\u{202e}b", 60).as_str(), "a\\u{202e}b");
    }
}

//! Recognizes joiners (U+200D) and non-joiners (U+200C) in the scripts that need them.
//!
//! Persian separates the parts of a word with a non-joiner; Devanagari and related scripts select the form of a letter with
//! a joiner. The rules are those of UAX #31 for identifiers, extended to what real texts contain.

use icu_properties::CodePointMapData;
use icu_properties::props::{CanonicalCombiningClass, JoiningType};

const JOINER: char = '\u{200d}';
const NON_JOINER: char = '\u{200c}';
/// The largest number of marks between a joiner and its letters.
const MAX_MARKS: usize = 4;

/// Returns whether the character at `position` is a joiner or a non-joiner that changes how its neighbours are drawn.
pub(super) fn is_drawn(text: &str, position: usize) -> bool {
    let Some(joiner) =
        text[position..].chars().next().filter(|it| [JOINER, NON_JOINER].contains(it))
    else {
        return false;
    };
    let after = &text[position + joiner.len_utf8()..];
    let (last, next) = (text[..position].chars().next_back(), after.chars().next());
    // A virama before or after the joiner forms a conjunct, whose form the joiner selects.
    if last.is_some_and(is_virama)
        || last.is_some_and(char::is_alphabetic) && next.is_some_and(is_virama)
    {
        return true;
    }
    let before = letter(text[..position].chars().rev());
    let after = letter(after.chars());
    let joins = |letter: Option<char>| letter.is_some_and(is_cursive);
    if joiner == JOINER {
        // A joiner gives a cursive letter its joined form.
        joins(before) || joins(after)
    } else {
        // A non-joiner separates two parts of a word; one of them may be a number or of another script.
        let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        joins(before) && is_word(after) || is_word(before) && joins(after)
    }
}

/// Returns the first character that is not a combining mark.
fn letter(characters: impl Iterator<Item = char>) -> Option<char> {
    let mut letters = characters.take(MAX_MARKS + 1);
    letters.find(|character| {
        // Unicode gives joiners the type of marks, but they are not.
        [JOINER, NON_JOINER].contains(character)
            || joining_type(*character) != JoiningType::Transparent
    })
}

/// Returns whether a letter belongs to a cursive script, such as Arabic, and joins its neighbours.
fn is_cursive(letter: char) -> bool {
    let kind = joining_type(letter);
    letter.is_alphabetic()
        && [JoiningType::DualJoining, JoiningType::LeftJoining, JoiningType::RightJoining]
            .contains(&kind)
}

fn joining_type(character: char) -> JoiningType {
    CodePointMapData::<JoiningType>::new().get(character)
}

fn is_virama(character: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(character)
        == CanonicalCombiningClass::Virama
}

#[cfg(test)]
mod tests {
    use crate::clean::{lines, one_line};

    #[test]
    fn keeps_joiners_in_the_scripts_that_need_them() {
        for text in [
            // Persian: "I go", "books", "houses of", "PDFs", "20 years old", and an abbreviation.
            "می\u{200c}روم کتاب\u{200c}ها خانه\u{200c}ای PDF\u{200c}ها ۲۰\u{200c}ساله ۱۴۰۰ ه\u{200d}.ش",
            "کار\u{200c}ها مِی\u{200c}رود",
            // Hindi, Bengali, Malayalam, Sinhala, Kannada.
            "क्\u{200d}ष क्\u{200c}ष",
            "র\u{200d}্য",
            "ന്\u{200d} അവന്\u{200d}",
            "ශ්\u{200d}රී",
            "ರ\u{200d}್ಕ",
        ] {
            assert_eq!(one_line(text), text);
            assert_eq!(lines(text), text);
        }
    }

    #[test]
    fn escapes_joiners_without_an_effect() {
        for (sent, seen) in [
            ("pass\u{200d}word \u{200c}x", r"pass\u{200d}word \u{200c}x"),
            ("打\u{200d}印\u{200c}机", r"打\u{200d}印\u{200c}机"),
            ("\u{200c}", r"\u{200c}"),
            ("می\u{200c} روم", r"می\u{200c} روم"),
            ("می\u{200c}\u{200c}روم", r"می\u{200c}\u{200c}روم"),
            ("क\u{200d}ष", r"क\u{200d}ष"),
            ("क्\u{200d}\u{200d}ष", "क्\u{200d}\\u{200d}ष"),
            ("می\u{200b}روم\u{200f}", r"می\u{200b}روم\u{200f}"),
        ] {
            assert_eq!(one_line(sent), seen, "{sent:?}");
        }
    }
}

//! Text for the terminal holds nothing that acts or hides, and loses nothing.

use crate::view::clean::{is_unseen, lines, one_line};
use crate::view::json::for_terminal;

/// Checks a text.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (title, body) = (one_line(&text), lines(&text));
    assert!(!title.contains(acts_or_hides), "{title:?}");
    assert!(!body.contains(|seen| acts_or_hides(seen) && !matches!(seen, '\n' | '\t')), "{body:?}");
    assert_eq!(one_line(&title), title, "cleaned twice");
    assert_eq!(lines(&body), body, "cleaned twice");
    for cleaned in [&title, &body] {
        let mut cleaned = cleaned.chars();
        let is_kept =
            text.chars().filter(|sent| !is_unseen(*sent)).all(|sent| cleaned.any(|it| it == sent));
        assert!(is_kept, "what can be seen is kept: {text:?}");
    }
    let json = serde_json::to_string(&text).expect("a text is JSON");
    let shown = for_terminal(&json);
    assert!(!shown.contains(acts_or_hides), "{shown:?}");
    assert_eq!(serde_json::from_str::<String>(&shown).expect("it stays JSON"), text);
}

/// Characters that must not reach a terminal. Less than the program's own list, and written without it.
fn acts_or_hides(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

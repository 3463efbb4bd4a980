//! Text for the terminal has no control and no invisible characters, and keeps all visible ones.

use crate::view::clean::{self, is_unseen, lines, one_line};

/// Checks a text.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (title, body) = (one_line(&text), lines(&text));
    assert!(!title.contains(is_control_or_invisible), "{title:?}");
    assert!(
        !body.contains(|it| is_control_or_invisible(it) && !matches!(it, '\n' | '\t')),
        "{body:?}"
    );
    assert_eq!(one_line(&title), title, "cleaning is idempotent");
    assert_eq!(lines(&body), body, "cleaning is idempotent");
    for cleaned in [&title, &body] {
        let mut cleaned = cleaned.chars();
        let is_kept =
            text.chars().filter(|sent| !is_unseen(*sent)).all(|sent| cleaned.any(|it| it == sent));
        assert!(is_kept, "every visible character is kept: {text:?}");
    }
    let json = serde_json::to_string(&text).expect("a string is JSON");
    let shown = clean::json(&json);
    assert!(!shown.contains(is_control_or_invisible), "{shown:?}");
    assert_eq!(serde_json::from_str::<String>(&shown).expect("it stays JSON"), text);
}

/// Returns whether a character must not reach a terminal. The list is independent of the program's own, and shorter.
fn is_control_or_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

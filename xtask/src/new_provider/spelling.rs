//! Names: that of a provider, and those that Rust can have for the keys of a response.

use anyhow::{Result, ensure};

/// Words that Rust keeps for itself.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that the generated code uses itself.
const TAKEN: &[&str] =
    &["cursor", "unknown", "overrides", "response", "document", "id_place", "error", "map", "wire"];

/// Names that would be another crate, another folder, or a word of Rust.
const NO_PROVIDERS: &[&str] =
    &["ticket", "src", "build", "tests", "target", "fixtures", "xtask", "crates"];

/// Fails where a provider cannot be called so.
///
/// # Errors
/// Says what a name looks like.
pub(super) fn check_provider(name: &str) -> Result<()> {
    let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && (2..=24).contains(&name.len());
    ensure!(
        is_name,
        "`{name}` is no name for a provider: it has 2 to 24 small letters and digits, a letter first, such as `newdesk`; it \
         stands before the colon of an id, in names of variables and in those of crates"
    );
    ensure!(
        !NO_PROVIDERS.contains(&name) && !KEYWORDS.contains(&name),
        "`{name}` means something else already; choose another name, such as `{name}desk`"
    );
    Ok(())
}

/// The words of a name, in small letters: `createdAt`, `created-at` and `CREATED_AT` have the same two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for character in name.chars() {
        let begins = character.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if begins || !character.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if character.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(character.to_ascii_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The name of a member for this key.
pub(super) fn member(key: &str) -> String {
    let name = words(key).join("_");
    if name.is_empty() {
        "value".to_owned()
    } else if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("n{name}")
    } else if KEYWORDS.contains(&&*name) || TAKEN.contains(&&*name) {
        format!("{name}_value")
    } else {
        name
    }
}

/// Whether an object under this key has keys that are the tenant's own.
pub(super) fn is_tenants(key: &str) -> bool {
    matches!(&*member(key), "custom_fields" | "customized_fields" | "custom")
}

/// The name of a type for this key, or for this title.
pub(super) fn type_name(key: &str) -> String {
    let capital = |word: &String| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    };
    let name: String = words(key).iter().map(capital).collect();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("N{name}")
    }
}

/// One of what this key is the plural of.
pub(super) fn singular(key: &str) -> &str {
    let plural = ["ses", "xes", "ches"].iter().any(|end| key.ends_with(end));
    if plural {
        &key[..key.len() - 2]
    } else if key.ends_with('s') && !key.ends_with("ss") && key.len() > 2 {
        &key[..key.len() - 1]
    } else {
        key
    }
}

/// A name that none of these have, made of this one.
pub(super) fn unused(name: String, is_used: impl Fn(&str) -> bool) -> String {
    if !is_used(&name) {
        return name;
    }
    let other = |number: u32| format!("{name}{number}");
    (2..u32::MAX).map(other).find(|name| !is_used(name)).expect("there are more numbers than names")
}

#[cfg(test)]
mod tests {
    use super::{check_provider, member, singular, type_name};

    #[test]
    fn a_provider_has_a_name_that_can_stand_everywhere() {
        for name in ["newdesk", "desk2", "ab"] {
            assert!(check_provider(name).is_ok(), "{name}");
        }
        for name in
            ["", "a", "New", "new-desk", "new_desk", "2desk", "désk", "match", "ticket", "../x"]
        {
            assert!(check_provider(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_key_becomes_a_name_of_rust() {
        for (key, name) in [
            ("subject", "subject"),
            ("createdAt", "created_at"),
            ("Created-At", "created_at"),
            ("HTMLBody", "htmlbody"),
            ("type", "type_value"),
            ("at", "at_value"),
            ("2fa", "n2fa"),
            ("编号", "value"),
        ] {
            assert_eq!(member(key), name);
        }
    }

    #[test]
    fn an_object_becomes_a_type_of_its_own() {
        assert_eq!(type_name("chat_messages"), "ChatMessages");
        assert_eq!(type_name("Acorn Desk"), "AcornDesk");
        assert_eq!(type_name("1st"), "N1st");
        for (key, one) in
            [("messages", "message"), ("boxes", "box"), ("address", "address"), ("tag", "tag")]
        {
            assert_eq!(singular(key), one);
        }
    }
}

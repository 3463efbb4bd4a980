//! Nothing in the repository looks like a secret of somebody.

use crate::fault::Fault;
use crate::tidy::code::line_of;
use crate::tree::Tree;

/// Something that looks like a secret and is none.
struct Exception {
    /// Where it stands.
    path: &'static str,
    /// What it is, whole.
    text: &'static str,
    /// Why it is no secret.
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[];

/// Words in the name of a value that is kept secret.
const SECRET_NAMES: [&str; 4] = ["secret", "token", "password", "api_key"];

/// The faults of what looks like a secret.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    with_exceptions(tree, EXCEPTIONS)
}

fn with_exceptions(tree: &Tree, exceptions: &[Exception]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut is_met = vec![false; exceptions.len()];
    for (path, text) in tree.texts().filter(|(path, _)| *path != "Cargo.lock") {
        for (place, secret, what) in secrets(text) {
            let exception =
                exceptions.iter().position(|known| known.path == path && known.text == secret);
            if let Some(index) = exception {
                is_met[index] = true;
                continue;
            }
            faults.push(Fault::new(
                format!("{path}:{}", line_of(text, place)),
                format!("this looks like {what}"),
                "revoke it if it is one, and put zeros in its place; if it is none, say why in \
                 xtask/src/tidy/secrets.rs",
            ));
        }
    }
    let stale = exceptions.iter().zip(is_met).filter(|(_, is_met)| !is_met);
    faults.extend(stale.map(|(Exception { path, text, reason }, _)| {
        Fault::new(
            *path,
            format!("the exception for `{text}` ({reason}) is met by nothing"),
            "take it out of xtask/src/tidy/secrets.rs",
        )
    }));
    faults
}

/// What looks like a secret: its place, itself, and what it looks like.
fn secrets(text: &str) -> Vec<(usize, &str, &'static str)> {
    let mut found = Vec::new();
    for (place, word) in words(text, "-_") {
        found.extend(known_form(word).map(|what| (place, word, what)));
    }
    for (place, word) in words(text, "+/") {
        if is_random(word) {
            found.extend(announced(&text[..place]).map(|what| (place, word, what)));
        }
    }
    found.retain(|(_, word, _)| !is_example(word));
    let key = format!("{} KEY-----", "PRIVATE");
    found.extend(text.match_indices(&key).map(|(place, key)| (place, key, "a private key")));
    found
}

/// The words of a text that consist of letters, digits and these.
fn words<'t>(text: &'t str, others: &str) -> impl Iterator<Item = (usize, &'t str)> {
    let is_part = move |next: char| next.is_ascii_alphanumeric() || others.contains(next);
    text.split(move |next| !is_part(next))
        .filter(|word| word.len() >= 16)
        .map(move |word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

/// Whether a word says of itself that it is made up: it counts, or is all zeros.
fn is_example(word: &str) -> bool {
    let digits: Vec<_> = word.bytes().filter(u8::is_ascii_digit).collect();
    word.contains("0123456789") || (digits.len() >= 16 && digits.iter().all(|digit| *digit == b'0'))
}

/// What a word is by its form alone.
fn known_form(word: &str) -> Option<&'static str> {
    let is_alphanumeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if word.strip_prefix("t-").is_some_and(|rest| rest.len() >= 20 && is_alphanumeric(rest)) {
        return Some("a tenant access token");
    }
    if word.strip_prefix("cli_").is_some_and(|rest| rest.len() == 16 && is_alphanumeric(rest)) {
        return Some("the id of an app");
    }
    if word.strip_prefix("ht-").is_some_and(is_uuid) {
        return Some("a helpdesk token");
    }
    let is_cloud_key =
        word.strip_prefix("AKIA").is_some_and(|rest| rest.len() == 16 && is_alphanumeric(rest));
    let is_forge_token = ["ghp_", "gho_", "github_pat_", "glpat-", "xoxb-"]
        .iter()
        .any(|start| word.starts_with(start));
    (is_cloud_key || is_forge_token).then_some("a key of a service")
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Whether a word has the mixture of a key: no sentence, no name, no path, no zeros.
fn is_random(word: &str) -> bool {
    let is_base64 = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte));
    let has = |test: fn(&u8) -> bool| word.bytes().any(|byte| test(&byte));
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.len() >= 20 && is_base64 && has(u8::is_ascii_alphabetic) && digits >= 2
}

/// What the text before a word says that the word is.
fn announced(before: &str) -> Option<&'static str> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let value = line.trim_end_matches(['"', '\'', '`', ' ', '\\']);
    if value.ends_with("Basic") || value.ends_with("Bearer") {
        return Some("a header that logs in");
    }
    let name = value
        .strip_suffix([':', '='])
        .or_else(|| value.strip_suffix(','))
        .or_else(|| value.strip_suffix('('))?;
    let name = name.trim_end_matches(['"', '\'', '`', ' ', '\\']);
    let name = name
        .rsplit(|next: char| !next.is_ascii_alphanumeric() && next != '_')
        .next()?
        .to_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret)).then_some("the value of a secret")
}

#[cfg(test)]
mod tests {
    use super::{Exception, faults, with_exceptions};
    use crate::tidy::found;
    use crate::tree::Tree;

    #[test]
    fn what_looks_like_a_secret_is_noticed() {
        // Put together here, so that this file has none.
        let random = "aB3".repeat(8);
        for (text, what) in [
            (format!("t-{random}"), "a tenant access token"),
            (format!("cli_{}", "a1b2".repeat(4)), "the id of an app"),
            (format!("ht-{}1", "00000000-0000-0000-0000-00000000000"), "a helpdesk token"),
            (format!("Basic {random}"), "a header that logs in"),
            (format!("Authorization: Bearer {random}"), "a header that logs in"),
            (format!("\"app_secret\": \"{random}\""), "the value of a secret"),
            (format!("FEISHU_HELPDESK_TOKEN={random}"), "the value of a secret"),
            (format!(".api_key(\"{random}\")"), "the value of a secret"),
            (format!("-----BEGIN {} KEY-----", "PRIVATE"), "a private key"),
            (format!("AKIA{}", "Z9".repeat(8)), "a key of a service"),
            (format!("ghp_{random}"), "a key of a service"),
        ] {
            let expected = [format!("fixtures/any/a.json:2: this looks like {what}")];
            assert_eq!(
                found(faults, [("fixtures/any/a.json", &*format!("\n {text}"))]),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_secret_is_left_alone() {
        for text in [
            "ht-00000000-0000-0000-0000-000000000000",
            "\"msg\": \"app secret invalid\"",
            "\"ticket_id\": \"6626871355780366331\"",
            "base64(helpdesk_id:helpdesk_token)",
            "feishu_helpdesk_token: \"some.helpdesk.token\".to_owned()",
            "tenant_access_token: TenantAccessToken::default()",
            "Bearer {token}",
            "app_id: cli_0123456789abcdef",
            "a sha of 0123456789abcdef0123456789abcdef",
            "get-this-long-hyphenated-name-1",
        ] {
            assert_eq!(found(faults, [("docs/a.md", text)]), [""; 0], "{text}");
        }
    }

    #[test]
    fn an_exception_covers_what_it_names_and_nothing_else() {
        let secret = format!("t-{}", "aB3".repeat(8));
        let text: &'static str = String::leak(secret.clone());
        let exceptions =
            [Exception { path: "fixtures/any/a.json", text, reason: "an example of the page" }];
        let faults =
            |files: [(&str, &str); 1]| with_exceptions(&Tree::from(files), &exceptions).len();
        assert_eq!(faults([("fixtures/any/a.json", &secret)]), 0);
        assert_eq!(faults([("fixtures/any/a.json", "")]), 1, "the exception is stale");
        assert_eq!(faults([("fixtures/any/b.json", &secret)]), 2, "elsewhere, and stale");
    }
}

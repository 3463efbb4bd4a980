//! Text that looks like a real secret. Made-up ones count (`0123456789`) or are zeros.

use crate::tree::Tree;
use crate::violation::Violation;

const FIX: &str =
    "revoke it if it is real; a made-up one contains 0123456789 or only zeros as digits";

/// Finds text that looks like a secret in any text file.
pub(super) fn violations(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| !path.ends_with("Cargo.lock")) {
        for (index, line) in text.lines().enumerate() {
            if let Some(kind) = secret(line) {
                let location = format!("{path}:{}", index + 1);
                violations.push(Violation::new(location, format!("this looks like {kind}"), FIX));
            }
        }
    }
    violations
}

/// Returns the kind of secret that a line seems to contain.
fn secret(line: &str) -> Option<&'static str> {
    if line.contains(concat!("PRIVATE", " KEY-----")) {
        return Some("a private key");
    }
    let known =
        words(line, "-_").filter(|(_, word)| !is_example(word)).find_map(|(_, it)| known_form(it));
    known.or_else(|| {
        let mut random = words(line, "+/").filter(|(_, word)| is_random(word) && !is_example(word));
        random.find_map(|(position, _)| announced(&line[..position]))
    })
}

/// Returns the words of a line that consist of letters, digits and these characters, each with its position.
fn words<'t>(line: &'t str, others: &str) -> impl Iterator<Item = (usize, &'t str)> {
    let is_part = move |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    line.split(move |it| !is_part(it))
        .filter(|word| word.len() >= 16)
        .map(move |word| (word.as_ptr().addr() - line.as_ptr().addr(), word))
}

fn is_example(word: &str) -> bool {
    let mut digits = word.bytes().filter(u8::is_ascii_digit).peekable();
    word.contains("0123456789") || (digits.peek().is_some() && digits.all(|it| it == b'0'))
}

/// Recognises the keys of some services by their form.
fn known_form(word: &str) -> Option<&'static str> {
    let is_plain = |rest: &str| rest.bytes().all(|it| it.is_ascii_alphanumeric());
    let after = |start| word.strip_prefix(start).filter(|rest| is_plain(rest));
    let is_uuid = |rest: &str| rest.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if after("t-").is_some_and(|rest| rest.len() >= 20) {
        Some("a tenant access token")
    } else if after("cli_").is_some_and(|rest| rest.len() == 16) {
        Some("an app id")
    } else if word.strip_prefix("ht-").is_some_and(is_uuid) {
        Some("a helpdesk token")
    } else {
        let is_key = after("AKIA").is_some_and(|rest| rest.len() == 16)
            || ["ghp_", "gho_", "github_pat_", "glpat-", "xoxb-"]
                .iter()
                .any(|it| word.starts_with(it));
        is_key.then_some("an API key")
    }
}

/// Returns whether a word is a mixture of letters and digits, as keys are.
fn is_random(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.len() >= 20 && digits >= 2 && word.bytes().any(|it| it.is_ascii_alphabetic())
}

/// Says whether the text before a word calls it a secret: `Bearer `, `token = "`, `.api_key("`.
fn announced(before: &str) -> Option<&'static str> {
    const QUOTES: [char; 5] = ['"', '\'', '`', ' ', '\\'];
    let before = before.trim_end_matches(QUOTES);
    if before.ends_with("Basic") || before.ends_with("Bearer") {
        return Some("an authorization header");
    }
    let name = before.strip_suffix([':', '=', ',', '('])?.trim_end_matches(QUOTES);
    let name =
        name.rsplit(|it: char| !it.is_ascii_alphanumeric() && it != '_').next()?.to_lowercase();
    let is_secret = ["secret", "token", "password", "api_key"].iter().any(|it| name.contains(it));
    is_secret.then_some("the value of a secret")
}

#[cfg(test)]
mod tests {
    use super::secret;

    #[test]
    fn finds_what_looks_like_a_secret() {
        // Put together here, so that this file contains none.
        let random = "aB3".repeat(8);
        for (line, kind) in [
            (format!("t-{random}"), "a tenant access token"),
            (format!("cli_{}", "a1b2".repeat(4)), "an app id"),
            (format!("ht-{}1", "00000000-0000-0000-0000-00000000000"), "a helpdesk token"),
            (format!("Authorization: Bearer {random}"), "an authorization header"),
            (format!("\"app_secret\": \"{random}\""), "the value of a secret"),
            (format!("FEISHU_HELPDESK_TOKEN={random}"), "the value of a secret"),
            (format!(".api_key(\"{random}\")"), "the value of a secret"),
            (format!("-----BEGIN {} KEY-----", "PRIVATE"), "a private key"),
            (format!("AKIA{}", "Z9".repeat(8)), "an API key"),
            (format!("ghp_{random}"), "an API key"),
        ] {
            assert_eq!(secret(&line), Some(kind), "{line}");
        }
    }

    #[test]
    fn accepts_examples_and_other_text() {
        for line in [
            "ht-00000000-0000-0000-0000-000000000000",
            "\"ticket_id\": \"6626871355780366331\"",
            "base64(helpdesk_id:helpdesk_token)",
            "tenant_access_token: TenantAccessToken::default()",
            "Bearer {token}",
            "app_id: cli_0123456789abcdef",
            "get-this-long-hyphenated-name-1",
        ] {
            assert_eq!(secret(line), None, "{line}");
        }
    }
}

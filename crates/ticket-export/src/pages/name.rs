//! Names of files that every system accepts.

use sha2::{Digest, Sha256};

use crate::bag::hexadecimal;

const MAX_LENGTH: usize = 80;

/// Returns a name for a file, another one for each text, also where capital letters make no difference.
///
/// A text of small letters, digits, `-`, `_`, `.` and `@` is its own name. Others end with `~` and a part of their checksum.
pub(super) fn file_name(text: &str) -> String {
    let is_plain = |it: char| matches!(it, 'a'..='z' | '0'..='9' | '-' | '_' | '.' | '@');
    let has_plain_ends = !text.starts_with(['.', '-']) && !text.ends_with('.');
    if has_plain_ends
        && (1..=MAX_LENGTH).contains(&text.len())
        && text.chars().all(is_plain)
        && !is_reserved(text)
    {
        return text.to_owned();
    }
    let start = text.chars().take(MAX_LENGTH / 2).map(|it| {
        let lower = it.to_ascii_lowercase();
        if is_plain(lower) && lower != '.' { lower } else { '_' }
    });
    let checksum = hexadecimal(&Sha256::digest(text.as_bytes())[..8]);
    format!("{}~{checksum}", start.collect::<String>())
}

/// Returns whether Windows opens a device instead of a file.
fn is_reserved(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default();
    let is_numbered =
        |prefix: &str| matches!(stem.strip_prefix(prefix).map(str::as_bytes), Some([b'0'..=b'9']));
    matches!(stem, "con" | "prn" | "aux" | "nul") || is_numbered("com") || is_numbered("lpt")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::file_name;

    #[test]
    fn keeps_plain_names_and_replaces_others() {
        for plain in ["6626871355780366331", "feishu@prod", "tk_1-a.b", "console", "com10"] {
            assert_eq!(file_name(plain), plain);
        }
        let long = "9".repeat(200);
        let others = [
            "", ".", "..", "../x", "a/b", "a\\b", "A", "a ", "工单", "con", "nul.txt", "com1",
            ".a", "a.", "-a", "a~b", "a%2f", "a\0", &long,
        ];
        let names: BTreeSet<_> = others.iter().map(|it| file_name(it)).collect();
        assert_eq!(names.len(), others.len());
        for name in names {
            assert!(name.contains('~') && name.len() <= 80, "{name}");
            assert!(
                name.bytes().all(|it| it.is_ascii_lowercase()
                    || it.is_ascii_digit()
                    || b"-_@~".contains(&it)),
                "{name}"
            );
        }
    }
}

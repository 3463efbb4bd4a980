//! What a target begins with: the fixtures, and the words that responds are made of.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::targets::{Seeds, Target};
use crate::generated::TAKES;
use crate::providers::PROVIDERS;

/// What JSON, TOML and addresses are made of, and what has been trouble somewhere.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "null",
    "true",
    "false",
    "-1",
    "1e400",
    "-0",
    "0.03",
    "\\ud83d",
    "\\ude00",
    "\\u0000",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}",
    "\u{1b}[",
    "18446744073709551616",
    "2025-11-04T10:00:00+08:00",
    "1616920429000",
    "[profiles.",
    "\"\"\"",
    "'''",
    "%2e",
    "..",
    "//",
    "@",
    "retry-after",
    "<html>",
];

/// Writes the seeds of a target, and its dictionary.
///
/// # Errors
/// Where a file cannot be written.
pub(super) fn write(target: &Target, folder: &Path, dictionary: &Path) -> Result<()> {
    let put = |path: &Path, bytes: &[u8]| {
        fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
    };
    for (name, bytes) in seeds(target.seeds) {
        put(&folder.join(name), &bytes)?;
    }
    put(dictionary, words(target.seeds).as_bytes())
}

/// Each seed with a name of its own.
fn seeds(seeds: Seeds) -> Vec<(String, Vec<u8>)> {
    match seeds {
        Seeds::Texts(texts) => {
            let named =
                |(index, text): (usize, &&str)| (index.to_string(), text.as_bytes().to_vec());
            texts.iter().enumerate().map(named).collect()
        }
        Seeds::Responses(providers) => providers
            .iter()
            .flat_map(|provider| ticket_fixtures::of(provider))
            .map(|case| {
                let head = format!("{} application/json\n", case.http_status);
                (case.file.replace('/', "-"), [head.as_bytes(), case.body].concat())
            })
            .collect(),
    }
}

/// A dictionary as libFuzzer reads it: a word in quotes a line.
fn words(seeds: Seeds) -> String {
    let mut words: BTreeSet<&str> = PIECES.iter().copied().collect();
    if let Seeds::Responses(providers) = seeds {
        let decoders = PROVIDERS.iter().filter(|decoder| providers.contains(&decoder.provider()));
        for rule in decoders.flat_map(|decoder| decoder.rules()) {
            let keys = rule.sources.iter().flat_map(|source| source.split('/'));
            words.extend(keys.filter(|key| !key.is_empty() && !key.starts_with(['[', '*'])));
        }
    }
    let mut dictionary = String::new();
    for word in words {
        let bytes = word.bytes().map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\x{byte:02X}"),
        });
        writeln!(dictionary, "\"{}\"", bytes.collect::<String>()).expect(TAKES);
    }
    dictionary
}

#[cfg(test)]
mod tests {
    use super::{Seeds, seeds, words};
    use crate::fuzz::targets::TARGETS;

    #[test]
    fn every_fixture_is_a_seed_with_its_status_before_it() {
        let all = seeds(Seeds::Responses(&["feishu"]));
        assert_eq!(all.len(), ticket_fixtures::of("feishu").count());
        let (_, body) = all.iter().find(|(name, _)| name == "feishu-documented.json").unwrap();
        assert!(body.starts_with(b"200 application/json\n{"));
    }

    #[test]
    fn no_target_begins_with_nothing() {
        for target in TARGETS {
            assert!(seeds(target.seeds).len() > 3, "{}", target.name);
        }
    }

    #[test]
    fn the_keys_of_the_rules_are_words_and_words_stay_in_their_line() {
        let dictionary = words(Seeds::Responses(&["feishu"]));
        for word in [
            "\"ticket_id\"",
            "\"customized_fields\"",
            "\"\\\"\"",
            "\"\\\\ud83d\"",
            "\"\\x1B[\"",
            "\"\\xEF\\xBB\\xBF\"",
        ] {
            assert!(dictionary.lines().any(|line| line == word), "{word}");
        }
        assert!(!dictionary.contains("[i]"), "{dictionary}");
    }
}

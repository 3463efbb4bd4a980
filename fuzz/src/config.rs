//! A config file of any text is read or refused, and a value that stands in it is never told: two characters say what
//! is planted and where, and the text follows.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::providers::PROVIDERS;
use crate::settings::file::load;
use crate::view::json::compact;

/// What is planted in place of a secret.
const CANARY: &str = "canary_that_nobody_may_see";

/// The ways in which a value may stand in a file, rightly or wrongly.
const FORMS: [&str; 13] = [
    "KEY = \"VALUE\"",
    "KEY = 'VALUE'",
    "KEY = \"\"\"VALUE\"\"\"",
    "KEY = '''VALUE'''",
    "KEY = VALUE",
    "KEY = \"VALUE",
    "KEY = 'VALUE",
    "KEY = \"\"\"VALUE",
    "KEY = 7VALUE",
    "KEY = [\"VALUE\"]",
    "KEY = { a = \"VALUE\" }",
    "KEY = \"\\qVALUE\"",
    "KEY = \"http://user:VALUE@127.0.0.1:9\"",
];

/// Checks a config file.
pub fn check(input: &[u8]) {
    let [form, place, text @ ..] = input else { return };
    if text.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()) {
        return;
    }
    let keys: Vec<_> = PROVIDERS
        .iter()
        .flat_map(|provider| provider.settings)
        .filter(|setting| setting.is_secret)
        .map(|setting| setting.key)
        .chain(["tokn", "vocabulary", "proxy", "\"a b\""])
        .collect();
    let form = usize::from(*form);
    let line = FORMS[form % FORMS.len()]
        .replace("KEY", keys[form / FORMS.len() % keys.len()])
        .replace("VALUE", CANARY);
    let lines: Vec<_> = text.split(|byte| *byte == b'\n').collect();
    let (before, behind) = lines.split_at(usize::from(*place) % (lines.len() + 1));
    let file = [before, &[line.as_bytes()], behind].concat().join(&b'\n');
    let path = path();
    fs::write(path, &file).expect("the folder can be written to");
    match load(path) {
        Ok(profiles) => {
            hides(&format!("{profiles:?}"));
            for name in ["default", "work", "a"] {
                for provider in PROVIDERS {
                    match profiles.set(name, provider, true) {
                        Ok(values) => hides(&format!("{values:?}")),
                        Err(failure) => hides(&compact(&failure)),
                    }
                    match profiles.vocabulary(name, provider, true) {
                        Ok(_) => {}
                        Err(failure) => hides(&compact(&failure)),
                    }
                }
            }
        }
        Err(failure) => {
            hides(&compact(&failure));
            hides(failure.account().as_str());
        }
    }
}

fn hides(told: &str) {
    assert!(!told.contains(CANARY), "a value is told: {told}");
}

/// One file a process, which only its owner can read.
fn path() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("fuzzed-{}.toml", std::process::id()));
        fs::write(&path, "").expect("the folder can be written to");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mine = fs::Permissions::from_mode(0o600);
            fs::set_permissions(&path, mine).expect("the file is ours");
        }
        path
    })
}

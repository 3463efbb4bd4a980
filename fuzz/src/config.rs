//! Any config file is parsed or rejected, and its values are never printed. The first two bytes of an input select the line that is
//! inserted, with a canary as value, and its position; the file follows.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::providers::PROVIDERS;
use crate::settings::file::load;
use crate::view::json::compact;

/// The value that is inserted as a secret.
const CANARY: &str = "canary_that_must_not_be_printed";

/// Valid and invalid lines with a value.
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
    let [form, position, text @ ..] = input else { return };
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
    let (before, after) = lines.split_at(usize::from(*position) % (lines.len() + 1));
    let file = [before, &[line.as_bytes()], after].concat().join(&b'\n');
    let path = path();
    fs::write(path, &file).expect("the folder can be written to");
    match load(path) {
        Ok(profiles) => {
            assert_hidden(&format!("{profiles:?}"));
            for name in ["default", "work", "a"] {
                for provider in PROVIDERS {
                    match profiles.set(name, provider, true) {
                        Ok(values) => assert_hidden(&format!("{values:?}")),
                        Err(failure) => assert_hidden(&compact(&failure)),
                    }
                    match profiles.vocabulary(name, provider, true) {
                        Ok(_) => {}
                        Err(failure) => assert_hidden(&compact(&failure)),
                    }
                }
            }
        }
        Err(failure) => {
            assert_hidden(&compact(&failure));
            assert_hidden(failure.details().as_str());
        }
    }
}

/// Asserts that a text does not contain the canary.
fn assert_hidden(text: &str) {
    assert!(!text.contains(CANARY), "a value is printed: {text}");
}

/// Returns the path of a file that only its owner can read, one for each process.
fn path() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("fuzzed-{}.toml", std::process::id()));
        fs::write(&path, "").expect("the folder can be written to");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let private = fs::Permissions::from_mode(0o600);
            fs::set_permissions(&path, private).expect("the file is ours");
        }
        path
    })
}

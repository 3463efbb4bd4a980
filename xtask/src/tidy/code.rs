//! Code that some files must not contain. What clippy can check is in the root `Cargo.toml`.

use crate::tree::Tree;
use crate::violation::Violation;

/// Some code, and the files that must not contain it.
struct Ban {
    code: &'static [&'static str],
    /// Decides by the name of the crate's folder and the path below its `src`.
    files: fn(&str, &str) -> bool,
    fix: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        code: &["pub ", "pub("],
        files: |_, file| is_module(file, "wire"),
        fix: "a wire type is pub(crate) at most: the words of a service end at the provider",
    },
    Ban {
        code: &["..Default", "..Ticket", ", .. }", " { .. }"],
        files: |_, file| is_module(file, "map"),
        fix: "name every field, so that a new field does not compile until you handle it",
    },
    Ban {
        code: &[".await", "async fn", "::now("],
        files: |_, file| {
            ["map", "wire", "rules", "request"].iter().any(|name| is_module(file, name))
        },
        fix: "decoding is pure: await in source.rs, and take the time as an argument",
    },
    Ban {
        code: &["cfg(not(feature"],
        files: is_library,
        fix: "features only add: tests run with all of them",
    },
    Ban {
        code: &["env::var", "env::args", "println!(", "eprintln!(", "process::exit"],
        // The testkit runs in tests, and `UPDATE_DOCS` lets a test write its file.
        files: |package, file| is_library(package, file) && package != "ticket-testkit",
        fix: "only ticket-cli reads the environment, prints and exits",
    },
];

/// Finds banned code, line by line; comments and everything from the unit tests on are skipped.
pub(super) fn violations(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.ending_in("rs") {
        let package = path.strip_prefix("crates/").and_then(|path| path.split_once("/src/"));
        let Some((package, file)) = package else { continue };
        for (index, line) in text.lines().enumerate() {
            if line.starts_with("#[cfg(test)]") {
                break;
            }
            let line = line.trim_start();
            for Ban { code, files, fix } in BANS {
                let begins = |code: &&&str| line.contains(**code) && !line.contains("pub(crate)");
                let banned = code.iter().find(begins).filter(|_| !line.starts_with("//"));
                if let Some(code) = banned.filter(|_| files(package, file)) {
                    let location = format!("{path}:{}", index + 1);
                    let message = format!("`{}` is banned here", code.trim());
                    violations.push(Violation::new(location, message, *fix));
                }
            }
        }
    }
    violations
}

/// Returns whether a file is this module of a crate, or a file in its folder.
fn is_module(file: &str, name: &str) -> bool {
    file.split(['/', '.']).next() == Some(name)
}

fn is_library(package: &str, _: &str) -> bool {
    package != "ticket-cli"
}

#[cfg(test)]
mod tests {
    use super::violations;
    use crate::tidy::found;

    #[test]
    fn finds_banned_code_where_it_is_banned() {
        for (path, line, count) in [
            ("crates/a-provider/src/wire.rs", "pub struct Ticket {", 1),
            ("crates/a-provider/src/wire.rs", "pub(crate) struct Ticket {", 0),
            ("crates/a-provider/src/map/people.rs", "let Wire { id, .. } = wire;", 1),
            ("crates/a-provider/src/map.rs", "Ticket { id, ..Default::default() }", 1),
            ("crates/a-provider/src/map.rs", "// as in Ticket { id, .. }", 0),
            ("crates/a-provider/src/map.rs", "let now = Timestamp::now();", 1),
            ("crates/a-provider/src/source.rs", "let now = Timestamp::now();", 0),
            ("crates/ticket-core/src/lib.rs", "#[cfg(not(feature = \"http\"))]", 1),
            ("crates/ticket-core/src/lib.rs", "    std::env::var(\"HOME\")", 1),
            ("crates/ticket-cli/src/main.rs", "    std::env::var(\"HOME\")", 0),
            ("crates/ticket-core/src/lib.rs", "#[cfg(test)]\nmod tests { println!(\"x\") }", 0),
        ] {
            assert_eq!(found(violations, [(path, line)]).len(), count, "{path}: {line}");
        }
    }
}

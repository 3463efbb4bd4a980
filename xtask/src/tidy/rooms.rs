//! Where a line of code lives: words that must not stand in some files.

use super::code::{code_only, line_of};
use crate::fault::Fault;
use crate::tree::Tree;

/// Something that must not stand in the code of some files.
struct Ban {
    /// What must not stand there.
    what: &'static str,
    /// The files that it concerns, by their path.
    concerns: fn(&str) -> bool,
    /// Whether it begins at this place of the code, given what stands before it and from it on.
    begins: fn(&str, &str) -> bool,
    /// What to do instead.
    mend: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        what: "something left for later",
        concerns: |_| true,
        begins: |before, here| word(before, here, &["todo!", "unimplemented!", "dbg!"]),
        mend: "do it now, or leave it out",
    },
    Ban {
        what: "a test that is not run",
        concerns: |_| true,
        begins: |_, here| here.starts_with("#[ignore"),
        mend: "make it fast and certain, or take it out",
    },
    Ban {
        what: "a wire type that others could see",
        concerns: |path| is_part_of_provider(path, &["wire"]),
        begins: |before, here| word(before, here, &["pub "]),
        mend: "pub(crate): their words end at the door",
    },
    Ban {
        what: "a mapping that leaves a field to chance",
        concerns: |path| is_part_of_provider(path, &["map"]),
        begins: is_rest,
        mend: "name every field, so that a new one does not compile until someone decides",
    },
    Ban {
        what: "a mapping that leaves a field to a default",
        concerns: |path| is_part_of_provider(path, &["map"]),
        begins: is_update,
        mend: "name every field, so that a new one does not compile until someone decides",
    },
    Ban {
        what: "something that waits, where everything is pure",
        concerns: is_pure,
        begins: |before, here| here.starts_with(".await") || word(before, here, &["async "]),
        mend: "await in source.rs",
    },
    Ban {
        what: "a clock, where everything is pure",
        concerns: is_pure,
        begins: |_, here| here.starts_with("::now("),
        mend: "the same responses, read the same way, give an equal ticket; take the time from whoever calls",
    },
    Ban {
        what: "code for the absence of a feature",
        concerns: is_library,
        begins: |before, here| word(before, here, &["cfg(not(feature", "cfg!(not(feature"]),
        mend: "features only add: tests are run with all of them",
    },
    Ban {
        what: "a library that reads the environment",
        concerns: is_library,
        begins: |before, here| word(before, here, &["env::var", "env::args", "env::home_dir"]),
        mend: "read it in ticket-cli and hand it over",
    },
    Ban {
        what: "a library that prints or exits",
        concerns: is_library,
        begins: |before, here| {
            word(before, here, &["println!", "eprintln!", "print!", "eprint!", "process::exit"])
        },
        mend: "return it; ticket-cli prints and exits",
    },
];

/// The faults of lines that live in the wrong room.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending_in("rs") {
        let code = code_only(text);
        for Ban { what, concerns, begins, mend } in BANS {
            if !concerns(path) {
                continue;
            }
            let places = code.char_indices().filter(|(place, character)| {
                !character.is_whitespace() && begins(&code[..*place], &code[*place..])
            });
            faults.extend(places.map(|(place, _)| {
                Fault::new(format!("{path}:{}", line_of(&code, place)), *what, *mend)
            }));
        }
    }
    faults
}

/// A file of a provider's sources: `NAME.rs`, or a file in the folder `NAME`.
fn is_part_of_provider(path: &str, names: &[&str]) -> bool {
    let Some(path) = path.strip_prefix("crates/") else { return false };
    let Some((package, file)) = path.split_once("/src/") else { return false };
    let name = file.split(['/', '.']).next().unwrap_or_default();
    package.ends_with("-provider") && names.contains(&name)
}

/// Everything between bytes and ticket, and from an id to a request.
fn is_pure(path: &str) -> bool {
    is_part_of_provider(path, &["wire", "map", "rules", "error", "request"])
        || path.starts_with("crates/ticket-model/src/")
        || path.starts_with("crates/ticket-core/src/decode/")
        || ["decoder", "retry_after"]
            .iter()
            .any(|name| path == format!("crates/ticket-core/src/{name}.rs"))
}

fn is_library(path: &str) -> bool {
    path.starts_with("crates/") && path.contains("/src/") && !path.starts_with("crates/ticket-cli/")
}

/// Whether one of these words begins here, and is not the end of a longer one.
fn word(before: &str, here: &str, words: &[&str]) -> bool {
    let is_in_word = before.ends_with(|last: char| last.is_alphanumeric() || last == '_');
    !is_in_word && words.iter().any(|word| here.starts_with(word))
}

/// `{ a, .. }`: the rest of a struct.
fn is_rest(_: &str, here: &str) -> bool {
    here.strip_prefix("..").is_some_and(|after| after.trim_start().starts_with('}'))
}

/// `{ a, ..other }`: the rest of a struct from another one.
fn is_update(before: &str, here: &str) -> bool {
    let follows = before.trim_end().ends_with([',', '{']);
    let is_value = |after: &str| {
        after.starts_with(|next: char| next.is_alphabetic() || matches!(next, '_' | '<' | '*'))
    };
    follows && here.strip_prefix("..").is_some_and(is_value)
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::found;

    #[test]
    fn a_line_in_the_wrong_room_is_noticed() {
        let wire = "crates/any-provider/src/wire.rs";
        let map = "crates/any-provider/src/map.rs";
        let map_of_people = "crates/any-provider/src/map/people.rs";
        let library = "crates/ticket-core/src/request.rs";
        for (path, line, what) in [
            (library, "todo!()", "something left for later"),
            ("crates/ticket-cli/src/main.rs", "dbg!(x);", "something left for later"),
            ("xtask/src/main.rs", "unimplemented!()", "something left for later"),
            (
                "crates/any-provider/tests/mapping.rs",
                "#[ignore = \"slow\"]",
                "a test that is not run",
            ),
            (wire, "pub struct Ticket {}", "a wire type that others could see"),
            (wire, "pub(crate) struct T { pub id: u8 }", "a wire type that others could see"),
            (
                map,
                "let wire::Ticket { id, .. } = ticket;",
                "a mapping that leaves a field to chance",
            ),
            (map_of_people, "f(|Person { .. }| x);", "a mapping that leaves a field to chance"),
            (
                map,
                "Ticket { id, ..Default::default() }",
                "a mapping that leaves a field to a default",
            ),
            (map, "Ticket { ..Ticket::default() }", "a mapping that leaves a field to a default"),
            (map, "Ticket { id, ..other }", "a mapping that leaves a field to a default"),
            (map, "fetch().await", "something that waits, where everything is pure"),
            (wire, "pub(crate) async fn f() {}", "something that waits, where everything is pure"),
            (map, "Timestamp::now()", "a clock, where everything is pure"),
            (library, "#[cfg(not(feature = \"http\"))]", "code for the absence of a feature"),
            (library, "if cfg!(not(feature = \"http\")) {}", "code for the absence of a feature"),
            (library, "std::env::var(\"HOME\")", "a library that reads the environment"),
            (library, "println!(\"x\")", "a library that prints or exits"),
            (library, "std::process::exit(1)", "a library that prints or exits"),
        ] {
            let expected = format!("{path}:2: {what}");
            assert_eq!(found(faults, [(path, &*format!("//! x\n{line}\n"))]), [expected], "{line}");
        }
    }

    #[test]
    fn what_lives_where_it_should_is_no_fault() {
        let map = "crates/any-provider/src/map.rs";
        for (path, line) in [
            (map, "for i in 0..n {}"),
            (map, "text[..2].len() + text[a..].len()"),
            (map, "matches!(x, [_, ..])"),
            (map, "(1..=5).contains(&x)"),
            (map, "// Ticket { id, .. }"),
            (map, "f(\"todo!() .. }\")"),
            ("crates/any-provider/src/error.rs", "let Refusal { code, .. } = refusal;"),
            ("crates/any-provider/src/wire.rs", "pub(crate) struct T { pub(super) id: u8 }"),
            ("crates/any-provider/src/source.rs", "client.send().await"),
            ("crates/ticket-cli/src/main.rs", "println!(\"{}\", env::var(\"X\"))"),
            ("crates/ticket-core/tests/any.rs", "println!()"),
            (
                "crates/ticket-core/src/lib.rs",
                "#![cfg_attr(not(feature = \"http\"), doc = \"Reads.\")]",
            ),
            ("crates/ticket-core/src/source.rs", "env!(\"CARGO_PKG_VERSION\")"),
            ("xtask/src/main.rs", "std::process::exit(1)"),
        ] {
            assert_eq!(found(faults, [(path, &*format!("//! x\n{line}\n"))]), [""; 0], "{line}");
        }
    }
}

//! A provider is put into a copy of the workspace and taken out again; nothing is compiled.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ticket_core::mapping::tree::Tree;

use super::asked::Asked;
use super::login::Login;
use super::{make, remove};

/// The files that are not a provider's own, as they stand in the workspace.
const FILES: [&str; 9] = [
    "Cargo.toml",
    "README.md",
    "crates/ticket-cli/Cargo.toml",
    "crates/ticket-cli/src/providers.rs",
    "docs/architecture.md",
    "fixtures/README.md",
    "xtask/Cargo.toml",
    "xtask/fuzz/Cargo.toml",
    "xtask/src/providers.rs",
];

/// A copy of these files, which is gone when this value is dropped.
struct Copy(PathBuf);

impl Copy {
    fn make(name: &str) -> Self {
        let root = crate::cargo::root().join("target/new-provider").join(name);
        let copy = Self(root);
        // An earlier run may have been stopped.
        let _ = fs::remove_dir_all(&copy.0);
        for path in FILES {
            let file = copy.0.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::copy(crate::cargo::root().join(path), file).unwrap();
        }
        copy
    }

    /// Every file by its path.
    fn files(&self) -> BTreeMap<PathBuf, String> {
        fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(&path, files);
                } else {
                    files.insert(path.clone(), fs::read_to_string(&path).unwrap());
                }
            }
        }
        let mut files = BTreeMap::new();
        collect(&self.0, &mut files);
        files
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const RESPONSE: &str = r#"{"ok": true, "ticket": {"id": 42, "subject": "A jam", "type": "task", "tags": ["a"], "fields": {},
    "customer": {"name": "Ada"}, "messages": [{"body": "It jams.", "at": "2026-05-04T09:00:00Z"}]}}"#;

fn asked(name: &str, login: Login) -> Asked {
    Asked {
        name: name.to_owned(),
        title: "Acorn Desk".to_owned(),
        type_name: super::spelling::type_name(&format!("{name} desk")),
        responses: vec![("ticket".to_owned(), RESPONSE.to_owned(), Tree::parse(RESPONSE).unwrap())],
        id: "/ticket/id".to_owned(),
        path: "/api/tickets/{id}.json".to_owned(),
        login,
        base_url: "https://api.trial.example".to_owned(),
        guesses: Vec::new(),
    }
}

#[test]
fn a_provider_that_is_taken_out_leaves_every_file_as_it_was() {
    let copy = Copy::make("and_back");
    let before = copy.files();
    for login in [Login::Bearer, Login::Basic, Login::Header("x-key".to_owned())] {
        make(&copy.0, &asked("trial", login)).unwrap();
        make(&copy.0, &asked("zztrial", Login::Bearer)).unwrap();
        let there = copy.files();
        let program = copy.text("crates/ticket-cli/src/providers.rs");
        assert!(program.contains("\nmod trial;\nmod zztrial;\n"), "{program}");
        assert!(FILES.iter().all(|path| there[&copy.0.join(path)] != before[&copy.0.join(path)]));
        remove::remove(&copy.0, "trial", []).unwrap();
        remove::remove(&copy.0, "zztrial", []).unwrap();
        for (path, text) in copy.files() {
            assert_eq!(before.get(&path), Some(&text), "{}", path.display());
        }
        assert_eq!(copy.files().len(), before.len());
    }
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let copy = Copy::make("wrong");
    let before = copy.files();
    let mut no_id = asked("trial", Login::Bearer);
    no_id.id = "/ticket/number".to_owned();
    let error = make(&copy.0, &no_id).unwrap_err().to_string();
    assert!(error.contains("perhaps it is one of /ticket/id"), "{error}");
    let mut twice = asked("trial", Login::Bearer);
    twice.type_name = "Feishu".to_owned();
    let error = format!("{:#}", make(&copy.0, &twice).unwrap_err());
    assert!(error.contains("another provider has the type Feishu"), "{error}");
    fs::write(copy.0.join("xtask/src/providers.rs"), "//! Nothing.\n").unwrap();
    let error = format!("{:#}", make(&copy.0, &asked("trial", Login::Bearer)).unwrap_err());
    assert!(error.starts_with("xtask/src/providers.rs is not as it was"), "{error}");
    assert_eq!(copy.files().len(), before.len());
}

#[test]
fn a_name_that_is_taken_and_one_that_others_need_are_refused() {
    let copy = Copy::make("taken");
    make(&copy.0, &asked("trial", Login::Bearer)).unwrap();
    let again = make(&copy.0, &asked("trial", Login::Bearer)).err().unwrap().to_string();
    assert!(again.starts_with("crates/trial-provider is there already"), "{again}");
    let manifest =
        ("crates/ticket-benchmarks/Cargo.toml", "trial-provider.workspace = true".to_owned());
    let needed = remove::remove(&copy.0, "trial", [manifest]).unwrap_err().to_string();
    assert!(
        needed.starts_with("crates/ticket-benchmarks/Cargo.toml also needs trial-provider"),
        "{needed}"
    );
    assert!(
        remove::remove(&copy.0, "notrial", []).unwrap_err().to_string().contains("no provider")
    );
    assert!(copy.text("Cargo.toml").contains("\ntrial-provider = { path = "));
}

/// The files of `docs/example-provider` that are as the task makes them; the others are what its author has decided.
const AS_MADE: [&str; 4] = ["lib.rs", "wire.rs", "request.rs", "source.rs"];

#[test]
fn the_example_outside_of_the_workspace_is_what_the_task_makes() {
    let folder = crate::cargo::root().join("docs/example-provider");
    let made = super::example().unwrap();
    for name in AS_MADE {
        let path = format!("src/{name}");
        let (_, text) = made.iter().find(|(known, _)| *known == path).unwrap();
        // Of what stands around the ticket its author has decided there.
        let text = text.replace("cursor.undecided(request);", "cursor.text(request);");
        let file = folder.join("src").join(name);
        if std::env::var_os("WRITE_PAGES").is_some() {
            fs::write(&file, &text).unwrap();
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            found == *text,
            "{name} is stale; WRITE_PAGES=1 cargo test -p xtask new_provider writes it"
        );
    }
}

#[test]
fn every_leaf_has_a_row_and_is_kept_until_somebody_decides() {
    let copy = Copy::make("rows");
    let made = make(&copy.0, &asked("trial", Login::Bearer)).unwrap();
    assert_eq!(made.undecided, 8);
    let rules = copy.text("crates/trial-provider/src/rules.rs");
    for row in [
        "    Rule::undecided(&[\"/ok\"]),\n    Rule::required(&[\"id\"], &[\"/ticket/id\"]),\n",
        "    Rule::undecided(&[\"/ticket/fields\"]),\n    Rule::undecided(&[\"/ticket/customer/name\"]),\n",
        "    Rule::undecided(&[\"/ticket/messages/[i]/at\"]),\n",
    ] {
        assert!(rules.contains(row), "{row}\nis not in\n{rules}");
    }
    let map = copy.text("crates/trial-provider/src/map.rs");
    for line in [
        "let id = cursor.integer_id(id).ok_or_else(|| {",
        "    cursor.undecided(type_value);\n    cursor.undecided(tags);\n    cursor.undecided(fields);\n    if let Some((cursor, customer)) = cursor.object(customer) {",
        "    cursor.list(messages, message);\n",
        "fn message(cursor: &Cursor<'_>, message: wire::Message<'_>) {\n    let wire::Message { body, at_value, unknown } = message;\n",
    ] {
        assert!(map.contains(line), "{line}\nis not in\n{map}");
    }
    let request = copy.text("crates/trial-provider/src/request.rs");
    assert!(request.contains("let segment = format!(\"{id}.json\");"), "{request}");
}

#[test]
fn the_page_shows_what_is_printed_and_what_the_example_does() {
    let root = crate::cargo::root();
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let page = read("docs/adding-a-provider.md");
    let asked = Asked { id: "/ticket/id".to_owned(), ..asked("acorn", Login::Bearer) };
    let made = super::files::Made {
        files: Vec::new(),
        section: String::new(),
        undecided: super::example()
            .unwrap()
            .iter()
            .map(|(_, text)| text.matches("    Rule::undecided(").count())
            .sum(),
        example: "42".to_owned(),
    };
    let left = super::what_is_left(&asked, &made);
    assert!(page.contains(&format!("```text\n{left}```")), "the page should say:\n{left}");
    let proposal = super::left::told(&super::left::Leaf {
        ticket: "/ticket",
        source: "/ticket/subject",
        value: "\"The printer on floor 3 jams\"",
        time: None,
    });
    assert!(page.contains(&format!("```text\n{proposal}```")), "the page should say:\n{proposal}");
    let sources: Vec<_> = ["capabilities", "error", "lib", "map", "rules", "wire"]
        .map(|name| read(&format!("docs/example-provider/src/{name}.rs")))
        .into();
    let blocks: Vec<_> = page.split("\n```rust\n").skip(1).collect();
    assert!(blocks.len() > 10, "the page shows code");
    for block in blocks {
        let (block, _) = block.split_once("\n```").unwrap();
        assert!(sources.iter().any(|text| text.contains(block)), "not in the example:\n{block}");
    }
    let manifest = read("docs/example-provider/Cargo.toml");
    let (_, block) = page.split_once("```toml\n").unwrap();
    assert!(manifest.contains(block.split("```").next().unwrap()));
}

//! Creates providers in a small workspace, which is not compiled: `cargo xtask example` does that.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{COPIED, EXAMPLE, MARK, REGISTRIES, create, registered};
use crate::cargo;

/// A row of the registry.
const FEISHU: &str = "crates/ticket-cli/src/providers/feishu.rs";

/// Returns a workspace with the files that `create` reads.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let examples = COPIED.iter().map(|path| format!("{EXAMPLE}/{path}"));
    let others = REGISTRIES.iter().map(|path| (*path).to_owned());
    let more = ["LICENSE-APACHE", "LICENSE-MIT", "docs/example-provider/ticket-cli.rs", FEISHU];
    for path in examples.chain(others).chain(more.map(str::to_owned)) {
        let file = root.path().join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::copy(cargo::root().join(&path), file).unwrap();
    }
    root
}

/// Returns all files below a folder, by their paths.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

fn response(root: &TempDir, text: &str) -> String {
    let file = root.path().join("response.json");
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn creates_and_registers_a_provider() {
    let root = workspace();
    let file = response(&root, r#"{"data": {"ticket": {"id": 7, "subject": "A jam"}}}"#);
    // The title contains a name of the example.
    let words = ["zendo", "--title", "Zen acorn & Co.", "--response", &file];
    let next = create(root.path(), &words).unwrap();
    assert!(next.contains("1 fields are undecided"), "{next}");
    let files = files(root.path());
    let created: Vec<_> =
        files.keys().filter_map(|path| path.strip_prefix("crates/zendo-provider/")).collect();
    assert_eq!(
        created,
        [
            "Cargo.toml",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "src/capabilities.rs",
            "src/error.rs",
            "src/lib.rs",
            "src/map.rs",
            "src/mapping.json",
            "src/request.rs",
            "src/source.rs",
            "src/wire.rs",
            "tests/contract.rs",
            "tests/responses/another_ticket.json",
            "tests/responses/ticket.json",
        ]
    );
    for (path, text) in [
        ("Cargo.toml", "zendo-provider = { path = \"crates/zendo-provider\", version"),
        ("crates/ticket-cli/Cargo.toml", "\nzendo-provider = { workspace = true"),
        ("crates/ticket-cli/src/providers.rs", "\nmod zendo;\n"),
        ("crates/ticket-cli/src/providers.rs", ", zendo::PROVIDER"),
        ("crates/ticket-cli/src/providers/zendo.rs", "Setting::secret(\"token\", \"ZENDO_TOKEN\")"),
        ("crates/zendo-provider/src/lib.rs", "pub struct Zendo;"),
        ("crates/zendo-provider/src/lib.rs", "        \"Zen acorn & Co.\"\n"),
        ("crates/zendo-provider/src/source.rs", "pub struct ZendoSource {"),
        ("crates/zendo-provider/tests/contract.rs", ".ticket(\"7\", TICKET)"),
        ("crates/zendo-provider/tests/contract.rs", ".ticket(\"1\", ANOTHER_TICKET)"),
        (
            "crates/zendo-provider/tests/responses/another_ticket.json",
            "{\"data\":{\"ticket\":{\"id\":1,\"subject\":\"A jam\"}}}\n",
        ),
        ("fuzz/Cargo.toml", "zendo-provider = { workspace = true"),
    ] {
        assert!(files[path].contains(text), "{path} lacks {text}:\n{}", files[path]);
    }
    for (path, text) in files.iter().filter(|(path, _)| path.contains("zendo")) {
        let text = text.replace("Zen acorn & Co.", "").to_lowercase();
        assert!(!text.contains("acorn") && !text.contains(MARK), "{path}:\n{text}");
    }
}

/// Options, and the files and texts that they lead to.
type Case = (&'static [&'static str], &'static [(&'static str, &'static str)]);

#[test]
fn writes_the_chosen_credentials_and_base_url() {
    let cases: &[Case] = &[
        (
            &["--auth", "scheme:token", "--base-url", "https://zen.example/acorn/"],
            &[
                ("src/source.rs", "Authorization::default().with_scheme(\"token\", &token)"),
                ("src/request.rs", "BASE_URL: &str = \"https://zen.example/acorn\";"),
            ],
        ),
        (
            &["--auth", "header:x-api-key"],
            &[
                ("src/source.rs", "Authorization::default().with(\"x-api-key\", &token)"),
                ("src/request.rs", "BASE_URL: &str = \"https://api.zendo.example\";"),
            ],
        ),
        (
            &["--auth", "basic", "--base-url", "none"],
            &[
                ("src/source.rs", "Authorization::default().with_basic(&name, &password)"),
                ("src/source.rs", "config.client(&Zendo, None, |_| authorization(user))"),
                ("src/lib.rs", "pub use request::get_ticket;"),
                ("tests/contract.rs", ".user(\"user\", PASSWORD)"),
                ("tests/contract.rs", "\"no base URL\""),
                (
                    "README.md",
                    ".base_url(\"https://desk.example.com\").user(\"user\", \"password\")",
                ),
                ("cli", "Setting::secret(\"password\", \"ZENDO_PASSWORD\").required()"),
                ("cli", "Setting::visible(\"base_url\", \"ZENDO_BASE_URL\").required()"),
            ],
        ),
    ];
    for (access, expected) in cases {
        let root = workspace();
        let file = response(&root, r#"{"id": 7}"#);
        create(root.path(), &[&["zendo", "--response", &file], *access].concat()).unwrap();
        let files = files(root.path());
        for (path, text) in *expected {
            let path = match *path {
                "cli" => "crates/ticket-cli/src/providers/zendo.rs".to_owned(),
                path => format!("crates/zendo-provider/{path}"),
            };
            assert!(files[&path].contains(text), "{path} lacks {text}:\n{}", files[&path]);
        }
        let is_left = |word: &str| {
            files.iter().any(|(path, text)| path.contains("zendo") && text.contains(word))
        };
        assert_eq!(is_left("pub const BASE_URL"), !access.contains(&"none"), "{access:?}");
        assert_eq!(is_left("ZENDO_TOKEN"), !access.contains(&"basic"), "{access:?}");
    }
}

#[test]
fn leaves_the_workspace_alone_after_an_error() {
    let root = workspace();
    let file = response(&root, r#"{"ticket": {"id": 7}}"#);
    let before = files(root.path());
    let taken = root.path().join("crates/taken-provider");
    fs::create_dir_all(&taken).unwrap();
    for (words, message) in [
        (&[][..], "missing NAME"),
        (&["Zendo"], "invalid name \"Zendo\""),
        (&["z"], "invalid name"),
        (&["zen-do"], "invalid name"),
        (&["../zendo"], "invalid name"),
        (&["match"], "the name \"match\" is reserved"),
        (&["ticket"], "the name \"ticket\" is reserved"),
        (&["zendo"], "missing --response FILE"),
        (&["zendo", "--response"], "--response needs a value"),
        (&["zendo", "--mood", "good"], "unknown option \"--mood\""),
        (&["zendo", "--id", "/a", "--id", "/b"], "--id is given twice"),
        (&["zendo", "--response", "x", "--title", "a\"b"], "invalid title"),
        (&["zendo", "--response", &file, "--auth", "oauth"], "invalid --auth \"oauth\""),
        (&["zendo", "--response", &file, "--base-url", "acme"], "invalid --base-url \"acme\""),
        (&["zendo", "--response", "no such file"], "cannot read no such file"),
        (&["zendo", "--response", &file, "--id", "/number"], "no object has a value at /number"),
        (&["taken", "--response", &file], "crates/taken-provider already exists"),
        (
            &["feishu", "--response", &file],
            "crates/ticket-cli/src/providers/feishu.rs already exists",
        ),
    ] {
        let error = format!("{:#}", create(root.path(), words).unwrap_err());
        assert!(error.contains(message), "{words:?}: {error}");
    }
    fs::write(root.path().join(REGISTRIES[1]), "[package]\n").unwrap();
    let error = create(root.path(), &["zendo", "--response", &file]).unwrap_err().to_string();
    assert_eq!(error, "crates/ticket-cli/Cargo.toml has no line about engagelab to repeat");
    fs::write(root.path().join(REGISTRIES[1]), &before[REGISTRIES[1]]).unwrap();
    assert_eq!(files(root.path()), before);
}

#[test]
fn undoes_everything_if_a_file_cannot_be_written() {
    let root = workspace();
    let file = response(&root, r#"{"id": 7}"#);
    // A file where a folder has to be: the crate is written, and its row in the registry cannot be.
    let rows = root.path().join("crates/ticket-cli/src/providers");
    fs::remove_dir_all(&rows).unwrap();
    fs::write(rows, "").unwrap();
    let before = files(root.path());
    let error = create(root.path(), &["zendo", "--response", &file]).unwrap_err().to_string();
    assert!(error.contains("cannot write crates/ticket-cli/src/providers/zendo.rs"), "{error}");
    assert_eq!(files(root.path()), before);
}

#[test]
fn repeats_the_lines_of_engagelab() {
    let text = "mod engagelab;\nmod x;\nA = &[b::PROVIDER, engagelab::PROVIDER];\nengagelab-provider = 1\n";
    let registered = registered(text, "zendo").unwrap();
    assert_eq!(
        registered,
        "mod engagelab;\nmod zendo;\nmod x;\nA = &[b::PROVIDER, engagelab::PROVIDER, zendo::PROVIDER];\n\
         engagelab-provider = 1\nzendo-provider = 1\n"
    );
    assert_eq!(super::registered("nothing", "zendo"), None);
}

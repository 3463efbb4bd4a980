//! `cargo xtask new-provider NAME`: copies `docs/example-provider` under a new name, for the response of another service.

mod access;
mod code;
mod response;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::cargo;
use access::Access;
use response::Response;

const USAGE: &str = "\
Creates crates/NAME-provider from docs/example-provider, and adds it to ticket-cli.

Usage: cargo xtask new-provider NAME --response FILE [--id POINTER] [--title TEXT]
                                     [--auth KIND] [--base-url URL]

  NAME             2 to 20 lower-case letters and digits, as in `NAME:42`
  --response FILE  a response of the service that contains one ticket, as JSON
  --id POINTER     where the response has the ticket's id, as in /data/ticket_id;
                   default: the key `id` that is nested least
  --title TEXT     the name of the service; default: NAME with a capital letter
  --auth KIND      how a request is authorized; default: bearer
                     bearer         Authorization: Bearer TOKEN
                     scheme:WORD    Authorization: WORD TOKEN, as in scheme:token
                     basic          HTTP Basic with a user and a password
                     header:NAME    a secret header, as in header:x-api-key
  --base-url URL   the documented base URL, or `none` if each customer has one;
                   default: a placeholder in src/request.rs

Guide: docs/adding-a-provider.md
";

const EXAMPLE: &str = "docs/example-provider";
/// A line with this mark belongs to the example alone.
const MARK: &str = "example only";
/// The files that are copied, except `wire.rs`, `map.rs` and `mapping.json`, which are generated.
const COPIED: [&str; 8] = [
    "Cargo.toml",
    "README.md",
    "src/capabilities.rs",
    "src/error.rs",
    "src/lib.rs",
    "src/request.rs",
    "src/source.rs",
    "tests/contract.rs",
];
/// Names that would collide in Rust, or with the variables of ticket-cli.
const RESERVED: [&str; 10] =
    ["acorn", "alloc", "core", "crate", "self", "std", "super", "test", "ticket", "xtask"];

/// The files that register a provider. Each line about the provider of EngageLab is repeated for the new one.
const REGISTRIES: [&str; 4] = [
    "Cargo.toml",
    "crates/ticket-cli/Cargo.toml",
    "crates/ticket-cli/src/providers.rs",
    // The fuzz targets compile files of ticket-cli.
    "fuzz/Cargo.toml",
];

/// The arguments of the command line.
#[derive(Debug)]
struct Arguments<'a> {
    name: &'a str,
    title: String,
    response: &'a str,
    id: Option<&'a str>,
    access: Access<'a>,
}

/// Creates a provider, or prints the usage.
///
/// # Errors
/// If an argument, the response or the workspace does not allow it; nothing is written then.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    if words.iter().any(|word| ["--help", "-h"].contains(word)) {
        print!("{USAGE}");
        return Ok(());
    }
    let next = create(cargo::root(), words)?;
    let package = format!("{}-provider", words[0]);
    cargo::run(&["fmt", "--package", &package, "--package", "ticket-cli"])?;
    print!("{next}");
    Ok(())
}

/// Creates a provider in the workspace at `root`, and returns what to do next.
///
/// # Errors
/// As [`run`].
pub(crate) fn create(root: &Path, words: &[&str]) -> Result<String> {
    let arguments = Arguments::parse(words)?;
    let Arguments { name, title, .. } = &arguments;
    let response = Response::read(arguments.response, arguments.id)?;
    let code = code::write(&response, name, title);
    let read = |path: &str| {
        fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
    };
    let folder = format!("crates/{name}-provider");
    let row = format!("crates/ticket-cli/src/providers/{name}.rs");
    for path in [&folder, &row] {
        ensure!(!root.join(path).exists(), "{path} already exists: choose another name");
    }
    let mut created = Vec::new();
    for path in COPIED {
        created.push((format!("{folder}/{path}"), read(&format!("{EXAMPLE}/{path}"))?));
    }
    created.push((row.clone(), read(&format!("{EXAMPLE}/ticket-cli.rs"))?));
    arguments.access.replace(&mut created)?;
    for (_, text) in &mut created {
        *text = renamed(text, &arguments, &response);
    }
    for (path, text) in
        [("wire.rs", code.wire), ("map.rs", code.map), ("mapping.json", code.mapping)]
    {
        created.push((format!("{folder}/src/{path}"), text));
    }
    for path in ["LICENSE-APACHE", "LICENSE-MIT"] {
        created.push((format!("{folder}/{path}"), read(path)?));
    }
    for (path, text) in [("ticket", &response.text), ("another_ticket", &response.another_text)] {
        created.push((format!("{folder}/tests/responses/{path}.json"), text.clone()));
    }
    let mut changed = Vec::new();
    for path in REGISTRIES {
        let before = read(path)?;
        let after = registered(&before, name)
            .with_context(|| format!("{path} has no line about engagelab to repeat"))?;
        changed.push((path, before, after));
    }
    if let Err(error) = write_all(root, &created, &changed) {
        // The first error matters; what cannot be undone either is in `git status`.
        let _ = fs::remove_dir_all(root.join(&folder));
        let _ = fs::remove_file(root.join(&row));
        for (path, before, _) in &changed {
            let _ = fs::write(root.join(path), before);
        }
        return Err(error);
    }
    Ok(format!(
        "created {folder}\ncreated {row}\nchanged {}\n\n\
         The ticket's id is {} at /{}; if that is wrong, undo this and pass --id.\n\
         {title}: {} fields are undecided and stay in `extra`.\n\
         Next: cargo test -p {name}-provider\n\
         Guide: docs/adding-a-provider.md\n",
        REGISTRIES.join(", "),
        response.id,
        response.way.join("/"),
        code.undecided,
    ))
}

impl<'a> Arguments<'a> {
    fn parse(words: &[&'a str]) -> Result<Self> {
        let [name, options @ ..] = words else { bail!("missing NAME\n\n{USAGE}") };
        let is_valid = (2..=20).contains(&name.len())
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        ensure!(
            is_valid,
            "invalid name {name:?}: use 2 to 20 lower-case letters and digits, a letter first"
        );
        ensure!(
            !RESERVED.contains(name) && !code::is_keyword(name),
            "the name {name:?} is reserved: choose another one, for example {name}desk"
        );
        let (mut title, mut response, mut id) = (None, None, None);
        let (mut auth, mut base_url) = (None, None);
        for pair in options.chunks(2) {
            let slot = match pair[0] {
                "--title" => &mut title,
                "--response" => &mut response,
                "--id" => &mut id,
                "--auth" => &mut auth,
                "--base-url" => &mut base_url,
                other => bail!("unknown option {other:?}\n\n{USAGE}"),
            };
            let [option, value] = pair else { bail!("{} needs a value\n\n{USAGE}", pair[0]) };
            ensure!(slot.replace(*value).is_none(), "{option} is given twice");
        }
        let title = title.map_or_else(|| capitalized(name), str::to_owned);
        let is_plain = |it: char| it.is_alphanumeric() || " .-&".contains(it);
        ensure!(
            title.trim() == title && !title.is_empty() && title.chars().all(is_plain),
            "invalid title {title:?}: use letters, digits, spaces and . - &"
        );
        let access = Access::parse(auth, base_url)?;
        let response = response.context("missing --response FILE; see --help")?;
        Ok(Self { name, title, response, id, access })
    }
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

/// Returns a text of the example under the new names, without the lines that only the example has.
fn renamed(text: &str, arguments: &Arguments<'_>, response: &Response) -> String {
    let Arguments { name, title, access, .. } = arguments;
    let names = [
        ("AcornDesk", capitalized(name)),
        ("Acorn Desk", title.clone()),
        ("ACORN", name.to_uppercase()),
        ("acorn", (*name).to_owned()),
        ("\"42\"", format!("{:?}", response.id)),
        ("\"43\"", format!("{:?}", response.another_id)),
    ];
    let names: Vec<_> = names.into_iter().chain(access.renamed_url()).collect();
    let mut rest: String =
        text.lines().filter(|line| !line.contains(MARK)).flat_map(|line| [line, "\n"]).collect();
    let mut renamed = String::new();
    // In one pass, because a new name may contain an old one.
    while let Some((position, (old, new))) = names
        .iter()
        .filter_map(|name| Some((rest.find(name.0)?, name)))
        .min_by_key(|(position, _)| *position)
    {
        renamed = renamed + &rest[..position] + new;
        rest = rest.split_off(position + old.len());
    }
    renamed + &rest
}

/// Returns a registry with each line about the provider of EngageLab repeated; `None` if there is no such line.
fn registered(text: &str, name: &str) -> Option<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let added = format!("engagelab::PROVIDER, {name}::PROVIDER");
        lines.push(line.replace("engagelab::PROVIDER", &added));
        if line.contains("engagelab-provider") || line == "mod engagelab;" {
            lines.push(line.replace("engagelab", name));
        }
    }
    (lines.len() > text.lines().count()).then(|| lines.join("\n") + "\n")
}

fn write_all(
    root: &Path,
    created: &[(String, String)],
    changed: &[(&str, String, String)],
) -> Result<()> {
    let created = created.iter().map(|(path, text)| (&**path, text));
    let changed = changed.iter().map(|(path, _, text)| (*path, text));
    for (path, text) in created.chain(changed) {
        let file = root.join(path);
        let folder = file.parent().context("a file is in a folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, text))
            .with_context(|| format!("cannot write {path}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

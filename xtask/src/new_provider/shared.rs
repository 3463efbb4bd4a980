//! The lines that shared files have for each provider: the same few for all, put in and taken out one by one.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use super::format::rust;

/// A shared file, and what is to stand in it for a provider.
struct Shared {
    path: &'static str,
    put_in: fn(&str, &Naming<'_>) -> Result<String>,
    take_out: fn(&str, &str) -> Result<String>,
}

/// How a provider is called.
pub(super) struct Naming<'n> {
    pub(super) name: &'n str,
    pub(super) title: &'n str,
    pub(super) type_name: &'n str,
    /// The section in `fixtures/README.md`.
    pub(super) fixtures: &'n str,
}

/// The folders and files that a provider has to itself.
pub(super) fn own(name: &str) -> [String; 4] {
    [
        format!("crates/{name}-provider"),
        format!("fixtures/{name}"),
        format!("crates/ticket-cli/src/providers/{name}.rs"),
        format!("docs/api/{name}-provider.txt"),
    ]
}

/// The manifest of a workspace of its own, with a lock file of its own.
pub(super) const FUZZ: &str = "xtask/fuzz/Cargo.toml";

const SHARED: &[Shared] = &[
    Shared { path: "Cargo.toml", put_in: into_workspace, take_out: out_of_lines },
    Shared { path: "crates/ticket-cli/Cargo.toml", put_in: into_cli, take_out: out_of_lines },
    Shared {
        path: "crates/ticket-cli/src/providers.rs",
        put_in: into_program,
        take_out: out_of_program,
    },
    Shared { path: "xtask/Cargo.toml", put_in: into_tasks, take_out: out_of_lines },
    // Builds the files of the program, its row of each provider among them.
    Shared { path: FUZZ, put_in: into_fuzz, take_out: out_of_lines },
    Shared { path: "xtask/src/providers.rs", put_in: into_table, take_out: out_of_table },
    Shared {
        path: "fixtures/README.md",
        put_in: |text, it| Ok(format!("{text}{}", it.fixtures)),
        take_out: out_of_fixtures,
    },
    Shared { path: "README.md", put_in: into_readme, take_out: out_of_lines },
    Shared { path: "docs/architecture.md", put_in: into_architecture, take_out: out_of_lines },
];

/// Every shared file with the provider in it; `read` gives a file as it stands.
///
/// # Errors
/// Where a file does not look as it should.
pub(super) fn with(
    naming: &Naming<'_>,
    read: impl Fn(&str) -> Result<String>,
) -> Result<Vec<(String, String)>> {
    let changed = |it: &Shared| {
        let text = (it.put_in)(&read(it.path)?, naming)
            .with_context(|| format!("{} is not as it was", it.path))?;
        Ok((it.path.to_owned(), text))
    };
    SHARED.iter().map(changed).collect()
}

/// Every shared file with the provider taken out of it.
///
/// # Errors
/// As [`with`].
pub(super) fn without(
    name: &str,
    read: impl Fn(&str) -> Result<String>,
) -> Result<Vec<(String, String)>> {
    let changed = |it: &Shared| Ok((it.path.to_owned(), (it.take_out)(&read(it.path)?, name)?));
    SHARED.iter().map(changed).collect()
}

/// The manifests of others than these that depend on the provider.
pub(super) fn others<'f>(
    name: &str,
    manifests: impl IntoIterator<Item = (&'f str, String)>,
) -> Vec<&'f str> {
    let shared: BTreeSet<_> = SHARED.iter().map(|it| it.path).collect();
    let own = format!("crates/{name}-provider/Cargo.toml");
    let is_other = |(path, text): &(&str, String)| {
        !shared.contains(path) && *path != own && text.lines().any(|line| names(line, name))
    };
    manifests.into_iter().filter(is_other).map(|(path, _)| path).collect()
}

/// Whether a line names the crate of the provider.
fn names(line: &str, name: &str) -> bool {
    let package = format!("{name}-provider");
    line.match_indices(&package).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        let after = line[place + package.len()..].chars().next();
        let is_part =
            |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '-' || it == '_');
        !is_part(before) && !is_part(after)
    })
}

/// Puts a line behind the last of those that are alike.
fn behind(text: &str, is_alike: impl Fn(&str) -> bool, line: &str) -> Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|line| is_alike(line));
    let last =
        last.context("it has no line of another provider, behind which this one would stand")?;
    lines.insert(last + 1, line);
    Ok(lines.join("\n") + "\n")
}

fn into_workspace(text: &str, it: &Naming<'_>) -> Result<String> {
    let name = it.name;
    let version = text
        .lines()
        .find_map(|line| line.strip_prefix("version = "))
        .context("it has no version")?;
    let line = format!(
        "{name}-provider = {{ path = \"crates/{name}-provider\", version = {version}, default-features = false }}"
    );
    let text = behind(text, |line| line.contains("-provider = { path = "), &line)?;
    behind(
        &text,
        |line| line.contains("-provider.opt-level = "),
        &format!("{name}-provider.opt-level = 2"),
    )
}

fn into_cli(text: &str, it: &Naming<'_>) -> Result<String> {
    let line = format!("{}-provider = {{ workspace = true, features = [\"http\"] }}", it.name);
    behind(text, |line| line.contains("-provider = { workspace = true"), &line)
}

fn into_fuzz(text: &str, it: &Naming<'_>) -> Result<String> {
    let name = it.name;
    let line = format!(
        "{name}-provider = {{ path = \"../../crates/{name}-provider\", features = [\"http\"] }}"
    );
    behind(text, |line| line.contains("-provider = { path = "), &line)
}

fn into_tasks(text: &str, it: &Naming<'_>) -> Result<String> {
    behind(
        text,
        |line| line.contains("-provider.workspace = true"),
        &format!("{}-provider.workspace = true", it.name),
    )
}

fn into_readme(text: &str, it: &Naming<'_>) -> Result<String> {
    let Naming { name, title, .. } = it;
    let line =
        format!("| [`{name}-provider`](crates/{name}-provider) | your tickets are in {title} |");
    behind(text, |line| line.starts_with("| [`") && line.contains("-provider`](crates/"), &line)
}

fn into_architecture(text: &str, it: &Naming<'_>) -> Result<String> {
    let line = format!("| `crates/{}-provider` | {} | other providers |", it.name, it.title);
    behind(text, |line| line.starts_with("| `crates/") && line.contains("-provider` |"), &line)
}

/// Takes every line out that names the crate.
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of its neighbours")]
fn out_of_lines(text: &str, name: &str) -> Result<String> {
    let kept: Vec<_> = text.lines().filter(|line| !names(line, name)).collect();
    Ok(kept.join("\n") + "\n")
}

fn into_program(text: &str, it: &Naming<'_>) -> Result<String> {
    let text = behind(
        text,
        |line| line.starts_with("mod ") && line.ends_with(';'),
        &format!("mod {};", it.name),
    )?;
    rust(&with_item(&text, PROGRAM, &format!("{}::PROVIDER", it.name))?)
}

fn out_of_program(text: &str, name: &str) -> Result<String> {
    let line = format!("mod {name};");
    let kept: Vec<_> = text.lines().filter(|it| *it != line).collect();
    let text = kept.join("\n") + "\n";
    rust(&without_item(&text, PROGRAM, &format!("{name}::PROVIDER"))?)
}

/// What the list of the tasks begins with.
const TABLE: &str = "PROVIDERS: &[&dyn MappingDescription] =";
/// The same of the program.
const PROGRAM: &str = "PROVIDERS: &[Provider] =";

fn into_table(text: &str, it: &Naming<'_>) -> Result<String> {
    let import = format!("use {}_provider::{};", it.name, it.type_name);
    ensure!(
        !text.contains(&format!("::{};", it.type_name)),
        "another provider has the type {} already; give this one another `--title`",
        it.type_name
    );
    let text =
        behind(text, |line| line.starts_with("use ") && line.contains("_provider::"), &import)?;
    rust(&with_item(&text, TABLE, &format!("&{}", it.type_name))?)
}

fn out_of_table(text: &str, name: &str) -> Result<String> {
    let start = format!("use {name}_provider::");
    let Some(import) = text.lines().find(|line| line.starts_with(&start)) else {
        return Ok(text.to_owned());
    };
    let item = format!("&{}", import[start.len()..].trim_end_matches(';'));
    let kept: Vec<_> = text.lines().filter(|line| *line != import).collect();
    rust(&without_item(&(kept.join("\n") + "\n"), TABLE, &item)?)
}

fn with_item(text: &str, list: &str, item: &str) -> Result<String> {
    change_list(text, list, |items| items.push(item.to_owned()))
}

fn without_item(text: &str, list: &str, item: &str) -> Result<String> {
    change_list(text, list, |items| items.retain(|known| known != item))
}

/// Changes the list that stands behind this, up to `];`.
fn change_list(text: &str, list: &str, change: impl FnOnce(&mut Vec<String>)) -> Result<String> {
    let missing = || format!("it has no list `{list} &[…];`");
    let (before, rest) = text.split_once(list).with_context(missing)?;
    let rest = rest.trim_start().strip_prefix("&[").with_context(missing)?;
    let (items, after) = rest.split_once("];").with_context(missing)?;
    let items = items.split(',').map(str::trim).filter(|item| !item.is_empty());
    let mut items: Vec<String> = items.map(str::to_owned).collect();
    change(&mut items);
    Ok(format!("{before}{list} &[{}];{after}", items.join(", ")))
}

fn out_of_fixtures(text: &str, name: &str) -> Result<String> {
    let lines: Vec<&str> = text.lines().collect();
    let is_heading = |line: &&str| {
        let heading =
            line.strip_prefix("## ").and_then(|heading| heading.split_whitespace().next());
        heading.is_some_and(|word| word.to_lowercase() == name)
    };
    let Some(begin) = lines.iter().position(is_heading) else { return Ok(text.to_owned()) };
    let below = lines[begin + 1..].iter().position(|line| line.starts_with("## "));
    let kept = match below {
        Some(below) => [&lines[..begin], &lines[begin + 1 + below..]].concat(),
        // The blank line before the last section goes with it.
        None => lines[..begin.checked_sub(1).context("it begins with a table")?].to_vec(),
    };
    Ok(kept.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::{change_list, names, others, out_of_fixtures};

    #[test]
    fn only_the_crate_itself_is_meant_and_none_whose_name_ends_alike() {
        for line in [
            "desk-provider = 1",
            "[`desk-provider`](crates/desk-provider)",
            "\"crates/desk-provider\"",
        ] {
            assert!(names(line, "desk"), "{line}");
        }
        for line in ["newdesk-provider = 1", "new-desk-provider", "desk-providers", "desk_provider"]
        {
            assert!(!names(line, "desk"), "{line}");
        }
    }

    #[test]
    fn whoever_else_depends_on_a_provider_is_named() {
        let manifests = [
            ("Cargo.toml", "desk-provider = { path = \"x\" }"),
            ("crates/desk-provider/Cargo.toml", "name = \"desk-provider\""),
            ("crates/ticket-benchmarks/Cargo.toml", "desk-provider.workspace = true"),
        ];
        let manifests = manifests.map(|(path, text)| (path, text.to_owned()));
        assert_eq!(others("desk", manifests), ["crates/ticket-benchmarks/Cargo.toml"]);
    }

    #[test]
    fn a_list_is_changed_in_whatever_form_it_is_written() {
        for text in ["x = &[a, b];\n", "x = &[\n    a,\n    b,\n];\n", "x =\n    &[a, b];\n"] {
            let changed = change_list(text, "x =", |items| items.push("c".to_owned())).unwrap();
            assert_eq!(changed, "x = &[a, b, c];\n");
        }
        assert!(change_list("", "x =", |_| {}).is_err());
    }

    #[test]
    fn a_section_is_taken_out_wherever_it_stands() {
        let text = "# F\n\n## A one\n\na\n\n## B two\n\nb\n";
        assert_eq!(out_of_fixtures(text, "a").unwrap(), "# F\n\n## B two\n\nb\n");
        assert_eq!(out_of_fixtures(text, "b").unwrap(), "# F\n\n## A one\n\na\n");
        assert_eq!(out_of_fixtures(text, "c").unwrap(), text);
    }
}

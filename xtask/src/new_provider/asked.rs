//! What was asked for on the command line, checked.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::de::IgnoredAny;
use ticket_core::BaseUrl;
use ticket_core::mapping::tree::Tree;

use super::login::Login;
use super::{fixtures, spelling};

/// How the task is used.
pub(super) const USAGE: &str = "cargo xtask new-provider NAME --response FILE [--response FILE]… [--id POINTER] [--path '/api/tickets/{id}']\n    \
     [--auth bearer|basic|header:NAME] [--base-url URL] [--title TEXT]";

/// A provider that is to be made.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) type_name: String,
    /// Each response: the stem of its file, its text, and the text taken apart.
    pub(super) responses: Vec<(String, String, Tree)>,
    pub(super) id: String,
    pub(super) path: String,
    pub(super) login: Login,
    pub(super) base_url: String,
    /// What nobody said, so that somebody should look at it.
    pub(super) guesses: Vec<String>,
}

/// Reads the words behind the name of the task.
///
/// # Errors
/// Names what is wrong and what would be right.
pub(super) fn read(words: &[&str]) -> Result<Asked> {
    let [name, options @ ..] = words else { bail!("a name is missing\n\n{USAGE}") };
    spelling::check_provider(name)?;
    let mut files = Vec::new();
    let (mut id, mut path, mut login, mut base_url, mut title) = (None, None, None, None, None);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let mut value = || {
            options
                .next()
                .copied()
                .with_context(|| format!("`{option}` lacks its value\n\n{USAGE}"))
        };
        match *option {
            "--response" => files.push(value()?),
            "--id" => id = Some(value()?.to_owned()),
            "--path" => path = Some(value()?.to_owned()),
            "--auth" => login = Some(Login::of(value()?)?),
            "--base-url" => base_url = Some(value()?.to_owned()),
            "--title" => title = Some(value()?.to_owned()),
            other => bail!("there is no option `{other}`\n\n{USAGE}"),
        }
    }
    ensure!(
        !files.is_empty(),
        "an example response is missing: save the one of the documentation and name it with `--response FILE`; `-` reads what you \
         paste, up to Ctrl-D"
    );
    let responses = files.into_iter().map(response).collect::<Result<Vec<_>>>()?;
    let mut guesses = Vec::new();
    let id = match id {
        Some(id) => id,
        None => likely_id(&responses[0].2, &mut guesses)?,
    };
    let title = title.unwrap_or_else(|| {
        let (first, rest) = name.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    });
    ensure!(
        title.chars().all(|it| it.is_alphanumeric() || it == ' ') && !title.trim().is_empty(),
        "`--title {title}` has more than letters, digits and spaces"
    );
    let mut or_guess = |value: Option<String>, guess: String, what: &str| {
        value.unwrap_or_else(|| {
            guesses.push(format!("{what} `{guess}` is a guess; it stands in src/request.rs"));
            guess
        })
    };
    let base_url = or_guess(base_url, format!("https://api.{name}.example"), "the address");
    BaseUrl::new(&base_url)
        .map_err(|error| anyhow::anyhow!("`--base-url {base_url}`: {}", error.message()))?;
    let path = or_guess(path, "/tickets/{id}".to_owned(), "the path");
    check_path(&path)?;
    let login = login.unwrap_or_else(|| {
        guesses
            .push("that a bearer token logs in is a guess; it stands in src/source.rs".to_owned());
        Login::Bearer
    });
    let type_name = spelling::type_name(&title);
    Ok(Asked {
        name: (*name).to_owned(),
        title,
        type_name,
        responses,
        id,
        path,
        login,
        base_url,
        guesses,
    })
}

fn response(file: &str) -> Result<(String, String, Tree)> {
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().read_to_end(&mut bytes).context("standard input cannot be read")?;
    } else {
        bytes = fs::read(file).with_context(|| {
            format!("{file} cannot be read; `--response` takes a file with a response")
        })?;
    }
    let text = String::from_utf8(bytes).ok().with_context(|| format!("{file} is no UTF-8"))?;
    serde_json::from_str::<IgnoredAny>(text.trim_start_matches('\u{feff}')).map_err(|error| {
        anyhow::anyhow!("{file} is no JSON: {error}; it should hold the body of one response, without headers and comments")
    })?;
    let tree = Tree::parse(&text).map_err(|error| anyhow::anyhow!("{file}: {error}"))?;
    ensure!(
        matches!(tree, Tree::Object(_)),
        "{file} holds no object; a response that brings one ticket is needed"
    );
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or("response");
    Ok((stem.to_owned(), text, tree))
}

/// The only place of an id that no other one is as high as.
fn likely_id(tree: &Tree, guesses: &mut Vec<String>) -> Result<String> {
    let ids = fixtures::ids(tree);
    let depth = |pointer: &String| pointer.matches('/').count();
    let highest: Vec<_> = ids.iter().filter(|id| depth(id) == depth(&ids[0])).collect();
    match highest.as_slice() {
        [only] => {
            guesses.push(format!("that the ticket's id stands at {only} is a guess; `--id POINTER` says another place"));
            Ok((*only).clone())
        }
        [] => bail!(
            "nothing in the response looks like the ticket's id; name its place with `--id POINTER`, such as /ticket/id"
        ),
        several => {
            let several: Vec<_> = several.iter().map(|id| id.as_str()).collect();
            bail!(
                "several places look like the ticket's id; name one: --id {}",
                several.join(" or --id ")
            )
        }
    }
}

/// Whether a path can be built from plain segments and the id.
fn check_path(path: &str) -> Result<()> {
    let rest = path.replacen("{id}", "", 1);
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/-_.~".contains(it);
    let segments = path.trim_start_matches('/').split('/');
    ensure!(
        path.starts_with('/')
            && path.contains("{id}")
            && rest.chars().all(is_plain)
            && segments.clone().all(|it| !it.is_empty() && it != "." && it != ".."),
        "`--path {path}` is no path with `{{id}}` in it, such as /api/tickets/{{id}}; a query is written by hand, in src/request.rs"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check_path, read};

    #[test]
    fn what_is_wrong_on_the_command_line_is_told_with_the_way_out() {
        for (words, said) in [
            (&[][..], "a name is missing"),
            (&["New"], "`New` is no name for a provider"),
            (&["newdesk"], "an example response is missing"),
            (&["newdesk", "--response"], "`--response` lacks its value"),
            (&["newdesk", "--mood", "good"], "there is no option `--mood`"),
            (&["newdesk", "--auth", "oauth"], "none of bearer, basic"),
            (&["newdesk", "--response", "no such file"], "no such file cannot be read"),
            (
                &["newdesk", "--response", "Cargo.toml"],
                "Cargo.toml is no JSON: expected value at line",
            ),
        ] {
            let error = format!("{:#}", read(words).unwrap_err());
            assert!(error.contains(said), "{words:?}: {error}");
        }
    }

    #[test]
    fn a_path_has_plain_segments_and_one_id() {
        for path in ["/tickets/{id}", "/api/v2/tickets/{id}.json", "/t/{id}/full"] {
            assert!(check_path(path).is_ok(), "{path}");
        }
        for path in
            ["tickets/{id}", "/tickets", "/tickets?id={id}", "/{id}/{id}", "/a//{id}", "/../{id}"]
        {
            assert!(check_path(path).is_err(), "{path}");
        }
    }
}

//! Relative links of Markdown files: each leads to a file of the repository, and to a heading of it if it names one.

use crate::tree::{self, Tree};
use crate::violation::Violation;

/// Finds broken links.
pub(super) fn violations(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.ending_in("md") {
        for (number, line) in prose(text) {
            for link in links(&line) {
                if let Some(message) = broken(tree, path, link) {
                    let location = format!("{path}:{number}");
                    violations.push(Violation::new(
                        location,
                        message,
                        "correct or remove the link",
                    ));
                }
            }
        }
    }
    violations
}

/// Returns the problem of a link in this file, if it has one.
fn broken(tree: &Tree, path: &str, link: &str) -> Option<String> {
    // Links to items of a crate are checked by rustdoc.
    let is_item = link.contains("::") || link.chars().all(|it| it.is_alphanumeric() || it == '_');
    if link.contains("://") || link.starts_with("mailto:") || is_item {
        return None;
    }
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { Some(path.to_owned()) } else { tree::resolve(path, file) };
    let Some(target) = target.filter(|target| tree.has(target)) else {
        return Some(format!("broken link `{link}`: no such file"));
    };
    let has_heading = prose(tree.text(&target).unwrap_or_default())
        .any(|(_, line)| line.starts_with('#') && anchor(line.trim_start_matches('#')) == heading);
    let is_broken = !heading.is_empty() && tree::extension(&target) == "md" && !has_heading;
    is_broken.then(|| format!("broken link `{link}`: no such heading in {target}"))
}

/// Returns the targets of all links in a line, without the code in it.
fn links(line: &str) -> impl Iterator<Item = &str> {
    // `[name]: target`, but not a footnote.
    let definition = line.strip_prefix('[').filter(|line| !line.starts_with('^'));
    let defined = definition.and_then(|line| line.split_once("]: ")).map(|(_, target)| target);
    let inline = [("](", ')'), ("src=\"", '"'), ("href=\"", '"')].into_iter().flat_map(
        move |(begin, end)| {
            let target = move |rest: &'_ str| rest.split(end).next().map(str::len);
            line.match_indices(begin).filter_map(move |(position, _)| {
                let rest = &line[position + begin.len()..];
                Some(&rest[..target(rest)?])
            })
        },
    );
    defined.into_iter().chain(inline).filter_map(|target| target.split_whitespace().next())
}

/// Returns the lines of a page with their numbers, without code blocks; inline code loses its text but in headings.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut is_code = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        let is_heading = line.starts_with('#');
        let without_code = || line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let line = if is_heading { line.to_owned() } else { without_code() };
        (!is_code && !is_fence).then_some((index + 1, line))
    })
}

/// Returns the anchor that Markdown viewers give a heading.
fn anchor(heading: &str) -> String {
    let is_kept = |it: &char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_');
    heading.trim().to_lowercase().chars().filter(is_kept).collect::<String>().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::violations;
    use crate::tidy::found;

    #[test]
    fn finds_broken_links() {
        let page = "# Errors\n\n## What `kind` means\n\n```\n# not a heading\n```\n";
        for (readme, broken) in [
            (
                "[a](../../docs/errors.md), [b](../../docs), ![c](../../docs/page.svg \"title\")",
                None,
            ),
            ("[a](../../docs/errors.md#what-kind-means)", None),
            (
                "[a](https://example.com/x), [b](mailto:a@example.com), [c](crate::Error), [`D`](D)",
                None,
            ),
            ("`[a](x.md)`", None),
            ("[^1]: A footnote.", None),
            ("[`a`](x.md)", Some("`x.md`: no such file")),
            ("[a]: ./x.md", Some("`./x.md`: no such file")),
            ("<img src=\"x.svg\">", Some("`x.svg`: no such file")),
            ("[a](../../../x.md)", Some("`../../../x.md`: no such file")),
            ("[a](#x)", Some("`#x`: no such heading in crates/a/README.md")),
            (
                "[a](../../docs/errors.md#not-a-heading)",
                Some("`../../docs/errors.md#not-a-heading`: no such heading in docs/errors.md"),
            ),
        ] {
            let files =
                [("crates/a/README.md", readme), ("docs/errors.md", page), ("docs/page.svg", "")];
            let expected = broken.map(|it| format!("crates/a/README.md:1: broken link {it}"));
            assert_eq!(found(violations, files), Vec::from_iter(expected), "{readme}");
        }
    }
}

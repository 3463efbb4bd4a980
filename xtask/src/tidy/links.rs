//! Relative links of Markdown files: each leads to a file, and to a heading of it where it names one.

use crate::fault::Fault;
use crate::tree::{self, Tree};

/// The faults of all links.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending_in("md") {
        for (number, link) in links(text) {
            if let Some(what) = broken(tree, path, &link) {
                let place = format!("{path}:{number}");
                faults.push(Fault::new(place, what, "let it lead to what is there"));
            }
        }
    }
    faults
}

/// What is wrong with a link in this file.
fn broken(tree: &Tree, path: &str, link: &str) -> Option<String> {
    let is_elsewhere = link.contains("://") || link.starts_with("mailto:");
    if is_elsewhere || is_item(link) {
        return None;
    }
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { Some(path.to_owned()) } else { tree::resolve(path, file) };
    let Some(target) = target else {
        return Some(format!("the link `{link}` leads out of the repository"));
    };
    if !tree.has(&target) {
        return Some(format!("the link `{link}` leads nowhere"));
    }
    let has_heading =
        || tree.text(&target).is_some_and(|text| headings(text).any(|known| known == heading));
    (!heading.is_empty() && tree::ending(&target) == "md" && !has_heading())
        .then(|| format!("the link `{link}` names a heading that {target} does not have"))
}

/// An item of a crate, in a page that is also its documentation; rustdoc looks after these.
fn is_item(link: &str) -> bool {
    link.contains("::")
        || (!link.is_empty() && link.chars().all(|next| next.is_alphanumeric() || next == '_'))
}

/// The targets of all links, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in prose(text) {
        let mut add = |target: &str| {
            let target =
                target.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']);
            if !target.is_empty() {
                links.push((number, target.to_owned()));
            }
        };
        // `[name]: target`, but a footnote is text.
        let definition = line.trim_start().strip_prefix('[').filter(|line| !line.starts_with('^'));
        if let Some((_, target)) = definition.and_then(|line| line.split_once("]: ")) {
            add(target);
        }
        for (begin, end) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            for (place, _) in line.match_indices(begin) {
                add(line[place + begin.len()..].split(end).next().unwrap_or_default());
            }
        }
    }
    links
}

/// The lines of a page with their numbers, without its code.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut is_code = false;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            lines.push((index + 1, line.split('`').step_by(2).collect::<Vec<_>>().join("`")));
        }
    }
    lines
}

/// The names under which the headings of a page can be reached.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let mut is_code = false;
    text.lines().filter_map(move |line| {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let heading = line.trim_start_matches('#').strip_prefix(' ')?;
        (!is_code && line.starts_with('#')).then(|| anchor(heading))
    })
}

fn anchor(heading: &str) -> String {
    let kept = |next: char| next.is_alphanumeric() || matches!(next, ' ' | '-' | '_');
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(|next| kept(*next))
        .collect::<String>()
        .replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::found;

    fn of(readme: &str) -> Vec<String> {
        let page =
            ("docs/errors.md", "# Errors\n\n## What `kind` means\n\n```\n# no heading\n```\n");
        found(faults, [("crates/a/README.md", readme), page, ("docs/page.svg", "<svg/>")])
    }

    #[test]
    fn a_link_that_leads_somewhere_is_no_fault() {
        for readme in [
            "[errors](../../docs/errors.md), [docs](../../docs), ![page](../../docs/page.svg \"a page\")",
            "[kinds](../../docs/errors.md#what-kind-means)",
            "# Here\n[here](#here)",
            "[web](https://example.com/nowhere), [mail](mailto:a@example.com)",
            "[`Error`](Error), [kind](crate::Error::kind)",
            "<img src=\"../../docs/page.svg\" alt=\"\">",
            "[x]: ../../docs/errors.md",
            "[^1]: A footnote, as (text)[x].",
            "`[code](nowhere.md)`",
            "```\n[code](nowhere.md)\n```",
        ] {
            assert_eq!(of(readme), [""; 0], "{readme}");
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_noticed() {
        for (readme, what) in [
            ("[x](nowhere.md)", "the link `nowhere.md` leads nowhere"),
            ("[`x`](docs/errors.md)", "the link `docs/errors.md` leads nowhere"),
            ("![x](../../docs/none.svg)", "the link `../../docs/none.svg` leads nowhere"),
            ("[x]: ./nowhere.md", "the link `./nowhere.md` leads nowhere"),
            ("<a href=\"nowhere.md\">x</a>", "the link `nowhere.md` leads nowhere"),
            ("[x](../../../y.md)", "the link `../../../y.md` leads out of the repository"),
            (
                "[x](#there)",
                "the link `#there` names a heading that crates/a/README.md does not have",
            ),
            (
                "[x](../../docs/errors.md#no-heading)",
                "the link `../../docs/errors.md#no-heading` names a heading that docs/errors.md does not have",
            ),
        ] {
            assert_eq!(of(readme), [format!("crates/a/README.md:1: {what}")], "{readme}");
        }
    }
}

//! Guards: what has been seen to go wrong, what stands in its way, and the test that fails when that is taken out.
//!
//! The table is data, one file for each theme. `--check` looks whether it still fits the code, `--page` writes
//! `docs/hazards.md` from it, and without either each guard is really taken out, in a copy of the repository.

mod answers;
mod complete;
mod copy;
mod exchanges;
mod fits;
mod limits;
mod page;
mod providers;
mod requests;
mod screen;
mod secrets;
mod test;
mod token;
mod trial;

use anyhow::{Result, bail, ensure};

use crate::cargo;
use crate::fault;
use crate::generated;
use crate::tree::Tree;
use test::Test;

/// Hazards of one theme.
struct Theme {
    title: &'static str,
    hazards: &'static [Hazard],
}

/// Something that was seen to go wrong.
struct Hazard {
    /// What goes wrong, in a sentence without its full stop.
    what: &'static str,
    guards: &'static [Guard],
}

/// What stands in its way.
struct Guard {
    /// A short name, by which it can be tried alone.
    name: &'static str,
    /// What it does, in a sentence without its full stop.
    does: &'static str,
    held: Held,
}

/// How it is made sure that a guard stays.
enum Held {
    /// A test fails when it is taken out.
    By(Removal),
    /// The test fails that tries what every provider promises, and it names this promise of the conformance suite.
    Promised(Removal, &'static str),
    /// A test watches over it, but there is no line that could be taken out: the guard is that something is not there.
    Watched(Test),
    /// Nothing does, for this reason.
    Unwatched(&'static str),
    /// Nothing does, for this reason, although there is a line that could be taken out.
    Unnoticed(Line, &'static str),
}

/// Where a guard stands.
struct Line {
    file: &'static str,
    /// What stands exactly once in the file.
    text: &'static str,
}

impl Held {
    /// How the guard is taken out, where there is a line to take out, and the promise that has to be named then.
    const fn removal(&self) -> Option<(&Removal, Option<&'static str>)> {
        match self {
            Self::By(removal) => Some((removal, None)),
            Self::Promised(removal, promise) => Some((removal, Some(promise))),
            Self::Watched(_) | Self::Unwatched(_) | Self::Unnoticed(..) => None,
        }
    }

    /// Where it stands, where it is a line.
    const fn line(&self) -> Option<Line> {
        match self {
            Self::By(Removal { file, text, .. })
            | Self::Promised(Removal { file, text, .. }, _)
            | Self::Unnoticed(Line { file, text }, _) => Some(Line { file, text }),
            Self::Watched(_) | Self::Unwatched(_) => None,
        }
    }
}

/// A guard that can be taken out.
struct Trial {
    name: &'static str,
    removal: &'static Removal,
    promise: Option<&'static str>,
}

/// How a guard is taken out, and the test that then fails.
struct Removal {
    file: &'static str,
    /// What stands exactly once in the file.
    text: &'static str,
    /// What stands there when the guard is taken out. It compiles.
    without: &'static str,
    test: Test,
}

/// The page that is written from the table.
const PAGE: &str = "docs/hazards.md";
const WRITE: &str = "cargo xtask guards --page";

const THEMES: &[&Theme] = &[
    &requests::THEME,
    &exchanges::THEME,
    &secrets::THEME,
    &token::THEME,
    &limits::THEME,
    &answers::THEME,
    &screen::THEME,
    &providers::ENGAGELAB,
    &providers::FEISHU,
    &providers::CODES,
    &providers::MEANING,
];

/// Every guard of every theme, in the order of the page.
fn guards() -> impl Iterator<Item = &'static Guard> {
    THEMES.iter().flat_map(|theme| theme.hazards).flat_map(|hazard| hazard.guards)
}

/// Looks, writes the page, or takes guards out: all of them, or those that are named.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let tree = Tree::read(cargo::root())?;
    match words {
        ["--check"] => {
            let mut faults = fits::faults(&tree, THEMES);
            faults.extend(complete::faults(&tree, THEMES));
            fault::judge(&faults)?;
            generated::page(PAGE, &page::text(THEMES), true, WRITE)
        }
        ["--page"] => generated::page(PAGE, &page::text(THEMES), false, WRITE),
        names => {
            if let Some(option) = names.iter().find(|name| name.starts_with('-')) {
                bail!("{option} stands alone");
            }
            fault::judge(&fits::faults(&tree, THEMES))?;
            trial::run(&tree, &chosen(names)?)
        }
    }
}

/// The guards with these names that can be taken out; all of them where none is named.
fn chosen(names: &[&str]) -> Result<Vec<Trial>> {
    let trials = guards().filter_map(|guard| {
        let (removal, promise) = guard.held.removal()?;
        Some(Trial { name: guard.name, removal, promise })
    });
    let mut chosen: Vec<_> =
        trials.filter(|trial| names.is_empty() || names.contains(&trial.name)).collect();
    for name in names {
        let is_there = chosen.iter().any(|trial| trial.name == *name);
        ensure!(is_there, "no guard that can be taken out is called `{name}`; see {PAGE}");
    }
    // Neighbours are built together, so that each crate is built as seldom as possible.
    chosen.sort_by_key(|Trial { removal, .. }| {
        (removal.test.package(), removal.test.file, removal.file)
    });
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::{chosen, guards};

    #[test]
    fn guards_are_found_by_their_names() {
        let all = chosen(&[]).unwrap();
        assert!(all.len() > 50, "{}", all.len());
        let one = chosen(&[all[0].name]).unwrap();
        assert_eq!((one.len(), one[0].name), (1, all[0].name));
        assert!(chosen(&["nobody"]).is_err());
        let mut names: Vec<_> = guards().map(|guard| guard.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "each has a name of its own");
    }
}

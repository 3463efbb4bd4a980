//! The list of tasks, in the order in which `check` runs its steps.

use std::fmt::Write as _;

use anyhow::Result;

use crate::generated::TAKES;
use crate::{
    api, bench, capabilities, check, compile, deny, errors, example, fuzz, guards, interop, layers,
    mapping, msrv, new_provider, picture, release, reliability, tidy,
};

/// Something that `cargo xtask NAME` does.
pub(crate) struct Task {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The words that may follow the name; one in brackets stands for any.
    pub(crate) options: &'static [&'static str],
    /// What it does, in a line.
    pub(crate) about: &'static str,
    /// Does it, with the options that were given.
    pub(crate) run: fn(&[&str]) -> Result<()>,
    /// What `check` has to say about it; `None` where it is no step of it.
    pub(crate) step: Option<Step>,
}

impl Task {
    /// Whether this word may follow the name.
    pub(crate) fn takes(&self, word: &str) -> bool {
        self.options.iter().any(|option| option.starts_with('[') || *option == word)
    }
}

/// A task as a step of `check`.
pub(crate) struct Step {
    /// The options with which `check` runs it.
    pub(crate) options: &'static [&'static str],
    /// The command that mends what it finds.
    pub(crate) mend: &'static str,
}

/// Only look, change nothing.
const CHECK: &[&str] = &["--check"];

/// Every task: the quick ones first, so that a fault is found early.
pub(crate) const TASKS: &[Task] = &[
    Task {
        name: "check",
        options: &["--tested"],
        about: "all that follows, as CI asks for it; --tested: but `test`, which has just passed",
        run: |options| check::run(options.contains(&"--tested")),
        step: None,
    },
    Task {
        name: "format",
        options: &[],
        about: "is every file formatted?",
        run: |_| compile::format(),
        step: Some(Step { options: &[], mend: "cargo fmt --all" }),
    },
    Task {
        name: "tidy",
        options: &[],
        about: "files, names, comments, manifests, snapshots, links, secrets",
        run: |_| tidy::run(),
        step: Some(Step { options: &[], mend: "the line below each fault" }),
    },
    Task {
        name: "layers",
        options: &[],
        about: "who depends on whom, and what must not be below a crate",
        run: |_| layers::run(),
        step: Some(Step { options: &[], mend: "the line below each fault" }),
    },
    Task {
        name: "mapping",
        options: CHECK,
        about: "writes docs/mapping.md from the rules of all providers",
        run: |options| mapping::run(options.contains(&"--check")),
        step: Some(Step { options: CHECK, mend: "cargo xtask mapping" }),
    },
    Task {
        name: "capabilities",
        options: CHECK,
        about: "writes docs/capabilities.md from the tables of all providers",
        run: |options| capabilities::run(options.contains(&"--check")),
        step: Some(Step { options: CHECK, mend: "cargo xtask capabilities" }),
    },
    Task {
        name: "errors",
        options: CHECK,
        about: "writes the tables of docs/errors.md from the code and the fixtures",
        run: |options| errors::run(options.contains(&"--check")),
        step: Some(Step { options: CHECK, mend: "cargo xtask errors" }),
    },
    Task {
        name: "reliability",
        options: CHECK,
        about: "writes the table of settings in docs/reliability.md",
        run: |options| reliability::run(options.contains(&"--check")),
        step: Some(Step { options: CHECK, mend: "cargo xtask reliability" }),
    },
    Task {
        name: "guards",
        options: &["--check", "--page", "[NAME…]"],
        about: "takes guards against hazards out, each or those named, to see a test fail",
        run: guards::run,
        step: Some(Step {
            options: CHECK,
            mend: "the line below each fault; where only the page is stale: cargo xtask guards --page",
        }),
    },
    Task {
        name: "picture",
        options: CHECK,
        about: "draws docs/ticket.svg from what the program prints",
        run: |options| picture::run(options.contains(&"--check")),
        step: Some(Step { options: CHECK, mend: "cargo xtask picture" }),
    },
    Task {
        name: "deny",
        options: &[],
        about: "licences, versions, sources and advisories of all that lies below",
        run: |_| deny::run(),
        step: Some(Step { options: &[], mend: "the line below each fault" }),
    },
    Task {
        name: "msrv",
        options: &[],
        about: "does anything below need a newer Rust than rust-version?",
        run: |_| msrv::run(),
        step: Some(Step { options: &[], mend: "the line below each fault" }),
    },
    Task {
        name: "lint",
        options: &[],
        about: "clippy over everything, warnings denied",
        run: |_| compile::lint(),
        step: Some(Step {
            options: &[],
            mend: "cargo clippy --fix --workspace --all-targets --all-features --allow-dirty",
        }),
    },
    Task {
        name: "test",
        options: &[],
        about: "every test and every example of the documentation: `cargo test --workspace`",
        run: |_| compile::test(),
        step: Some(Step {
            options: &[],
            mend: "the code or the test; a snapshot that should have changed: look at it, then \
                   INSTA_UPDATE=always cargo test -p CRATE",
        }),
    },
    Task {
        name: "alone",
        options: &[],
        about: "each published library by itself: clippy with all and no features, tests with all",
        run: |_| compile::alone(),
        step: Some(Step {
            options: &[],
            mend: "a feature or a dependency that Cargo.toml of that crate should ask for itself",
        }),
    },
    Task {
        name: "example",
        options: &[],
        about: "creates providers with new-provider in a copy of the workspace, and tests them",
        run: |_| example::run(),
        step: Some(Step { options: &[], mend: "xtask/src/new_provider, or docs/example-provider" }),
    },
    Task {
        name: "bench",
        options: &["--check", "--write", "--peers"],
        about: "measures reading and fetching; --write: into docs/performance.md; --peers: the SDKs",
        run: bench::run,
        step: Some(Step { options: CHECK, mend: "the line below each fault" }),
    },
    Task {
        name: "document",
        options: &[],
        about: "rustdoc without warnings",
        run: |_| compile::document(),
        step: Some(Step {
            options: &[],
            mend: "the comment that rustdoc names; cargo doc --workspace --no-deps --all-features",
        }),
    },
    Task {
        name: "api",
        options: CHECK,
        about: "writes the public API of each library into docs/api",
        run: |options| api::run(options.contains(&"--check")),
        step: Some(Step { options: CHECK, mend: "cargo xtask api" }),
    },
    Task {
        name: "interop",
        options: &[],
        about: "writes docs/interoperability.md: what the official SDKs do; needs their registries",
        run: |_| interop::run(),
        step: None,
    },
    Task {
        name: "release",
        options: &["--dry-run"],
        about: "how a release is made; --dry-run: whether one can be",
        run: release::run,
        step: None,
    },
    Task {
        name: "new-provider",
        options: &["[NAME --response FILE]", "[--help]"],
        about: "creates a provider from docs/example-provider and an example response",
        run: new_provider::run,
        step: None,
    },
    Task {
        name: "fuzz",
        options: &["[TARGET…]", "[--seconds N]"],
        about: "feeds the targets of xtask/fuzz with generated input, guided by coverage",
        run: fuzz::run,
        step: None,
    },
];

/// The list, as it is printed.
pub(crate) fn list() -> String {
    let mut text = String::from("cargo xtask TASK\n\n");
    for Task { name, options, about, .. } in TASKS {
        let usage = [&[*name], *options].concat().join(" ");
        writeln!(text, "  {usage:<28} {about}").expect(TAKES);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{TASKS, list};

    #[test]
    fn every_task_has_a_line_of_its_own_and_a_name_of_its_own() {
        let list = list();
        for task in TASKS {
            let lines =
                list.lines().filter(|line| line.split_whitespace().next() == Some(task.name));
            assert_eq!(lines.count(), 1, "{}", task.name);
            assert!(list.contains(task.about), "{}", task.name);
        }
    }

    #[test]
    fn a_step_runs_its_task_with_options_that_the_task_has() {
        for task in TASKS {
            for option in task.step.iter().flat_map(|step| step.options) {
                assert!(task.options.contains(option), "{} {option}", task.name);
            }
        }
    }

    #[test]
    fn whatever_writes_a_page_only_looks_at_it_in_a_check() {
        for task in TASKS.iter().filter(|task| task.options.contains(&"--check")) {
            let step = task.step.as_ref().expect("a page that is written is also checked");
            assert_eq!(step.options, ["--check"], "{}", task.name);
        }
    }
}

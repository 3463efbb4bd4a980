//! A test, by the file in which it stands and its name: from them follows how cargo runs it.

use crate::tree::Tree;

/// A test of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Test {
    /// The file in which it stands.
    pub(super) file: &'static str,
    /// Its name, without its modules.
    pub(super) name: &'static str,
}

impl Test {
    /// The crate that it belongs to.
    pub(super) fn package(&self) -> &'static str {
        self.file.split('/').nth(1).unwrap_or_default()
    }

    /// What of the crate is built for it: the arguments for `cargo test`.
    pub(super) fn target(&self, tree: &Tree) -> Vec<&'static str> {
        match self.steps().as_slice() {
            ["tests", target, ..] => vec!["--test", target],
            _ if tree.has(&format!("crates/{}/src/lib.rs", self.package())) => vec!["--lib"],
            _ => vec!["--bins"],
        }
    }

    /// Its name with its modules.
    pub(super) fn full_name(&self) -> String {
        let steps = self.steps();
        let modules: Vec<&str> = match steps.as_slice() {
            ["tests", _, "main"] => Vec::new(),
            ["tests", _, modules @ ..] => modules.to_vec(),
            ["src", modules @ ..] => {
                let is_module_of_tests = modules.last() == Some(&"tests");
                let tests = if is_module_of_tests { &[][..] } else { &["tests"] };
                let names = modules.iter().filter(|step| !["lib", "main"].contains(step));
                names.chain(tests).copied().collect()
            }
            _ => Vec::new(),
        };
        modules.iter().chain([&self.name]).copied().collect::<Vec<_>>().join("::")
    }

    /// Whether it stands in its file.
    pub(super) fn is_in(&self, tree: &Tree) -> bool {
        let head = format!("fn {}(", self.name);
        let lines: Vec<&str> =
            tree.text(self.file).unwrap_or_default().lines().map(str::trim).collect();
        let found = lines
            .iter()
            .position(|line| line.strip_prefix("async ").unwrap_or(line).starts_with(&head));
        found.is_some_and(|place| {
            let above = lines[..place]
                .iter()
                .rev()
                .take_while(|line| line.starts_with("#[") || line.starts_with("//"));
            above.into_iter().any(|line| *line == "#[test]" || line.starts_with("#[tokio::test"))
        })
    }

    /// The steps of its path below its crate, without the ending.
    fn steps(&self) -> Vec<&'static str> {
        self.file.trim_end_matches(".rs").split('/').skip(2).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Test;
    use crate::tree::Tree;

    fn test(file: &'static str) -> Test {
        Test { file, name: "it_holds" }
    }

    #[test]
    fn the_path_says_how_cargo_runs_a_test() {
        let tree = Tree::from([("crates/a/src/lib.rs", ""), ("crates/b/src/main.rs", "")]);
        for (file, target, name) in [
            ("crates/a/tests/http.rs", &["--test", "http"][..], "it_holds"),
            ("crates/b/tests/process/get.rs", &["--test", "process"], "get::it_holds"),
            ("crates/b/tests/process/main.rs", &["--test", "process"], "it_holds"),
            ("crates/a/src/one/two.rs", &["--lib"], "one::two::tests::it_holds"),
            ("crates/a/src/lib.rs", &["--lib"], "tests::it_holds"),
            ("crates/b/src/view/tests.rs", &["--bins"], "view::tests::it_holds"),
        ] {
            let test = test(file);
            assert_eq!((test.target(&tree), test.full_name()), (target.to_vec(), name.to_owned()));
        }
        assert_eq!(test("crates/a/tests/http.rs").package(), "a");
    }

    #[test]
    fn only_what_is_marked_as_a_test_is_one() {
        let file = "crates/a/tests/http.rs";
        for (text, is_test) in [
            ("#[test]\nfn it_holds() {}\n", true),
            ("#[tokio::test(start_paused = true)]\nasync fn it_holds() {}\n", true),
            ("#[test]\nfn other() {}\n\nfn it_holds() {}\n", false),
            ("#[test]\nfn it_holds_not() {}\n", false),
            ("// it_holds\n", false),
        ] {
            assert_eq!(test(file).is_in(&Tree::from([(file, text)])), is_test, "{text}");
        }
    }
}

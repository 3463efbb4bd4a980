//! What a command looks at: tickets to fetch, as `get` has them, or saved answers, as `decode` has them.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::outcome::Failure;
use crate::providers::{self, Provider};

/// What a command looks at.
#[derive(Debug)]
pub(super) enum Subject {
    /// Tickets to fetch, each as `PROVIDER:ID`.
    Tickets(Vec<String>),
    /// Saved answers of a provider; standard input where none is named.
    Saved(&'static Provider, Vec<PathBuf>),
}

impl Subject {
    /// Reads the words of the command line: the colon of the first one decides.
    ///
    /// # Errors
    /// Where the first word is neither a ticket nor a provider.
    pub(super) fn of(first: &str, rest: &[OsString]) -> Result<Self, Failure> {
        if first.contains(':') {
            let rest = rest.iter().map(|word| word.to_string_lossy().into_owned());
            return Ok(Self::Tickets([first.to_owned()].into_iter().chain(rest).collect()));
        }
        let provider = providers::named(first)?;
        let mut files: Vec<_> = rest.iter().map(PathBuf::from).collect();
        if files.is_empty() {
            files.push("-".into());
        }
        Ok(Self::Saved(provider, files))
    }
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn the_colon_of_the_first_word_decides() {
        let tickets = Subject::of("feishu:1", &["engagelab:2".into()]).unwrap();
        assert!(
            matches!(&tickets, Subject::Tickets(names) if names == &["feishu:1", "engagelab:2"]),
            "{tickets:?}"
        );
        for (rest, files) in [(&["a:b.json".into()][..], ["a:b.json"]), (&[], ["-"])] {
            let saved = Subject::of("feishu", rest).unwrap();
            let Subject::Saved(provider, found) = saved else { panic!("{saved:?}") };
            assert_eq!(provider.name, "feishu");
            assert_eq!(found, files.map(std::path::PathBuf::from));
        }
        assert!(Subject::of("zendesk", &[]).is_err());
    }
}

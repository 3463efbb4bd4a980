//! What a command looks at: tickets to fetch, as `get` has them, or saved responses, as `decode` has them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ticket_core::ErrorKind;

use crate::outcome::Failure;
use crate::providers::{self, PROVIDERS, Provider};

/// What a command looks at.
#[derive(Debug)]
pub(super) enum Subject {
    /// Tickets to fetch, each as `PROVIDER:ID`.
    Tickets(Vec<String>),
    /// Saved responses of a provider; standard input where none is named.
    Saved(&'static Provider, Vec<PathBuf>),
}

impl Subject {
    /// Reads the words of the command line: the colon of the first one decides. `of_calls` is an option of tickets alone.
    ///
    /// # Errors
    /// Where the first word is neither a ticket nor a provider, or tickets are meant and saved responses are asked for.
    pub(super) fn of(
        first: &str,
        rest: &[OsString],
        of_calls: Option<&str>,
    ) -> Result<Self, Failure> {
        if first.contains(':') {
            let rest = rest.iter().map(|word| word.to_string_lossy().into_owned());
            return Ok(Self::Tickets([first.to_owned()].into_iter().chain(rest).collect()));
        }
        let provider = providers::named(first)?;
        let mut files: Vec<_> = rest.iter().map(PathBuf::from).collect();
        let refuse = |message: String, alone: &str| {
            let hint =
                format!("to have a ticket fetched, write {alone} without the provider before it");
            Failure::new(ErrorKind::InvalidRequest, message).with_hint(hint)
        };
        if let Some(option) = of_calls {
            let message =
                format!("{option} is for tickets that are fetched, not for saved responses");
            return Err(refuse(message, &format!("{}:{}", provider.name, provider.example)));
        }
        if let Some(ticket) = files.iter().find_map(|file| missing_ticket(file)) {
            return Err(refuse(format!("there is no file {ticket}"), ticket));
        }
        if files.is_empty() {
            files.push("-".into());
        }
        Ok(Self::Saved(provider, files))
    }
}

/// The name of a ticket, where that stands in the place of a file and there is no such file.
fn missing_ticket(file: &Path) -> Option<&str> {
    let name = file.to_str()?;
    let (provider, _) = name.split_once(':')?;
    let is_known = PROVIDERS.iter().any(|known| known.name == provider);
    (is_known && !file.exists()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn the_colon_of_the_first_word_decides() {
        let tickets = Subject::of("feishu:1", &["engagelab:2".into()], Some("--sandbox")).unwrap();
        assert!(
            matches!(&tickets, Subject::Tickets(names) if names == &["feishu:1", "engagelab:2"]),
            "{tickets:?}"
        );
        for (rest, files) in [(&["a:b.json".into()][..], ["a:b.json"]), (&[], ["-"])] {
            let saved = Subject::of("feishu", rest, None).unwrap();
            let Subject::Saved(provider, found) = saved else { panic!("{saved:?}") };
            assert_eq!(provider.name, "feishu");
            assert_eq!(found, files.map(std::path::PathBuf::from));
        }
        assert!(Subject::of("zendesk", &[], None).is_err());
    }

    #[test]
    fn whoever_means_a_ticket_is_told_how_to_write_it() {
        for (rest, of_calls, told) in [
            (
                &["feishu:123".into()][..],
                None,
                "there is no file feishu:123\nhint: to have a ticket fetched, write feishu:123 without",
            ),
            (&["a.json".into(), "engagelab:1".into()], None, "there is no file engagelab:1\n"),
            (&["a.json".into()], Some("--sandbox"), "--sandbox is for tickets that are fetched"),
            (&[], Some("--timeout"), "write feishu:6626871355780366331 without"),
        ] {
            let failure = Subject::of("feishu", rest, of_calls).unwrap_err();
            assert_eq!(failure.exit(), 2);
            assert!(failure.account().as_str().contains(told), "{}", failure.account().as_str());
        }
    }
}

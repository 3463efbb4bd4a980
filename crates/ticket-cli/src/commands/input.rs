//! The input of a command: tickets to fetch, or saved responses.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ticket_core::ErrorKind;

use crate::address::SourceAddress;
use crate::outcome::Failure;
use crate::providers::PROVIDERS;

/// The input of a command.
#[derive(Debug)]
pub(super) enum Input {
    /// Tickets to fetch, each as `SOURCE:ID`.
    Tickets(Vec<String>),
    /// Saved responses of a provider; by default standard input.
    Saved(SourceAddress, Vec<PathBuf>),
}

impl Input {
    /// Parses the arguments: a colon in the first one means tickets.
    ///
    /// `of_calls` is a given option that applies to tickets only.
    ///
    /// # Errors
    /// If the first argument is neither a ticket nor a provider, or saved responses are mixed with tickets or their options.
    pub(super) fn of(
        first: &str,
        rest: &[OsString],
        of_calls: Option<&str>,
    ) -> Result<Self, Failure> {
        if first.contains(':') {
            let rest: Vec<_> =
                rest.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            let is_file = |word: &&String| !word.contains(':') && Path::new(word).exists();
            if let Some(file) = rest.iter().find(is_file) {
                let source = first.split_once(':').map_or(first, |(source, _)| source);
                let message = format!("{file} is a file, not SOURCE:ID");
                let hint = format!(
                    "for saved responses, write the provider without an id: {source} {file}"
                );
                return Err(Failure::new(ErrorKind::InvalidRequest, message).with_hint(hint));
            }
            return Ok(Self::Tickets([first.to_owned()].into_iter().chain(rest).collect()));
        }
        let source = SourceAddress::parse(first)?;
        let mut files: Vec<_> = rest.iter().map(PathBuf::from).collect();
        let refuse = |message: String, alone: &str, saved: &str| {
            let hint =
                format!("to fetch a ticket, write {alone} without the provider before it{saved}");
            Failure::new(ErrorKind::InvalidRequest, message).with_hint(hint)
        };
        if let Some(option) = of_calls {
            let message = format!("{option} applies to fetched tickets, not to saved responses");
            let alone = format!("{source}:{}", source.provider.example);
            let saved = format!("; for saved responses, leave out {option}");
            return Err(refuse(message, &alone, &saved));
        }
        if let Some(ticket) = files.iter().find_map(|file| missing_ticket(file)) {
            return Err(refuse(format!("file not found: {ticket}"), ticket, ""));
        }
        if files.is_empty() {
            files.push("-".into());
        }
        Ok(Self::Saved(source, files))
    }
}

/// Returns the argument if it is a ticket instead of an existing file.
fn missing_ticket(file: &Path) -> Option<&str> {
    let name = file.to_str()?;
    let (source, _) = name.split_once(':')?;
    let (provider, _) = source.split_once('@').unwrap_or((source, ""));
    let is_known = PROVIDERS.iter().any(|known| known.name.eq_ignore_ascii_case(provider));
    (is_known && !file.exists()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn a_colon_in_the_first_argument_means_tickets() {
        let tickets = Input::of("feishu:1", &["engagelab:2".into()], Some("--sandbox")).unwrap();
        assert!(
            matches!(&tickets, Input::Tickets(names) if names == &["feishu:1", "engagelab:2"]),
            "{tickets:?}"
        );
        for (rest, files) in [(&["a:b.json".into()][..], ["a:b.json"]), (&[], ["-"])] {
            let saved = Input::of("feishu", rest, None).unwrap();
            let Input::Saved(source, found) = saved else { panic!("{saved:?}") };
            assert_eq!(source.to_string(), "feishu");
            assert_eq!(found, files.map(std::path::PathBuf::from));
        }
        assert!(Input::of("zendesk", &[], None).is_err());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saved.json");
        std::fs::write(&file, "{}").unwrap();
        let mixed = Input::of("feishu:1", &[file.clone().into()], None).unwrap_err();
        let message = format!(
            "{0} is a file, not SOURCE:ID\nhint: for saved responses, write the provider without an id: feishu {0}",
            file.display()
        );
        assert_eq!((mixed.exit(), mixed.details().as_str()), (2, &*message));
    }

    #[test]
    fn explains_how_to_write_a_ticket() {
        for (rest, of_calls, expected) in [
            (
                &["feishu:123".into()][..],
                None,
                "file not found: feishu:123\nhint: to fetch a ticket, write feishu:123 without",
            ),
            (&["a.json".into(), "engagelab:1".into()], None, "file not found: engagelab:1\n"),
            (&["a.json".into()], Some("--sandbox"), "--sandbox applies to fetched tickets"),
            (&[], Some("--timeout"), "write feishu:6626871355780366331 without"),
        ] {
            let failure = Input::of("feishu", rest, of_calls).unwrap_err();
            assert_eq!(failure.exit(), 2);
            assert!(
                failure.details().as_str().contains(expected),
                "{}",
                failure.details().as_str()
            );
        }
    }
}

//! Which response becomes which kind, found out by reading every fixture.

use std::fmt::Write as _;

use ticket_core::mapping::MappingDescription;
use ticket_core::{Bytes, Error, ErrorKind, Response, VocabularyOverrides};
use ticket_fixtures::{Case, Origin};

use crate::generated::TAKES;

/// A table for each provider, and what no provider can read.
pub(super) fn tables(decoders: &[&dyn MappingDescription]) -> String {
    let mut text = String::new();
    let mut unreadable = Vec::new();
    for decoder in decoders {
        let mut refused: Vec<_> = ticket_fixtures::of(decoder.provider())
            .filter_map(|case| Some((case, read(*decoder, case).err()?)))
            .collect();
        unreadable.extend(
            refused
                .iter()
                .filter(|(_, error)| error.kind() == ErrorKind::InvalidResponse)
                .map(|(case, _)| case.shows),
        );
        refused.retain(|(_, error)| error.kind() != ErrorKind::InvalidResponse);
        refused.sort_by_key(|(case, error)| (place(error.kind()), case.name));
        // A provider may keep its responses in its own crate.
        if !refused.is_empty() {
            writeln!(text, "### {}\n\n{}", decoder.title(), table(&refused)).expect(TAKES);
        }
    }
    unreadable.sort_unstable();
    unreadable.dedup();
    writeln!(text, "### What no provider can read\n\nAll of these are `invalid_response`:\n")
        .expect(TAKES);
    for shows in unreadable {
        writeln!(text, "- {shows}").expect(TAKES);
    }
    text
}

fn read(decoder: &dyn MappingDescription, case: &Case) -> Result<(), Error> {
    let mut response = Response::saved(decoder.ticket_operation(), Bytes::from_static(case.body));
    response.http_status = Some(case.http_status);
    decoder.decode(&[response], &VocabularyOverrides::default()).map(drop)
}

fn table(refused: &[(&Case, Error)]) -> String {
    let mut table =
        String::from("| kind | code | HTTP | the response | known from |\n|---|---|---|---|---|\n");
    for (case, error) in refused {
        let origin = match case.origin {
            Origin::Documentation => "documentation",
            Origin::CapturedElsewhere => "a published response",
            Origin::MadeUp => "made up",
        };
        let code = error.code().unwrap_or("–");
        let shows = case.shows.replace('|', "\\|");
        let (kind, status) = (error.kind(), case.http_status);
        writeln!(table, "| `{kind}` | {code} | {status} | {shows} | {origin} |").expect(TAKES);
    }
    table
}

/// Where a kind stands among all kinds.
fn place(kind: ErrorKind) -> usize {
    ErrorKind::ALL.iter().position(|known| *known == kind).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::tables;
    use crate::providers::PROVIDERS;

    #[test]
    fn every_fixture_that_is_an_error_is_told() {
        let text = tables(PROVIDERS);
        for decoder in PROVIDERS {
            let errors = ticket_fixtures::of(decoder.provider());
            for case in errors.filter(|case| case.http_status >= 400) {
                assert!(text.contains(&case.shows.replace('|', "\\|")), "{}", case.file);
            }
        }
        assert!(
            text.contains("| `not_found` | 154004 | 404 | no such ticket | documentation |"),
            "{text}"
        );
        assert!(text.contains("\n- no byte at all\n"), "{text}");
    }
}

//! Which response becomes which kind of error, found by decoding every fixture.

use ticket_core::mapping::MappingDescription;
use ticket_core::{Bytes, Error, ErrorKind, VocabularyOverrides};
use ticket_fixtures::{Case, Origin};

use crate::row;

/// Returns a table for each provider, and a list of the bodies that are not a ticket.
pub(super) fn tables(providers: &[&dyn MappingDescription]) -> String {
    let mut text = String::new();
    let mut unreadable = Vec::new();
    for provider in providers {
        let failed = ticket_fixtures::of(provider.provider())
            .filter_map(|case| Some((case, decode(*provider, case).err()?)));
        let (invalid, mut refused): (Vec<_>, Vec<_>) =
            failed.partition(|(_, error)| error.kind() == ErrorKind::InvalidResponse);
        unreadable.extend(invalid.into_iter().map(|(case, _)| case.shows));
        let position = |kind| ErrorKind::ALL.iter().position(|known| *known == kind);
        refused.sort_by_key(|(case, error)| (position(error.kind()), case.name));
        text.push_str(&format!("### {}\n\n{}\n", provider.title(), table(&refused)));
    }
    unreadable.sort_unstable();
    unreadable.dedup();
    let unreadable: String = unreadable.iter().map(|shows| format!("- {shows}\n")).collect();
    format!(
        "{text}### Responses that are not a ticket\n\nEach item says what the body is, or what is wrong in it. The kind is `{}`:\n\n{unreadable}",
        ErrorKind::InvalidResponse
    )
}

fn decode(provider: &dyn MappingDescription, case: &Case) -> Result<(), Error> {
    let mut responses = ticket_core::saved::read(Bytes::from_static(case.body), provider)?;
    for response in &mut responses {
        response.http_status = Some(case.http_status);
    }
    provider.decode(&responses, &VocabularyOverrides::default()).map(drop)
}

fn table(refused: &[(&Case, Error)]) -> String {
    let mut table = row(["kind", "code", "HTTP", "the response", "evidence"]) + &row(["---"; 5]);
    for (case, error) in refused {
        let origin = match case.origin {
            Origin::Documentation => "documentation",
            Origin::CapturedElsewhere => "a published response",
            Origin::MadeUp => "made up",
        };
        let (kind, status) = (format!("`{}`", error.kind()), case.http_status.to_string());
        table.push_str(&row([&*kind, error.code().unwrap_or("–"), &status, case.shows, origin]));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::tables;
    use crate::PROVIDERS;

    #[test]
    fn shows_every_fixture_that_is_an_error() {
        let text = tables(PROVIDERS);
        for provider in PROVIDERS {
            let cases = ticket_fixtures::of(provider.provider());
            for case in cases.filter(|case| case.http_status >= 400) {
                assert!(text.contains(&case.shows.replace('|', "\\|")), "{}", case.file);
            }
        }
        assert!(text.contains("| `not_found` | 154004 | 404 |"), "{text}");
        assert!(text.contains("\n- an empty body\n"), "{text}");
    }
}

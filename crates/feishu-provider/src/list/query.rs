//! Translates a query to the parameters of the list call.

use ticket_core::{Error, ListQuery, VocabularyOverrides};
use ticket_model::Timestamp;

use super::CAPABILITIES;
use crate::map;

/// Returns the parameters of a query, by the names of the service.
///
/// # Errors
/// [`InvalidRequest`](ErrorKind::InvalidRequest) if the service cannot answer it.
pub(crate) fn parameters(
    query: &ListQuery,
    overrides: &VocabularyOverrides,
) -> Result<Vec<(&'static str, String)>, Error> {
    CAPABILITIES.check(query)?;
    let mut parameters = Vec::new();
    for status in &query.statuses {
        let codes = overrides.words_of_status(map::STATUSES, *status)?;
        parameters.extend(codes.into_iter().map(|code| ("status_list", code)));
    }
    for (range, [start, end]) in [
        (&query.created, ["create_time_start", "create_time_end"]),
        (&query.updated, ["update_time_start", "update_time_end"]),
    ] {
        if !range.is_unbounded() {
            // Both ends are required: an open one becomes the first day of 1970, or of 2100.
            let since = range.since.map_or(0, Timestamp::as_millisecond);
            let until = range.until.map_or(OPEN_END, Timestamp::as_millisecond);
            parameters.extend([(start, since.to_string()), (end, until.to_string())]);
        }
    }
    parameters.extend(query.requester.clone().map(|id| ("guest_id", id)));
    parameters.extend(query.assignee.clone().map(|id| ("agent_id", id)));
    parameters.extend(query.tags.iter().map(|tag| ("tags", tag.clone())));
    for (name, value) in &query.native {
        let known = CAPABILITIES.native_filters.iter().find(|known| *known == name);
        parameters.extend(known.map(|known| (*known, value.clone())));
    }
    Ok(parameters)
}

/// The first instant of 2100, in milliseconds.
const OPEN_END: i64 = 4_102_444_800_000;

#[cfg(test)]
mod tests {
    use ticket_core::{ErrorKind, ListQuery, TimeRange, VocabularyOverrides};
    use ticket_model::Status;

    use super::parameters;

    #[test]
    fn translates_a_query_to_parameters() {
        let since = Some("2026-01-02T03:04:05.678Z".parse().unwrap());
        let query = ListQuery {
            statuses: vec![Status::Closed, Status::Open],
            created: TimeRange { since, until: None },
            updated: TimeRange { since: None, until: since },
            requester: Some("ou_1".into()),
            assignee: Some("ou_2".into()),
            tags: vec!["vpn".into(), "vip".into()],
            native: vec![("score".into(), "1".into())],
            ..ListQuery::default()
        };
        let overrides = VocabularyOverrides::default()
            .with_status("52", Status::Resolved)
            .with_status("60", Status::Closed);
        let expected = [
            ("status_list", "50"),
            ("status_list", "51"),
            ("status_list", "60"),
            ("status_list", "3"),
            ("create_time_start", "1767323045678"),
            ("create_time_end", "4102444800000"),
            ("update_time_start", "0"),
            ("update_time_end", "1767323045678"),
            ("guest_id", "ou_1"),
            ("agent_id", "ou_2"),
            ("tags", "vpn"),
            ("tags", "vip"),
            ("score", "1"),
        ];
        let found = parameters(&query, &overrides).unwrap();
        let found: Vec<_> = found.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn refuses_a_status_that_no_code_means() {
        let query = ListQuery { statuses: vec![Status::Resolved], ..ListQuery::default() };
        let error = parameters(&query, &VocabularyOverrides::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.message(), "the service has no status that means resolved");
        assert_eq!(
            error.hint(),
            Some("its statuses mean new, in_progress, open, on_hold, waiting_on_requester, closed")
        );
    }
}

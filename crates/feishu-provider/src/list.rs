//! Reads a page of the list call: whole tickets, in the shape of the ticket call.

use ticket_core::decode::{Cursor, Document};
use ticket_core::{
    Decoded, Diagnostic, Error, ErrorKind, ListCapabilities, ListFilter, ListItems, ListQuery,
    RangeRule, Response, TotalRule, VocabularyOverrides,
};
use ticket_model::{IndexMap, Json, Status, Timestamp};

use crate::{LIST_TICKETS, PROVIDER, error, map, wire};

/// The largest page.
pub(crate) const MAX_PAGE_SIZE: u32 = 200;
/// Where the list and its total end.
pub(crate) const MAX_TICKETS: u64 = 10_000;

/// How lists behave, by the page of the list call.
pub(crate) const CAPABILITIES: ListCapabilities = ListCapabilities {
    filters: &[
        ListFilter::Status,
        ListFilter::Created,
        ListFilter::Updated,
        ListFilter::Requester,
        ListFilter::Assignee,
        ListFilter::Tag,
    ],
    native_filters: &[
        "ticket_id",
        "agent_id",
        "closed_by_id",
        "guest_id",
        "guest_name",
        "type",
        "channel",
        "solved",
        "score",
        "status_list",
        "tags",
    ],
    max_page_size: MAX_PAGE_SIZE,
    max_tickets: Some(MAX_TICKETS),
    created: Some(RangeRule {
        needs_both_ends: true,
        is_inclusive: Some(true),
        step_milliseconds: 1,
    }),
    updated: Some(RangeRule { needs_both_ends: true, is_inclusive: None, step_milliseconds: 1 }),
    order: None,
    total: TotalRule::Claimed,
    items: ListItems::Tickets,
};

/// A page of the list.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) tickets: Vec<Decoded>,
    /// The pointers of rows without an id.
    pub(crate) unreadable: Vec<String>,
    pub(crate) total: Option<u64>,
}

/// Reads a page.
///
/// # Errors
/// If it is not a successful response of the list call.
pub(crate) fn read(response: &Response, overrides: &VocabularyOverrides) -> Result<Page, Error> {
    if !response.is_success() {
        return Err(error::error_response(response));
    }
    let document = Document::open(response)?.named(LIST_TICKETS, 0);
    let root = document.root();
    let wire::ListEnvelope { code, msg, data, unknown } = document.parse()?;
    error::check_code(response, &root, &code)?;
    root.text(msg);
    root.unknown(unknown);
    let no_list = |pointer: String| {
        Error::new(ErrorKind::InvalidResponse, "the response has no list of tickets")
            .with_path(pointer)
    };
    let pointer = root.key(data.key()).pointer();
    let (cursor, wire::ListData { tickets, total, unknown }) =
        root.object(data).ok_or_else(|| no_list(pointer))?;
    cursor.unknown(unknown);
    let total = cursor.count(total);
    let base = cursor.key(tickets.key()).pointer();
    let row =
        |cursor: &Cursor<'_>, ticket: wire::Ticket<'_>| map::ticket(cursor, ticket, overrides).ok();
    // No tickets may be no list.
    let rows = match (cursor.list(tickets, row), total) {
        (Some(rows), _) => rows,
        (None, Some(0)) => Vec::new(),
        (None, _) => return Err(no_list(base)),
    };
    let (extra, diagnostics) = document.close()?;
    let mut parts = Parts::new(rows.len(), &base, extra, diagnostics);
    let mut page = Page { tickets: Vec::with_capacity(rows.len()), unreadable: Vec::new(), total };
    for (index, row) in rows.into_iter().enumerate() {
        let (extra, diagnostics) = parts.take(index);
        match row {
            Some(mut ticket) => {
                ticket.extra = extra;
                let fields = &ticket.custom_fields;
                ticket.title = overrides.title_of(fields).map(|(_, text)| text);
                page.tickets.push(Decoded { ticket, diagnostics });
            }
            None => page.unreadable.push(format!("{base}/{index}")),
        }
    }
    Ok(page)
}

/// What was kept and reported, by the index of the row.
struct Parts(Vec<(IndexMap<String, Json>, Vec<Diagnostic>)>);

impl Parts {
    fn new(
        rows: usize,
        base: &str,
        extra: IndexMap<String, Json>,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let mut parts: Vec<(IndexMap<String, Json>, Vec<Diagnostic>)> = Vec::new();
        parts.resize_with(rows, Default::default);
        let row = |pointer: &str| {
            let below = pointer.strip_prefix(base)?.strip_prefix('/')?;
            below.split('/').next()?.parse::<usize>().ok().filter(|index| *index < rows)
        };
        for (pointer, value) in extra {
            if let Some(index) = row(&pointer) {
                parts[index].0.insert(pointer, value);
            }
        }
        for diagnostic in diagnostics {
            if let Some(index) = row(&diagnostic.pointer) {
                parts[index].1.push(diagnostic);
            }
        }
        Self(parts)
    }

    fn take(&mut self, index: usize) -> (IndexMap<String, Json>, Vec<Diagnostic>) {
        std::mem::take(&mut self.0[index])
    }
}

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
        for code in codes(*status, overrides)? {
            parameters.push(("status_list", code));
        }
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

/// Returns the codes that mean this status, with those to which the tenant gives this meaning.
fn codes(status: Status, overrides: &VocabularyOverrides) -> Result<Vec<String>, Error> {
    let documented = map::STATUSES.iter().filter(|(code, _)| overrides.status(code).is_none());
    let documented = documented.map(|(code, means)| (*code, *means));
    let meanings: Vec<(&str, Status)> = documented.chain(overrides.statuses()).collect();
    let codes: Vec<String> = meanings
        .iter()
        .filter(|(_, means)| *means == status)
        .map(|(code, _)| (*code).to_owned())
        .collect();
    if codes.is_empty() {
        let mut known: Vec<&str> = Vec::new();
        for (_, means) in &meanings {
            if !known.contains(&means.as_str()) {
                known.push(means.as_str());
            }
        }
        let message = format!("the service has no status that means {status}");
        return Err(Error::new(ErrorKind::InvalidRequest, message)
            .with_provider(PROVIDER)
            .with_hint(format!("its statuses mean {}", known.join(", "))));
    }
    Ok(codes)
}

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

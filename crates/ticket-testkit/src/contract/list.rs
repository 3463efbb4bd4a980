//! Lists of tickets.

use std::time::Duration;

use scripted_server::Requests;
use ticket_core::mapping::Limit;
use ticket_core::model::Status;
use ticket_core::transport::TransportConfig;
use ticket_core::{
    Error, ErrorKind, ListCapabilities, ListFilter, ListPage, ListQuery, PageToken, TimeRange,
};
use tokio::time::timeout;

use super::harness::{Harness, ONCE, Problems, Scenario, TestResult, describe};
use crate::SourceUnderTest;
use crate::source_under_test::{DebugSource, ErrorCase, ListUnderTest};

/// A short deadline. Nothing has to succeed within it.
const SHORT: Duration = Duration::from_millis(300);
/// A deadline that is never reached.
const NEVER: Duration = Duration::from_hours(24);

/// The most pages that are read.
const MAX_PAGES: usize = 100;

/// A running server if there is one, and the source.
pub(super) struct ListHarness {
    pub(super) source: std::sync::Arc<dyn DebugSource>,
    harness: Option<Harness>,
    timeout: Duration,
}

impl ListHarness {
    pub(super) async fn start(
        subject: &SourceUnderTest,
        scenario: Scenario,
    ) -> Result<Self, String> {
        let timeout = subject.timeout;
        if subject.is_in_memory {
            let source = subject.source("", scenario.settings)?;
            return Ok(Self { source, harness: None, timeout });
        }
        let harness = Harness::start(subject, scenario).await?;
        Ok(Self { source: harness.source.clone(), harness: Some(harness), timeout })
    }

    /// Fetches a page.
    pub(super) async fn page(
        &self,
        query: &ListQuery,
        token: Option<&PageToken>,
    ) -> Result<Result<ListPage, Error>, String> {
        let list = self.source.list().ok_or("the source returns no list")?;
        let page = timeout(self.timeout, list.page(query, token)).await;
        page.map_err(|_| format!("the call did not end within {} s", self.timeout.as_secs_f64()))
    }

    fn capabilities(&self) -> Result<&'static ListCapabilities, String> {
        Ok(self.source.list().ok_or("the source returns no list")?.capabilities())
    }

    /// Returns the number of all requests.
    fn requests(&self) -> usize {
        self.harness.as_ref().map_or(0, |harness| harness.server.received().len())
    }

    /// Returns the number of requests at a route.
    fn count(&self, route: &str) -> usize {
        self.harness.as_ref().map_or(0, |harness| harness.server.count(route))
    }

    /// Returns a problem unless the result is an error of one of these kinds, or of any if there are none.
    fn expect_error(&self, page: &Result<ListPage, Error>, kinds: &[ErrorKind]) -> Option<String> {
        let provider = self.source.provider();
        let expected: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
        match page {
            Ok(page) => {
                Some(format!("the call returned {} tickets; expected an error", page.items.len()))
            }
            Err(error) if !kinds.is_empty() && !kinds.contains(&error.kind()) => Some(format!(
                "the call failed with `{}` ({error}); expected {}",
                error.kind(),
                expected.join(" or ")
            )),
            Err(error) if error.provider() != Some(provider) => {
                Some(format!("the error does not name its provider: {error:?}"))
            }
            Err(_) => None,
        }
    }
}

impl SourceUnderTest {
    pub(super) fn described_list(&self) -> Result<&ListUnderTest, String> {
        let list = self.list.as_ref().ok_or("there is no list")?;
        if list.ids.is_empty() {
            return Err("the ids of the list are missing: add `.ids(…)`".to_owned());
        }
        Ok(list)
    }

    /// Returns the name of the route of the list.
    pub(super) fn list_route(&self) -> Option<&'static str> {
        Some(self.list.as_ref()?.route.as_ref()?.name())
    }
}

pub(super) async fn list_is_returned_if_there_is_one(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let source = subject.source("http://127.0.0.1:9", Scenario::default().settings)?;
    let problem = match (source.list().is_some(), subject.list.is_some()) {
        (true, false) => Some("returns a list that is not described: add `.list(…)`".to_owned()),
        (false, true) => Some("returns no list".to_owned()),
        _ => None,
    };
    problems.add("the source", problem);
    let described = subject.decoder.map(|decoder| decoder.capabilities().list);
    if let (Some(described), Some(list)) = (described, source.list()) {
        let is_other = described != Some(*list.capabilities());
        let problem = "the capabilities of the list are not those of the decoder";
        problems.add("the source", is_other.then(|| problem.to_owned()));
    }
    Ok(problems)
}

pub(super) async fn list_has_every_ticket_once(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let list = subject.described_list()?;
    let harness = ListHarness::start(subject, Scenario::default()).await?;
    let (mut ids, mut token, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = harness.page(&list.query, token.as_ref()).await?;
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                problems.add(&format!("page {}", pages + 1), [error.to_string()]);
                return Ok(problems);
            }
        };
        pages += 1;
        ids.extend(page.items.iter().map(|item| item.id().to_owned()));
        if !page.unreadable.is_empty() {
            let problem = format!("unreadable rows: {}", page.unreadable.join(", "));
            problems.add(&format!("page {pages}"), [problem]);
        }
        if page.total.is_some_and(|total| total != list.ids.len() as u64) {
            problems.add(&format!("page {pages}"), [format!("the total is {:?}", page.total)]);
        }
        if page.stats.attempts == 0 {
            problems.add(&format!("page {pages}"), ["the statistics count no request".to_owned()]);
        }
        let Some(next) = page.next else { break };
        // A token may be stored and used by another source.
        let json = serde_json::to_string(&next).map_err(|error| error.to_string())?;
        token = Some(serde_json::from_str(&json).map_err(|error| error.to_string())?);
        if pages == MAX_PAGES {
            return Err(format!("the list did not end after {MAX_PAGES} pages"));
        }
    }
    if ids != list.ids {
        problems.add("all pages", [format!("listed {ids:?}; expected {:?}", list.ids)]);
    }
    if pages < 2 {
        return Err("the list has one page: set a smaller `.page_size(…)`".to_owned());
    }
    Ok(problems)
}

/// Returns a query that uses only this filter.
fn query_with(filter: ListFilter) -> Option<ListQuery> {
    let (text, query) = (|| Some("1".to_owned()), ListQuery::default());
    let range = TimeRange { since: "2026-01-01T00:00:00Z".parse().ok(), until: None };
    Some(match filter {
        ListFilter::Status => ListQuery { statuses: vec![Status::Open], ..query },
        ListFilter::Created => ListQuery { created: range, ..query },
        ListFilter::Updated => ListQuery { updated: range, ..query },
        ListFilter::Requester => ListQuery { requester: text(), ..query },
        ListFilter::Assignee => ListQuery { assignee: text(), ..query },
        ListFilter::Tag => ListQuery { tags: vec!["1".to_owned()], ..query },
        ListFilter::Text => ListQuery { text: text(), ..query },
        ListFilter::After => ListQuery { after: text(), ..query },
        _ => return None,
    })
}

pub(super) async fn unsupported_query_is_refused(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    subject.described_list()?;
    let harness = ListHarness::start(subject, Scenario::default()).await?;
    let capabilities = harness.capabilities()?;
    let filters: Vec<_> = capabilities.filters.iter().map(|filter| filter.as_str()).collect();
    let native = || vec![("no such filter".to_owned(), "1".to_owned())];
    let too_large = capabilities.max_page_size.checked_add(1);
    let mut queries: Vec<(String, ListQuery, &[&str])> = Vec::new();
    for filter in ListFilter::ALL.iter().filter(|filter| !capabilities.filters.contains(filter)) {
        let query = query_with(*filter);
        queries.extend(query.map(|query| (format!("the filter `{filter}`"), query, &*filters)));
    }
    queries.push((
        "an unknown filter of the service".to_owned(),
        ListQuery { native: native(), ..ListQuery::default() },
        capabilities.native_filters,
    ));
    queries.push((
        "a page that is too large".to_owned(),
        ListQuery { page_size: too_large, ..ListQuery::default() },
        &[],
    ));
    for (situation, query, supported) in queries {
        let page = harness.page(&query, None).await?;
        problems.add(&situation, harness.expect_error(&page, &[ErrorKind::InvalidRequest]));
        let hint = page.err().and_then(|error| error.hint().map(str::to_owned));
        let hint = hint.unwrap_or_default();
        let missing = supported.iter().find(|name| !hint.contains(**name));
        let problem = missing.map(|name| format!("the hint `{hint}` does not name `{name}`"));
        problems.add(&situation, problem);
    }
    let requests = harness.requests();
    problems.add("all queries", (requests > 0).then(|| format!("sent {requests} requests")));
    Ok(problems)
}

pub(super) async fn invalid_page_token_is_an_error(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let list = subject.described_list()?;
    let harness = ListHarness::start(subject, Scenario::default()).await?;
    for text in ["", "no such page", "-1", "../..", "%00\n", "0"] {
        let token = PageToken::new(text);
        let page = harness.page(&list.query, Some(&token)).await?;
        problems.add(&format!("the token {text:?}"), harness.expect_error(&page, &[]));
    }
    Ok(problems)
}

pub(super) async fn list_call_keeps_limits_and_is_retried(subject: &SourceUnderTest) -> TestResult {
    let mut problems = Problems::default();
    let query = &subject.described_list()?.query;
    let route =
        subject.list_route().ok_or("the list has no route: use `ListUnderTest::over_http`")?;
    for case in [ErrorCase::RateLimited, ErrorCase::Unavailable] {
        for response in subject.required_error_responses(case)? {
            let situation = format!("{} at `{route}`, once", describe(&response.reply));
            let scenario = Scenario::reply(route, ONCE, response.reply.clone());
            let harness = ListHarness::start(subject, scenario).await?;
            let page = harness.page(query, None).await?;
            let attempts = page.as_ref().map(|page| page.stats.attempts);
            let problem = match attempts {
                Ok(2) if harness.count(route) == 2 => None,
                Ok(attempts) => {
                    Some(format!("the statistics count {attempts} requests; expected 2"))
                }
                Err(error) => Some(format!("the call failed with `{}` ({error})", error.kind())),
            };
            problems.add(&situation, problem);

            let situation = format!("{} at `{route}`, always", describe(&response.reply));
            let mut scenario = Scenario::reply(route, Requests::All, response.reply);
            scenario.settings.max_attempts = 2;
            scenario.settings.call_timeout =
                response.wait.map_or(NEVER, |wait| wait * 2 + Duration::from_secs(1));
            let harness = ListHarness::start(subject, scenario).await?;
            let page = harness.page(query, None).await?;
            problems.add(&situation, harness.expect_error(&page, &[case.kind()]));
        }
    }
    problems.0.extend(exceeded_limits(subject, query, route).await?);
    Ok(problems)
}

/// Returns a problem if the list call exceeds the limits of its operation in the capabilities.
async fn exceeded_limits(
    subject: &SourceUnderTest,
    query: &ListQuery,
    route: &'static str,
) -> Result<Option<String>, String> {
    let page = ListHarness::start(subject, Scenario::default()).await?.page(query, None).await?;
    let operation = page.ok().and_then(|page| page.response).map(|response| response.operation);
    let operations = subject.decoder.map(|decoder| decoder.capabilities().operations);
    let mut operations = operations.unwrap_or_default().iter();
    let operation = operations.find(|known| Some(known.name) == operation);
    let limits: &[Limit] = operation.map(|operation| operation.limits).unwrap_or_default();
    if limits.is_empty() {
        return Ok(None);
    }
    // The smallest share of a limit is one request. A silent service may count it at any time, so that it stays counted.
    let scenario = Scenario::fault(route, Requests::All, "silence");
    let settings = TransportConfig {
        rate_limit_fraction: 0.0,
        attempt_timeout: NEVER,
        call_timeout: SHORT,
        ..scenario.settings.clone()
    };
    let harness = ListHarness::start(subject, Scenario { settings, ..scenario }).await?;
    for _ in 0..3 {
        let _ = harness.page(query, None).await?;
    }
    let count = harness.count(route);
    Ok((count > 1).then(|| format!("3 calls with a limit of one request: sent {count} requests")))
}

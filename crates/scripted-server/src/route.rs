//! A route: which requests it matches, and its replies.

use url::form_urlencoded;

use crate::{Reply, Request, Requests};

/// The placeholder of the id.
const ID: &str = "{id}";

/// Requests of one method and path, and the replies to them.
///
/// The id is in the path (`/tickets/{id}`), in the query (`/tickets?expand=all&number={id}`), or in a JSON body
/// ([`id_in_body`](Self::id_in_body)). The other parameters of the route must be in the query of a request, which may have more.
#[derive(Debug, Clone)]
pub struct Route {
    name: &'static str,
    method: &'static str,
    path: String,
    /// The query parameter with the id.
    parameter: Option<String>,
    /// The parameters that a request must have.
    required: Vec<(String, String)>,
    /// The JSON pointer to the id in the body.
    pointer: Option<String>,
    by_id: Vec<(String, Reply)>,
    by_number: Vec<(Requests, Reply)>,
    default: Reply,
}

impl Route {
    /// Creates a route for GET requests.
    pub fn get(name: &'static str, path: &str) -> Self {
        Self::new(name, "GET", path)
    }

    /// Creates a route for POST requests.
    pub fn post(name: &'static str, path: &str) -> Self {
        Self::new(name, "POST", path)
    }

    fn new(name: &'static str, method: &'static str, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let (ids, required): (Vec<_>, Vec<_>) = pairs.partition(|(_, value)| value == ID);
        let parameter = ids.into_iter().next().map(|(key, _)| key);
        Self {
            name,
            method,
            path: path.to_owned(),
            parameter,
            required,
            pointer: None,
            by_id: Vec::new(),
            by_number: Vec::new(),
            default: Reply::gateway_page(404),
        }
    }

    /// Sets where the id is in a JSON body, as an RFC 6901 pointer.
    #[must_use]
    pub fn id_in_body(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Sets the reply to requests with this id.
    #[must_use]
    pub fn reply(mut self, id: impl Into<String>, reply: Reply) -> Self {
        self.by_id.push((id.into(), reply));
        self
    }

    /// Sets the reply to all other requests; without it, an HTML page with HTTP 404.
    #[must_use]
    pub fn default_reply(mut self, reply: Reply) -> Self {
        self.default = reply;
        self
    }

    /// Sets the reply to these requests of the route, whatever their id. The first match wins.
    #[must_use]
    pub fn reply_to(mut self, requests: Requests, reply: Reply) -> Self {
        self.by_number.push((requests, reply));
        self
    }

    /// Returns the name, as used in a [`FaultRule`](crate::FaultRule).
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the size of the largest body among its replies, in bytes.
    pub fn largest_body(&self) -> usize {
        let by_id = self.by_id.iter().map(|(_, reply)| reply);
        let replies = by_id.chain(self.by_number.iter().map(|(_, reply)| reply));
        let sizes = replies.chain([&self.default]).map(|reply| reply.body().len());
        sizes.max().unwrap_or_default()
    }

    /// Returns the decoded id of a request, if it has one; `None` if the route does not match.
    #[expect(clippy::option_option, reason = "no match and no id are different")]
    pub(crate) fn matches(&self, request: &Request) -> Option<Option<String>> {
        if request.method != self.method {
            return None;
        }
        let has = |(key, value): &(String, String)| {
            form_urlencoded::parse(request.query.as_bytes())
                .any(|it| it.0 == **key && it.1 == **value)
        };
        if !self.required.iter().all(has) {
            return None;
        }
        let in_path = match self.path.split_once(ID) {
            Some((before, after)) => {
                let id = request.path.strip_prefix(before)?.strip_suffix(after)?;
                if id.is_empty() || id.contains('/') {
                    return None;
                }
                Some(percent_decoded(id))
            }
            None if request.path == self.path => None,
            None => return None,
        };
        let in_query = || {
            let parameter = self.parameter.as_deref()?;
            let mut pairs = form_urlencoded::parse(request.query.as_bytes());
            pairs.find(|(key, _)| key == parameter).map(|(_, value)| value.into_owned())
        };
        let in_body = || {
            let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
            let value = body.pointer(self.pointer.as_deref()?)?;
            Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        Some(in_path.or_else(in_query).or_else(in_body))
    }

    /// Returns the reply to the request with this number, counted from 1.
    pub(crate) fn select(&self, number: u64, id: Option<&str>) -> &Reply {
        let mut by_number = self.by_number.iter();
        let by_number = by_number.find(|(requests, _)| requests.contains(self.name, number));
        let by_id = || self.by_id.iter().find(|(known, _)| Some(known.as_str()) == id);
        let reply = by_number.map(|(_, reply)| reply).or_else(|| by_id().map(|(_, reply)| reply));
        reply.unwrap_or(&self.default)
    }

    /// Returns the reply to another id.
    pub(crate) fn select_other(&self, id: Option<&str>) -> Option<&Reply> {
        let other = self.by_id.iter().find(|(known, _)| Some(known.as_str()) != id);
        other.map(|(_, reply)| reply)
    }
}

/// Decodes every `%XX` in a part of a path.
fn percent_decoded(part: &str) -> String {
    // A plus is a space in a form, but not in a path.
    let form = format!("id={}", part.replace('+', "%2B").replace('&', "%26"));
    let mut pairs = form_urlencoded::parse(form.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, target: &str, body: &str) -> Request {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
        Request { method, path, query, body: body.into(), ..Request::default() }
    }

    #[test]
    fn finds_the_id_in_path_query_or_body() {
        let in_body = Route::post("t", "/graphql").id_in_body("/variables/id");
        let some = |id: Option<&str>| Some(id.map(str::to_owned));
        for (route, method, target, body, expected) in [
            (Route::get("t", "/t/{id}"), "GET", "/t/42", "", some(Some("42"))),
            (Route::get("t", "/t/{id}"), "GET", "/t/a%3Ab+c?x=1", "", some(Some("a:b+c"))),
            (Route::get("t", "/t/{id}.json"), "GET", "/t/42.json", "", some(Some("42"))),
            (Route::get("t", "/t/{id}.json"), "GET", "/t/42", "", None),
            (Route::get("t", "/t/{id}"), "GET", "/t/42/notes", "", None),
            (Route::get("t", "/t/{id}"), "GET", "/t/", "", None),
            (Route::get("t", "/t/{id}"), "POST", "/t/42", "", None),
            (
                Route::get("t", "/t?number={id}"),
                "GET",
                "/t?x=1&number=4%2B2",
                "",
                some(Some("4+2")),
            ),
            (Route::get("t", "/t?number={id}"), "GET", "/t", "", some(None)),
            (
                Route::get("t", "/t?expand=all&number={id}"),
                "GET",
                "/t?expand=all&number=42",
                "",
                some(Some("42")),
            ),
            (Route::get("t", "/t?expand=all&number={id}"), "GET", "/t?number=42", "", None),
            (
                in_body.clone(),
                "POST",
                "/graphql",
                r#"{"variables": {"id": "42"}}"#,
                some(Some("42")),
            ),
            (in_body.clone(), "POST", "/graphql", r#"{"variables": {"id": 42}}"#, some(Some("42"))),
            (in_body, "POST", "/graphql", "not JSON", some(None)),
            (Route::post("t", "/token"), "POST", "/token", "", some(None)),
        ] {
            let found = route.matches(&request(method, target, body));
            assert_eq!(found, expected, "{method} {target} {body}");
        }
    }

    #[test]
    fn largest_body_is_that_of_any_reply() {
        let reply = |size| Reply::json(200, " ".repeat(size));
        let route = Route::get("t", "/t").default_reply(reply(1));
        assert_eq!(route.largest_body(), 1);
        let route = route.reply("1", reply(3)).reply_to("1".parse().expect("requests"), reply(2));
        assert_eq!(route.largest_body(), 3);
    }

    #[test]
    fn selects_the_reply_by_number_and_then_by_id() {
        let reply = |status| Reply::json(status, "");
        let route = Route::get("t", "/t/{id}")
            .reply("1", reply(201))
            .reply("2", reply(202))
            .default_reply(reply(404))
            .reply_to("2".parse().expect("requests"), reply(503));
        for (number, id, status) in [
            (1, Some("1"), 201),
            (2, Some("1"), 503),
            (3, Some("2"), 202),
            (4, Some("3"), 404),
            (5, None, 404),
        ] {
            assert_eq!(route.select(number, id).status(), status, "{number} {id:?}");
        }
        assert_eq!(route.select_other(Some("1")).map(Reply::status), Some(202));
    }
}

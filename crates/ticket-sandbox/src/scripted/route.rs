//! Which requests belong together, and what they are answered with.

use url::form_urlencoded;

use super::Reply;
use crate::Requests;
use crate::http::Request;

/// The place of a ticket's id.
const ID: &str = "{id}";

/// Which requests belong together, and what they are answered with.
///
/// An id stands in the path (`/tickets/{id}`), in the query (`/tickets?expand=all&number={id}`), or in a JSON body
/// ([`id_in_body`](Self::id_in_body)). What else stands in a query is not asked for.
#[derive(Debug, Clone)]
pub struct Route {
    pub(super) name: &'static str,
    method: &'static str,
    path: String,
    /// The key of the query whose value is the id.
    key: Option<String>,
    /// The pointer into the body where the id stands.
    pointer: Option<String>,
    responses: Vec<(String, Reply)>,
    instead: Vec<(Requests, Reply)>,
    otherwise: Reply,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The id of a ticket, decoded.
    pub(super) id: Option<String>,
}

impl Route {
    /// A route of GET requests.
    pub fn get(name: &'static str, path: &str) -> Self {
        Self::new(name, "GET", path)
    }

    /// A route of POST requests.
    pub fn post(name: &'static str, path: &str) -> Self {
        Self::new(name, "POST", path)
    }

    fn new(name: &'static str, method: &'static str, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let key = pairs.find(|(_, value)| value == ID).map(|(key, _)| key.into_owned());
        let path = path.to_owned();
        let otherwise = Reply::page(404);
        let (responses, instead) = (Vec::new(), Vec::new());
        Self { name, method, path, key, pointer: None, responses, instead, otherwise }
    }

    /// Says where in a JSON body the id stands, as an RFC 6901 pointer.
    #[must_use]
    pub fn id_in_body(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Responses so where this id is asked for.
    #[must_use]
    pub fn response(mut self, id: impl Into<String>, reply: Reply) -> Self {
        self.responses.push((id.into(), reply));
        self
    }

    /// Responses so where no other response fits; without it that is a page with HTTP 404.
    #[must_use]
    pub fn otherwise(mut self, reply: Reply) -> Self {
        self.otherwise = reply;
        self
    }

    /// Responses so to these requests of the route, whatever they ask for; of several the first decides.
    #[must_use]
    pub fn instead(mut self, requests: Requests, reply: Reply) -> Self {
        self.instead.push((requests, reply));
        self
    }

    /// Its name, by which a [`Rule`](crate::Rule) knows it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What a request of this route asks for; `None` where it is no request of this route.
    pub(super) fn asked(&self, request: &Request) -> Option<Asked> {
        if request.method != self.method {
            return None;
        }
        let in_path = match self.path.split_once(ID) {
            Some((before, after)) => {
                let id = request.path.strip_prefix(before)?.strip_suffix(after)?;
                if id.is_empty() || id.contains('/') {
                    return None;
                }
                Some(decoded(id))
            }
            None if request.path == self.path => None,
            None => return None,
        };
        let in_query = || {
            let key = self.key.as_deref()?;
            let mut pairs = form_urlencoded::parse(request.query.as_bytes());
            pairs.find(|(other, _)| other == key).map(|(_, value)| value.into_owned())
        };
        let in_body = || {
            let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
            let value = body.pointer(self.pointer.as_deref()?)?;
            Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        Some(Asked { id: in_path.or_else(in_query).or_else(in_body) })
    }

    /// The reply to the request of this number, counted from 1.
    pub(super) fn reply(&self, number: u64, id: Option<&str>) -> &Reply {
        let instead = self.instead.iter().find(|(requests, _)| requests.contain(self.name, number));
        let of_id = || self.responses.iter().find(|(known, _)| Some(known.as_str()) == id);
        let reply = instead.map(|(_, reply)| reply).or_else(|| of_id().map(|(_, reply)| reply));
        reply.unwrap_or(&self.otherwise)
    }

    /// The reply about another ticket than the one asked for, where there is one.
    pub(super) fn another(&self, id: Option<&str>) -> Option<&Reply> {
        let other = self.responses.iter().find(|(known, _)| Some(known.as_str()) != id);
        other.map(|(_, reply)| reply)
    }
}

/// A part of a path with every `%XX` decoded.
fn decoded(part: &str) -> String {
    // In a form a plus is a space; in a path it is itself.
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
    fn an_id_is_found_in_the_path_the_query_or_the_body() {
        let in_body = Route::post("t", "/graphql").id_in_body("/variables/id");
        let some = |id: Option<&str>| Some(Asked { id: id.map(str::to_owned) });
        for (route, method, target, body, asked) in [
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
            (
                in_body.clone(),
                "POST",
                "/graphql",
                r#"{"variables": {"id": "42"}}"#,
                some(Some("42")),
            ),
            (in_body.clone(), "POST", "/graphql", r#"{"variables": {"id": 42}}"#, some(Some("42"))),
            (in_body, "POST", "/graphql", "no JSON", some(None)),
            (Route::post("t", "/token"), "POST", "/token", "", some(None)),
        ] {
            let found = route.asked(&request(method, target, body));
            assert_eq!(found, asked, "{method} {target} {body}");
        }
    }

    #[test]
    fn a_reply_goes_by_the_number_of_the_request_and_then_by_the_id() {
        let reply = |status| Reply::json(status, "");
        let route = Route::get("t", "/t/{id}")
            .response("1", reply(201))
            .response("2", reply(202))
            .otherwise(reply(404))
            .instead("2".parse().expect("requests"), reply(503));
        for (number, id, status) in [
            (1, Some("1"), 201),
            (2, Some("1"), 503),
            (3, Some("2"), 202),
            (4, Some("3"), 404),
            (5, None, 404),
        ] {
            assert_eq!(route.reply(number, id).status(), status, "{number} {id:?}");
        }
        assert_eq!(route.another(Some("1")).map(Reply::status), Some(202));
    }
}

//! What a route responds.

use std::borrow::Cow;

use crate::http::{Request, Response};

/// What a route responds: a status, headers, and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    response: Response,
    echoes: bool,
}

impl Reply {
    /// Responds with JSON.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(Response::json(status, body.into()))
    }

    /// Responds with a body of any type, such as `text/html`.
    pub fn of(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(Response::new(status, media_type, body.into()))
    }

    /// Responds with the page of a gateway that stands before the service.
    pub fn page(status: u16) -> Self {
        Self::new(Response::page(status, "The service cannot be reached"))
    }

    fn new(response: Response) -> Self {
        Self { response, echoes: false }
    }

    /// The same with a header besides.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.response = self.response.with_header(name.into(), value);
        self
    }

    /// The same with another body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.response.body = Cow::Owned(body.into());
        self
    }

    /// The same in chunks, the length of the body not told ahead.
    #[must_use]
    pub fn in_chunks(mut self) -> Self {
        self.response.in_chunks = true;
        self
    }

    /// The same with the whole request, credentials and all, in the place of each `{request}`, with the value of a header in that of
    /// `{header NAME}` (its name in lower case), and with the body of the request in that of `{body}`: in the body as JSON has it within
    /// a text, in a header on one line.
    #[must_use]
    pub fn echoing(mut self) -> Self {
        self.echoes = true;
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.response.status
    }

    /// The body as it was given.
    pub fn body(&self) -> &[u8] {
        &self.response.body
    }

    /// The response to this request.
    pub(super) fn to_response(&self, request: &Request) -> Response {
        let mut response = self.response.clone();
        if self.echoes {
            for (place, said) in places(request) {
                let quoted = serde_json::Value::from(said.as_str()).to_string();
                let body = String::from_utf8_lossy(&response.body);
                // Without the quotes around it, which belong to the text that it stands in.
                let repeated = body.replace(&place, &quoted[1..quoted.len() - 1]);
                response.body = repeated.into_bytes().into();
                let line = said.replace(char::is_control, " ");
                for (_, value) in &mut response.headers {
                    *value = value.replace(&place, line.trim());
                }
            }
        }
        response
    }
}

/// The parts of a request that a reply can repeat, each with the place where it does.
fn places(request: &Request) -> Vec<(String, String)> {
    let header = |(name, value): &(String, String)| {
        (format!("{{header {}}}", name.to_ascii_lowercase()), value.clone())
    };
    let mut places: Vec<_> = request.headers.iter().map(header).collect();
    places.push(("{body}".to_owned(), String::from_utf8_lossy(&request.body).into_owned()));
    places.push(("{request}".to_owned(), request.to_text()));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_that_echoes_is_json_and_one_line_of_head_all_the_same() {
        let headers = vec![("Authorization".to_owned(), "Basic a\"b".to_owned())];
        let request = Request {
            method: "GET".to_owned(),
            path: "/x".to_owned(),
            headers,
            ..Request::default()
        };
        let reply = Reply::json(403, r#"{"message": "no: {request}"}"#)
            .with_header("X-Request-Id", "{request}");
        let response = reply.clone().echoing().to_response(&request);
        let body: serde_json::Value = serde_json::from_slice(&response.body).expect("JSON");
        assert_eq!(body["message"], "no: GET /x HTTP/1.1\r\nAuthorization: Basic a\"b\r\n\r\n");
        let reply_of_parts = Reply::json(403, r#"{"a": "{header authorization}", "b": "{body}"}"#);
        let parts = reply_of_parts.echoing().to_response(&request).body;
        assert_eq!(parts, br#"{"a": "Basic a\"b", "b": ""}"#.as_slice());
        let (_, header) = response.headers.last().expect("a header");
        assert_eq!(header, "GET /x HTTP/1.1  Authorization: Basic a\"b");
        assert_eq!(
            reply.to_response(&request).body,
            reply.body(),
            "it echoes only where it is asked to"
        );
    }
}

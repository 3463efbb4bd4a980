//! The routes as a service: what came in, and what is answered.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::{Reply, Route};
use crate::fault::{End, Service};
use crate::http::{Request, Response};
use crate::last::Last;

/// A request, word for word: it holds whatever secret was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// The name of the route; `None` where the request belongs to none.
    pub route: Option<&'static str>,
    /// The id that was asked for, decoded.
    pub id: Option<String>,
    /// The path as it was sent, without its query.
    pub path: String,
    /// The whole request: its first line, its headers, its body.
    pub text: String,
}

/// Routes, and what came in.
#[derive(Debug)]
pub(super) struct Script {
    routes: Vec<Route>,
    names: Vec<&'static str>,
    /// How many requests of each route were answered by its replies.
    counts: Mutex<HashMap<&'static str, u64>>,
    received: Last<Received>,
}

impl Script {
    pub(super) fn new(routes: Vec<Route>) -> Self {
        let names = routes.iter().map(Route::name).collect();
        Self { routes, names, counts: Mutex::default(), received: Last::default() }
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.list()
    }

    /// The route of a request, and the id that it asks for.
    fn find(&self, request: &Request) -> Option<(&Route, Option<String>)> {
        self.routes.iter().find_map(|route| Some((route, route.asked(request)?.id)))
    }
}

impl Service for Script {
    fn routes(&self) -> &[&'static str] {
        &self.names
    }

    fn route(&self, request: &Request) -> Option<&'static str> {
        self.find(request).map(|(route, _)| route.name)
    }

    fn came(&self, request: &Request) {
        let found = self.find(request);
        self.received.push(Received {
            route: found.as_ref().map(|(route, _)| route.name),
            id: found.and_then(|(_, id)| id),
            path: request.path.clone(),
            text: request.to_text(),
        });
    }

    fn response(&self, request: &Request) -> Response {
        let Some((route, id)) = self.find(request) else {
            return Response::text(404, "404 page not found");
        };
        let number = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(route.name).or_default();
            *count += 1;
            *count
        };
        route.reply(number, id.as_deref()).to_response(request)
    }

    fn response_about_another(&self, request: &Request) -> Response {
        let found = self.find(request);
        let other = found.as_ref().and_then(|(route, id)| route.another(id.as_deref()));
        other.map_or_else(|| self.response(request), |reply: &Reply| reply.to_response(request))
    }

    fn refuse(&self, _: &Request, status: u16, code: i64, message: &str) -> Response {
        #[derive(Serialize)]
        struct Body<'a> {
            code: i64,
            message: &'a str,
        }
        Response::json_of(status, &Body { code, message })
    }

    fn end_tokens(&self, _: End) {}
}

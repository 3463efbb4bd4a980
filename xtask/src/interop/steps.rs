//! The steps: each starts servers of its own, lets a caller do one thing, and says what happened.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use ticket_sandbox::Sandbox;
use tokio::runtime::Runtime;

use super::bystander::{Bystander, Reply, Request};
use super::caller::Caller;
use super::sdk::Outcome;

/// The ticket of the documentation.
const DOCUMENTED: &str = "6626871355780366331";
/// How many ask at once.
const CALLERS: usize = 64;
/// How often they do, since it is a race.
const ROUNDS: usize = 3;
/// How many are asked for while the token is revoked.
const ROW: usize = 20;
/// Ids that mean something in an address.
const HOSTILE: &[&str] = &["..", "a/b", "a?b", "a#b"];

/// A step: what is done, and what comes of it.
pub(super) struct Step {
    pub(super) about: &'static str,
    pub(super) run: fn(&Runtime, Caller) -> Result<String>,
}

pub(super) const STEPS: &[Step] = &[
    Step { about: "the documented ticket, the header as documented", run: documented },
    Step { about: "the same with the SDK's own option for the header", run: own_option },
    Step { about: "64 callers at once, no token yet; three times", run: cold },
    Step { about: "20 tickets one after another; amid them the token is revoked", run: revoked },
    Step {
        about: "the ids `..`, `a/b`, `a?b`, `a#b`: what is called below `/open-apis/helpdesk/v1`",
        run: hostile,
    },
    Step {
        about: "the ticket's call is redirected (302) to another origin",
        run: redirected_ticket,
    },
    Step { about: "the token's call is redirected (307) to another origin", run: redirected_token },
];

/// Starts a stand-in that responds as many as ask.
pub(super) fn sandbox(runtime: &Runtime) -> Result<Sandbox> {
    let builder = Sandbox::builder().requests_per_second(u32::MAX);
    Ok(runtime.block_on(builder.start())?)
}

fn documented(runtime: &Runtime, caller: Caller) -> Result<String> {
    let sandbox = sandbox(runtime)?;
    let outcomes = caller.ready(sandbox.environment())?.ask(&[DOCUMENTED], false, false)?;
    Ok(match outcomes.first().and_then(Outcome::error) {
        None => format!("read; {}", told(token_calls(&sandbox))),
        Some(error) => error.to_owned(),
    })
}

fn own_option(runtime: &Runtime, caller: Caller) -> Result<String> {
    let Caller::Sdk(_) = caller else { return Ok("the same call".to_owned()) };
    let sandbox = sandbox(runtime)?;
    let outcomes = caller.ready(sandbox.environment())?.ask(&[DOCUMENTED], true, false)?;
    let Some(error) = outcomes.first().and_then(Outcome::error) else {
        return Ok("read".to_owned());
    };
    // The stand-in remembers no headers, so that somebody else has to say what was sent.
    let server = Bystander::start(token_or_nothing)?;
    caller.ready(at(&sandbox, &server))?.ask(&[DOCUMENTED], true, false)?;
    let requests = server.seen();
    let sent = requests.iter().find_map(|request| request.header(HELPDESK));
    let prefix = sent.and_then(|sent| sent.split_once(' ')).map(|(prefix, _)| prefix);
    Ok(match prefix {
        Some(prefix) => format!("{error}: it sends `{prefix} ` before the pair"),
        None => error.to_owned(),
    })
}

fn cold(runtime: &Runtime, caller: Caller) -> Result<String> {
    let (mut counts, mut is_read) = (Vec::new(), true);
    for _ in 0..ROUNDS {
        let sandbox = sandbox(runtime)?;
        let mut ready = caller.ready(sandbox.environment())?;
        let outcomes = ready.ask(&[DOCUMENTED; CALLERS], false, true)?;
        is_read &= outcomes.iter().all(|outcome| outcome.error().is_none());
        counts.push(token_calls(&sandbox));
    }
    counts.sort_unstable();
    let calls = match counts.as_slice() {
        [least, .., most] if least != most => format!("{least} to {most} token calls"),
        _ => told(counts[0]),
    };
    Ok(format!("{}; {calls}", if is_read { "all read" } else { "not all read" }))
}

fn revoked(runtime: &Runtime, caller: Caller) -> Result<String> {
    let sandbox = sandbox(runtime)?;
    let mut ready = caller.ready(sandbox.environment())?;
    let outcomes = std::thread::scope(|scope| {
        let asking = scope.spawn(|| ready.ask(&[DOCUMENTED; ROW], false, false));
        while sandbox.requests().len() < ROW / 4 && !asking.is_finished() {
            std::thread::sleep(Duration::from_micros(200));
        }
        ensure!(!asking.is_finished(), "all was over before the token could be revoked");
        sandbox.revoke_tokens();
        asking.join().expect("asking does not panic")
    })?;
    let failed = outcomes.iter().skip_while(|outcome| outcome.error().is_none());
    let after: Vec<_> = failed.collect();
    let calls = told(token_calls(&sandbox));
    let Some(error) = after.first().and_then(|outcome| outcome.error()) else {
        return Ok(format!("all read; {calls}"));
    };
    let all = if after.iter().all(|outcome| outcome.error().is_some()) { "all" } else { "some" };
    Ok(format!("{all} later ones fail: {error}; {calls}"))
}

fn hostile(runtime: &Runtime, caller: Caller) -> Result<String> {
    let sandbox = sandbox(runtime)?;
    let mut cells = Vec::new();
    for id in HOSTILE {
        let server = Bystander::start(token_or_nothing)?;
        let outcomes = caller.ready(at(&sandbox, &server))?.ask(&[id], false, false)?;
        let requests = server.seen();
        let made = requests.iter().find(|request| !request.is_for_token());
        cells.push(match made {
            Some(request) => {
                format!("`{}`", request.target.trim_start_matches("/open-apis/helpdesk/v1"))
            }
            None => outcomes.first().and_then(Outcome::error).unwrap_or("nothing").to_owned(),
        });
    }
    let is_one = cells.iter().all(|cell| Some(cell) == cells.first());
    Ok(if is_one { format!("none: {}", cells[0]) } else { cells.join(", ") })
}

fn redirected_ticket(runtime: &Runtime, caller: Caller) -> Result<String> {
    let sandbox = sandbox(runtime)?;
    let elsewhere = Bystander::start(|_| response(&ticket()))?;
    let place = format!("http://localhost:{}/elsewhere", elsewhere.port());
    let server = Bystander::start(move |request| {
        if request.is_for_token() { token() } else { Reply::Redirect(302, place.clone()) }
    })?;
    let outcomes = caller.ready(at(&sandbox, &server))?.ask(&[DOCUMENTED], false, false)?;
    let requests = elsewhere.seen();
    let Some(request) = requests.first() else {
        let error = outcomes.first().and_then(Outcome::error).unwrap_or("read all the same");
        return Ok(format!("not followed: {error}"));
    };
    let arrives = |name| match request.header(name) {
        Some(_) => "arrives there",
        None => "does not",
    };
    Ok(format!(
        "followed; the helpdesk's header {}, `Authorization` {}",
        arrives(HELPDESK),
        arrives("Authorization")
    ))
}

fn redirected_token(runtime: &Runtime, caller: Caller) -> Result<String> {
    let sandbox = sandbox(runtime)?;
    let elsewhere = Bystander::start(|_| token())?;
    let place = format!("http://localhost:{}/elsewhere", elsewhere.port());
    let server = Bystander::start(move |request| {
        if request.is_for_token() {
            Reply::Redirect(307, place.clone())
        } else {
            response(&ticket())
        }
    })?;
    let outcomes = caller.ready(at(&sandbox, &server))?.ask(&[DOCUMENTED], false, false)?;
    let requests = elsewhere.seen();
    let Some(request) = requests.first() else {
        let error = outcomes.first().and_then(Outcome::error).unwrap_or("read all the same");
        return Ok(format!("not followed: {error}"));
    };
    let is_there = request.body.contains(&sandbox.credentials().feishu_app_secret);
    let arrives = if is_there { "arrives there" } else { "does not arrive there" };
    Ok(format!("followed; the app's secret {arrives}"))
}

const HELPDESK: &str = "X-Lark-Helpdesk-Authorization";

/// The settings of the stand-in, but for where it is.
fn at(sandbox: &Sandbox, server: &Bystander) -> Vec<(&'static str, String)> {
    let mut environment = sandbox.environment();
    environment.retain(|(name, _)| *name != "FEISHU_BASE_URL");
    environment.push(("FEISHU_BASE_URL", format!("http://127.0.0.1:{}", server.port())));
    environment
}

fn token_or_nothing(request: &Request) -> Reply {
    if request.is_for_token() {
        token()
    } else {
        Reply::Json(404, json!({ "code": 154_004, "msg": "Resource not found" }).to_string())
    }
}

fn token() -> Reply {
    response(
        &json!({ "code": 0, "msg": "ok", "tenant_access_token": "t-nowhere", "expire": 7200 })
            .to_string(),
    )
}

fn ticket() -> String {
    json!({ "code": 0, "msg": "success", "data": { "ticket": { "ticket_id": DOCUMENTED } } })
        .to_string()
}

fn response(body: &str) -> Reply {
    Reply::Json(200, body.to_owned())
}

/// How often the stand-in was asked for a token.
fn token_calls(sandbox: &Sandbox) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|seen| seen.path.ends_with("/tenant_access_token/internal")).count()
}

fn told(calls: usize) -> String {
    if calls == 1 { "1 token call".to_owned() } else { format!("{calls} token calls") }
}

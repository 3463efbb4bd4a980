//! What holds for every decoded or rejected response.

use std::time::Duration;

use serde_json::Error as NotJson;
use ticket_core::decode::split_response_name;
use ticket_core::mapping::drift::Drift;
use ticket_core::mapping::explain::explain;
use ticket_core::mapping::inconsistencies::inconsistencies;
use ticket_core::mapping::tree::Tree;
use ticket_core::mapping::{MappingDescription, ResponseTree};
use ticket_core::model::{Json, Ticket, unpaired_surrogates};
use ticket_core::{Decoded, Error, ErrorKind, Response, VocabularyOverrides};

/// The longest message of an error, in bytes.
const MAX_LINE: usize = 2_000;

/// The longest wait in an error.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// Deeper values in `extra` are not compared with the response: a [`Tree`] has a limited depth.
const MAX_DEPTH: usize = 20;

/// Decodes the responses of one fetch, and returns what is wrong with the result.
///
/// A ticket requires a successful HTTP status, has an id and the provider, and is the same each time. Its JSON parses to an
/// equal ticket. Values in `extra` equal those in the response. An error has a short message without invisible characters,
/// and a wait only if a retry may succeed.
pub fn decode_violations(decoder: &dyn MappingDescription, responses: &[Response]) -> Vec<String> {
    let mut violations = Vec::new();
    let first = decoder.decode(responses, &VocabularyOverrides::default());
    match &first {
        Ok(output) => check_ticket(decoder, responses, output, &mut violations),
        Err(error) => check_error(decoder, responses, error, &mut violations),
    }
    let second = decoder.decode(responses, &VocabularyOverrides::default());
    let json = |output: &Decoded| serde_json::to_string(&output.ticket).ok();
    let is_same = match (&first, &second) {
        // The order of members counts too.
        (Ok(one), Ok(other)) => one == other && json(one) == json(other),
        (Err(one), Err(other)) => format!("{one:?}") == format!("{other:?}"),
        _ => false,
    };
    if !is_same {
        violations.push(format!("the result differs the second time: {second:?}"));
    }
    violations
}

/// Explains the responses of one fetch, and returns what is wrong with the explanation or with the drift report.
///
/// The explanation of a ticket has each field once, and everything in `extra`. Drift counts every diagnostic.
pub fn explain_violations(decoder: &dyn MappingDescription, responses: &[Response]) -> Vec<String> {
    let mut violations = Vec::new();
    let overrides = VocabularyOverrides::default();
    let output = decoder.decode(responses, &overrides);
    let mut drift = Drift::new(decoder);
    drift.add("response", responses, &overrides);
    let report = drift.report();
    let noticed = report.entries.iter().filter(|entry| entry.example.is_some());
    let noticed = noticed.map(|entry| entry.count).sum::<u64>() + report.omitted;
    match (output, explain(decoder, responses, &overrides)) {
        (Err(_), Err(_)) => {
            if (report.responses, report.tickets, noticed) != (1, 0, 1) {
                violations.push(format!("drift does not count the rejected response: {report:?}"));
            }
        }
        (Err(error), Ok(_)) => {
            violations.push(format!("a rejected response is explained: {error}"));
        }
        (Ok(_), Err(error)) => violations.push(format!("the ticket cannot be explained: {error}")),
        (Ok(output), Ok(explained)) => {
            let diagnostics = u64::try_from(output.diagnostics.len()).unwrap_or(u64::MAX);
            if (report.tickets, noticed) != (1, diagnostics) {
                violations.push(format!("drift counts {noticed} of {diagnostics} diagnostics"));
            }
            let mut fields: Vec<_> = explained.iter().filter_map(|it| it.field.as_ref()).collect();
            let count = fields.len();
            fields.sort_unstable();
            fields.dedup();
            if fields.len() != count || count == 0 {
                violations.push(format!(
                    "only {} of {count} explained fields are different",
                    fields.len()
                ));
            }
            for pointer in output.ticket.extra.keys() {
                let is_source =
                    |source: &ticket_core::mapping::explain::Source| source.pointer == *pointer;
                if !explained.iter().any(|it| it.sources.iter().any(is_source)) {
                    violations.push(format!("{pointer} in extra is not explained"));
                }
            }
            inconsistencies(&output.ticket);
        }
    }
    violations
}

fn check_ticket(
    decoder: &dyn MappingDescription,
    responses: &[Response],
    output: &Decoded,
    violations: &mut Vec<String>,
) {
    let Decoded { ticket, diagnostics } = output;
    let refused = responses.iter().find(|response| !response.is_success());
    if let Some(status) = refused.and_then(|response| response.http_status) {
        violations.push(format!("a response with HTTP status {status} is a ticket"));
    }
    if ticket.id.is_empty() || ticket.provider != decoder.provider() {
        violations
            .push(format!("the ticket has provider `{}` and id `{}`", ticket.provider, ticket.id));
    }
    match round_trips(ticket) {
        Ok(true) => {}
        Ok(false) => violations.push("its JSON parses to another ticket".to_owned()),
        Err(error) => violations.push(format!("its JSON cannot be parsed: {error}")),
    }
    if let Some(diagnostic) =
        diagnostics.iter().find(|diagnostic| diagnostic.to_string().is_empty())
    {
        violations.push(format!("a diagnostic has no text: {diagnostic:?}"));
    }
    match ResponseTree::parse(decoder, responses) {
        Ok(ResponseTree { tree, .. }) => {
            for (pointer, value) in &ticket.extra {
                if !was_sent(&tree, pointer, value) {
                    violations.push(format!("{pointer} in extra was not sent: {value}"));
                }
            }
        }
        Err(error) => violations.push(format!("a response that is not JSON is a ticket: {error}")),
    }
}

fn round_trips(ticket: &Ticket) -> Result<bool, NotJson> {
    let json = serde_json::to_string(ticket)?;
    let is_strict = unpaired_surrogates(&json).next().is_none();
    Ok(is_strict && serde_json::from_str::<Ticket>(&json)? == *ticket)
}

/// Returns whether this value is at the pointer. With duplicate keys, there are several values.
fn was_sent(response: &Tree, pointer: &str, kept: &Json) -> bool {
    if depth(kept.as_str()) > MAX_DEPTH {
        return true;
    }
    // The name of a response, `list_messages[1]#`, stands for two steps of the tree.
    let named = split_response_name(pointer);
    let pointer = named.map_or(pointer, |(_, _, pointer)| pointer);
    let named = named.into_iter();
    let named = named.flat_map(|(operation, index, _)| [format!("{operation}#"), index.to_owned()]);
    let steps = pointer.split('/').skip(1);
    let steps: Vec<_> =
        named.chain(steps.map(|step| step.replace("~1", "/").replace("~0", "~"))).collect();
    let Ok(kept) = Tree::parse(kept.as_str()) else { return false };
    let kept = kept.to_string();
    let is_kept =
        |sent: &Tree| sent.to_string().parse().is_ok_and(|sent: Json| sent.as_str() == kept);
    values_at(response, &steps).into_iter().any(is_kept)
}

fn values_at<'t>(tree: &'t Tree, steps: &[String]) -> Vec<&'t Tree> {
    let [step, below @ ..] = steps else { return vec![tree] };
    match tree {
        Tree::Scalar(_) => Vec::new(),
        Tree::List(items) => {
            let item = step.parse().ok().and_then(|index: usize| items.get(index));
            item.map(|item| values_at(item, below)).unwrap_or_default()
        }
        Tree::Object(members) => members
            .iter()
            .filter(|(key, _)| key == step)
            .flat_map(|(_, value)| values_at(value, below))
            .collect(),
    }
}

/// Returns the depth of nested brackets, including those in strings.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn check_error(
    decoder: &dyn MappingDescription,
    responses: &[Response],
    error: &Error,
    violations: &mut Vec<String>,
) {
    if error.provider() != Some(decoder.provider())
        || error.http_status() != responses.first().and_then(|response| response.http_status)
    {
        violations.push(format!("the error lacks provider or HTTP status: {error:?}"));
    }
    let of_call = [ErrorKind::Configuration, ErrorKind::Connection, ErrorKind::TicketMismatch];
    // A service reports an error by the status or by a code.
    let is_error =
        responses.iter().any(|response| !response.is_success()) || error.code().is_some();
    if of_call.contains(&error.kind()) {
        let kinds = of_call.map(ErrorKind::as_str).join(", ");
        let kind = error.kind();
        violations.push(format!(
            "the error has the kind {kind}; {kinds} are errors of a call, not of a response"
        ));
    } else if error.kind() != ErrorKind::InvalidResponse && !is_error {
        violations.push(format!("a successful response is the error {}", error.kind()));
    }
    let lines = [error.to_string(), format!("{error:?}"), error.hint().unwrap_or("-").to_owned()];
    for line in lines {
        if line.is_empty() || line.len() > MAX_LINE {
            violations
                .push(format!("the message of an error has {} bytes: {line:.200}", line.len()));
        }
        if let Some(invisible) = line.chars().find(|character| is_invisible(*character)) {
            violations.push(format!("the message of an error contains {invisible:?}: {line:.200}"));
        }
    }
    let is_valid_wait =
        error.retry_after().is_none_or(|wait| error.is_retryable() && wait <= MAX_WAIT);
    if !is_valid_wait {
        violations.push(format!(
            "the error {} has the wait {:?}",
            error.kind(),
            error.retry_after()
        ));
    }
}

/// Returns whether a character is invisible or ends the line.
fn is_invisible(character: char) -> bool {
    character != ' ' && character.escape_debug().nth(1) == Some('u') || character.is_control()
}

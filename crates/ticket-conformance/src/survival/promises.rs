//! What every reading of a response promises, whatever the response is.

use std::time::Duration;

use serde_json::Error as NotJson;
use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::drift::Drift;
use ticket_core::mapping::explain::explain;
use ticket_core::mapping::inconsistencies::inconsistencies;
use ticket_core::mapping::tree::Tree;
use ticket_core::model::{Json, Ticket, unpaired_surrogates};
use ticket_core::{Decoded, Error, ErrorKind, Response, VocabularyOverrides};

/// The longest line that an error may be, in bytes.
const LONGEST_LINE: usize = 2_000;

/// The longest time that an error may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// From this depth on a value in `extra` is not compared with what was sent: a [`Tree`] takes apart only so much.
const TOO_DEEP: usize = 20;

/// Reads a response, whatever it is, and says which promises of a reading were broken.
///
/// A ticket comes only with an HTTP status of success, has an id and its provider's name, reads back from its JSON as it was,
/// and is the same when it is read again. What it keeps in `extra` is what stands at that place of the response. A failure is told in one line of bounded
/// length, without anything invisible, and says to wait only where waiting helps.
pub fn broken_promises(decoder: &dyn MappingDescription, response: &Response) -> Vec<String> {
    let mut broken = Vec::new();
    let read = decoder.decode(std::slice::from_ref(response), &VocabularyOverrides::default());
    match &read {
        Ok(decoded) => ticket(decoder, response, decoded, &mut broken),
        Err(error) => failure(decoder, response, error, &mut broken),
    }
    let again = decoder.decode(std::slice::from_ref(response), &VocabularyOverrides::default());
    let is_same = match (&read, &again) {
        (Ok(one), Ok(other)) => one == other,
        (Err(one), Err(other)) => format!("{one:?}") == format!("{other:?}"),
        _ => false,
    };
    if !is_same {
        broken.push(format!("read a second time it is another: {again:?}"));
    }
    broken
}

/// Reads a response, tells of it, and says which promises of the telling were broken.
///
/// Where a response is a ticket, it can be explained: every field once, and everything in `extra`. Drift counts every
/// diagnostic.
pub fn broken_promises_of_telling(
    decoder: &dyn MappingDescription,
    response: &Response,
) -> Vec<String> {
    let mut broken = Vec::new();
    let overrides = VocabularyOverrides::default();
    let read = decoder.decode(std::slice::from_ref(response), &overrides);
    let mut drift = Drift::new(decoder);
    drift.add("response", response, &overrides);
    let report = drift.report();
    let noticed = report.entries.iter().filter(|entry| entry.example.is_some());
    let noticed = noticed.map(|entry| entry.count).sum::<u64>() + report.left_out;
    match (read, explain(decoder, response, &overrides)) {
        (Err(_), Err(_)) => {
            if (report.responses, report.tickets, noticed) != (1, 0, 1) {
                broken.push(format!("drift does not tell that there is no ticket: {report:?}"));
            }
        }
        (Err(error), Ok(_)) => broken.push(format!("a refusal is explained as a ticket: {error}")),
        (Ok(_), Err(error)) => broken.push(format!("a ticket cannot be explained: {error}")),
        (Ok(decoded), Ok(explained)) => {
            let diagnostics = u64::try_from(decoded.diagnostics.len()).unwrap_or(u64::MAX);
            if (report.tickets, noticed) != (1, diagnostics) {
                broken.push(format!("drift counts {noticed} of {diagnostics} diagnostics"));
            }
            let mut fields: Vec<_> = explained.iter().filter_map(|it| it.field.as_ref()).collect();
            let count = fields.len();
            fields.sort_unstable();
            fields.dedup();
            if fields.len() != count || count == 0 {
                broken.push(format!("{} of {count} fields are explained once", fields.len()));
            }
            for pointer in decoded.ticket.extra.keys() {
                let is_told =
                    |source: &ticket_core::mapping::explain::Source| source.pointer == *pointer;
                if !explained.iter().any(|it| it.sources.iter().any(is_told)) {
                    broken.push(format!("nobody tells of {pointer} in extra"));
                }
            }
            inconsistencies(&decoded.ticket);
        }
    }
    broken
}

fn ticket(
    decoder: &dyn MappingDescription,
    response: &Response,
    decoded: &Decoded,
    broken: &mut Vec<String>,
) {
    let Decoded { ticket, diagnostics } = decoded;
    if let Some(status) = response.http_status.filter(|_| !response.is_success()) {
        broken.push(format!("a ticket is read although the HTTP status is {status}"));
    }
    if ticket.id.is_empty() || ticket.provider != decoder.provider() {
        broken.push(format!("the ticket is {}:{}", ticket.provider, ticket.id));
    }
    match reads_back(ticket) {
        Ok(true) => {}
        Ok(false) => broken.push("its JSON reads back as another ticket".to_owned()),
        Err(error) => broken.push(format!("its JSON cannot be read back: {error}")),
    }
    if let Some(diagnostic) =
        diagnostics.iter().find(|diagnostic| diagnostic.to_string().is_empty())
    {
        broken.push(format!("a diagnostic says nothing: {diagnostic:?}"));
    }
    let text = String::from_utf8_lossy(&response.body);
    match Tree::parse(&text) {
        Ok(tree) => {
            for (pointer, value) in &ticket.extra {
                if !is_as_sent(&tree, pointer, value) {
                    broken.push(format!("{pointer} in extra is not what was sent: {value}"));
                }
            }
        }
        Err(error) => broken.push(format!("a ticket was read from what is no JSON: {error}")),
    }
}

fn reads_back(ticket: &Ticket) -> Result<bool, NotJson> {
    let json = serde_json::to_string(ticket)?;
    let is_strict = unpaired_surrogates(&json).next().is_none();
    Ok(is_strict && serde_json::from_str::<Ticket>(&json)? == *ticket)
}

/// Returns whether one of the values at this pointer is this one, apart from unpaired surrogates. A repeated key has several values.
fn is_as_sent(response: &Tree, pointer: &str, kept: &Json) -> bool {
    if depth(kept.as_str()) > TOO_DEEP {
        return true;
    }
    let steps: Vec<_> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
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

/// How deep brackets are nested, those in texts included.
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

fn failure(
    decoder: &dyn MappingDescription,
    response: &Response,
    error: &Error,
    broken: &mut Vec<String>,
) {
    if error.provider() != Some(decoder.provider()) || error.http_status() != response.http_status {
        broken.push(format!("the error does not know its response: {error:?}"));
    }
    let of_call = [ErrorKind::Configuration, ErrorKind::Connection, ErrorKind::TicketMismatch];
    // Whoever refuses says so: by a status, or by a code.
    let is_refusal = !response.is_success() || error.code().is_some();
    if of_call.contains(&error.kind()) {
        let kinds = of_call.map(ErrorKind::as_str).join(", ");
        let kind = error.kind();
        broken.push(format!("the error is of the kind {kind}: a call may end so ({kinds}), a response is of another kind"));
    } else if error.kind() != ErrorKind::InvalidResponse && !is_refusal {
        broken.push(format!("the response is no refusal of the kind {}", error.kind()));
    }
    let lines = [error.to_string(), format!("{error:?}"), error.hint().unwrap_or("-").to_owned()];
    for line in lines {
        if line.is_empty() || line.len() > LONGEST_LINE {
            broken.push(format!("a failure is told in {} bytes: {line:.200}", line.len()));
        }
        if let Some(unseen) = line.chars().find(|seen| is_unseen(*seen)) {
            broken.push(format!("a failure is told with {unseen:?} in it: {line:.200}"));
        }
    }
    let is_wait_sensible =
        error.retry_after().is_none_or(|wait| error.is_retryable() && wait <= LONGEST_WAIT);
    if !is_wait_sensible {
        broken.push(format!("{} says to wait {:?}", error.kind(), error.retry_after()));
    }
}

/// Whether a character could break out of its line, or hide in it.
fn is_unseen(character: char) -> bool {
    character != ' ' && character.escape_debug().nth(1) == Some('u') || character.is_control()
}

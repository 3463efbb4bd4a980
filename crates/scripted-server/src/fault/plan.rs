//! The steps by which a request is answered, with or without a fault.

use super::{Fault, gzip_bomb};
use crate::http::{Framing, Reply, Request, Step, error_page};
use crate::service::{Service, TokenEvent};

/// The bytes of a huge body that are sent at once.
const BLOCK: u64 = 64 * 1024;

/// How a request is answered.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The HTTP status; 0 if none is sent.
    pub(crate) status: u16,
    pub(crate) steps: Vec<Step>,
}

/// Plans the reply to a request, with or without a fault.
pub(crate) fn plan(fault: Option<&Fault>, request: &Request, service: &impl Service) -> Plan {
    let complete = |reply: Reply| Plan {
        status: reply.status(),
        steps: vec![Step::Send(reply.to_bytes(request.keep_alive, request.is_head()))],
    };
    let only = |step| Plan { status: 0, steps: vec![step] };
    // The service is called only if part of its reply is sent: a gateway that responds itself does not call it.
    let correct = || service.reply(request);
    let head = |reply: &Reply, framing| reply.head(framing, request.keep_alive);
    let Some(fault) = fault else { return complete(correct()) };
    let after = |event| {
        service.invalidate_tokens(event);
        complete(correct())
    };
    match fault {
        Fault::Expire => after(TokenEvent::Expired),
        Fault::Revoke => after(TokenEvent::Revoked),
        Fault::Spoil => after(TokenEvent::Spoilt),
        Fault::AnotherTicket => complete(service.reply_about_another_ticket(request)),
        Fault::Page(fault) => complete(service.reply_with_page_fault(request, *fault)),
        Fault::Status { status, code, headers } => {
            let reply = match code {
                Some(code) => service.error_reply(request, *status, *code, "injected fault"),
                None => Reply::gateway_page(*status),
            };
            let headers = headers.iter().cloned();
            complete(headers.fold(reply, |reply, (name, value)| reply.with_header(name, value)))
        }
        Fault::Echo { status, code } => {
            let text = request.to_text();
            complete(match code {
                Some(code) => service.error_reply(request, *status, *code, &text),
                None => error_page(*status, &format!("Bad request</h1>\n<pre>{text}</pre><h1>")),
            })
        }
        Fault::Redirect { status, to } => {
            let Request { path, query, .. } = request;
            let separator = if query.is_empty() { "" } else { "?" };
            let location = match to {
                Some(origin) => format!("{origin}{path}{separator}{query}"),
                None => format!("/moved{path}{separator}{query}"),
            };
            complete(Reply::empty(*status).with_header("Location", location))
        }
        Fault::Html => complete(error_page(200, "Please sign in")),
        Fault::Empty => complete(Reply::json(200, "")),
        Fault::Null => complete(Reply::json(200, "null")),
        Fault::Nested(depth) => complete(Reply::json(200, nested(*depth))),
        Fault::NestedField(depth) => complete(with_nested_field(&correct(), *depth)),
        Fault::GzipGarbage => complete(correct().with_header("Content-Encoding", "gzip")),
        Fault::GzipBomb(size) => complete(
            Reply::json(200, gzip_bomb::gzip(*size)).with_header("Content-Encoding", "gzip"),
        ),
        Fault::Silence => only(Step::Silence),
        Fault::Close => only(Step::Close),
        Fault::Reset => only(Step::Reset),
        Fault::Garbage => Plan {
            status: 0,
            steps: vec![Step::Send(b"220 mail.example ESMTP\r\n".to_vec()), Step::Close],
        },
        Fault::Delay(time) => {
            let mut plan = complete(correct());
            plan.steps.insert(0, Step::Wait(*time));
            plan
        }
        Fault::Drip(pause) => {
            let reply = correct();
            let bytes = reply.to_bytes(request.keep_alive, request.is_head());
            Plan { status: reply.status(), steps: vec![Step::Drip(bytes, *pause)] }
        }
        Fault::Stall => cut_body(&correct(), request, Step::Silence),
        Fault::Cut => cut_body(&correct(), request, Step::Close),
        Fault::CutChunk => {
            let reply = correct();
            let mut bytes = head(&reply, Framing::Chunks);
            let (first, rest) = reply.body().split_at(reply.body().len() / 2);
            if !first.is_empty() {
                bytes.extend(format!("{:x}\r\n", first.len()).bytes().chain(first.iter().copied()));
                bytes.extend_from_slice(b"\r\n");
            }
            // The second chunk announces one byte more than is sent.
            bytes.extend(format!("{:x}\r\n", rest.len() + 1).bytes().chain(rest.iter().copied()));
            Plan { status: reply.status(), steps: vec![Step::Send(bytes), Step::Close] }
        }
        Fault::Length(difference) => {
            let reply = correct();
            let length = (reply.body().len() as u64).saturating_add_signed(*difference);
            let mut bytes = head(&reply, Framing::Length(length));
            bytes.extend_from_slice(reply.body());
            Plan { status: reply.status(), steps: vec![Step::Send(bytes)] }
        }
        Fault::Huge(size) => {
            let reply = Reply::json(200, "");
            let head = head(&reply, Framing::Length(*size));
            let blocks = Step::Repeat(vec![b' '; block_length(BLOCK)], size / BLOCK);
            let rest = Step::Send(vec![b' '; block_length(size % BLOCK)]);
            Plan { status: 200, steps: vec![Step::Send(head), blocks, rest] }
        }
        Fault::HugeChunked(size) => {
            let reply = Reply::json(200, "");
            let head = head(&reply, Framing::Chunks);
            let blocks = Step::Repeat(chunk(BLOCK), size / BLOCK);
            let mut rest = if size % BLOCK == 0 { Vec::new() } else { chunk(size % BLOCK) };
            rest.extend_from_slice(&chunk(0));
            Plan { status: 200, steps: vec![Step::Send(head), blocks, Step::Send(rest)] }
        }
    }
}

/// Sends the head and half of the body, then performs a step.
fn cut_body(reply: &Reply, request: &Request, step: Step) -> Plan {
    let length = reply.body().len();
    let mut bytes = reply.head(Framing::Length(length as u64), request.keep_alive);
    bytes.extend_from_slice(&reply.body()[..length / 2]);
    Plan { status: reply.status(), steps: vec![Step::Send(bytes), step] }
}

/// Returns nested lists.
fn nested(depth: u32) -> Vec<u8> {
    let depth = depth as usize;
    [vec![b'['; depth], vec![b']'; depth]].concat()
}

/// Adds a field with nested lists at the start of the JSON object in the body.
fn with_nested_field(reply: &Reply, depth: u32) -> Reply {
    let body = reply.body();
    let start = body.iter().position(|byte| *byte == b'{').map_or(0, |brace| brace + 1);
    if start == 0 {
        return reply.clone();
    }
    let (before, after) = body.split_at(start);
    let field = [&br#""nested":"#[..], &nested(depth), b","].concat();
    reply.clone().with_body([before, &field, after].concat())
}

/// Returns a chunk of spaces; the last chunk for length 0.
fn chunk(length: u64) -> Vec<u8> {
    let mut chunk = format!("{length:x}\r\n").into_bytes();
    chunk.resize(chunk.len() + block_length(length), b' ');
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// Converts the length of a block, which is small.
fn block_length(length: u64) -> usize {
    usize::try_from(length.min(BLOCK)).expect("a block is small")
}

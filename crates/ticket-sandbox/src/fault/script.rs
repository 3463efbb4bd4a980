//! What a fault makes of a response: the steps that are done on the connection.

use super::{Fault, bomb};
use crate::http::{Framing, Request, Response, Step};

/// How many bytes of a huge body are sent at once.
const PIECE: u64 = 64 * 1024;

/// What a server does for its requests, as far as faults have to know it.
pub(crate) trait Service: Send + Sync + 'static {
    /// The names of all routes.
    fn routes(&self) -> &[&'static str];

    /// The route of a request; `None` is none of them.
    fn route(&self, request: &Request) -> Option<&'static str>;

    /// A request came, whatever becomes of it.
    fn came(&self, _: &Request) {}

    /// The right response, without waiting for anything.
    fn response(&self, request: &Request) -> Response;

    /// The right response about another ticket; the right response where no ticket is asked for.
    fn response_about_another(&self, request: &Request) -> Response;

    /// A refusal in the envelope of the service.
    fn refuse(&self, request: &Request, status: u16, code: i64, message: &str) -> Response;

    /// Ends all tokens.
    fn end_tokens(&self, end: End);
}

/// How tokens end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By their age.
    Expired,
    /// By somebody's will.
    Revoked,
    /// By a fault of the service, which hands them out all the same.
    Spoilt,
}

/// How a request is answered.
#[derive(Debug)]
pub(crate) struct Script {
    /// The HTTP status; 0 where none is sent.
    pub(crate) status: u16,
    pub(crate) steps: Vec<Step>,
}

/// How a request is answered, with a fault or without.
pub(crate) fn script(fault: Option<&Fault>, request: &Request, service: &impl Service) -> Script {
    let whole = |response: Response| Script {
        status: response.status,
        steps: vec![Step::Send(response.to_bytes(request.keep_alive, request.is_for_head()))],
    };
    let unsent = |step| Script { status: 0, steps: vec![step] };
    // The right response is made only where some of it is sent: a gateway that refuses asks nobody behind it.
    let right = || service.response(request);
    let head = |response: &Response, framing| response.head(framing, request.keep_alive);
    let Some(fault) = fault else { return whole(right()) };
    let after = |end| {
        service.end_tokens(end);
        whole(right())
    };
    match fault {
        Fault::Expire => after(End::Expired),
        Fault::Revoke => after(End::Revoked),
        Fault::Spoil => after(End::Spoilt),
        Fault::AnotherTicket => whole(service.response_about_another(request)),
        Fault::Status { status, code, headers } => {
            let response = match code {
                Some(code) => service.refuse(request, *status, *code, "a fault was asked for"),
                None => Response::page(*status, "The service cannot be reached"),
            };
            let all = headers.iter().cloned();
            whole(all.fold(response, |response, (name, value)| response.with_header(name, value)))
        }
        Fault::Echo { status, code } => {
            let said = request.to_text();
            whole(match code {
                Some(code) => service.refuse(request, *status, *code, &said),
                None => {
                    Response::page(*status, &format!("Cannot response</h1>\n<pre>{said}</pre><h1>"))
                }
            })
        }
        Fault::Redirect { status, to } => {
            let Request { path, query, .. } = request;
            let question = if query.is_empty() { "" } else { "?" };
            let location = match to {
                Some(origin) => format!("{origin}{path}{question}{query}"),
                None => format!("/moved{path}{question}{query}"),
            };
            whole(Response::empty(*status).with_header("Location", location))
        }
        Fault::Html => whole(Response::page(200, "Please sign in")),
        Fault::Empty => whole(Response::json(200, &b""[..])),
        Fault::Null => whole(Response::json(200, &b"null"[..])),
        Fault::Nested(depth) => whole(Response::json(200, nested(*depth))),
        Fault::NestedField(depth) => whole(with_field(right(), *depth)),
        Fault::GzipGarbage => whole(right().with_header("Content-Encoding", "gzip")),
        Fault::GzipBomb(size) => {
            whole(Response::json(200, bomb::gzip(*size)).with_header("Content-Encoding", "gzip"))
        }
        Fault::Silence => unsent(Step::Silence),
        Fault::Close => unsent(Step::Close),
        Fault::Reset => unsent(Step::Reset),
        Fault::Garbage => Script {
            status: 0,
            steps: vec![Step::Send(b"220 mail.sandbox ESMTP\r\n".to_vec()), Step::Close],
        },
        Fault::Delay(time) => {
            let mut script = whole(right());
            script.steps.insert(0, Step::Wait(*time));
            script
        }
        Fault::Drip(pause) => {
            let response = right();
            let bytes = response.to_bytes(request.keep_alive, request.is_for_head());
            Script { status: response.status, steps: vec![Step::Drip(bytes, *pause)] }
        }
        Fault::Stall => cut(&right(), request, Step::Silence),
        Fault::Cut => cut(&right(), request, Step::Close),
        Fault::CutChunk => {
            let response = right();
            let mut bytes = head(&response, Framing::Chunks);
            let (first, rest) = response.body.split_at(response.body.len() / 2);
            if !first.is_empty() {
                bytes.extend(format!("{:x}\r\n", first.len()).bytes().chain(first.iter().copied()));
                bytes.extend_from_slice(b"\r\n");
            }
            // The second chunk is one byte longer than all that comes of it.
            bytes.extend(format!("{:x}\r\n", rest.len() + 1).bytes().chain(rest.iter().copied()));
            Script { status: response.status, steps: vec![Step::Send(bytes), Step::Close] }
        }
        Fault::Length(off) => {
            let response = right();
            let length = (response.body.len() as u64).saturating_add_signed(*off);
            let mut bytes = head(&response, Framing::Length(length));
            bytes.extend_from_slice(&response.body);
            Script { status: response.status, steps: vec![Step::Send(bytes)] }
        }
        Fault::Huge(size) => {
            let response = Response::json(200, &b""[..]);
            let head = head(&response, Framing::Length(*size));
            let pieces = Step::Repeat(vec![b' '; piece(PIECE)], size / PIECE);
            let rest = Step::Send(vec![b' '; piece(size % PIECE)]);
            Script { status: 200, steps: vec![Step::Send(head), pieces, rest] }
        }
        Fault::HugeChunked(size) => {
            let response = Response::json(200, &b""[..]);
            let head = head(&response, Framing::Chunks);
            let pieces = Step::Repeat(chunk(PIECE), size / PIECE);
            let mut rest = if size % PIECE == 0 { Vec::new() } else { chunk(size % PIECE) };
            rest.extend_from_slice(&chunk(0));
            Script { status: 200, steps: vec![Step::Send(head), pieces, Step::Send(rest)] }
        }
    }
}

/// The head, half of the body, and what follows then.
fn cut(response: &Response, request: &Request, step: Step) -> Script {
    let length = response.body.len();
    let mut bytes = response.head(Framing::Length(length as u64), request.keep_alive);
    bytes.extend_from_slice(&response.body[..length / 2]);
    Script { status: response.status, steps: vec![Step::Send(bytes), step] }
}

/// Lists, one in the other.
fn nested(depth: u32) -> Vec<u8> {
    let depth = depth as usize;
    [vec![b'['; depth], vec![b']'; depth]].concat()
}

/// The response with one more field at the beginning of its object, if it is one.
fn with_field(mut response: Response, depth: u32) -> Response {
    if let Some(begin) = response.body.iter().position(|byte| *byte == b'{') {
        let (before, after) = response.body.split_at(begin + 1);
        let field = [&br#""nested":"#[..], &nested(depth), b","].concat();
        response.body = [before, &field, after].concat().into();
    }
    response
}

/// A chunk of spaces; without any it is the last one.
fn chunk(length: u64) -> Vec<u8> {
    let mut chunk = format!("{length:x}\r\n").into_bytes();
    chunk.resize(chunk.len() + piece(length), b' ');
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// The length of what is held in memory at once.
fn piece(length: u64) -> usize {
    usize::try_from(length.min(PIECE)).expect("a piece is small")
}

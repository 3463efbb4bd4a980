//! The decoder of the made-up helpdesk.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use ticket_core::decode::{Document, Scalar, look_up, quoted};
use ticket_core::mapping::{Capabilities, Operation};
use ticket_core::mapping::{DocConflict, MappingDescription, Rule, table};
use ticket_core::model::{Conversation, Message, Status, Ticket};
use ticket_core::{
    Decoded, Decoder, Error, ErrorKind, Response, TicketId, VocabularyOverrides, wire_struct,
};

use super::{Defect, LIMIT, PROVIDER, with_kind};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
        state: Scalar<'t>,
        error: String,
    }
}

wire_struct! {
    struct ErrorBody {
        error: String,
        detail: String,
    }
}

const STATES: &[(&str, Status)] = &[("open", Status::Open), ("closed", Status::Closed)];

const TABLE: &str = r#"[
    {"targets": ["provider"], "kind": "constant", "words": {"*": "helpdesk"}},
    {"targets": ["id"], "sources": ["/number"], "kind": "required", "name": "id"},
    {"targets": ["title"], "sources": ["/subject"], "kind": "copied", "name": "text"},
    {"targets": ["status.value", "status.native"], "sources": ["/state"], "kind": "converted", "name": "word",
     "words": {"open": "open", "closed": "closed", "*": "other"}}
]"#;

const fn operation(name: &'static str, request: &'static str) -> Operation {
    Operation { name, request, is_used: true, limits: &[LIMIT], note: "" }
}

const CAPABILITIES: Capabilities = Capabilities {
    operations: &[
        operation("get_ticket", "GET /tickets/{id}"),
        operation("list_messages", "GET /tickets/{id}/messages"),
        operation("list_tickets", "GET /tickets"),
    ],
    list: Some(super::list::CAPABILITIES),
    limitations: &[],
};

/// The decoder.
pub(crate) struct HelpdeskDecoder {
    defect: Defect,
    tickets: AtomicU64,
}

impl HelpdeskDecoder {
    pub(crate) const fn new(defect: Defect) -> Self {
        Self { defect, tickets: AtomicU64::new(0) }
    }

    fn ticket(
        &self,
        response: &Response,
        overrides: &VocabularyOverrides,
    ) -> Result<Decoded, Error> {
        if self.defect != Defect::IgnoresTheStatus {
            check(response)?;
        }
        let document = Document::open(response)?;
        let cursor = document.root();
        let Wire { number, subject, state, error, unknown } = document.parse()?;
        cursor.unknown(unknown);
        if cursor.text(error).is_some() {
            return Err(error_of(response));
        }
        let missing = cursor.key(number.key()).pointer();
        let id = cursor.id(number).ok_or_else(|| {
            Error::new(ErrorKind::InvalidResponse, "the response has no number").with_path(missing)
        })?;
        let meaning = |word: &str| match self.defect {
            Defect::IgnoresVocabularyOverrides => {
                look_up(STATES)(word).or_else(|| overrides.status(word))
            }
            _ => overrides.status(word).or_else(|| look_up(STATES)(word)),
        };
        let status = cursor.word(state, meaning, Status::Other);
        if self.defect == Defect::RejectsUnknownWords
            && status.as_ref().is_some_and(|status| status.value == Status::Other)
        {
            return Err(Error::new(ErrorKind::InvalidResponse, "the state has no meaning"));
        }
        let mut title = cursor.text(subject);
        match self.defect {
            Defect::PanicsWithoutSubject => assert!(title.is_some(), "the subject is missing"),
            Defect::DropsAField => title = None,
            Defect::NumbersItsTickets => {
                title = Some(self.tickets.fetch_add(1, Ordering::Relaxed).to_string());
            }
            _ => {}
        }
        let (extra, diagnostics) = document.close()?;
        let ticket = Ticket { title, status, extra, ..Ticket::new("helpdesk", id) };
        Ok(Decoded { ticket, diagnostics })
    }

    /// Applies the defect to an error.
    fn misreported(&self, error: Error) -> Error {
        let kind = match (self.defect, error.kind()) {
            (Defect::MisreportsPermission, ErrorKind::PermissionDenied) => {
                ErrorKind::InvalidRequest
            }
            (Defect::MisreportsQuota, ErrorKind::QuotaExhausted) => ErrorKind::RateLimited,
            (Defect::DoesNotWaitForTheLimit, ErrorKind::RateLimited) => ErrorKind::QuotaExhausted,
            (Defect::MisreportsCredentials, ErrorKind::Unauthenticated)
            | (Defect::DoesNotRetryWhenUnavailable, ErrorKind::Unavailable) => ErrorKind::Rejected,
            _ => return error,
        };
        with_kind(&error, kind)
    }
}

/// Returns an error unless the response is a success.
pub(super) fn check(response: &Response) -> Result<(), Error> {
    if response.is_success() { Ok(()) } else { Err(error_of(response)) }
}

fn error_of(response: &Response) -> Error {
    let kind = match response.http_status {
        Some(402) => ErrorKind::QuotaExhausted,
        status => status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status),
    };
    let without_details = Error::new(kind, "no details");
    let Ok(document) = Document::open(response) else { return without_details };
    let Ok(ErrorBody { error, detail, unknown: _ }) = document.parse() else {
        return without_details.with_code("odd");
    };
    let cursor = document.root();
    let (code, detail) = (cursor.text(error), cursor.text(detail).unwrap_or_default());
    let error = Error::new(kind, format!("the helpdesk rejects the request: {}", quoted(&detail)));
    match code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

impl Decoder for HelpdeskDecoder {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
        self.ticket(response, overrides).map_err(|error| self.misreported(error))
    }

    fn read_others(
        &self,
        decoded: &mut Decoded,
        responses: &[Response],
        _: &VocabularyOverrides,
    ) -> Result<(), Error> {
        let mut pages = Response::all(responses, "list_messages").peekable();
        if pages.peek().is_none() {
            return Ok(());
        }
        let mut messages: Vec<Message> = Vec::new();
        let mut total = 0;
        for response in pages {
            let page = super::list::read(response, "messages")?;
            total = page.total;
            for id in page.rows {
                if messages.iter().all(|known| known.id.as_ref() != Some(&id)) {
                    messages.push(Message { id: Some(id), ..Message::default() });
                }
            }
        }
        let complete = Some(messages.len() == total);
        decoded.ticket.conversation = Some(Conversation { messages, complete });
        Ok(())
    }

    fn is_requested(&self, ticket: &Ticket, id: &TicketId) -> bool {
        ticket.id == id.as_str() || self.defect == Defect::MergesTickets
    }
}

impl MappingDescription for HelpdeskDecoder {
    fn title(&self) -> &'static str {
        "Helpdesk"
    }

    fn rules(&self) -> &'static [Rule] {
        static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| table::rules(TABLE));
        &RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        match self.defect {
            Defect::HasNoRateLimit => {
                &Capabilities { operations: &[], list: None, limitations: &[] }
            }
            _ => &CAPABILITIES,
        }
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        &[]
    }
}

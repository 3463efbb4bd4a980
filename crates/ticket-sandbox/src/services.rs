//! Both services at one address.

use scripted_server::{PageFault, Reply, Request, Service, TokenEvent};

use crate::clock::Clock;
use crate::feishu::{Call, Feishu};
use crate::generated::Generator;
use crate::request_ids::RequestIds;
use crate::{Credentials, engagelab, feishu};

/// Both services and their state.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    pub(crate) generator: Generator,
    feishu: Feishu,
    request_ids: RequestIds,
}

/// The service that a path belongs to.
enum Target<'r> {
    /// The id of the ticket.
    EngageLab(&'r str),
    /// The path below `/open-apis`.
    Feishu(Vec<&'r str>),
    Unknown,
}

impl<'r> Target<'r> {
    fn of(request: &'r Request) -> Self {
        let segments: Vec<&str> = request.path.split('/').skip(1).collect();
        match segments[..] {
            ["api", "v2", "accounts", "tickets", id] => Self::EngageLab(id),
            ["open-apis", ref path @ ..] => Self::Feishu(path.to_vec()),
            _ => Self::Unknown,
        }
    }
}

impl Services {
    /// The names of all routes.
    pub(crate) const ROUTES: &'static [&'static str] = &[
        engagelab::TICKET,
        feishu::TOKEN,
        feishu::TICKET,
        feishu::LIST,
        feishu::MESSAGES,
        feishu::IMAGE,
        feishu::FIELDS,
    ];

    pub(crate) fn new(credentials: Credentials, generator: Generator, feishu: Feishu) -> Self {
        let (clock, request_ids) = (Clock::default(), RequestIds::new());
        Self { credentials, clock, generator, feishu, request_ids }
    }

    /// Responds to a request, with a fault if the reply is a page of a list.
    fn page(&self, request: &Request, fault: Option<PageFault>) -> Reply {
        let Self { credentials, generator, .. } = self;
        match Target::of(request) {
            Target::EngageLab(id) => {
                self.engagelab(engagelab::ticket(credentials, request, generator, id))
            }
            Target::Feishu(path) => self.feishu(|log_id| {
                let (path, now) = (&*path, self.clock.now());
                self.feishu.reply(&Call { credentials, request, path, log_id, now }, fault)
            }),
            Target::Unknown => Reply::text(404, "404 page not found"),
        }
    }

    /// Adds the header that every reply of EngageLab has.
    fn engagelab(&self, reply: Reply) -> Reply {
        reply.with_header("X-Request-Id", self.request_ids.next())
    }

    /// Creates a reply with the header that every reply of Feishu has.
    fn feishu(&self, reply: impl FnOnce(&str) -> Reply) -> Reply {
        let log_id = self.request_ids.next();
        reply(&log_id).with_header("X-Tt-Logid", log_id)
    }
}

/// Returns the ids of the generated tickets of a provider; none for an unknown provider.
pub(crate) fn generated_ids(
    generator: Generator,
    provider: &str,
) -> impl Iterator<Item = String> + use<> {
    let id: Option<fn(&Generator, u64) -> String> = match provider {
        "engagelab" => Some(engagelab::generated_id),
        "feishu" => Some(feishu::generated_id),
        _ => None,
    };
    (0..generator.count).map_while(move |k| id.map(|id| id(&generator, k)))
}

impl Service for Services {
    fn routes(&self) -> &[&'static str] {
        Self::ROUTES
    }

    fn route(&self, request: &Request) -> Option<&'static str> {
        match Target::of(request) {
            Target::EngageLab(_) => Some(engagelab::TICKET),
            Target::Feishu(path) => feishu::route(&path),
            Target::Unknown => None,
        }
    }

    fn reply(&self, request: &Request) -> Reply {
        self.page(request, None)
    }

    fn reply_with_page_fault(&self, request: &Request, fault: PageFault) -> Reply {
        self.page(request, Some(fault))
    }

    fn reply_about_another_ticket(&self, request: &Request) -> Reply {
        match (self.route(request), Target::of(request)) {
            (Some(engagelab::TICKET), Target::EngageLab(id)) => {
                self.engagelab(engagelab::another_ticket(id))
            }
            (Some(feishu::TICKET), Target::Feishu(path)) => {
                self.feishu(|_| feishu::another_ticket(path.last().copied().unwrap_or_default()))
            }
            _ => self.reply(request),
        }
    }

    fn error_reply(&self, request: &Request, status: u16, code: i64, message: &str) -> Reply {
        match Target::of(request) {
            Target::EngageLab(_) => self.engagelab(engagelab::error(status, code, message)),
            Target::Feishu(_) => self.feishu(|_| feishu::error(status, code, message)),
            Target::Unknown => Reply::text(status, message),
        }
    }

    fn invalidate_tokens(&self, event: TokenEvent) {
        let mut tokens = self.feishu.tokens();
        match event {
            TokenEvent::Expired => tokens.expire(self.clock.now()),
            TokenEvent::Revoked => tokens.revoke(),
            TokenEvent::Spoilt => tokens.spoil(),
        }
    }
}

//! `explain`: where the values of a ticket come from.

use ticket_core::Response;
use ticket_core::mapping::explain::How;
use ticket_mirror::MirrorError;

use crate::arguments::{self, Call, TicketName};
use crate::error::ToolError;
use crate::fence::safe_json;
use crate::helpdesks::Explanation;
use crate::page::Page;
use crate::server::Server;

/// Explains a ticket, or one of its fields.
pub(super) async fn run(server: &Server, call: Call) -> Result<String, ToolError> {
    let (arguments::Explain { ticket, field, live }, page) = call.arguments()?;
    let name = TicketName::parse(&ticket)?;
    let stored = if live { None } else { stored(server, name.clone()).await? };
    let is_fallback = stored.is_none() && !live;
    let origin = match (&stored, live) {
        (Some(_), _) => "From the responses in the mirror.",
        (None, true) => "From the service.",
        (None, false) => "From the service; the mirror does not have its responses.",
    };
    let explained =
        server.0.helpdesks.explain(&name.source, &name.id, field.as_deref(), stored).await;
    let mut explanation = explained.map_err(|failure| {
        let error = server.failed(failure);
        if is_fallback { error.when(&server.lacks()) } else { error }
    })?;
    if server.0.anonymizer.is_some() {
        mask(&mut explanation);
    }
    answer(&explanation, origin, page)
}

/// Returns the responses of a ticket in the mirror; `None` if it has none.
async fn stored(server: &Server, name: TicketName) -> Result<Option<Vec<Response>>, ToolError> {
    if !server.0.mirror.exists() {
        return Ok(None);
    }
    server
        .with_mirror(move |server, mirror| {
            let source = server.source_name(mirror, &name.source)?;
            let of_source = server.0.helpdesks.source(&name.source);
            let mapping = of_source.map_err(|failure| server.failed(failure))?.mapping;
            match mirror.responses(&source, &name.id, mapping) {
                Ok(responses) => Ok(responses),
                Err(MirrorError::UnknownSource { .. } | MirrorError::UnknownTicket(_)) => Ok(None),
                Err(error) => Err(server.mirror_error(error)),
            }
        })
        .await
}

/// Removes all values, and what is about values without a field.
fn mask(explanation: &mut Explanation) {
    let Explanation { fields, inconsistencies } = explanation;
    inconsistencies.clear();
    fields.retain(|explained| explained.field.is_some());
    for explained in fields {
        explained.value = None;
        explained.sources.iter_mut().for_each(|source| source.native = None);
        if explained.how == How::InvalidValue {
            // It may quote the value.
            explained.note.clear();
        }
    }
}

fn answer(explanation: &Explanation, origin: &str, mut page: Page) -> Result<String, ToolError> {
    let fields = explanation.fields.iter().map(|it| ("field", safe_json(it)));
    let conflicts = explanation.inconsistencies.iter().map(|it| ("inconsistency", safe_json(it)));
    let first = usize::try_from(page.first()).unwrap_or(usize::MAX);
    let mut items = fields.chain(conflicts).skip(first);
    while let Some((kind, text)) = items.next() {
        if !page.push(kind, &text)? {
            for (kind, _) in items.by_ref() {
                page.leave_out(kind, 1);
            }
        }
    }
    page.finish(origin)
}

//! `status`: what the mirror holds.

use ticket_mirror::Anonymizer;

use crate::arguments::{Call, Nothing};
use crate::error::ToolError;
use crate::fence::safe_json;
use crate::server::Server;

/// Returns one object for each source.
pub(super) async fn run(server: &Server, call: Call) -> Result<String, ToolError> {
    let (Nothing {}, mut page) = call.arguments()?;
    let status = server
        .with_mirror(|server, mirror| mirror.status().map_err(|error| server.mirror_error(error)))
        .await?;
    let mut sources = status.sources;
    let count = sources.len();
    let first = usize::try_from(page.first()).unwrap_or(usize::MAX);
    let mut rest = sources.iter_mut().skip(first);
    while let Some(source) = rest.next() {
        for receipt in [&mut source.last, &mut source.last_full].into_iter().flatten() {
            // Those with gaps are in lists of their own.
            receipt.windows.clear();
        }
        if server.0.anonymizer.is_some() {
            Anonymizer::status(source);
        }
        if !page.push("source", &safe_json(source))? {
            page.leave_out("source", rest.by_ref().count() as u64);
        }
    }
    let masked = match &server.0.anonymizer {
        None => "",
        Some(it) if it.keeps_text() => " People are pseudonyms; free text is as it was.",
        Some(_) => " People are pseudonyms; free text is removed.",
    };
    page.finish(&format!(
        "Sources of the mirror: {count}.{masked} `ticket mirror status -o json` also has the windows that were read."
    ))
}

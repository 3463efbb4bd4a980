//! Decides what to do about an error by its kind, as `ticket` does.
//!
//! Runs against the sandbox, without configuration: `cargo run -p feishu-provider --example handle_errors`.
//! `docs/errors.md` lists all kinds.

use std::process::ExitCode;
use std::time::Duration;

use feishu_provider::FeishuSource;
use ticket_core::transport::{Transport, TransportConfig};
use ticket_core::{Error, ErrorKind, TicketId, TicketSource};
use ticket_sandbox::{Credentials, Sandbox};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    // From the third request for a ticket on, the sandbox plays an overloaded service.
    let fault = "feishu.ticket 3-9: status 503".parse()?;
    let sandbox = Sandbox::builder().fault(fault).start().await?;
    let source = source(&sandbox)?;
    let known = Sandbox::ticket_ids("feishu")[0];

    let mut exit = ExitCode::SUCCESS;
    for id in ["4 2", "42", known, known] {
        match fetch(&source, id).await {
            Ok(title) => println!("{id}: {title}"),
            Err(error) => {
                report(id, &error);
                exit = exit_code(error.kind());
            }
        }
    }
    Ok(exit)
}

async fn fetch(source: &FeishuSource, id: &str) -> Result<String, Error> {
    // An invalid id is an error before any request.
    let record = source.fetch(&TicketId::new(id)?).await?;
    Ok(record.ticket.status.map_or_else(|| "no status".to_owned(), |it| it.value.to_string()))
}

fn report(id: &str, error: &Error) {
    // One line without secrets, fit for a log.
    eprintln!("{id}: {} ({})", error, error.kind());
    if let Some(hint) = error.hint() {
        eprintln!("  hint: {hint}");
    }
    if error.is_retryable() {
        // The transport has retried already, until the deadline or the last attempt.
        let wait = error.retry_after().unwrap_or(Duration::from_mins(1));
        eprintln!("  {} requests were sent; try again in {wait:?}", error.stats().attempts);
    }
}

/// Returns an exit code for a script. New kinds may be added, so there is a default.
fn exit_code(kind: ErrorKind) -> ExitCode {
    ExitCode::from(match kind {
        ErrorKind::InvalidRequest | ErrorKind::Configuration => 2,
        ErrorKind::NotFound => 3,
        ErrorKind::Unauthenticated | ErrorKind::PermissionDenied => 4,
        kind if kind.is_retryable() => 5,
        ErrorKind::InvalidResponse | ErrorKind::TicketMismatch => 6,
        _ => 1,
    })
}

/// Connects to the sandbox, with little patience. Your program leaves out the base URL and has its own credentials.
fn source(sandbox: &Sandbox) -> Result<FeishuSource, Error> {
    let Credentials {
        feishu_app_id,
        feishu_app_secret,
        feishu_helpdesk_id,
        feishu_helpdesk_token,
        ..
    } = sandbox.credentials().clone();
    let transport = Transport::new(TransportConfig {
        call_timeout: Duration::from_secs(5),
        max_attempts: 2,
        ..TransportConfig::default()
    });
    FeishuSource::builder()
        .app(feishu_app_id, feishu_app_secret)
        .helpdesk(feishu_helpdesk_id, feishu_helpdesk_token)
        .base_url(sandbox.base_url())
        .transport(transport)
        .build()
}

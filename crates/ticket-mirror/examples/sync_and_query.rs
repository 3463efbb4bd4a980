//! Synchronizes a helpdesk into a mirror, searches it, and queries it: `cargo run -p ticket-mirror --example sync_and_query`.

use std::time::Duration;

use feishu_provider::FeishuSource;
use ticket_core::{ListQuery, TicketSource};
use ticket_mirror::{Mirror, MirrorError, SourceIdentity, SyncJob, SyncOptions, excerpt};
use ticket_sandbox::{Credentials, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A fake server in place of a helpdesk; with your credentials the rest is the same.
    let sandbox = Sandbox::builder().tickets(500, 1).start().await?;
    let credentials = Credentials::default();
    let source = FeishuSource::builder()
        .app(credentials.feishu_app_id, credentials.feishu_app_secret)
        .helpdesk(credentials.feishu_helpdesk_id, credentials.feishu_helpdesk_token)
        .base_url(sandbox.base_url())
        .build()?;

    let folder = tempfile::tempdir()?;
    let mut mirror = Mirror::open(folder.path().join("mirror.db"))?;
    let identity = SourceIdentity::new("feishu", &source.account());
    let job = SyncJob::new(&mut mirror, &source, &identity, SyncOptions::default())?;
    let outcome = job.run(|progress| eprintln!("{} tickets", progress.listed)).await?;
    println!("complete: {:?}, {} tickets", outcome.receipt.complete, outcome.receipt.unique);

    let query = ListQuery { text: Some("打印".into()), ..ListQuery::default() };
    mirror.find(&query, None, Some(3), |found| {
        let place = excerpt(&found.ticket, "打印", 40).unwrap_or_default();
        println!("{}:{} {place}", found.source, found.ticket.id);
        Ok::<_, MirrorError>(true)
    })?;

    let sql = "SELECT status, count(*) FROM ticket GROUP BY status ORDER BY 2 DESC";
    mirror.sql(sql, Duration::from_secs(10), |_, values| {
        println!("{}: {}", values[0].to_text(), values[1].to_text());
        Ok::<_, MirrorError>(true)
    })?;
    Ok(())
}

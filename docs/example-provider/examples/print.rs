//! Fetches one ticket and prints it as JSON: `ACORN_TOKEN=… cargo run --example print -- 42`.

use std::env;
use std::error::Error;

use acorn_provider::{AcornDeskSource, BASE_URL};
use ticket_core::{TicketId, TicketSource};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = env::args().nth(1).ok_or("which ticket?")?;
    let base_url = env::var("ACORN_BASE_URL").unwrap_or_else(|_| BASE_URL.to_owned());
    let desk =
        AcornDeskSource::builder().token(env::var("ACORN_TOKEN")?).base_url(base_url).build()?;
    let record = desk.fetch(&TicketId::new(id)?).await?;
    println!("{}", serde_json::to_string_pretty(&record.ticket)?);
    Ok(())
}

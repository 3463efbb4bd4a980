//! Tests code of your own without a helpdesk: `ticket_testkit::InMemorySource` returns given tickets and errors.
//!
//! `cargo run -p feishu-provider --example mock_a_source` runs the checks. In your crate, they are tests.

use ticket_core::model::{Coded, Status, Ticket};
use ticket_core::{Error, ErrorKind, TicketId, TicketSource};
use ticket_testkit::InMemorySource;

/// The code under test: says in one line how a ticket stands. It takes any source.
async fn summary(source: &dyn TicketSource, id: &str) -> Result<String, Error> {
    let ticket = match source.fetch(&TicketId::new(id)?).await {
        Ok(record) => record.ticket,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(format!("{id} is unknown")),
        Err(error) => return Err(error),
    };
    let status = ticket.status.map_or_else(|| "unknown".to_owned(), |it| it.value.to_string());
    Ok(format!("{id} is {status}: {}", ticket.title.as_deref().unwrap_or("no title")))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let ticket = Ticket {
        title: Some("Paper jam".into()),
        status: Some(Coded::new(Status::Closed, "50")),
        ..Ticket::new("acme", "42")
    };
    let source = InMemorySource::new("acme")
        .with_ticket(ticket)
        // The first call for 42 fails; the second one finds the ticket.
        .with_error("42", Error::new(ErrorKind::Unavailable, "overloaded"));

    let error = summary(&source, "42").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(summary(&source, "42").await?, "42 is closed: Paper jam");
    assert_eq!(summary(&source, "43").await?, "43 is unknown");
    // The source remembers what was fetched.
    assert_eq!(source.fetched().len(), 3);
    println!("all checks passed");
    Ok(())
}

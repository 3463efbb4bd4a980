//! Builds the requests to Request Tracker.

use ticket_core::{BaseUrl, Error, ErrorKind, Request, TicketId};

/// The fields of a person.
const PERSON: &str = "Name,RealName,EmailAddress";

/// The fields of a ticket in a search: all that the ticket call returns.
const TICKET: &str = "Type,Subject,Status,Priority,InitialPriority,FinalPriority,Queue,Owner,Creator,\
    LastUpdatedBy,Requestor,Cc,AdminCc,CustomRoles,CustomFields,SLA,Created,Starts,Started,Due,Resolved,\
    Told,LastUpdated,TimeEstimated,TimeLeft,TimeWorked,EffectiveId,_hyperlinks";

/// The most rows of a page. RT sends no more, whatever is asked for.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;

/// `GET /REST/2.0/rt`: the version of RT.
///
/// # Errors
/// None; the signature matches the other requests.
pub fn get_version(base: &BaseUrl) -> Result<Request, Error> {
    Ok(Request::get(crate::GET_VERSION, base.join(&["REST", "2.0", "rt"])?))
}

/// `GET /REST/2.0/ticket/:id`, with the names of its queue, owner and creator.
///
/// # Errors
/// [`InvalidRequest`](ErrorKind::InvalidRequest) if the id is not a number.
pub fn get_ticket(base: &BaseUrl, id: &TicketId) -> Result<Request, Error> {
    let mut url = base.join(&["REST", "2.0", "ticket", number(id)?])?;
    url.query_pairs_mut()
        .append_pair("fields[Queue]", "Name,Lifecycle")
        .append_pair("fields[Owner]", PERSON)
        .append_pair("fields[Creator]", PERSON);
    Ok(Request::get(crate::GET_TICKET, url))
}

/// `GET /REST/2.0/tickets` for one ticket and those that were merged into it: the names of their people, which the ticket call does
/// not have.
///
/// # Errors
/// As for [`get_ticket`].
pub fn list_people(base: &BaseUrl, id: &TicketId) -> Result<Request, Error> {
    let mut url = base.join(&["REST", "2.0", "tickets"])?;
    url.query_pairs_mut()
        .append_pair("query", &format!("EffectiveId = {}", number(id)?))
        .append_pair("fields", "Requestor,Cc,AdminCc,CustomRoles")
        .extend_pairs(PEOPLE);
    Ok(Request::get(crate::LIST_PEOPLE, url))
}

/// `GET /REST/2.0/customrole/:id`
///
/// # Errors
/// [`InvalidRequest`](ErrorKind::InvalidRequest) if the id would change the path.
pub fn get_custom_role(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    Ok(Request::get(crate::GET_CUSTOM_ROLE, base.join(&["REST", "2.0", "customrole", id])?))
}

/// `GET /REST/2.0/ticket/:id/history`: one page of at most 100 events; pages count from 1.
///
/// # Errors
/// As for [`get_ticket`].
pub fn list_history(base: &BaseUrl, id: &TicketId, page: u32) -> Result<Request, Error> {
    let mut url = base.join(&["REST", "2.0", "ticket", number(id)?, "history"])?;
    url.query_pairs_mut()
        .append_pair("page", &page.to_string())
        .append_pair("per_page", &MAX_PAGE_SIZE.to_string())
        .append_pair("fields", "Type,Field,OldValue,NewValue,Data,Created,Creator")
        .append_pair("fields[Creator]", PERSON);
    Ok(Request::get(crate::LIST_HISTORY, url))
}

/// `GET /REST/2.0/ticket/:id/attachments`: one page of at most 100 attachments without content; pages count from 1.
///
/// # Errors
/// As for [`get_ticket`].
pub fn list_attachments(base: &BaseUrl, id: &TicketId, page: u32) -> Result<Request, Error> {
    let mut url = base.join(&["REST", "2.0", "ticket", number(id)?, "attachments"])?;
    url.query_pairs_mut()
        .append_pair("page", &page.to_string())
        .append_pair("per_page", &MAX_PAGE_SIZE.to_string())
        .append_pair("fields", "TransactionId,ContentType,Filename,MessageId,ContentLength");
    Ok(Request::get(crate::LIST_ATTACHMENTS, url))
}

/// `GET /REST/2.0/attachment/:id`: an attachment with its content.
///
/// # Errors
/// [`InvalidRequest`](ErrorKind::InvalidRequest) if the id would change the path.
pub fn get_attachment(base: &BaseUrl, id: &str) -> Result<Request, Error> {
    Ok(Request::get(crate::GET_ATTACHMENT, base.join(&["REST", "2.0", "attachment", id])?))
}

/// `GET /REST/2.0/attachments` for at most 40 attachments: their texts.
///
/// # Errors
/// None; the signature matches the other requests.
pub fn list_texts(base: &BaseUrl, ids: &[String]) -> Result<Request, Error> {
    let is_id =
        |id: &String| serde_json::json!({"field": "id", "value": id, "entry_aggregator": "OR"});
    let query: serde_json::Value = ids.iter().map(is_id).collect();
    let mut url = base.join(&["REST", "2.0", "attachments"])?;
    url.query_pairs_mut()
        .append_pair("query", &query.to_string())
        .append_pair("per_page", &MAX_PAGE_SIZE.to_string())
        .append_pair("fields", "Content");
    Ok(Request::get(crate::LIST_TEXTS, url))
}

/// `GET /REST/2.0/tickets`: one page of a search in the language of RT, in the order of the ids; pages count from 1.
///
/// # Errors
/// None; the signature matches the other requests.
pub fn list_tickets(
    base: &BaseUrl,
    query: &str,
    page: u32,
    page_size: u32,
) -> Result<Request, Error> {
    let mut url = base.join(&["REST", "2.0", "tickets"])?;
    url.query_pairs_mut()
        .append_pair("query", query)
        .append_pair("orderby", "id")
        .append_pair("order", "ASC")
        .append_pair("page", &page.to_string())
        .append_pair("per_page", &page_size.to_string())
        .append_pair("fields", TICKET)
        .append_pair("fields[Queue]", "Name,Lifecycle")
        .append_pair("fields[Owner]", PERSON)
        .append_pair("fields[Creator]", PERSON)
        .extend_pairs(PEOPLE);
    Ok(Request::get(crate::LIST_TICKETS, url))
}

/// Asks for the names of those who take part.
const PEOPLE: [(&str, &str); 4] = [
    ("fields[Requestor]", PERSON),
    ("fields[Cc]", PERSON),
    ("fields[AdminCc]", PERSON),
    ("fields[CustomRoles]", PERSON),
];

/// Returns the id, if it is one of RT.
fn number(id: &TicketId) -> Result<&str, Error> {
    let text = id.as_str();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text);
    }
    Err(Error::new(ErrorKind::InvalidRequest, format!("\"{text}\" is not a ticket id of RT"))
        .with_hint("ticket ids of RT are numbers, such as 42"))
}

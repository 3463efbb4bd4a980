//! Builds the requests to Feishu, as values.

use ticket_core::{BaseUrl, Error, Request, Secret, TicketId};

/// The base URL of the Feishu API.
pub const BASE_URL: &str = "https://open.feishu.cn";

/// The base URL of the Lark API, the international brand of Feishu. App, tenant and token belong to one of the two.
pub const LARK_BASE_URL: &str = "https://open.larksuite.com";

const TICKETS: &[&str] = &["open-apis", "helpdesk", "v1", "tickets"];

/// `GET /open-apis/helpdesk/v1/tickets/:ticket_id`
///
/// # Errors
/// [`InvalidRequest`](ticket_core::ErrorKind::InvalidRequest) if the id would change the path; no [`TicketId`] does.
pub fn get_ticket(base: &BaseUrl, id: &TicketId) -> Result<Request, Error> {
    let segments: Vec<&str> = TICKETS.iter().copied().chain([id.as_str()]).collect();
    Ok(Request::get(crate::GET_TICKET, base.join(&segments)?))
}

/// `GET /open-apis/helpdesk/v1/tickets`: one page; pages count from 1 and have at most 200 rows.
///
/// `filters` are the other parameters; a name may occur several times.
///
/// # Errors
/// None; the signature matches the other requests.
pub fn list_tickets(
    base: &BaseUrl,
    page: u32,
    page_size: u32,
    filters: &[(&str, String)],
) -> Result<Request, Error> {
    let mut url = base.join(TICKETS)?;
    url.query_pairs_mut()
        .append_pair("page", &page.to_string())
        .append_pair("page_size", &page_size.to_string())
        .extend_pairs(filters);
    Ok(Request::get(crate::LIST_TICKETS, url))
}

/// `GET /open-apis/helpdesk/v1/tickets/:ticket_id/messages`: one page; pages count from 1 and have at most 200 messages.
///
/// # Errors
/// As for [`get_ticket`].
pub fn list_messages(
    base: &BaseUrl,
    id: &TicketId,
    page: u32,
    page_size: u32,
) -> Result<Request, Error> {
    let segments: Vec<&str> = TICKETS.iter().copied().chain([id.as_str(), "messages"]).collect();
    let mut url = base.join(&segments)?;
    url.query_pairs_mut()
        .append_pair("page", &page.to_string())
        .append_pair("page_size", &page_size.to_string());
    Ok(Request::get(crate::LIST_MESSAGES, url))
}

/// `GET /open-apis/helpdesk/v1/ticket_images`: an image of a message; `index` counts from 0 and belongs to a post.
///
/// # Errors
/// None; the signature matches the other requests.
pub fn get_image(
    base: &BaseUrl,
    ticket: &TicketId,
    message: &str,
    index: Option<usize>,
) -> Result<Request, Error> {
    let mut url = base.join(&["open-apis", "helpdesk", "v1", "ticket_images"])?;
    url.query_pairs_mut().append_pair("ticket_id", ticket.as_str()).append_pair("msg_id", message);
    if let Some(index) = index {
        url.query_pairs_mut().append_pair("index", &index.to_string());
    }
    Ok(Request::get(crate::GET_IMAGE, url))
}

/// `GET /open-apis/helpdesk/v1/ticket_customized_fields`: one page of at most 100 definitions.
///
/// # Errors
/// None; the signature matches the other requests.
pub fn list_fields(base: &BaseUrl, page_token: Option<&str>) -> Result<Request, Error> {
    let mut url = base.join(&["open-apis", "helpdesk", "v1", "ticket_customized_fields"])?;
    url.query_pairs_mut().append_pair("page_size", "100");
    if let Some(token) = page_token {
        url.query_pairs_mut().append_pair("page_token", token);
    }
    Ok(Request::get(crate::LIST_FIELDS, url))
}

/// `POST /open-apis/auth/v3/tenant_access_token/internal`
///
/// # Errors
/// None; the signature matches the other requests.
pub fn get_tenant_access_token(
    base: &BaseUrl,
    app_id: &str,
    app_secret: &Secret,
) -> Result<Request, Error> {
    let url = base.join(&["open-apis", "auth", "v3", "tenant_access_token", "internal"])?;
    let text = |text: &str| serde_json::to_string(text).map(Secret::from).expect("a text is JSON");
    let (app_id, app_secret) = (text(app_id), text(app_secret.expose()));
    let body = [r#"{"app_id":"#, app_id.expose(), r#","app_secret":"#, app_secret.expose(), "}"];
    let body = Secret::joined(&body).to_bytes();
    Ok(Request::post_json(crate::GET_TOKEN, url, body).repeatable())
}

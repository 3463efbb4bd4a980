//! The messages of a ticket: `GET /tickets/:ticket_id/messages`.

mod content;
mod thread;

use scripted_server::{PageFault, Reply};
use serde::Serialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::failure::Failure;
use super::generated::GeneratedTickets;
use super::list::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
use super::{success, within};
use crate::pages::Page;
use crate::tickets;
use thread::Thread;

pub(super) use thread::images;

/// The documented ticket, which has the documented message.
const DOCUMENTED: &str = "6626871355780366331";

/// Returns the requested page of a ticket's messages.
pub(crate) fn reply(
    query: &str,
    id: &str,
    generated: &GeneratedTickets,
    fault: Option<PageFault>,
) -> Result<Reply, Failure> {
    #[derive(Serialize)]
    struct Data {
        messages: Vec<Value>,
        total: usize,
    }
    let mut page = Page { number: 1, size: DEFAULT_PAGE_SIZE };
    let (mut start, mut end) = (None, None);
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        let integer = || value.parse::<i64>().map_err(|_| Failure::BadRequest);
        match &*key {
            "page" => page.number = within(&value, usize::MAX)?,
            "page_size" => page.size = within(&value, MAX_PAGE_SIZE)?,
            "time_start" => start = Some(integer()?),
            "time_end" => end = Some(integer()?),
            _ => {}
        }
    }
    super::check_id(id)?;
    // Seconds, as in the current example of the documentation. Older ones have milliseconds.
    let is_wanted = |created_at: i64| {
        let seconds = created_at.div_euclid(1000);
        start.is_none_or(|start| start <= seconds) && end.is_none_or(|end| seconds <= end)
    };
    let (messages, total) = if tickets::find("feishu", id).is_some() {
        let mut thread = if id == DOCUMENTED { vec![documented()] } else { Vec::new() };
        thread.retain(|message| message["created_at"].as_i64().is_some_and(is_wanted));
        let rows = page.rows(thread.len(), fault);
        (rows.into_iter().map(|row| thread[row].clone()).collect(), thread.len())
    } else {
        let k = generated.find(id).ok_or(Failure::NotFound)?;
        let thread = Thread::of(&generated.generator, k);
        let wanted: Vec<_> = thread.newest_first().filter(|(_, time)| is_wanted(*time)).collect();
        let rows = page.rows(wanted.len(), fault);
        (rows.into_iter().map(|row| thread.message(wanted[row].0)).collect(), wanted.len())
    };
    Ok(success(Data { messages, total }))
}

/// Returns the example of the documentation.
fn documented() -> Value {
    json!({
        "id": "6948728206392295444",
        "message_id": "6949088236610273307",
        "message_type": "text",
        "created_at": 1_617_960_686_000_i64,
        "content": "{\"content\":\"进入人工服务。 @李宁 为你提供服务,开始聊起来吧~\",\"msg_type\":\"text\"}",
        "user_name": "李宁",
        "avatar_url": "https://internal-api-lark-file.feishu-boe.cn/static-resource/v1/3e73cdce-54b0-4c6a-8226-b131fb2825dj~?image_size=72x72&cut_type=&quality=&format=image&sticker_format=.webp",
        "user_id": "ou_37019b7c830210acd88fdce886e25c71"
    })
}

//! Whether a client and `ticket get` read the same from a response: ids, status, times, the note, the rating.

use ticket_model::Ticket;

use super::values;

/// What is compared: the way to it in Feishu's ticket, and what ours says of it.
type Field = (&'static [&'static str], fn(&Ticket) -> Option<String>);

const FIELDS: &[Field] = &[
    (&["ticket_id"], |ticket| Some(ticket.id.clone())),
    (&["helpdesk_id"], |ticket| ticket.helpdesk_id.clone()),
    (&["status"], |ticket| Some(ticket.status.as_ref()?.native.clone())),
    (&["channel"], |ticket| Some(ticket.channel.as_ref()?.native.clone())),
    (&["score"], |ticket| Some(ticket.satisfaction.as_ref()?.score?.to_string())),
    (&["guest", "id"], |ticket| ticket.requester.as_ref()?.id.clone()),
    (&["created_at"], |ticket| Some(ticket.created_at?.as_millisecond().to_string())),
    (&["updated_at"], |ticket| Some(ticket.updated_at?.as_millisecond().to_string())),
    (&["closed_at"], |ticket| Some(ticket.closed_at?.as_millisecond().to_string())),
    (&["comments", "content"], |ticket| ticket.notes.first()?.body.clone()),
    (&["comments", "created_at"], |ticket| {
        Some(ticket.notes.first()?.created_at?.as_millisecond().to_string())
    }),
    (&["comments", "user_id"], |ticket| {
        ticket.notes.first()?.author.as_ref()?.person.as_ref()?.id.clone()
    }),
];

/// Counts the fields for which ours has a value, and names those for which the other has another.
pub(super) fn compare(got: &str, ours: &Ticket) -> (usize, Vec<String>) {
    let mut count = 0;
    let mut others = Vec::new();
    for (way, value) in FIELDS {
        let Some(ours) = value(ours) else { continue };
        count += 1;
        if values::leaf(got, way).as_ref() != Some(&ours) {
            others.push(way.join("."));
        }
    }
    (count, others)
}

#[cfg(test)]
mod tests {
    use feishu_provider::{Feishu, GET_TICKET};
    use ticket_core::{Decoder as _, Response, VocabularyOverrides};

    use super::{FIELDS, compare};

    const TICKET: &str = r#"{"ticket_id": "6", "helpdesk_id": "7", "status": 50, "channel": 2, "score": 3,
        "guest": {"id": "ou_1"}, "created_at": 1616920429000, "updated_at": 1616920429001, "closed_at": 1616920429002,
        "comments": {"content": "x", "created_at": 1616920429003, "user_id": 7262656095919128578}}"#;

    #[test]
    fn every_field_is_compared_and_another_value_is_named() {
        let response = format!(r#"{{"code": 0, "data": {{"ticket": {TICKET}}}}}"#);
        let response = Response::saved(GET_TICKET, response);
        let ours = Feishu.decode(&[response], &VocabularyOverrides::default()).unwrap().ticket;
        assert_eq!(compare(TICKET, &ours), (FIELDS.len(), Vec::new()));
        let rounded = TICKET.replace("7262656095919128578", "7262656095919129000");
        assert_eq!(compare(&rounded, &ours).1, ["comments.user_id"]);
        assert_eq!(compare("{}", &ours).1.len(), FIELDS.len());
    }
}

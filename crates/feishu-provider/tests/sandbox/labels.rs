//! Labels of dropdown options, from the definitions of the custom fields.

use feishu_provider::{Feishu, LIST_FIELDS};
use ticket_core::model::{CustomField, Json, Ticket};
use ticket_core::{
    Decoder, FetchOptions, Record, Response, TicketSource, TicketSourceExt, VocabularyOverrides,
};
use ticket_sandbox::Sandbox;

use crate::{count, generated, inject, source, start};

/// Fetches all generated tickets with one source.
async fn fetch_all(sandbox: &Sandbox) -> Vec<Record> {
    let source = source(sandbox);
    let results = source.fetch_all(&generated(sandbox), 8).await;
    results.into_iter().map(Result::unwrap).collect()
}

/// Returns whether a value has the id of an option.
fn has_id(value: &Json) -> bool {
    let is_part =
        |part: &str| part.len() == 36 && part.bytes().filter(|it| *it == b'-').count() == 4;
    value.as_str().split(['"', ',', '[', ']', ' ']).any(is_part)
}

fn fields<'r>(records: &'r [Record]) -> impl Iterator<Item = &'r CustomField> {
    records.iter().flat_map(|record: &'r Record| &record.ticket.custom_fields)
}

#[tokio::test]
async fn definitions_are_fetched_once_for_many_tickets() {
    let sandbox = start(60).await;
    let records = fetch_all(&sandbox).await;
    assert_eq!(count(&sandbox, "feishu.fields"), 1);
    assert!(fields(&records).all(|field| !field.value.as_ref().is_some_and(has_id)));
    let labelled: Vec<_> = fields(&records).filter(|field| field.native.is_some()).collect();
    assert!(labelled.len() > 60);
    assert!(labelled.iter().all(|field| field.native.as_ref().is_some_and(has_id)));
    // Some are one label, some are lists of labels.
    let is_list = |field: &&CustomField| field.value.as_ref().unwrap().as_str().starts_with('[');
    let lists = labelled.iter().copied().filter(is_list).count();
    assert!(lists > 0 && lists < labelled.len(), "{lists}");
    for record in &records {
        let needs = record.ticket.custom_fields.iter().any(|field| field.native.is_some());
        let pages = Response::all(&record.origin.responses, LIST_FIELDS).count();
        assert_eq!(pages, usize::from(needs), "the origin has the definitions that were used");
        let decoded = Feishu.decode(&record.origin.responses, &VocabularyOverrides::default());
        assert_eq!(decoded.unwrap().ticket, record.ticket, "saved responses give the same ticket");
    }
}

#[tokio::test]
async fn tickets_keep_the_ids_if_the_definitions_are_refused() {
    for fault in ["status 403 code 99991672", "status 200 code 7", "html"] {
        let sandbox = start(12).await;
        inject(&sandbox, &format!("feishu.fields: {fault}"));
        let records = fetch_all(&sandbox).await;
        assert_eq!(count(&sandbox, "feishu.fields"), 1, "{fault}");
        assert!(fields(&records).all(|field| field.native.is_none()), "{fault}");
        assert!(fields(&records).any(|field| field.value.as_ref().is_some_and(has_id)), "{fault}");
    }
}

#[tokio::test]
async fn failure_that_may_pass_is_retried() {
    let sandbox = start(12).await;
    inject(&sandbox, "feishu.fields 1-2: status 502");
    let records = fetch_all(&sandbox).await;
    assert_eq!(count(&sandbox, "feishu.fields"), 3);
    assert!(fields(&records).all(|field| !field.value.as_ref().is_some_and(has_id)));
}

#[tokio::test]
async fn definitions_are_fetched_again_after_a_fetch_that_failed() {
    let sandbox = start(12).await;
    // All attempts of one call.
    inject(&sandbox, "feishu.fields 1-4: status 502");
    let source = source(&sandbox);
    let mut failed = 0;
    for id in generated(&sandbox) {
        failed += usize::from(source.fetch(&id).await.is_err());
    }
    assert_eq!((failed, count(&sandbox, "feishu.fields")), (1, 5));
}

#[tokio::test]
async fn other_fields_stay_as_they_were_sent() {
    let sandbox = start(12).await;
    let with_labels = fetch_all(&sandbox).await;
    let refusing = start(12).await;
    inject(&refusing, "feishu.fields: status 403 code 99991672");
    let without = fetch_all(&refusing).await;
    let sent = |ticket: &Ticket| Ticket {
        custom_fields: ticket
            .custom_fields
            .iter()
            .map(|field| match &field.native {
                Some(native) => {
                    CustomField { value: Some(native.clone()), native: None, ..field.clone() }
                }
                None => field.clone(),
            })
            .collect(),
        ..ticket.clone()
    };
    for (with_labels, without) in with_labels.iter().zip(&without) {
        assert_eq!(sent(&with_labels.ticket), without.ticket);
    }
    let options = FetchOptions::default().with_conversation();
    let record = source(&sandbox).fetch_with(&generated(&sandbox)[0], options).await.unwrap();
    assert_eq!(record.ticket.custom_fields, with_labels[0].ticket.custom_fields);
}

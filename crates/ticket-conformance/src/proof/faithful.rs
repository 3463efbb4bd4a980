//! Nothing is lost and nothing is invented: what is copied is equal, what was sent is told, and what is printed reads back.

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::explain::{Explained, How, explain};
use ticket_core::mapping::tree::pointer;
use ticket_core::model::{Json, Ticket};
use ticket_core::{Response, VocabularyOverrides};

use super::observe::is_around;
use super::{Case, Fault};

/// The faults of each response as it stands.
pub(super) fn faults(decoder: &dyn MappingDescription, cases: &[Case]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for case in cases {
        let mut fault = |place: &str, problem: String| {
            faults.push(Fault {
                place: place.to_owned(),
                problem: format!("{problem} ({})", case.name),
            });
        };
        let response = Response::saved(decoder.ticket_operation(), case.body);
        match explain(decoder, &response, &VocabularyOverrides::default()) {
            Err(error) => fault("", format!("it cannot be explained: {error}")),
            Ok(explained) => {
                for (place, problem) in
                    lost(case, &explained).into_iter().chain(unequal(&explained))
                {
                    fault(&place, problem);
                }
            }
        }
        if let Some(problem) = unstable(decoder, &response) {
            fault("", problem);
        }
    }
    faults
}

/// Values that were sent and of which nobody says what became.
fn lost(case: &Case, explained: &[Explained]) -> Vec<(String, String)> {
    let told: Vec<&str> = explained
        .iter()
        .flat_map(|field| &field.sources)
        .map(|source| source.pointer.as_str())
        .collect();
    let mut lost = Vec::new();
    for (path, value) in case.tree().leaves() {
        let place = pointer(&path);
        if !value.is_hollow() && !told.iter().any(|told| is_around(told, &place)) {
            lost.push((place, format!("{value} was sent, and nobody says what became of it")));
        }
    }
    lost
}

/// Values that are said to be copied and differ from what was sent.
fn unequal(explained: &[Explained]) -> Vec<(String, String)> {
    let mut unequal = Vec::new();
    for field in explained.iter().filter(|field| field.how == How::Copied) {
        let (Some(name), Some(value)) = (&field.field, &field.value) else { continue };
        let is_equal =
            field.sources.iter().filter_map(|source| source.native.as_ref()).any(|native| {
                // An integer may have come as text, and an id as an integer; of free JSON the field is a part.
                bare(native) == bare(value) || native.as_str().contains(value.as_str())
            });
        // The key under which a free value stands is no value of the response.
        if !is_equal && field.rule != "key" {
            unequal.push((name.clone(), format!("{value} is said to be copied, and was not sent")));
        }
    }
    unequal
}

/// A scalar without the quotes of a text.
fn bare(json: &Json) -> String {
    json.to_text().unwrap_or_else(|| json.to_string())
}

/// Whether reading twice gives two tickets, or printing loses something.
fn unstable(decoder: &dyn MappingDescription, response: &Response) -> Option<String> {
    let read =
        || decoder.decode(std::slice::from_ref(response), &VocabularyOverrides::default()).ok();
    let (first, second) = (read()?, read()?);
    if first != second {
        return Some("the same response gives two tickets".to_owned());
    }
    let print = |ticket: &Ticket| serde_json::to_string(ticket).expect("a ticket is JSON");
    let printed = print(&first.ticket);
    if printed != print(&second.ticket) {
        return Some("the same ticket is printed in two ways".to_owned());
    }
    match serde_json::from_str::<Ticket>(&printed) {
        Ok(back) if back == first.ticket => None,
        Ok(_) => Some("the ticket does not read back as it was".to_owned()),
        Err(error) => Some(format!("the ticket does not read back: {error}")),
    }
}

//! Free keys, put where keys are free: each comes back as the field that a rule says it becomes.

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::{Bindings, Pattern, Reach, Row};
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};
use ticket_core::{Response, VocabularyOverrides};

use super::{Case, Fault};

/// A key that no tenant has.
const KEY: &str = "nobody/has~this";

/// The faults of responses with such a key.
pub(super) fn faults(decoder: &dyn MappingDescription, cases: &[Case]) -> Vec<Fault> {
    let rows: Vec<Row> =
        decoder.rules().iter().map(Row::of).filter(|row| row.rule.is_key()).collect();
    let mut faults = Vec::new();
    for row in &rows {
        let mut places = 0;
        for case in cases {
            let response = case.tree();
            for object in response.objects() {
                if let Some(source) =
                    row.sources.iter().find(|source| source.ends_free(&with_key(&object, 0)))
                {
                    places += 1;
                    faults.extend(check(decoder, case, &response, &object, row, source));
                }
            }
        }
        if places == 0 {
            let problem = "no response has an object with free keys there (all)".to_owned();
            faults.push(Fault { place: row.rule.sources.join(", "), problem });
        }
    }
    faults
}

fn with_key(object: &Path, position: usize) -> Path {
    object.iter().cloned().chain([Step::Key(KEY.to_owned(), position)]).collect()
}

fn check(
    decoder: &dyn MappingDescription,
    case: &Case,
    response: &Tree,
    object: &Path,
    row: &Row<'_>,
    source: &Pattern,
) -> Option<Fault> {
    let mut changed = response.clone();
    let Some(Tree::Object(members)) = changed.at_mut(object) else { return None };
    let position = members.len();
    members.push((KEY.to_owned(), Tree::Scalar("7".into())));
    let bindings = source.bind(&with_key(object, position), Reach::Exact)?;
    let response = Response::saved(decoder.ticket_operation(), changed.to_string());
    let decoded = decoder.decode(&[response], &VocabularyOverrides::default()).ok();
    let ticket =
        decoded.and_then(|decoded| Tree::parse(&serde_json::to_string(&decoded.ticket).ok()?).ok());
    let is_there = ticket.is_some_and(|ticket| is_told(&ticket, row, &bindings));
    let problem =
        || format!("a free key does not become {} ({})", row.rule.targets.join(", "), case.name);
    (!is_there).then(|| Fault { place: pointer(object), problem: problem() })
}

/// Whether the key stands at a target of the row, under these indices.
fn is_told(ticket: &Tree, row: &Row<'_>, bindings: &Bindings) -> bool {
    let key = serde_json::to_string(KEY).expect("a text is JSON");
    ticket.leaves().iter().any(|(path, value)| {
        value.to_string() == key
            && row.targets.iter().any(|target| target.matches(path, bindings, Reach::Exact))
    })
}

//! Free keys, such as names of custom fields: each becomes a value of the target.

use ticket_core::mapping::MappingDescription;
use ticket_core::mapping::pattern::{Bindings, Pattern, Reach, Row};
use ticket_core::mapping::tree::{Path, Step, Tree, pointer};

use super::{Mismatch, SampleResponse, decode};

/// A key that no tenant has.
const KEY: &str = "free/key~";

/// Returns the mismatches of responses with such a key.
pub(super) fn find(decoder: &dyn MappingDescription, samples: &[SampleResponse]) -> Vec<Mismatch> {
    let rows: Vec<Row> =
        decoder.rules().iter().map(Row::of).filter(|row| row.rule.is_key()).collect();
    let mut mismatches = Vec::new();
    for row in &rows {
        let mut count = 0;
        for sample in samples {
            let response = sample.tree(decoder);
            for object in response.objects() {
                let free = row.sources.iter().find_map(|source| {
                    let key = format!("{}{KEY}", source.free_prefix()?);
                    source.ends_free(&with_key(&object, &key, 0)).then_some((source, key))
                });
                if let Some((source, key)) = free {
                    count += 1;
                    let place = (&response, &object, &*key);
                    mismatches.extend(check(decoder, sample, place, row, source));
                }
            }
        }
        if count == 0 {
            let problem = "no response has an object with free keys there (all)".to_owned();
            mismatches.push(Mismatch { location: row.rule.sources.join(", "), problem });
        }
    }
    mismatches
}

fn with_key(object: &Path, key: &str, position: usize) -> Path {
    object.iter().cloned().chain([Step::Key(key.to_owned(), position)]).collect()
}

fn check(
    decoder: &dyn MappingDescription,
    sample: &SampleResponse,
    (response, object, key): (&Tree, &Path, &str),
    row: &Row<'_>,
    source: &Pattern,
) -> Option<Mismatch> {
    let mut changed = response.clone();
    let Some(Tree::Object(members)) = changed.at_mut(object) else { return None };
    let position = members.len();
    members.push((key.to_owned(), Tree::Scalar("7".into())));
    let bindings = source.bind(&with_key(object, key, position), Reach::Exact)?;
    let output = decode(decoder, &changed).ok();
    let ticket =
        output.and_then(|output| Tree::parse(&serde_json::to_string(&output.ticket).ok()?).ok());
    let is_there = ticket.is_some_and(|ticket| has_key(&ticket, key, row, &bindings));
    let problem =
        || format!("a free key does not become {} ({})", row.rule.targets.join(", "), sample.name);
    (!is_there).then(|| Mismatch { location: pointer(object), problem: problem() })
}

/// Returns whether the key is at a target of the row, with these indices.
fn has_key(ticket: &Tree, key: &str, row: &Row<'_>, bindings: &Bindings) -> bool {
    let key = serde_json::to_string(key).expect("a string is JSON");
    ticket.leaves().iter().any(|(path, value)| {
        value.to_string() == key
            && row.targets.iter().any(|target| target.matches(path, bindings, Reach::Exact))
    })
}

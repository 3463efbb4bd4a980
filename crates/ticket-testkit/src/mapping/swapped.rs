//! Two neighbours whose names fit better when they are swapped: `resolution_due` from `first_response_due`, for example.

use std::collections::BTreeSet;

use ticket_core::mapping::table::TableRow;

use super::Mismatch;

/// A target and its only source.
struct Pair<'r> {
    target: &'r str,
    source: &'r str,
}

/// Returns the pairs of rows of which each has the name of the other.
pub(super) fn find(rows: &[TableRow]) -> Vec<Mismatch> {
    let pairs: Vec<Pair> = rows.iter().filter_map(pair).collect();
    let mut mismatches = Vec::new();
    for (index, one) in pairs.iter().enumerate() {
        for other in &pairs[index + 1..] {
            let as_mapped = alike(one.source, one.target) + alike(other.source, other.target);
            let swapped = alike(one.source, other.target) + alike(other.source, one.target);
            let are_neighbours = parent(one.source, '/') == parent(other.source, '/')
                && parent(one.target, '.') == parent(other.target, '.');
            if are_neighbours && swapped > as_mapped {
                let Pair { target, source } = other;
                mismatches.push(Mismatch {
                    location: one.source.to_owned(),
                    problem: format!(
                        "{} is made of it, and {target} of {source}: the names fit better when swapped",
                        one.target
                    ),
                });
            }
        }
    }
    mismatches
}

fn pair(row: &TableRow) -> Option<Pair<'_>> {
    let target = row.targets.first()?;
    let target = target.strip_suffix(".value").or(target.strip_suffix(".native")).unwrap_or(target);
    match &row.sources[..] {
        [source] => Some(Pair { target, source }),
        _ => None,
    }
}

fn parent(path: &str, separator: char) -> &str {
    path.rsplit_once(separator).map_or("", |(parent, _)| parent)
}

/// Returns how many words the last keys of both have in common.
fn alike(source: &str, target: &str) -> usize {
    words(source, '/').intersection(&words(target, '.')).count()
}

/// Returns the words of the last key, without the unit or type at its end.
fn words(path: &str, separator: char) -> BTreeSet<String> {
    let key = path.rsplit(separator).next().unwrap_or(path);
    let mut words = BTreeSet::new();
    for word in key.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let mut start = 0;
        for (at, letter) in word.char_indices().skip(1) {
            if letter.is_ascii_uppercase() {
                words.insert(word[start..at].to_ascii_lowercase());
                start = at;
            }
        }
        words.insert(word[start..].to_ascii_lowercase());
    }
    words.remove("");
    words
}

#[cfg(test)]
mod tests {
    use super::find;
    use ticket_core::mapping::table;

    #[test]
    fn reports_only_swapped_neighbours() {
        let row = |target: &str, source: &str| {
            format!(
                r#"{{"targets": ["{target}"], "sources": ["/sla/{source}"], "kind": "copied"}}"#
            )
        };
        let found = |pairs: [(&str, &str); 2]| {
            let rows = pairs.map(|(target, source)| row(target, source)).join(",");
            find(&table::parse(&format!("[{rows}]")).unwrap()).len()
        };
        let (first, resolution) = ("sla.first_response_due", "sla.resolution_due");
        assert_eq!(found([(first, "first_response_due"), (resolution, "resolution_due")]), 0);
        assert_eq!(found([(first, "resolution_due"), (resolution, "first_response_due")]), 1);
        assert_eq!(found([(first, "FirstResponseDue"), (resolution, "Due")]), 0);
        assert_eq!(found([("title", "a"), ("description", "b")]), 0);
    }
}

//! The rows of the table: each field with the rules that fill it, a column for each provider.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use ticket_core::mapping::{MappingDescription, Rule};

use super::fields::{Field, without_indices};

/// Fields that are filled in the same way, and the rules of each provider.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The paths, all of one parent.
    pub(super) paths: Vec<String>,
    /// The rules of each provider that fill them.
    pub(super) cells: Vec<Vec<&'static Rule>>,
}

/// The rules of one provider by the fields that they fill.
#[derive(Debug, Default)]
pub(super) struct Rules {
    by_target: BTreeMap<String, Vec<&'static Rule>>,
}

impl Rules {
    pub(super) fn of(decoder: &dyn MappingDescription) -> Self {
        let mut rules = Self::default();
        for rule in decoder.rules() {
            for target in rule.targets {
                rules.by_target.entry(without_indices(target)).or_default().push(rule);
            }
        }
        rules
    }

    /// Returns the rules that fill exactly this field.
    pub(super) fn filling(&self, field: &Field) -> &[&'static Rule] {
        self.by_target.get(&without_indices(&field.path)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a rule fills this field or one below it.
    pub(super) fn reach(&self, field: &Field) -> bool {
        !self.filling(field).is_empty() || field.below.iter().any(|field| self.reach(field))
    }

    /// Checks that the ticket has every field that a rule fills.
    ///
    /// # Errors
    /// Names the first unknown field.
    pub(super) fn check(&self, provider: &str, fields: &[Field]) -> Result<()> {
        fn is_known(fields: &[Field], target: &str) -> bool {
            fields.iter().any(|field| {
                without_indices(&field.path) == target || is_known(&field.below, target)
            })
        }
        for target in self.by_target.keys() {
            if !is_known(fields, target) {
                bail!("a rule of {provider} fills `{target}`, which is no field of the ticket");
            }
        }
        Ok(())
    }
}

/// Returns the rows of these fields.
///
/// A field that no provider fills is one row, without those below it. Neighbours with the same rules share a row.
pub(super) fn of(fields: &[Field], providers: &[Rules]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    collect(fields, providers, &mut rows);
    rows
}

fn collect(fields: &[Field], providers: &[Rules], rows: &mut Vec<Row>) {
    for (index, field) in fields.iter().enumerate() {
        let cells: Vec<_> = providers.iter().map(|rules| rules.filling(field).to_vec()).collect();
        let is_filled_below =
            providers.iter().any(|rules| field.below.iter().any(|field| rules.reach(field)));
        let is_filled = cells.iter().any(|cell| !cell.is_empty());
        if is_filled || !is_filled_below {
            match rows
                .last_mut()
                .filter(|row| index > 0 && row.cells == cells && is_sibling(row, field))
            {
                Some(row) => row.paths.push(field.path.clone()),
                None => rows.push(Row { paths: vec![field.path.clone()], cells }),
            }
        }
        if is_filled_below {
            collect(&field.below, providers, rows);
        }
    }
}

fn is_sibling(row: &Row, field: &Field) -> bool {
    let parent = |path: &str| path.rsplit_once('.').map(|(parent, _)| parent.to_owned());
    row.paths.iter().all(|path| parent(path) == parent(&field.path))
}

#[cfg(test)]
mod tests {
    use super::{Rules, of};
    use crate::mapping::fields::{Field, without_indices};
    use ticket_core::mapping::{Rule, table};

    fn value(path: &str) -> Field {
        Field { path: path.to_owned(), below: Vec::new() }
    }

    fn object(path: &str, names: &[&str]) -> Field {
        let below = names.iter().map(|name| value(&format!("{path}.{name}"))).collect();
        Field { path: path.to_owned(), below }
    }

    fn rules(rows: &str) -> Rules {
        let rules: &'static [Rule] = table::rules(rows).leak();
        let mut by_target = Rules::default();
        for rule in rules {
            for target in rule.targets {
                by_target.by_target.entry(without_indices(target)).or_default().push(rule);
            }
        }
        by_target
    }

    const ONE: &str = r#"[
        {"targets": ["title"], "sources": ["/data/title"], "kind": "copied"},
        {"targets": ["status.value", "status.native"], "sources": ["/data/status"], "kind": "converted"},
        {"targets": ["team.name"], "sources": ["/data/team"], "kind": "copied"}
    ]"#;
    const OTHER: &str =
        r#"[{"targets": ["title"], "sources": ["/data/subject"], "kind": "copied"}]"#;

    #[test]
    fn gives_neighbours_with_the_same_rules_one_row() {
        let fields = [
            value("title"),
            object("status", &["value", "native"]),
            object("sla", &["due", "breached"]),
            object("team", &["id", "name", "city", "floor"]),
        ];
        let rows: Vec<_> = of(&fields, &[rules(ONE), rules(OTHER)])
            .into_iter()
            .map(|row| (row.paths.join(" "), row.cells.iter().map(Vec::len).collect::<Vec<_>>()))
            .collect();
        let expected = [
            ("title", vec![1, 1]),
            ("status.value status.native", vec![1, 0]),
            ("sla", vec![0, 0]),
            ("team.id", vec![0, 0]),
            ("team.name", vec![1, 0]),
            ("team.city team.floor", vec![0, 0]),
        ];
        assert_eq!(rows, expected.map(|(paths, cells)| (paths.to_owned(), cells)));
    }

    #[test]
    fn refuses_a_rule_for_an_unknown_field() {
        let fields = [value("title"), object("status", &["value"])];
        let error = rules(ONE).check("one", &fields).unwrap_err().to_string();
        assert_eq!(error, "a rule of one fills `status.native`, which is no field of the ticket");
        assert!(rules(OTHER).check("other", &fields).is_ok());
    }
}

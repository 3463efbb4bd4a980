//! The table of settings in `docs/reliability.md`. The rest of the page is written by hand.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use crate::generated::{self, TAKES, read};

const PAGE: &str = "docs/reliability.md";
/// Where each setting says what it bounds.
const SETTINGS: &str = "crates/ticket-core/src/transport/settings.rs";

/// Writes the table, or checks that it is up to date.
pub(crate) fn run(is_check: bool) -> Result<()> {
    let settings =
        settings(&read(SETTINGS)?).with_context(|| format!("{SETTINGS} says too little"))?;
    let page = generated::between_marks(&read(PAGE)?, "settings", &settings)?;
    generated::page(PAGE, &page, is_check, "cargo xtask reliability")
}

/// A row for each field of the settings, from its comment; `None` where a field has none.
fn settings(source: &str) -> Option<String> {
    let (_, body) = source.split_once("pub struct TransportConfig {\n")?;
    let (body, _) = body.split_once("\n}")?;
    let mut table = String::from("| setting | what it is | default |\n|---|---|---|\n");
    let mut comment = String::new();
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
        } else if let Some(field) = line.strip_prefix("pub ") {
            let (name, _) = field.split_once(':')?;
            let comment = std::mem::take(&mut comment);
            let (about, default) = comment.split_once(" Default: ").unwrap_or((&comment, "none."));
            let about = Some(about.trim()).filter(|about| !about.is_empty())?;
            writeln!(table, "| `{name}` | {about} | {} |", default.trim_end_matches('.'))
                .expect(TAKES);
        }
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn a_setting_is_told_as_its_comment_tells_it() {
        let source = "pub struct TransportConfig {\n    /// How long\n    /// it is. Default: 3 s.\n    pub length: Duration,\n    \
                      /// A way.\n    pub way: Option<String>,\n}\n";
        let table = settings(source).unwrap();
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows, ["| `length` | How long it is. | 3 s |", "| `way` | A way. | none |"]);
        assert_eq!(settings("pub struct TransportConfig {\n    pub length: Duration,\n}\n"), None);
        assert_eq!(settings("struct Other;"), None);
    }
}

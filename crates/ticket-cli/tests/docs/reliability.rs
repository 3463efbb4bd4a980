//! The table of the transport settings in `docs/reliability.md`.

use anyhow::{Context, Result};

use super::{between_marks, read, row};

pub(super) const PAGE: &str = "docs/reliability.md";
/// The file whose comments describe the settings.
const SETTINGS: &str = "crates/ticket-core/src/transport/config.rs";

/// Returns the page with its table.
pub(super) fn write() -> Result<String> {
    let settings = settings(&read(SETTINGS)?);
    let settings = settings.with_context(|| format!("{SETTINGS}: a setting has no comment"))?;
    between_marks(&read(PAGE)?, "settings", &settings)
}

/// Returns a row for each setting, from its comment and the default at the comment's end; `None` if one has no comment.
fn settings(source: &str) -> Option<String> {
    let (_, body) = source.split_once("pub struct TransportConfig {\n")?;
    let (body, _) = body.split_once("\n}")?;
    let mut table = row(["setting", "what it is", "default"]) + &row(["---"; 3]);
    let mut comment = String::new();
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
        } else if let Some(field) = line.strip_prefix("pub ") {
            let (name, _) = field.split_once(':')?;
            let comment = std::mem::take(&mut comment);
            let (about, default) = comment.split_once(" Default: ").unwrap_or((&comment, "none."));
            let about = Some(about.trim()).filter(|about| !about.is_empty())?;
            table.push_str(&row([&format!("`{name}`"), about, default.trim_end_matches('.')]));
        }
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn describes_a_setting_by_its_comment() {
        let source = "pub struct TransportConfig {\n    /// How long\n    /// it is. Default: 3 s.\n    pub length: Duration,\n    \
                      /// A way.\n    pub way: Option<String>,\n}\n";
        let table = settings(source).unwrap();
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows, ["| `length` | How long it is. | 3 s |", "| `way` | A way. | none |"]);
        assert_eq!(settings("pub struct TransportConfig {\n    pub length: Duration,\n}\n"), None);
    }
}

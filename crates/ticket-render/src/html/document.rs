//! The frame of a page: its head, its style, and what it may do.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::html_text;

const STYLE: &str = include_str!("style.css");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));

/// Returns a whole page with this title and this content, which is HTML. The page runs only this script.
///
/// The style follows the light or dark theme of the reader, the width of the window, and paper.
pub fn html_document(title: &str, body: &str, script: Option<&str>) -> String {
    let title = html_text(title);
    let style_hash = &*STYLE_HASH;
    let policy = script.map_or_else(String::new, |script| format!("; script-src {}", hash(script)));
    let script = script.map_or_else(String::new, |script| format!("<script>{script}</script>\n"));
    format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self'; style-src {style_hash}{policy}; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n{script}</body>\n</html>\n"
    )
}

/// Returns the source of a policy that allows exactly this text.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#![doc = include_str!("../README.md")]

pub mod amount;
pub mod clean;
mod html;
mod html_text;
mod markdown;
pub mod transcript;
pub mod words;

pub use html::{html, html_document, html_text};
pub use markdown::{MarkdownPart, PartKind, markdown, markdown_parts, markdown_text};

#[cfg(test)]
mod examples;

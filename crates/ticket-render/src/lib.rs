#![doc = include_str!("../README.md")]

pub mod amount;
pub mod clean;
mod html;
mod html_text;
mod markdown;
pub mod transcript;
pub mod words;

pub use html::{html, html_document, html_text, html_with_files};
pub use markdown::{
    FileLink, FileLinks, MarkdownPart, PartKind, markdown, markdown_parts, markdown_text,
    markdown_with_files,
};

#[cfg(test)]
mod examples;

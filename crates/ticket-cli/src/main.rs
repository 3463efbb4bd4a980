//! The binary `ticket`.
#![allow(dead_code)]
mod view;

fn main() {}

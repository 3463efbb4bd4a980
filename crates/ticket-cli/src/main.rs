//! The binary `ticket`.

fn main() {}

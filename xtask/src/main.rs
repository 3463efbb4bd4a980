//! The tasks that maintain this workspace.

fn main() {}

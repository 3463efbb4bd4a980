//! The responses as one would write them down with serde alone: owned, tolerant of what is absent, and of nothing else.

pub mod engagelab;
pub mod feishu;

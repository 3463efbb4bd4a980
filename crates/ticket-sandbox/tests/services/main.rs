//! Both services as their clients see them.

mod client;
mod engagelab;
mod faults;
mod feishu;
mod list;
mod start;

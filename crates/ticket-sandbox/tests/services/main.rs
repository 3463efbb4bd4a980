//! Both services as their clients see them.

mod client;
mod engagelab;
mod faults;
mod feishu;
mod fields;
mod generated;
mod generated_list;
mod list;
mod messages;
mod page_faults;
mod start;

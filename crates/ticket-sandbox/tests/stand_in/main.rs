//! The stand-in as its clients meet it: what it responds, and how it goes wrong.

mod client;
mod engagelab;
mod faults;
mod feishu;
mod list;
mod rules;
mod scripted;
mod start;
mod wire;

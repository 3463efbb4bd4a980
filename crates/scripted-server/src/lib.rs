#![doc = include_str!("../README.md")]

mod fault;
mod history;
mod http;
mod log;
mod route;
mod scripted;
mod server;
mod service;

pub use fault::{Fault, FaultInfo, FaultRule, FaultRuleError, PageFault, Requests};
pub use http::{Reply, Request};
pub use log::LoggedRequest;
pub use route::Route;
pub use scripted::{ReceivedRequest, Script, ScriptedServer};
pub use server::{Server, ServerConfig, StartError};
pub use service::{Service, TokenEvent};

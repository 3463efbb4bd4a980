//! The suite of promises against a desk made for it.
#![cfg(feature = "promises")]

mod desk;
mod lies;

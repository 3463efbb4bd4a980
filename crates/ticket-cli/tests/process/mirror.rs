//! `ticket mirror`: what it checks, repairs and removes.

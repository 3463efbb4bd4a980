//! The config file.

#![cfg_attr(fuzzing, no_main)]

ticket_fuzz::target!(ticket_fuzz::config::check);

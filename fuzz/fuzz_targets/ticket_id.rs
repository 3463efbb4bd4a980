//! Ticket ids and base URLs.

#![cfg_attr(fuzzing, no_main)]

ticket_fuzz::target!(ticket_fuzz::ticket_id::check);

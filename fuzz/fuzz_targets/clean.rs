//! Text for the terminal.

#![cfg_attr(fuzzing, no_main)]

ticket_fuzz::target!(ticket_fuzz::clean::check);

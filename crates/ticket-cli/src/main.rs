//! The binary `ticket`: reads the command line, the environment and a config file, and prints.

mod address;
mod arguments;
mod commands;
mod completion;
mod console;
mod field;
mod log;
mod outcome;
mod providers;
mod setting;
mod settings;
mod similar;
mod usage;
mod view;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, Mapping};
use console::{Console, is_closed_pipe};
use outcome::{DONE, Failure, MessageFormat};

fn main() -> ExitCode {
    completion::answer();
    let words: Vec<_> = std::env::args_os().collect();
    let (outcome, console, is_json) = match Arguments::try_parse_from(&words) {
        Ok(arguments) => {
            let console = Console::new(arguments.color.into());
            log::start(&arguments.log, &console);
            let is_json = arguments.command.is_json(console.is_terminal);
            (run(&arguments.command, &console), console, is_json)
        }
        Err(error) => {
            let console = Console::new(anstream::ColorChoice::Auto);
            let is_json = usage::is_json(&words, io::stderr().is_terminal());
            (usage::report(error, &words, &console, is_json), console, is_json)
        }
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        // The reader closed the pipe on purpose, as `head` does.
        Err(error) if is_closed_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            let message_format = if is_json { MessageFormat::Json } else { MessageFormat::Text };
            ExitCode::from(Failure::unwritable(&error).end(&console, message_format))
        }
    }
}

fn run(command: &Command, console: &Console) -> io::Result<u8> {
    match command {
        Command::Get(arguments) => wait(commands::get::run(arguments, console)),
        Command::List(arguments) => wait(commands::list::run(arguments, console)),
        Command::Search(arguments) => commands::search::run(arguments, console),
        Command::Sql(arguments) => commands::sql::run(arguments, console),
        Command::Sync(arguments) => wait(commands::sync::run(arguments, console)),
        Command::Export(arguments) => Ok(commands::export::run(arguments, console)),
        Command::Verify(arguments) => commands::export::check(arguments, console),
        Command::Mirror(command) => wait(commands::mirror::run(command, console)),
        Command::Mcp(arguments) => wait(commands::mcp::run(arguments, console)),
        Command::Decode(arguments) => commands::decode::run(arguments, console),
        Command::Mapping(Mapping::Explain(arguments)) => {
            wait(commands::explain::run(arguments, console))
        }
        Command::Mapping(Mapping::Drift(arguments)) => {
            wait(commands::drift::run(arguments, console))
        }
        Command::Mapping(Mapping::Capabilities(arguments)) => {
            commands::capabilities::run(arguments, console)
        }
        Command::Auth(command) => wait(commands::auth::run(command, console)),
        Command::Doctor(arguments) => wait(commands::doctor::run(arguments, console)),
        Command::Sandbox(arguments) => wait(commands::sandbox::run(arguments, console)),
        Command::Schema => commands::schema::run(),
        Command::Completions { shell } => commands::completions::run(*shell),
        Command::Man(arguments) => Ok(commands::man::run(arguments, console)),
    }
}

/// Runs an asynchronous command to completion.
fn wait(command: impl Future<Output = io::Result<u8>>) -> io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(command);
    // The result is complete; background tasks must not delay the exit.
    runtime.shutdown_background();
    outcome
}

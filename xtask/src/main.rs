//! The tasks that maintain this workspace: `cargo xtask` lists them.
//!
//! A task that finds a fault names the command that mends it.

mod api;
mod bench;
mod capabilities;
mod cargo;
mod check;
mod compile;
mod deny;
mod errors;
mod example;
mod fault;
mod fuzz;
mod generated;
mod guards;
mod interop;
mod layers;
mod mapping;
mod msrv;
mod new_provider;
mod picture;
mod providers;
mod release;
mod reliability;
mod tasks;
mod tidy;
mod tree;
mod workspace;

use std::env;
use std::process::ExitCode;

use tasks::{TASKS, Task};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            print!("{}", tasks::list());
            ExitCode::SUCCESS
        }
        [name, rest @ ..] => match TASKS.iter().find(|task| task.name == *name) {
            Some(task) => run(task, rest),
            None => usage(&format!("there is no task `{name}`")),
        },
    }
}

fn run(task: &Task, options: &[&str]) -> ExitCode {
    if let Some(option) = options.iter().find(|option| !task.takes(option)) {
        return usage(&format!("the task `{}` has no option `{option}`", task.name));
    }
    match (task.run)(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage(fault: &str) -> ExitCode {
    eprint!("error: {fault}\n\n{}", tasks::list());
    ExitCode::from(2)
}

//! Config files with permissions, for tests.
#![cfg(unix)]

use std::fmt::Write;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::harness::{Run, TestServer, run, ticket};

/// A config folder with a config file.
pub(crate) struct Config {
    pub(crate) folder: TempDir,
    pub(crate) file: PathBuf,
}

impl Config {
    pub(crate) fn new(text: &str, mode: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ticket/config.toml");
        fs::create_dir(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        Self { folder, file }
    }

    pub(crate) fn run(&self, arguments: &[&str], environment: &[(&str, String)]) -> Run {
        let mut command = ticket(arguments);
        command.env("XDG_CONFIG_HOME", self.folder.path());
        run(command.envs(environment.iter().cloned()))
    }
}

/// Returns the tables of a profile for both providers of a server.
pub(crate) fn profile(name: &str, server: &TestServer) -> String {
    let mut text = String::new();
    for provider in ["engagelab", "feishu"] {
        writeln!(text, "[profiles.{name}.{provider}]").unwrap();
        for (variable, value) in server.environment() {
            let prefix = format!("{}_", provider.to_uppercase());
            if let Some(key) = variable.strip_prefix(&prefix) {
                writeln!(text, "{} = \"{value}\"", key.to_lowercase()).unwrap();
            }
        }
    }
    text
}

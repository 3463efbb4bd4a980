//! A secret that is not in the config file: the output of a command, or the content of a file.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::settings::small_file;
use crate::view::copyable;

/// How long a command may take. A person may have to unlock a password manager.
const PATIENCE: Duration = Duration::from_mins(1);
/// The longest secret, in bytes.
const LONGEST: u64 = 64 << 10;
/// How often a command that has closed its output is asked whether it has ended.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Where a secret is read when it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// The output of a command for the shell.
    Command(String),
    /// The content of a file.
    File(PathBuf),
}

impl SecretSource {
    /// Returns the word for it: the end of its key in the config file.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Command(_) => "command",
            Self::File(_) => "file",
        }
    }

    /// Returns the secret without the line break at its end.
    ///
    /// # Errors
    /// The problem, as a phrase that follows the key. It repeats nothing that was read.
    pub(crate) fn read(&self) -> Result<OsString, String> {
        let bytes = match self {
            Self::Command(command) => output(command, PATIENCE)?,
            Self::File(file) => content(file)?,
        };
        let text = String::from_utf8(bytes).map_err(|_| "gives no valid UTF-8".to_owned())?;
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.is_empty() { Err("gives nothing".into()) } else { Ok(text.into()) }
    }
}

fn content(file: &Path) -> Result<Vec<u8>, String> {
    let shown = copyable::path(file);
    let (bytes, metadata) =
        small_file::read(file).map_err(|error| format!("cannot be read from {shown}: {error}"))?;
    if small_file::others_may_read(&metadata) {
        return Err(format!("is in {shown}, which other users can read: set its mode to 600"));
    }
    if bytes.len() as u64 > LONGEST {
        return Err(format!("is in {shown}, which is larger than 64 KiB"));
    }
    Ok(bytes)
}

/// Runs a command and returns its output.
///
/// Its messages are not shown: they may have the secret.
fn output(command: &str, patience: Duration) -> Result<Vec<u8>, String> {
    let until = Instant::now() + patience;
    let mut child = shell(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot be run: {error}"))?;
    let stdout = child.stdout.take().expect("it is piped");
    let (sender, receiver) = mpsc::channel();
    // A process of the command may keep the pipe open for ever; the thread ends with it, or with us.
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(LONGEST + 1).read_to_end(&mut bytes);
        drop(sender.send(read.map(|_| bytes)));
    });
    let outcome = match receiver.recv_timeout(patience) {
        Ok(read) => ended(&mut child, read, until).unwrap_or_else(|| Err(late(patience))),
        Err(_) => Err(late(patience)),
    };
    if outcome.is_err() {
        // It may have ended by itself.
        drop(child.kill());
        drop(child.wait());
    }
    outcome
}

/// Returns the output of a command that has closed it; `None` if the command does not end in time.
fn ended(
    child: &mut Child,
    read: io::Result<Vec<u8>>,
    until: Instant,
) -> Option<Result<Vec<u8>, String>> {
    let bytes = match read {
        Ok(bytes) if bytes.len() as u64 > LONGEST => {
            return Some(Err("gives more than 64 KiB".into()));
        }
        Ok(bytes) => bytes,
        Err(error) => return Some(Err(format!("cannot be read: {error}"))),
    };
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Some(Ok(bytes)),
            Ok(Some(status)) => return Some(Err(format!("failed ({status})"))),
            Ok(None) if Instant::now() >= until => return None,
            Ok(None) => thread::sleep(BETWEEN_LOOKS),
            Err(error) => return Some(Err(format!("cannot be run: {error}"))),
        }
    }
}

fn late(patience: Duration) -> String {
    format!("did not end within {} seconds", patience.as_secs())
}

fn shell(command: &str) -> Command {
    let (program, option) = if cfg!(windows) { ("cmd", "/C") } else { ("/bin/sh", "-c") };
    let mut shell = Command::new(program);
    shell.arg(option).arg(command);
    shell
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use super::{SecretSource, output};

    #[test]
    fn reads_the_output_of_a_command() {
        for (command, expected) in [
            ("printf s3cret", Ok("s3cret")),
            ("echo s3cret", Ok("s3cret")),
            ("printf 's3cret\\r\\n'", Ok("s3cret")),
            ("echo ' s3cret\n'", Ok(" s3cret\n")),
            ("echo 's3cret\nuser: me' | head -n 1", Ok("s3cret")),
            ("cat", Err("gives nothing")),
            ("echo", Err("gives nothing")),
            ("echo s3cret; exit 3", Err("failed (exit status: 3)")),
            ("echo s3cret >&2; exit 1", Err("failed (exit status: 1)")),
            ("no-such-program-s3cret", Err("failed (exit status: 127)")),
            ("printf '\\377'", Err("gives no valid UTF-8")),
            ("yes s3cret", Err("gives more than 64 KiB")),
        ] {
            let read = SecretSource::Command(command.into()).read();
            let read = read.as_ref().map(|text| text.to_str().unwrap()).map_err(String::as_str);
            assert_eq!(read, expected, "{command}");
        }
    }

    #[test]
    fn a_command_that_does_not_end_is_stopped() {
        let patience = Duration::from_millis(50);
        for command in ["exec sleep 1000", "exec >&-; exec sleep 1000"] {
            let failure = output(command, patience).unwrap_err();
            assert!(failure.starts_with("did not end within"), "{failure}");
        }
    }
}

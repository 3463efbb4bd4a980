//! `ticket auth`: the config file is written, changed and listed.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use rustix::termios::LocalModes;
use serde_json::Value;

use crate::harness::{ENGAGELAB, TestServer, run, ticket};
use crate::terminal::terminal;

const WRONG: &str = "wr0ng-s3cret";

/// A command that asks questions on a terminal.
struct Dialogue {
    terminal: File,
    child: Child,
    seen: String,
    /// How much of `seen` was expected already.
    read: usize,
}

impl Dialogue {
    fn start(command: &mut Command) -> Self {
        let (ours, theirs) = terminal(100);
        command.env("TERM", "dumb");
        command.stdin(theirs.try_clone().unwrap()).stdout(theirs.try_clone().unwrap());
        let child = command.stderr(theirs).spawn().unwrap();
        // Reading ends only when no other process holds the other end.
        command.stdin(std::process::Stdio::null());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        Self { terminal: ours.into(), child, seen: String::new(), read: 0 }
    }

    /// Waits for a question and answers it.
    fn answer(&mut self, question: &str, answer: &str) {
        let mut block = [0; 1024];
        while !self.seen[self.read..].contains(question) {
            match self.terminal.read(&mut block) {
                Ok(count @ 1..) => self.seen.push_str(str::from_utf8(&block[..count]).unwrap()),
                _ => panic!("{question} is not asked: {}", self.seen),
            }
        }
        self.read = self.seen.len();
        self.terminal.write_all(format!("{answer}\n").as_bytes()).unwrap();
    }

    /// Waits for the end, and returns the exit code and everything that was shown.
    fn end(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        let mut block = [0; 1024];
        while let Ok(count @ 1..) = self.terminal.read(&mut block) {
            rest.extend_from_slice(&block[..count]);
        }
        self.seen.push_str(str::from_utf8(&rest).unwrap());
        (self.child.wait().unwrap().code().unwrap(), self.seen)
    }
}

/// Writes a config file that only its owner can read.
fn config(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("config.toml");
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    file
}

fn with_config(arguments: &[&str], file: &Path) -> Command {
    ticket(&[arguments, &["--config", file.to_str().unwrap()]].concat())
}

fn sandbox_of(server: &TestServer) -> (String, ticket_sandbox::Credentials) {
    (server.sandbox.base_url(), server.sandbox.credentials().clone())
}

#[test]
fn login_saves_what_the_service_accepts() {
    let server = TestServer::start(|builder| builder);
    let (base_url, credentials) = sandbox_of(&server);
    let folder = tempfile::tempdir().unwrap();
    let before = format!(
        "# mine\n[profiles.prod.feishu]\nbase_url = \"{base_url}\" # test\n\n[profiles.other.rt]\nuser = \"u\"\n"
    );
    let file = config(folder.path(), &before);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let mut dialogue = Dialogue::start(&mut with_config(&["auth", "login", "feishu@prod"], &file));
    dialogue.answer("Number [1]", "3");
    dialogue.answer("a number from 1 to 2", "");
    dialogue.answer("app_id: ", &format!(" {} ", credentials.feishu_app_id));
    dialogue.answer("app_secret: ", "");
    // The input is hidden when the question is asked, and not before.
    dialogue.answer("app_secret is needed\r\napp_secret: ", WRONG);
    dialogue.answer("helpdesk_id: ", &credentials.feishu_helpdesk_id);
    dialogue.answer("helpdesk_token: ", &credentials.feishu_helpdesk_token);
    dialogue.answer("region: ", "");
    dialogue.answer("Try again? [Y/n]", "");
    assert_eq!(fs::read_to_string(&file).unwrap(), before, "nothing is saved yet");
    dialogue.answer("Number [1]", "");
    dialogue.answer(&format!("app_id [{}]: ", credentials.feishu_app_id), "");
    dialogue.answer("app_secret [set]: ", &credentials.feishu_app_secret);
    dialogue.answer("helpdesk_id [", "");
    dialogue.answer("helpdesk_token [set]: ", "");
    dialogue.answer("region: ", "");
    let (code, seen) = dialogue.end();
    assert_eq!(code, 0, "{seen}");
    for part in
        ["Credentials & Basic Info", "the list of tickets can be read", "Saved in the profile prod"]
    {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    for secret in [WRONG, &credentials.feishu_app_secret, &credentials.feishu_helpdesk_token] {
        assert!(!seen.contains(secret), "{seen}");
    }
    let saved = format!(
        "# mine\n[profiles.prod.feishu]\nbase_url = \"{base_url}\" # test\napp_id = \"{}\"\napp_secret = \"{}\"\n\
         helpdesk_id = \"{}\"\nhelpdesk_token = \"{}\"\n\n[profiles.other.rt]\nuser = \"u\"\n",
        credentials.feishu_app_id,
        credentials.feishu_app_secret,
        credentials.feishu_helpdesk_id,
        credentials.feishu_helpdesk_token
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), saved);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let fetched = run(&mut with_config(&["get", "feishu@prod:6626871355780366331"], &file));
    assert_eq!(fetched.code, 0, "{}", fetched.err);
}

#[test]
fn login_that_is_given_up_saves_nothing() {
    let server = TestServer::start(|builder| builder);
    let (base_url, credentials) = sandbox_of(&server);
    let folder = tempfile::tempdir().unwrap();
    let before = format!("[profiles.default.feishu]\nbase_url = \"{base_url}\"\n");
    let file = config(folder.path(), &before);
    let mut dialogue = Dialogue::start(&mut with_config(&["auth", "login", "feishu"], &file));
    dialogue.answer("Number [1]", "2");
    dialogue.answer("tenant_access_token: ", WRONG);
    dialogue.answer("helpdesk_id: ", &credentials.feishu_helpdesk_id);
    dialogue.answer("helpdesk_token: ", &credentials.feishu_helpdesk_token);
    dialogue.answer("region: ", "");
    dialogue.answer("Try again? [Y/n]", "n");
    let (code, seen) = dialogue.end();
    assert_eq!(code, 4, "{seen}");
    assert!(seen.contains("Nothing was saved") && !seen.contains(WRONG), "{seen}");
    // The end of the input is no answer.
    let mut dialogue = Dialogue::start(&mut with_config(&["auth", "login", "feishu"], &file));
    dialogue.answer("Number [1]", "\x04");
    let (code, seen) = dialogue.end();
    assert_eq!(code, 2, "{seen}");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn ctrl_c_at_a_secret_leaves_the_terminal_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let mut dialogue = Dialogue::start(&mut with_config(&["auth", "login", "engagelab"], &file));
    let terminal = dialogue.terminal.try_clone().unwrap();
    dialogue.answer("api_key: ", "\u{3}");
    let (code, seen) = dialogue.end();
    assert_eq!(code, 2, "{seen}");
    assert!(seen.contains("error: stopped; nothing was saved"), "{seen}");
    let modes = rustix::termios::tcgetattr(&terminal).unwrap().local_modes;
    assert!(modes.contains(LocalModes::ECHO | LocalModes::ISIG), "{modes:?}");
    assert!(!file.exists());
}

#[test]
fn login_without_a_test_call_fetches_a_ticket() {
    let server = TestServer::start(|builder| builder);
    let (base_url, credentials) = sandbox_of(&server);
    let folder = tempfile::tempdir().unwrap();
    let file = config(
        folder.path(),
        &format!("[profiles.default.engagelab]\nbase_url = \"{base_url}\"\n"),
    );
    let mut dialogue = Dialogue::start(&mut with_config(&["auth", "login", "engagelab"], &file));
    dialogue.answer("api_key: ", &credentials.engagelab_api_key);
    dialogue.answer("api_secret: ", &credentials.engagelab_api_secret);
    dialogue.answer("no read-only test call", ENGAGELAB.strip_prefix("engagelab:").unwrap());
    let (code, seen) = dialogue.end();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("ticket tk_20251104_789abc was fetched"), "{seen}");
    assert_eq!(run(&mut with_config(&["get", ENGAGELAB], &file)).code, 0);
}

#[test]
fn login_creates_the_file_of_the_user() {
    let server = TestServer::start(|builder| builder);
    let (_, credentials) = sandbox_of(&server);
    let folder = tempfile::tempdir().unwrap();
    let mut command = ticket(&["auth", "login", "engagelab"]);
    command.env("XDG_CONFIG_HOME", folder.path());
    let mut dialogue = Dialogue::start(&mut command);
    dialogue.answer("api_key: ", &credentials.engagelab_api_key);
    dialogue.answer("api_secret: ", &credentials.engagelab_api_secret);
    dialogue.answer("no read-only test call", "");
    let (code, seen) = dialogue.end();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("not tried: no ticket id was given"), "{seen}");
    let file = folder.path().join("ticket/config.toml");
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn login_needs_a_terminal_and_a_file() {
    for (arguments, expected) in [
        (&["auth", "login", "feishu"][..], "needs a terminal"),
        (&["auth", "login", "feishu", "--config", "/dev/null"], "the config has to be a file"),
        (&["auth", "logout", "feishu", "--config", "-"], "the config has to be a file"),
        (&["auth", "login", "zendesk"], "unknown provider"),
        (&["auth", "logout", "feishu"], "has no settings of feishu"),
    ] {
        let run = run(&mut ticket(arguments));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.contains(expected) && run.err.contains("hint: "), "{}", run.err);
    }
}

const TWO: &str = "[profiles.default.feishu]\napp_id = \"a\"\napp_secret = \"s3cret\"\n\n# kept\n\
                   [profiles.prod.feishu]\nhelpdesk_id = \"1\"\nhelpdesk_token_command = \"echo s3cret\"\nregion = \"lark\"\n";

#[test]
fn one_profile_is_named() {
    let run = run(&mut ticket(&["auth", "logout", "feishu@a", "--profile", "b"]));
    let expected =
        "error: two profiles are named: a and b\nhint: name one: feishu@a, or --profile b\n";
    assert_eq!((run.code, &*run.out, &*run.err), (2, "", expected));
}

#[test]
fn logout_removes_one_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), TWO);
    let removed = run(&mut with_config(&["auth", "logout", "feishu@prod"], &file));
    assert_eq!(removed.code, 0, "{removed:?}");
    assert!(
        removed.err.contains("removed the settings of feishu from the profile prod of "),
        "{}",
        removed.err
    );
    let left = "[profiles.default.feishu]\napp_id = \"a\"\napp_secret = \"s3cret\"\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), left);
    let mut again = with_config(&["auth", "logout", "feishu@prod"], &file);
    assert_eq!(run(&mut again).code, 2);
}

#[test]
fn status_lists_every_source_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("ticket")).unwrap();
    let file = config(&folder.path().join("ticket"), TWO);
    let command = |arguments: &[&str]| {
        let mut command = ticket(arguments);
        command.env("XDG_CONFIG_HOME", folder.path()).env("RT_TOKEN", "s3cret");
        command
    };
    let text = run(&mut command(&["auth", "status"]));
    assert_eq!((text.code, text.err.as_str()), (0, ""), "{text:?}");
    for part in [
        "feishu@default",
        "feishu@prod",
        "set by a command",
        "https://open.larksuite.com",
        "RT_BASE_URL",
        ", used without a profile",
    ] {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    let json = run(&mut command(&["auth", "status", "--output", "json"]));
    let found: Vec<Value> =
        json.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> =
        found.iter().map(|it| (it["source"].as_str().unwrap(), &it["default"])).collect();
    let expected = [("feishu@default", true), ("feishu@prod", false), ("rt", true)];
    assert_eq!(
        names,
        expected
            .each_ref()
            .map(|(name, it)| (*name, if *it { &Value::Bool(true) } else { &Value::Bool(false) }))
    );
    assert!(found[0]["problem"].as_str().unwrap().contains("helpdesk_id, helpdesk_token"));
    for run in [&text, &json] {
        assert!(!run.out.contains("s3cret"), "{}", run.out);
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let open = run(&mut command(&["auth", "status"]));
    assert_eq!(open.code, 2);
    assert!(open.err.contains("other users can read it"), "{}", open.err);
}

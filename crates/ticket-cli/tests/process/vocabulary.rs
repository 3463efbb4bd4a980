//! Vocabulary overrides of a profile, for fetched tickets and saved responses.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{FEISHU, Run, TestServer, run, run_with_input, ticket};

const STATUS_51: &[u8] = br#"{"code":0,"data":{"ticket":{"ticket_id":"66","status":51}}}"#;

/// A config folder with a config file that all users can read.
struct Config {
    folder: TempDir,
    file: PathBuf,
}

impl Config {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ticket/config.toml");
        fs::create_dir(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        Self { folder, file }
    }

    fn file(&self) -> &str {
        self.file.to_str().unwrap()
    }

    /// Runs with this file as the config file of the user, and status 51 on standard input.
    fn run(&self, arguments: &[&str], environment: &[(&str, String)]) -> Run {
        let mut command = ticket(arguments);
        command.env("XDG_CONFIG_HOME", self.folder.path());
        run_with_input(command.envs(environment.iter().cloned()), STATUS_51)
    }
}

fn overrides(profile: &str, means: &str) -> String {
    format!("[profiles.{profile}.feishu.vocabulary.status]\n51 = \"{means}\"\n50 = \"{means}\"\n")
}

fn json(run: &Run) -> Value {
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    serde_json::from_str(&run.out).unwrap()
}

#[test]
#[cfg(unix)]
fn applies_overrides_to_saved_responses() {
    let config = Config::new(&(overrides("default", "resolved") + &overrides("vip", "on_hold")));
    for (arguments, means) in [
        (&["decode", "feishu"][..], "resolved"),
        (&["decode", "feishu", "--profile", "vip"], "on_hold"),
        (&["decode", "feishu", "--config", config.file()], "resolved"),
    ] {
        let status = &json(&config.run(arguments, &[]))["status"];
        assert_eq!(
            (status["value"].as_str(), status["native"].as_str()),
            (Some(means), Some("51"))
        );
    }
    let named = config.run(&["decode", "feishu"], &[("TICKET_PROFILE", "vip".into())]);
    assert_eq!(json(&named)["status"]["value"], "on_hold");
}

#[test]
fn explain_names_the_override() {
    let config = Config::new(&overrides("default", "resolved"));
    let explanation = json(&config.run(
        &["mapping", "explain", "feishu", "--config", config.file(), "--field", "status"],
        &[],
    ));
    let fields = explanation["fields"].as_array().unwrap();
    assert_eq!(
        (fields[0]["how"].as_str(), fields[0]["value"].as_str()),
        (Some("overridden"), Some("resolved"))
    );
    assert_eq!(fields[1]["how"], "converted", "the native value is not overridden");
    let arguments = ["mapping", "explain", "feishu", "--config", config.file(), "-o", "table"];
    assert!(config.run(&arguments, &[]).out.contains("overridden"));
}

#[test]
fn drift_does_not_count_overridden_words() {
    let body = br#"{"code":0,"data":{"ticket":{"ticket_id":"66","status":77}}}"#;
    let config = Config::new("[profiles.default.feishu.vocabulary.status]\n77 = \"open\"\n");
    let unknown = |arguments: &[&str]| {
        let run = run_with_input(
            &mut ticket(&[&["mapping", "drift", "feishu"], arguments].concat()),
            body,
        );
        json(&run)["entries"].as_array().unwrap().iter().any(|it| it["kind"] == "unknown_word")
    };
    assert!(unknown(&[]));
    assert!(!unknown(&["--config", config.file()]));
}

#[test]
#[cfg(unix)]
fn applies_overrides_with_settings_of_the_environment() {
    let server = TestServer::start(|builder| builder);
    let config = Config::new(&overrides("default", "resolved"));
    let fetched = config.run(&["get", FEISHU], &server.environment());
    assert_eq!(json(&fetched)["status"]["value"], "resolved");
}

#[test]
#[cfg(unix)]
fn the_sandbox_uses_overrides_of_a_named_profile_only() {
    let config = Config::new(&(overrides("default", "resolved") + &overrides("vip", "on_hold")));
    let status = |more: &[&str], environment: &[(&str, String)]| {
        let run = config.run(&[&["get", FEISHU, "--sandbox"], more].concat(), environment);
        json(&run)["status"]["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(status(&[], &[]), "closed");
    assert_eq!(status(&[], &[("TICKET_PROFILE", "vip".into())]), "closed");
    assert_eq!(status(&["--config", config.file()], &[]), "resolved");
    assert_eq!(status(&["--profile", "vip"], &[]), "on_hold");
}

#[test]
fn an_invalid_override_lists_the_valid_values() {
    for (text, message, hint) in [
        (
            "[profiles.default.feishu.vocabulary.status]\n\n51 = \"solved\"\n",
            ":3: the meaning of \"51\" is not a known status",
            Some("resolved, closed, other"),
        ),
        (
            "[profiles.default.feishu.vocabulary.mood]\n51 = \"open\"\n",
            ":1: unknown key \"mood\" in profiles.default.feishu.vocabulary",
            Some("status, priority, type, channel"),
        ),
        (
            "[profiles.default.feishu.vocabulary]\nstatus = \"open\"\n",
            ":2: profiles.default.feishu.vocabulary.status is not a table",
            None,
        ),
    ] {
        let config = Config::new(text);
        for command in [&["decode"][..], &["mapping", "explain"], &["mapping", "drift"]] {
            let arguments = [command, &["feishu", "--config", config.file()]].concat();
            let run = config.run(&arguments, &[]);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{command:?}");
            let error = run.error(0);
            assert_eq!(error["kind"], "configuration");
            assert!(error["message"].as_str().unwrap().contains(message), "{error}");
            match hint {
                Some(hint) => assert!(error["hint"].as_str().unwrap().contains(hint), "{error}"),
                None => assert!(error["hint"].is_null(), "{error}"),
            }
        }
    }
}

#[test]
#[cfg(unix)]
fn reads_overrides_of_a_file_whose_secrets_are_refused() {
    let text =
        overrides("default", "resolved") + "[profiles.default.feishu]\napp_secret = \"s3cr3t\"\n";
    let config = Config::new(&text);
    assert_eq!(json(&config.run(&["decode", "feishu"], &[]))["status"]["value"], "resolved");
    let refused = config.run(&["get", FEISHU], &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.error(0)["hint"].as_str().unwrap().contains("chmod 600"), "{refused:?}");
}

#[test]
fn doctor_reports_an_invalid_override() {
    let server = TestServer::start(|builder| builder);
    let config = Config::new("[profiles.default.feishu.vocabulary.status]\n51 = \"solved\"\n");
    let mut command = ticket(&["doctor", "--output", "json"]);
    command.env("XDG_CONFIG_HOME", config.folder.path()).envs(server.environment());
    let run = run(&mut command);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("the meaning of \\\"51\\\" is not a known status"), "{}", run.out);
}

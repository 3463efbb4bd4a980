//! What a tenant says of its own words: from a profile, for fetched tickets and for saved responses.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Desk, FEISHU, Run, run, run_with_input, ticket};

const STATUS_51: &[u8] = br#"{"code":0,"data":{"ticket":{"ticket_id":"66","status":51}}}"#;

/// A config folder with a config file that everybody may read.
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

    /// Runs with this file as the usual one, and status 51 on standard input.
    fn run(&self, arguments: &[&str], environment: &[(&str, String)]) -> Run {
        let mut command = ticket(arguments);
        command.env("XDG_CONFIG_HOME", self.folder.path());
        run_with_input(command.envs(environment.iter().cloned()), STATUS_51)
    }
}

fn words(profile: &str, means: &str) -> String {
    format!("[profiles.{profile}.feishu.vocabulary.status]\n51 = \"{means}\"\n50 = \"{means}\"\n")
}

fn json(run: &Run) -> Value {
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    serde_json::from_str(&run.out).unwrap()
}

#[test]
#[cfg(unix)]
fn the_usual_file_says_what_a_word_means_in_saved_responses() {
    let config = Config::new(&(words("default", "resolved") + &words("vip", "on_hold")));
    for (arguments, means) in [
        (&["decode", "feishu"][..], "resolved"),
        (&["decode", "feishu", "--profile", "vip"], "on_hold"),
        (&["decode", "feishu", "--config", config.file()], "resolved"),
    ] {
        let status = &json(&config.run(arguments, &[]))["status"];
        assert_eq!(
            (status["category"].as_str(), status["native"].as_str()),
            (Some(means), Some("51"))
        );
    }
    let named = config.run(&["decode", "feishu"], &[("TICKET_PROFILE", "vip".into())]);
    assert_eq!(json(&named)["status"]["category"], "on_hold");
}

#[test]
fn an_override_is_told_as_what_decided() {
    let config = Config::new(&words("default", "resolved"));
    let explanation = json(&config.run(
        &["mapping", "explain", "feishu", "--config", config.file(), "--field", "status"],
        &[],
    ));
    let fields = explanation["fields"].as_array().unwrap();
    assert_eq!(
        (fields[0]["how"].as_str(), fields[0]["value"].as_str()),
        (Some("overridden"), Some("resolved"))
    );
    assert_eq!(fields[1]["how"], "converted", "the native word stays theirs");
    let arguments = ["mapping", "explain", "feishu", "--config", config.file(), "-o", "table"];
    assert!(config.run(&arguments, &[]).out.contains("overridden"));
}

#[test]
fn drift_does_not_count_a_word_that_was_explained() {
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
fn words_of_the_profile_count_wherever_the_settings_come_from() {
    let desk = Desk::start(|builder| builder);
    let config = Config::new(&words("default", "resolved"));
    let fetched = config.run(&["get", FEISHU], &desk.environment());
    assert_eq!(json(&fetched)["status"]["category"], "resolved");
}

#[test]
#[cfg(unix)]
fn the_sandbox_takes_words_only_from_what_was_named() {
    let config = Config::new(&(words("default", "resolved") + &words("vip", "on_hold")));
    let category = |more: &[&str], environment: &[(&str, String)]| {
        let run = config.run(&[&["get", FEISHU, "--sandbox"], more].concat(), environment);
        json(&run)["status"]["category"].as_str().unwrap().to_owned()
    };
    assert_eq!(category(&[], &[]), "closed");
    assert_eq!(category(&[], &[("TICKET_PROFILE", "vip".into())]), "closed");
    assert_eq!(category(&["--config", config.file()], &[]), "resolved");
    assert_eq!(category(&["--profile", "vip"], &[]), "on_hold");
}

#[test]
fn a_wrong_word_is_told_with_its_line_and_the_right_ones() {
    for (text, message, hint) in [
        (
            "[profiles.default.feishu.vocabulary.status]\n\n51 = \"solved\"\n",
            ":3: what 51 means is no status",
            "resolved, closed, other",
        ),
        (
            "[profiles.default.feishu.vocabulary.mood]\n51 = \"open\"\n",
            ":1: unknown key \"mood\" in profiles.default.feishu.vocabulary",
            "status, priority, kind, channel",
        ),
        (
            "[profiles.default.feishu.vocabulary]\nstatus = \"open\"\n",
            ":2: profiles.default.feishu.vocabulary.status is no table",
            "",
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
            assert!(error["hint"].as_str().unwrap_or_default().contains(hint), "{error}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_file_with_secrets_that_others_can_read_still_says_what_words_mean() {
    let text =
        words("default", "resolved") + "[profiles.default.feishu]\napp_secret = \"s3cr3t\"\n";
    let config = Config::new(&text);
    assert_eq!(json(&config.run(&["decode", "feishu"], &[]))["status"]["category"], "resolved");
    let refused = config.run(&["get", FEISHU], &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.error(0)["hint"].as_str().unwrap().contains("chmod 600"), "{refused:?}");
}

#[test]
fn doctor_finds_a_wrong_word() {
    let desk = Desk::start(|builder| builder);
    let config = Config::new("[profiles.default.feishu.vocabulary.status]\n51 = \"solved\"\n");
    let mut command = ticket(&["doctor", "--output", "json"]);
    command.env("XDG_CONFIG_HOME", config.folder.path()).envs(desk.environment());
    let run = run(&mut command);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("what 51 means is no status"), "{}", run.out);
}

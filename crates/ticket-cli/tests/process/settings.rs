//! Settings come from one origin, and messages about them contain no secret.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::{Config, profile};
use crate::harness::{ENGAGELAB, FEISHU, Run, TestServer, refused_url, run, ticket};

fn kind(run: &Run) -> (i32, String) {
    let error = run.error(0);
    assert_eq!(error["kind"], "configuration", "{run:?}");
    let hint = error["hint"].as_str().unwrap_or_default();
    (run.code, format!("{} | {hint}", error["message"].as_str().unwrap()))
}

#[test]
fn reads_settings_from_a_profile() {
    let server = TestServer::start(|builder| builder);
    let config = Config::new(&profile("work", &server), 0o600);
    for arguments in [
        &["get", FEISHU, ENGAGELAB, "--profile", "work"][..],
        &["get", FEISHU, ENGAGELAB, "--profile", "work", "--config", config.file.to_str().unwrap()],
    ] {
        let run = config.run(arguments, &[]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
        assert_eq!(run.out.lines().count(), 2);
    }
    let named = config.run(&["get", FEISHU], &[("TICKET_PROFILE", "work".into())]);
    assert_eq!((named.code, named.err.as_str()), (0, ""));
}

#[test]
fn reads_the_default_profile_if_the_environment_is_empty() {
    let server = TestServer::start(|builder| builder);
    let config = Config::new(&profile("default", &server), 0o600);
    assert_eq!(config.run(&["get", FEISHU], &[]).code, 0);
    // With one setting in the environment, only the environment counts.
    let run = config.run(&["get", FEISHU], &[("FEISHU_BASE_URL", server.sandbox.base_url())]);
    let (code, message) = kind(&run);
    assert_eq!(code, 2);
    assert!(
        message.contains("missing in the environment") && message.contains("FEISHU_HELPDESK_TOKEN"),
        "{message}"
    );
    assert!(
        message.contains("because FEISHU_BASE_URL is set; unset it or use --profile default"),
        "{message}"
    );
    // Without a hidden profile, the others can be set too.
    let run = config.run(
        &["get", FEISHU],
        &[("FEISHU_APP_ID", "1".into()), ("XDG_CONFIG_HOME", "/nowhere".into())],
    );
    let (_, message) = kind(&run);
    assert!(message.contains("set these as well; or unset FEISHU_APP_ID"), "{message}");
    // The other provider still uses the profile.
    let run = config.run(&["get", ENGAGELAB], &[("FEISHU_BASE_URL", server.sandbox.base_url())]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn does_not_mix_profile_and_environment() {
    let server = TestServer::start(|builder| builder);
    // The profile has only a base URL. The secrets of the environment must not be sent there.
    let address = refused_url();
    let text = format!("[profiles.work.engagelab]\nbase_url = \"{address}\"\n");
    let config = Config::new(&text, 0o644);
    let run = config.run(&["get", ENGAGELAB, "--profile", "work"], &server.environment());
    let (code, message) = kind(&run);
    assert_eq!(code, 2);
    assert!(message.contains("api_key") && message.contains("the profile work of"), "{message}");
    // The base URL of the environment does not replace that of a complete profile.
    let config = Config::new(&profile("work", &server), 0o600);
    let run =
        config.run(&["get", ENGAGELAB, "--profile", "work"], &[("ENGAGELAB_BASE_URL", address)]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn refuses_secrets_in_a_file_that_others_can_read() {
    let server = TestServer::start(|builder| builder);
    for (mode, code) in [(0o600, 0), (0o400, 0), (0o640, 2), (0o604, 2), (0o644, 2), (0o660, 2)] {
        let config = Config::new(&profile("work", &server), mode);
        let run = config.run(&["get", ENGAGELAB, "--profile", "work"], &[]);
        assert_eq!(run.code, code, "{mode:o}: {run:?}");
        if code == 2 {
            let (_, message) = kind(&run);
            assert!(message.contains(&format!("mode is 0{mode:o}")), "{message}");
            assert!(message.contains("chmod 600 "), "{message}");
        }
    }
}

#[test]
fn names_the_line_of_an_error_in_the_file() {
    let secret = "s3cr3t-value";
    for (text, expected) in [
        (
            "[profiles.work.engagelab]\napi_kee = \"s3cr3t-value\"\n",
            "config.toml:2: unknown key \"api_kee\"",
        ),
        ("[profiles.work.engagelab]\n\napi_key = \"s3cr3t-value\n", "config.toml:3: "),
        ("[profiles.work.zendesk]\n", "config.toml:1: unknown provider \"zendesk\""),
        ("[profiles.other.engagelab]\n", "has no profile work"),
        (
            "[profiles.work.feishu]\n",
            "EngageLab LiveDesk is not configured: settings are missing in the profile work of",
        ),
    ] {
        let config = Config::new(text, 0o600);
        let run = config.run(&["get", ENGAGELAB, "--profile", "work"], &[]);
        let (code, message) = kind(&run);
        assert_eq!(code, 2);
        assert!(message.contains(expected), "{message}");
        assert!(!run.err.contains(secret), "{}", run.err);
    }
}

#[test]
fn names_the_setting_and_the_place_of_an_invalid_base_url() {
    for (provider, id, default) in [
        ("engagelab", ENGAGELAB, "https://livedesk-api.engagelab.com"),
        ("feishu", FEISHU, "https://open.feishu.cn"),
    ] {
        let server = TestServer::start(|builder| builder);
        let mut environment = server.environment();
        let variable = format!("{}_BASE_URL", provider.to_uppercase());
        environment.iter_mut().find(|(name, _)| *name == variable).unwrap().1 = "ftp://x".into();
        let (code, message) = kind(&run(ticket(&["get", id]).envs(environment)));
        assert_eq!(code, 2);
        assert!(message.starts_with(&format!("{variable} in the environment: ")), "{message}");
        assert!(message.contains(default), "{message}");

        let text = profile("work", &server).replace("http://", "ftp://");
        let config = Config::new(&text, 0o600);
        let (code, message) = kind(&config.run(&["get", id, "--profile", "work"], &[]));
        assert_eq!(code, 2);
        let origin = format!("base_url in the profile work of {}: ", config.file.display());
        assert!(message.starts_with(&origin) && message.contains(default), "{message}");
    }
}

#[test]
fn a_selected_file_must_exist() {
    let run = run(&mut ticket(&["get", ENGAGELAB, "--config", "/nowhere/config.toml"]));
    let (code, message) = kind(&run);
    assert_eq!(code, 2);
    assert!(message.contains("/nowhere/config.toml cannot be read"), "{message}");
    assert!(
        run.error(0)["hint"]
            .as_str()
            .unwrap()
            .ends_with("run: ticket auth login SOURCE --config /nowhere/config.toml"),
        "{run:?}"
    );
}

#[test]
fn refuses_config_files_above_1_mib() {
    let server = TestServer::start(|builder| builder);
    let limit = 1 << 20;
    let mut text = profile("default", &server) + "#";
    text.push_str(&"x".repeat(limit - text.len()));
    let run = |text: &str| {
        let config = Config::new(text, 0o600);
        config.run(&["get", ENGAGELAB, "--config", config.file.to_str().unwrap()], &[])
    };
    assert_eq!(run(&text).code, 0);
    let (code, message) = kind(&run(&(text + "x")));
    assert_eq!(code, 2);
    assert!(message.contains("cannot be read: larger than 1 MiB"), "{message}");

    let folder = tempfile::tempdir().unwrap();
    let named = ["get", ENGAGELAB, "--config", folder.path().to_str().unwrap()];
    let (code, message) = kind(&crate::harness::run(&mut ticket(&named)));
    assert_eq!(code, 2);
    assert!(message.contains("cannot be read: not a regular file"), "{message}");
}

#[test]
fn does_not_open_a_pipe_as_config_file() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let is_opened = Arc::new(AtomicBool::new(false));
    let (flag, path) = (Arc::clone(&is_opened), pipe.clone());
    // This blocks until a reader opens the pipe, which must not happen.
    std::thread::spawn(move || {
        let opened = fs::OpenOptions::new().write(true).open(path);
        flag.store(opened.is_ok(), Ordering::SeqCst);
    });
    let run = run(&mut ticket(&["get", ENGAGELAB, "--config", pipe.to_str().unwrap()]));
    let (code, message) = kind(&run);
    assert_eq!(code, 2);
    assert!(message.contains("cannot be read: not a regular file"), "{message}");
    assert!(!is_opened.load(Ordering::SeqCst), "the pipe was opened");
}

#[test]
fn ignores_a_relative_home_folder() {
    let server = TestServer::start(|builder| builder);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".config/ticket/config.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, profile("default", &server)).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let get = |variables: &[(&str, &str)], named: &[&str]| {
        let mut command = ticket(&[&["get", ENGAGELAB], named].concat());
        command.env_remove("XDG_CONFIG_HOME").current_dir(folder.path());
        run(command.envs(variables.iter().copied()))
    };
    let absolute = folder.path().to_str().unwrap();
    assert_eq!(get(&[("HOME", absolute)], &[]).code, 0);
    for variables in [&[("HOME", ".")][..], &[("HOME", "."), ("XDG_CONFIG_HOME", ".config")]] {
        let (code, message) = kind(&get(variables, &[]));
        assert_eq!(code, 2);
        assert!(message.contains("missing in the environment"), "{message}");
        let (code, message) = kind(&get(variables, &["--profile", "default"]));
        assert_eq!(code, 2);
        assert!(message.contains("no home folder found"), "{message}");
    }
}

#[test]
fn hints_for_a_provider_without_default_address_or_fake_server() {
    let run = run(&mut ticket(&["get", "rt:1"]));
    let error = run.error(0);
    assert_eq!(error["hint"], "to enter your credentials, run: ticket auth login rt");
    let of = |url: &str| [("RT_TOKEN", "x".to_owned()), ("RT_BASE_URL", url.to_owned())];
    let run = crate::harness::run(ticket(&["get", "rt:1"]).envs(of("rt.example.com")));
    let hint = "write the address of the service, such as https://rt.example.com";
    assert_eq!((run.code, run.error(0)["hint"].as_str()), (2, Some(hint)), "{run:?}");
}

#[test]
fn reads_no_file_of_the_current_folder() {
    let server = TestServer::start(|builder| builder);
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "config.toml",
        "ticket.toml",
        ".ticket.toml",
        "ticket/config.toml",
        ".config/ticket/config.toml",
    ] {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, profile("default", &server)).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    }
    let run = run(ticket(&["get", ENGAGELAB]).current_dir(folder.path()));
    let (code, message) = kind(&run);
    assert_eq!(code, 2);
    assert!(message.contains("missing in the environment"), "{message}");
    assert_eq!(server.sandbox.requests().len(), 0);
}

/// The provider, the variable and the key of every setting.
const SETTINGS: [(&str, &str, &str); 10] = [
    ("engagelab", "ENGAGELAB_API_KEY", "api_key"),
    ("engagelab", "ENGAGELAB_API_SECRET", "api_secret"),
    ("engagelab", "ENGAGELAB_BASE_URL", "base_url"),
    ("engagelab", "ENGAGELAB_PATH_PREFIX", "path_prefix"),
    ("feishu", "FEISHU_APP_ID", "app_id"),
    ("feishu", "FEISHU_APP_SECRET", "app_secret"),
    ("feishu", "FEISHU_TENANT_ACCESS_TOKEN", "tenant_access_token"),
    ("feishu", "FEISHU_HELPDESK_ID", "helpdesk_id"),
    ("feishu", "FEISHU_HELPDESK_TOKEN", "helpdesk_token"),
    ("feishu", "FEISHU_BASE_URL", "base_url"),
];

#[test]
fn refuses_invisible_characters_in_every_setting() {
    let server = TestServer::start(|builder| builder);
    for (value, problem) in [
        ("topsecret\r", "ends with a line break"),
        ("topsecret\n", "ends with a line break"),
        (" topsecret", "begins with a space"),
        ("topsecret\t", "ends with a tab"),
        ("topsecret\u{200b}", "ends with an invisible character (U+200B)"),
        ("\u{feff}topsecret", "begins with an invisible character (U+FEFF)"),
        ("topsecret\u{a0}", "ends with a white space character (U+00A0)"),
        ("topsecret\u{202e}x", "contains an invisible character (U+202E)"),
        ("topsecret\u{7}x", "contains a control character (U+0007)"),
    ] {
        for (provider, variable, key) in SETTINGS {
            let id = if provider == "feishu" { FEISHU } else { ENGAGELAB };
            let mut environment = server.environment();
            environment.retain(|(name, _)| *name != variable);
            environment.push((variable, value.to_owned()));
            let environment = run(ticket(&["get", id]).envs(environment));
            // Every JSON string is a TOML string too.
            let escaped = serde_json::to_string(value).unwrap();
            let text = format!("[profiles.work.{provider}]\n{key} = {escaped}\n");
            let config = Config::new(&text, 0o600);
            let file = config.run(&["get", id, "--profile", "work"], &[]);
            for (run, name, origin) in [
                (environment, variable, "the environment".to_owned()),
                (file, key, format!("the profile work of {}", config.file.display())),
            ] {
                let (code, message) = kind(&run);
                assert_eq!(code, 2);
                let expected = format!("{name} {problem}, in {origin} | ");
                assert!(message.starts_with(&expected), "{message} is not {expected}");
                assert!(!run.err.contains("topsecret"), "{}", run.err);
            }
        }
    }
    assert_eq!(server.sandbox.requests().len(), 0);
}

#[test]
fn refuses_a_variable_that_is_not_text() {
    use std::os::unix::ffi::OsStrExt;
    let value = std::ffi::OsStr::from_bytes(b"s3cret\xff");
    let run = run(ticket(&["get", ENGAGELAB]).env("ENGAGELAB_API_SECRET", value));
    let (code, message) = kind(&run);
    assert_eq!(code, 2);
    assert!(
        message.starts_with("ENGAGELAB_API_SECRET is not valid UTF-8, in the environment"),
        "{message}"
    );
    assert!(!run.err.contains("s3cret"), "{}", run.err);
}

#[test]
fn warns_about_a_value_in_quotes_and_uses_it() {
    let server = TestServer::start(|builder| builder);
    for (value, is_quoted) in [("\"s3cret\"", true), ("'s3cret'", true), ("\"s3cret", false)] {
        let mut environment = server.environment();
        environment.retain(|(name, _)| *name != "ENGAGELAB_API_SECRET");
        environment.push(("ENGAGELAB_API_SECRET", value.to_owned()));
        let run = |output: &str| {
            run(ticket(&["get", ENGAGELAB, "-o", output]).envs(environment.iter().cloned()))
        };
        let (json, page) = (run("json"), run("page"));
        assert_eq!((json.code, page.code), (4, 4), "the wrong secret is sent: {json:?}");
        assert_eq!(json.err.lines().count(), 1 + usize::from(is_quoted), "{json:?}");
        if is_quoted {
            let warning: serde_json::Value =
                serde_json::from_str(json.err.lines().next().unwrap()).unwrap();
            let message = warning["warning"]["message"].as_str().unwrap();
            assert_eq!(message, "ENGAGELAB_API_SECRET is in quotes, in the environment");
            assert!(page.err.starts_with(&format!("warning: {message}\nhint: ")), "{page:?}");
        }
        assert!(!json.err.contains("s3cret") && !page.err.contains("s3cret"), "{json:?}");
    }
}

#[test]
fn the_command_of_a_hint_works_in_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("it's my folder/config.toml");
    fs::create_dir(file.parent().unwrap()).unwrap();
    fs::write(&file, "[profiles.default.engagelab]\napi_key = \"s3cret\"\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let arguments = ["get", ENGAGELAB, "-o", "page", "--config", file.to_str().unwrap()];
    let run = run(&mut ticket(&arguments));
    let command = run.err.lines().find(|line| line.starts_with("  chmod ")).expect(&run.err);
    assert!(Command::new("/bin/sh").args(["-c", command]).status().unwrap().success());
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{command}");
}

#[test]
fn refuses_a_token_beside_an_app() {
    let server = TestServer::start(|builder| builder);
    let run = run(ticket(&["get", FEISHU])
        .envs(server.environment())
        .env("FEISHU_TENANT_ACCESS_TOKEN", "t-s3cr3t"));
    let (code, message) = kind(&run);
    assert_eq!(code, 2);
    for name in ["FEISHU_APP_ID", "FEISHU_APP_SECRET", "FEISHU_TENANT_ACCESS_TOKEN"] {
        assert!(message.contains(name), "{message}");
    }
    assert!(!run.err.contains("s3cr3t"), "{}", run.err);
    assert_eq!(server.sandbox.requests().len(), 0);
}

#[test]
fn empty_values_count_as_not_set() {
    let server = TestServer::start(|builder| builder);
    let run = run(ticket(&["get", FEISHU])
        .envs(server.environment())
        .env("FEISHU_TENANT_ACCESS_TOKEN", "")
        .env("TICKET_PROFILE", ""));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

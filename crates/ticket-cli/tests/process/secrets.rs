//! Secrets that are not in the config file, config files that are pipes, and regions.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::harness::{FEISHU, Run, TestServer, run, run_with_input, ticket};

/// Returns a profile of the sandbox, with this line for the secret of the app.
fn profile(server: &TestServer, secret: &str) -> String {
    let credentials = server.sandbox.credentials();
    format!(
        "[profiles.default.feishu]\nbase_url = \"{}\"\napp_id = \"{}\"\nhelpdesk_id = \"{}\"\nhelpdesk_token = \"{}\"\n{secret}\n",
        server.sandbox.base_url(),
        credentials.feishu_app_id,
        credentials.feishu_helpdesk_id,
        credentials.feishu_helpdesk_token
    )
}

fn write(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

fn get(config: &str, input: &str) -> Run {
    run_with_input(&mut ticket(&["get", FEISHU, "--config", config]), input.as_bytes())
}

#[test]
fn a_command_or_a_file_gives_a_secret() {
    let server = TestServer::start(|builder| builder);
    let secret = &server.sandbox.credentials().feishu_app_secret;
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    write(&folder.path().join("app-secret"), &format!("{secret}\n"));
    for (line, code, expected) in [
        (format!("app_secret_command = \"echo {secret} | cat\""), 0, ""),
        ("app_secret_file = \"app-secret\"".to_owned(), 0, ""),
        (
            format!("app_secret_command = \"echo {secret} >&2; exit 7\""),
            2,
            "app_secret_command failed (exit status: 7)",
        ),
        (
            format!("app_secret_command = \"echo {secret}; exit 7\""),
            2,
            "app_secret_command failed (exit status: 7)",
        ),
        (
            format!("app_secret_command = \"echo {secret}; echo user\""),
            2,
            "app_secret contains a line break",
        ),
        (
            "app_secret_file = \"no-such-file\"".to_owned(),
            2,
            "app_secret_file cannot be read from ",
        ),
        (
            format!("app_secret = \"{secret}\"\napp_secret_file = \"app-secret\""),
            2,
            "app_secret is given in several ways",
        ),
        ("app_id_command = \"true\"".to_owned(), 2, "unknown key \"app_id_command\""),
        // It is only run when it is needed.
        (format!("app_secret = \"{secret}\"\nencrypt_key_command = \"exit 7\""), 0, ""),
    ] {
        write(&config, &profile(&server, &line));
        let run = get(config.to_str().unwrap(), "");
        assert_eq!(run.code, code, "{line}: {run:?}");
        let error = if code == 0 {
            String::new()
        } else {
            run.error(0)["message"].to_string().replace("\\\"", "\"")
        };
        assert!(error.contains(expected) && !run.err.contains(&**secret), "{line}: {}", run.err);
    }
    write(&config, &profile(&server, "app_secret_file = \"app-secret\""));
    for (mode, code) in [(0o400, 0), (0o640, 2), (0o604, 2), (0o620, 2)] {
        let file = folder.path().join("app-secret");
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
        let run = get(config.to_str().unwrap(), "");
        assert_eq!(run.code, code, "{mode:o}: {run:?}");
        assert_eq!(run.err.contains("which other users can read: set its mode"), code == 2);
    }
    write(&config, &profile(&server, "app_secret_command = \"exit 7\""));
    let decoded = run_with_input(
        &mut ticket(&["decode", "feishu", "--config", config.to_str().unwrap()]),
        ticket_fixtures::case("feishu", "documented").unwrap().body,
    );
    assert_eq!(decoded.code, 0, "{decoded:?}");
    fs::set_permissions(&config, fs::Permissions::from_mode(0o644)).unwrap();
    let run = get(config.to_str().unwrap(), "");
    assert!(run.err.contains("other users can read it"), "{}", run.err);
}

#[test]
fn the_config_may_be_a_pipe() {
    let server = TestServer::start(|builder| builder);
    let secret = &server.sandbox.credentials().feishu_app_secret;
    let text = profile(&server, &format!("app_secret = \"{secret}\""));
    for path in ["-", "/dev/fd/0", "/dev/stdin"] {
        let run = get(path, &text);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{path}");
    }
    for (path, text, expected) in [
        ("-", "[profiles", "/dev/stdin:1: "),
        (
            "/dev/fd/0",
            "[profiles.default.rt]\ntoken_file = \"secret\"\n",
            "must be an absolute path",
        ),
        ("-", "[profiles.default.transport]\nca_file = \"ca.pem\"\n", "must be an absolute path"),
        ("-", &"#".repeat((1 << 20) + 1), "larger than 1 MiB"),
        ("/dev/null", "", "not a regular file"),
    ] {
        let run = get(path, text);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
    for arguments in [&["get", "-"][..], &["decode", "feishu"], &["mapping", "drift", "feishu"]] {
        let arguments = [arguments, &["--config", "-"]].concat();
        let run = run_with_input(&mut ticket(&arguments), text.as_bytes());
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("it is the config file already"), "{}", run.err);
    }
}

#[test]
fn a_region_stands_for_a_base_url() {
    let base_url = |variables: &[(&str, &str)]| {
        let mut command = ticket(&["auth", "status", "--output", "json"]);
        let run = run(command.env("FEISHU_APP_ID", "a").envs(variables.iter().copied()));
        let found: Value = serde_json::from_str(&run.out).unwrap();
        let settings = found["settings"].as_array().unwrap();
        let setting = settings.iter().find(|it| it["name"] == "FEISHU_BASE_URL").unwrap();
        setting["value"].as_str().map(str::to_owned)
    };
    assert_eq!(base_url(&[]).unwrap(), "https://open.feishu.cn");
    assert_eq!(base_url(&[("FEISHU_REGION", "feishu")]).unwrap(), "https://open.feishu.cn");
    assert_eq!(base_url(&[("FEISHU_REGION", "lark")]).unwrap(), "https://open.larksuite.com");
    let server = TestServer::start(|builder| builder);
    for (region, remove, expected) in [
        ("lark", false, "FEISHU_REGION and FEISHU_BASE_URL are both set in the environment"),
        ("mars", true, "FEISHU_REGION in the environment is not a known region"),
    ] {
        let mut command = ticket(&["get", FEISHU]);
        command.envs(server.environment()).env("FEISHU_REGION", region);
        if remove {
            command.env_remove("FEISHU_BASE_URL");
        }
        let run = run(&mut command);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(expected), "{}", run.err);
    }
}

//! `ticket doctor`: its findings, and that it prints no secret.

use serde_json::Value;

use crate::harness::{ENGAGELAB, FEISHU, Run, TestServer, run, serve_response, ticket};

fn doctor(arguments: &[&str], environment: &[(&'static str, String)]) -> Run {
    run(ticket(&[&["doctor"], arguments].concat()).envs(environment.iter().cloned()))
}

/// Returns the finding about one provider.
fn finding(run: &Run, provider: &str) -> Value {
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.into_iter().find(|finding| finding["provider"] == provider).unwrap()
}

/// Returns the checks of a finding with their results.
fn checks(finding: &Value) -> Vec<(&str, &str)> {
    let checks = finding["checks"].as_array().unwrap().iter();
    checks.map(|it| (it["check"].as_str().unwrap(), it["result"].as_str().unwrap())).collect()
}

#[test]
fn missing_configuration_is_a_configuration_error() {
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-config/ticket/config.toml");
    let text = doctor(&[], &[("COLUMNS", "1000".into())]);
    assert_eq!((text.code, text.err.as_str()), (2, ""));
    let of =
        |name: &str| text.out.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
    for name in ["ENGAGELAB_API_KEY", "ENGAGELAB_API_SECRET", "FEISHU_HELPDESK_TOKEN"] {
        assert!(of(name).ends_with(" MISSING"), "{}", text.out);
    }
    assert!(
        of("FEISHU_APP_ID").ends_with("not set (set this or FEISHU_TENANT_ACCESS_TOKEN)"),
        "{}",
        text.out
    );
    assert!(
        of("FEISHU_TENANT_ACCESS_TOKEN")
            .ends_with("not set (set this or FEISHU_APP_ID and FEISHU_APP_SECRET)"),
        "{}",
        text.out
    );
    assert!(of("ENGAGELAB_PATH_PREFIX").contains("/api/v2"), "{}", text.out);
    let words = text.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words.matches("--sandbox needs no settings").count(), 2, "{}", text.out);

    let json = doctor(&["--output", "json"], &[]);
    assert_eq!((json.code, json.err.as_str()), (2, ""));
    for provider in ["engagelab", "feishu"] {
        let finding = finding(&json, provider);
        assert_eq!(finding["origin"], Value::Null);
        assert_eq!(checks(&finding), [("settings", "failed")]);
        let error = &finding["checks"][0]["error"];
        assert_eq!(error["kind"], "configuration");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains(file) && hint.contains("--sandbox"), "{hint}");
    }
    // The sandbox has no Request Tracker.
    let rt = finding(&json, "rt");
    let hint = rt["checks"][0]["error"]["hint"].as_str().unwrap();
    assert!(hint.contains(file) && !hint.contains("--sandbox"), "{hint}");
}

#[test]
fn one_configured_provider_is_enough() {
    let server = TestServer::start(|builder| builder);
    let mut environment = server.environment();
    environment.retain(|(name, _)| name.starts_with("FEISHU_"));
    let run = doctor(&["--output", "json"], &environment);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(checks(&finding(&run, "engagelab")), [("settings", "not_checked")]);
    let text = doctor(&[], &environment);
    assert_eq!(text.code, 0, "{text:?}");
    assert!(text.out.contains("not configured") && !text.out.contains("MISSING"), "{}", text.out);
}

#[test]
fn a_working_configuration_passes() {
    let server = TestServer::start(|builder| builder);
    let run = doctor(&["--output", "json"], &server.environment());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert_eq!(checks(&finding(&run, "feishu")), [("settings", "passed"), ("access", "passed")]);
    assert_eq!(
        checks(&finding(&run, "engagelab")),
        [("settings", "passed"), ("access", "not_checked")]
    );
    assert_eq!(finding(&run, "engagelab")["origin"], "the environment");
}

#[test]
fn a_ticket_id_tests_the_credentials() {
    let server = TestServer::start(|builder| builder);
    let accepted = doctor(&["--output", "json", "--id", ENGAGELAB], &server.environment());
    assert_eq!(accepted.code, 0);
    assert_eq!(
        checks(&finding(&accepted, "engagelab")),
        [("settings", "passed"), ("ticket", "passed")]
    );
    let mut environment = server.environment();
    environment.iter_mut().find(|(name, _)| *name == "ENGAGELAB_API_SECRET").unwrap().1 =
        "wrong".into();
    let refused = doctor(&["--output", "json", "--id", ENGAGELAB], &environment);
    assert_eq!(refused.code, 4, "{refused:?}");
    let finding = finding(&refused, "engagelab");
    assert_eq!(checks(&finding), [("settings", "passed"), ("ticket", "failed")]);
    assert_eq!(finding["checks"][1]["error"]["kind"], "unauthenticated");
}

#[test]
fn the_sandbox_needs_no_settings() {
    let run = doctor(&["--sandbox", "--id", FEISHU, "--output", "json"], &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let feishu = finding(&run, "feishu");
    assert_eq!(feishu["origin"], "the sandbox");
    assert_eq!(checks(&feishu).last(), Some(&("ticket", "passed")));
}

#[test]
fn the_sandbox_does_not_check_a_provider_without_a_fake_server() {
    let run = doctor(&["--sandbox", "--output", "json"], &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let rt = finding(&run, "rt");
    assert_eq!(rt["origin"], "the sandbox");
    assert_eq!(checks(&rt), [("settings", "not_checked")]);
    let message = "not checked: the sandbox has no fake server for rt";
    assert_eq!(rt["checks"][0]["message"], message);
    let text = doctor(&["--sandbox"], &[]);
    assert!(text.out.contains(message), "{}", text.out);
    let run = doctor(&["--sandbox", "--id", "rt:1", "--output", "json"], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(checks(&finding(&run, "rt")), [("settings", "failed")]);
}

#[test]
fn distinguishes_wrong_secret_wrong_helpdesk_and_missing_scope() {
    let server = TestServer::start(|builder| builder);
    let with = |name: &str, value: &str| {
        let mut environment = server.environment();
        environment.iter_mut().find(|(known, _)| *known == name).unwrap().1 = value.into();
        doctor(&["--output", "json"], &environment)
    };
    let code = |run: &Run| {
        let feishu = finding(run, "feishu");
        feishu["checks"][1]["error"]["code"].as_str().unwrap().to_owned()
    };
    let run = with("FEISHU_APP_SECRET", "wrong");
    assert_eq!((run.code, code(&run).as_str()), (4, "10014"));
    assert_eq!(checks(&finding(&run, "feishu")), [("settings", "passed"), ("access", "failed")]);

    let run = with("FEISHU_HELPDESK_TOKEN", "wrong");
    assert_eq!((run.code, code(&run).as_str()), (4, "154001"));
    assert_eq!(checks(&finding(&run, "feishu")), [("settings", "passed"), ("access", "failed")]);

    let body = br#"{"code":99991672,"msg":"Access denied. One of the following scopes is required: [helpdesk:all:readonly]"}"#;
    let url = serve_response("400 Bad Request", body);
    let environment = [
        ("FEISHU_TENANT_ACCESS_TOKEN", "t-given".to_owned()),
        ("FEISHU_HELPDESK_ID", "1".into()),
        ("FEISHU_HELPDESK_TOKEN", "ht-1".into()),
        ("FEISHU_BASE_URL", url),
    ];
    let run = doctor(&[], &environment);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.out.contains("helpdesk:all:readonly"), "{}", run.out);
}

#[test]
#[cfg(unix)]
fn a_profile_may_have_only_one_provider() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profiles.toml");
    let text = "[profiles.work.engagelab]\nbase_url = \"https://livedesk.example\"\npath_prefix = \"/v2\"\n";
    std::fs::write(&file, text).unwrap();
    let run =
        doctor(&["--output", "json", "--profile", "work", "--config", file.to_str().unwrap()], &[]);
    assert_eq!(run.code, 2, "the key and its secret are missing");
    assert_eq!(finding(&run, "feishu")["origin"], Value::Null);
    let found = finding(&run, "engagelab");
    assert!(found["origin"].as_str().unwrap().starts_with("the profile work of "), "{found}");
    let states: Vec<_> =
        found["settings"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["missing", "missing", "set", "set"]);
    assert_eq!(found["settings"][2]["value"], "https://livedesk.example");
}

#[test]
fn names_missing_and_conflicting_settings() {
    let run = doctor(&[], &[("ENGAGELAB_API_KEY", "k-s3cr3t".into())]);
    assert_eq!(run.code, 2);
    let line = run.out.lines().find(|line| line.contains("ENGAGELAB_API_SECRET")).unwrap();
    assert!(line.contains("MISSING"), "{}", run.out);
    let run = doctor(
        &[],
        &[("FEISHU_APP_ID", "cli_a".into()), ("FEISHU_TENANT_ACCESS_TOKEN", "t-s3cr3t".into())],
    );
    assert_eq!(run.code, 2);
    assert_eq!(run.out.matches("CONFLICTS").count(), 2, "{}", run.out);
}

#[test]
#[cfg(unix)]
fn names_the_place_of_an_error() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let config = |name: &str, text: &[u8], mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let table = "[profiles.work.engagelab]\napi_key = \"s3cret\\n\"\n";
    let defect = config("defect.toml", table.as_bytes(), 0o600);
    let broken = config("broken.toml", b"[profiles.work.engagelab\n", 0o600);
    let open = config("open.toml", table.as_bytes(), 0o644);
    let missing = folder.path().join("missing.toml").to_str().unwrap().to_owned();
    let work = |file: &str| format!("the profile work of {file}");
    let environment = "the environment".to_owned();
    for (file, variable, origin, message) in [
        (
            None,
            &b"s3cret\r"[..],
            environment.clone(),
            "ENGAGELAB_API_KEY ends with a line break".into(),
        ),
        (None, b"s3cret\xff", environment, "ENGAGELAB_API_KEY is not valid UTF-8".into()),
        (
            Some(&defect),
            b"",
            work(&defect),
            format!("api_key ends with a line break, in {}", work(&defect)),
        ),
        (Some(&broken), b"", broken.clone(), format!("{broken}:1: ")),
        (Some(&open), b"", open.clone(), format!("{open} contains secrets and its mode is 0644")),
        (Some(&missing), b"", missing.clone(), format!("the config file {missing} cannot be read")),
    ] {
        let mut command = ticket(&["doctor", "-o", "json"]);
        if let Some(file) = file {
            command.args(["--profile", "work", "--config", file]);
        }
        command.env("ENGAGELAB_API_KEY", std::ffi::OsStr::from_bytes(variable));
        let run = run(&mut command);
        assert_eq!(run.code, 2, "{run:?}");
        let found = finding(&run, "engagelab");
        assert_eq!(found["origin"], origin, "{found}");
        assert_eq!(checks(&found), [("settings", "failed")]);
        let found_message = found["checks"][0]["error"]["message"].as_str().unwrap();
        assert!(found_message.starts_with(&message), "{found_message} is not {message}");
        // A file that cannot be read has no settings to show.
        let is_read = ![Some(&broken), Some(&open), Some(&missing)].contains(&file);
        assert_eq!(found["settings"].get(0).is_some(), is_read, "{found}");
        if let Some(first) = found["settings"].get(0) {
            assert_eq!((&first["state"], &first["value"]), (&"invalid".into(), &Value::Null));
            assert!(message.contains(first["problem"].as_str().unwrap()), "{first}");
        }
        assert!(!run.out.contains("s3cret"), "{}", run.out);
    }
}

#[test]
fn reports_a_value_in_quotes() {
    let server = TestServer::start(|builder| builder);
    let mut environment = server.environment();
    environment.retain(|(name, _)| *name != "ENGAGELAB_API_SECRET");
    environment.push(("ENGAGELAB_API_SECRET", "'s3cret'".into()));
    let json = doctor(&["-o", "json"], &environment);
    assert_eq!(json.code, 0, "{json:?}");
    let found = &finding(&json, "engagelab")["settings"][1];
    assert_eq!(found["state"], "set");
    assert_eq!(found["problem"], "is in quotes, which are sent too");
    let text = doctor(&[], &environment);
    let line = text.out.lines().find(|line| line.contains("ENGAGELAB_API_SECRET")).unwrap();
    assert!(line.ends_with("set · is in quotes, which are sent too"), "{line}");
}

#[test]
fn rejected_base_url_is_invalid() {
    for (url, problem) in [
        ("ftp://desk.example", "must be https, not ftp"),
        ("https://joe:s3cret@desk.example", "must not contain a user name or a password"),
    ] {
        let environment = [("ENGAGELAB_BASE_URL", url.to_owned())];
        let json = doctor(&["-o", "json"], &environment);
        let finding = finding(&json, "engagelab");
        let settings = finding["settings"].as_array().unwrap();
        let found = settings.iter().find(|it| it["name"] == "ENGAGELAB_BASE_URL").unwrap();
        assert_eq!((&found["state"], &found["value"]), (&"invalid".into(), &Value::Null));
        assert_eq!(found["problem"], problem);
        let text = doctor(&[], &environment);
        let line = text.out.lines().find(|line| line.contains("ENGAGELAB_BASE_URL")).unwrap();
        assert!(line.ends_with(&format!("INVALID · {problem}")), "{line}");
    }
}

#[test]
fn prints_no_secret() {
    let server = TestServer::start(|builder| builder);
    let variables = server.environment();
    let secrets: Vec<_> = variables
        .iter()
        .filter(|(name, _)| {
            ["API_KEY", "API_SECRET", "APP_SECRET", "HELPDESK_TOKEN"]
                .iter()
                .any(|it| name.ends_with(it))
        })
        .map(|(_, value)| value.clone())
        .collect();
    assert_eq!(secrets.len(), 4);
    let mut wrong = variables.clone();
    for (name, value) in &mut wrong {
        if name.ends_with("_BASE_URL") {
            // A user may put a password into the URL.
            *value = format!("https://user:{}@127.0.0.1:9", secrets[0]);
        }
    }
    for environment in [&variables, &wrong] {
        for output in ["text", "json"] {
            for id in [ENGAGELAB, FEISHU, "feishu:404"] {
                let run = doctor(&["--output", output, "--id", id], environment);
                assert!(!run.out.is_empty());
                for secret in &secrets {
                    assert!(!run.out.contains(secret), "{}", run.out);
                    assert!(!run.err.contains(secret), "{}", run.err);
                }
            }
        }
    }
}

#[test]
fn every_key_of_a_finding_is_documented() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md");
    let page = std::fs::read_to_string(page).unwrap();
    let server = TestServer::start(|builder| builder);
    let found = finding(
        &doctor(&["--output", "json", "--id", ENGAGELAB], &server.environment()),
        "engagelab",
    );
    for key in found.as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{key}`")) || page.contains(&format!("`{key}[]")), "{key}");
    }
    for list in ["settings", "checks"] {
        let mut found: Vec<_> = found[list][0].as_object().unwrap().keys().collect();
        let start = format!("`{list}[].");
        let documented = page.split(&start).skip(1);
        let mut documented: Vec<_> =
            documented.map(|rest| rest.split('`').next().unwrap()).collect();
        found.sort();
        documented.sort_unstable();
        assert_eq!(found, documented, "{list}");
    }
}

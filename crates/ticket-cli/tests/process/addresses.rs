//! Tickets as people write and paste them.

use serde_json::json;

use crate::config::{Config, profile};
use crate::harness::{TestServer, run, run_with_input, ticket};

const ID: &str = "6626871355780366331";

#[test]
fn sources_have_no_case() {
    let only_id = ["--sandbox", "--output", "csv", "--fields", "provider,id"];
    for source in ["feishu", "FEISHU", "Feishu@prod"] {
        let name = format!("{source}:{ID}");
        let run = run(&mut ticket(&[&["get", &name], &only_id[..]].concat()));
        let profile_is_missing = source.contains('@');
        assert_eq!(run.code, if profile_is_missing { 2 } else { 0 }, "{source}: {run:?}");
        if !profile_is_missing {
            assert_eq!(run.out, format!("provider,id\r\nfeishu,{ID}\r\n"));
        }
    }
    let typo = run(&mut ticket(&["get", "FEISHUU:1", "--output", "page"]));
    assert!(typo.err.contains("did you mean feishu?"), "{}", typo.err);
}

#[test]
fn an_error_names_the_profile_of_its_ticket() {
    let server = TestServer::start(|builder| builder);
    let config = Config::new(&profile("prod", &server), 0o600);
    let get = |output: &str| {
        let mut command = ticket(&["get", "feishu@prod:404", "--output", output]);
        run(command.env("XDG_CONFIG_HOME", config.folder.path()))
    };
    let error = get("json").error(0);
    assert_eq!((&error["provider"], &error["profile"]), (&json!("feishu"), &json!("prod")));
    let text = get("page");
    assert!(text.err.starts_with("error: feishu@prod:404: ticket not found"), "{}", text.err);
}

#[test]
fn a_pasted_address_names_a_ticket() {
    let server = TestServer::start(|builder| builder);
    let folder = tempfile::tempdir().unwrap();
    let text = "[profiles.default.feishu]\nurl_pattern = \"https://desk.example.com/tickets/{id}\"\n\
                [profiles.a.rt]\nurl_pattern = \"https://rt.example.com/Ticket/Display.html?id={id}\"\n\
                [profiles.b.rt]\nurl_pattern = \"https://rt.example.com/Ticket/Display.html?id={id}\"\n";
    let get = |config: &str, arguments: &[&str], input: &str| {
        std::fs::create_dir_all(folder.path().join("ticket")).unwrap();
        std::fs::write(folder.path().join("ticket/config.toml"), config).unwrap();
        let mut command = ticket(&[&["get"], arguments].concat());
        command.env("XDG_CONFIG_HOME", folder.path()).env("APPDATA", folder.path());
        run_with_input(command.envs(server.environment()), input.as_bytes())
    };
    let fields = ["--output", "csv", "--fields", "id"];
    let url = format!("https://Desk.example.com/tickets/{ID}?tab=history");
    for (arguments, input) in [(&[&*url][..], ""), (&["-"], &*url)] {
        let run = get(text, &[arguments, &fields[..]].concat(), input);
        assert_eq!((run.code, run.out), (0, format!("id\r\n{ID}\r\n")), "{}", run.err);
    }
    for (config, url, expected) in [
        (text, "https://other.example.com/tickets/1", "no profile knows this address"),
        (
            text,
            "https://rt.example.com/Ticket/Display.html?id=1",
            "rt@a and rt@b both have this address",
        ),
        (text, "https://desk.example.com/tickets/%2e", "invalid ticket id"),
        (
            "[profiles.a.rt]\nurl_pattern = \"https://rt.example.com/\"\n",
            "https://rt.example.com/1",
            ":2: url_pattern must have {id} once",
        ),
    ] {
        let run = get(config, &[url], "");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.error(0)["message"].as_str().unwrap().contains(expected), "{}", run.err);
    }
}

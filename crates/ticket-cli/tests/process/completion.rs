//! What a shell offers: from the command line, the config file and the mirror, without the network.

use std::path::Path;
use std::process::Command;

use crate::harness::{TestServer, run, ticket};

/// Returns what bash offers for the last of these words, as its own splitting leaves them.
fn offered(folder: &Path, words: &[&str]) -> Vec<String> {
    let script = run(&mut ticket(&["completions", "bash"])).out;
    let program = Path::new(env!("CARGO_BIN_EXE_ticket"));
    let test = format!(
        "{script}\nPATH={}:$PATH\nCOMP_WORDS=(\"$@\")\nCOMP_CWORD=$(($# - 1))\n_ticket\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        program.parent().unwrap().display()
    );
    let mut shell = Command::new("bash");
    shell.args(["--norc", "-c", &test, "bash"]).args(words).env_clear();
    shell.env("PATH", "/usr/bin:/bin").env("XDG_CONFIG_HOME", folder);
    let run = run(shell.env("TICKET_MIRROR", folder.join("mirror.db")));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
    run.out.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

#[test]
fn bash_offers_commands_sources_ids_and_profiles() {
    if Command::new("bash").arg("--version").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("ticket")).unwrap();
    // The secret is not read, so the permissions do not matter.
    let config = "[profiles.prod.feishu]\napp_id = \"a\"\napp_secret_command = \"touch ran\"\n\
                  [profiles.\"$(touch ran)\".feishu]\napp_id = \"a\"\n";
    std::fs::write(folder.path().join("ticket/config.toml"), config).unwrap();
    let server = TestServer::start(|builder| builder.tickets(300, 1));
    let mirror = folder.path().join("mirror.db");
    let sync = ["sync", "feishu", "--mirror", mirror.to_str().unwrap()];
    assert_eq!(run(ticket(&sync).envs(server.environment())).code, 0);
    let requests = server.sandbox.requests().len();
    let newest = server.sandbox.generated_ids("feishu").collect::<Vec<_>>();
    let start = &newest[0][..8];

    for (words, expected) in [
        (&["ticket", "dec"][..], &["decode "][..]),
        (&["ticket", "auth", "logi"], &["login "]),
        (&["ticket", "get", "--outp"], &["--output "]),
        (&["ticket", "get", "--output", "cs"], &["csv "]),
        (&["ticket", "list", "feishu", "--status", "clo"], &["closed "]),
        (&["ticket", "get", "fei"], &["feishu:", "feishu@prod:"]),
        (&["ticket", "sync", "en"], &["engagelab "]),
        (&["ticket", "sync", "feishu", "@", "p"], &["prod "]),
        (&["ticket", "list", "feishu", "--profile", "p"], &["prod "]),
        (&["ticket", "get", "feishu", "@", "prod", ":", "1"], &[]),
        (&["ticket", "get", "feishu", ":", "x'; --"], &[]),
    ] {
        assert_eq!(offered(folder.path(), words), expected, "{words:?}");
    }
    let ids = offered(folder.path(), &["ticket", "get", "feishu", ":", start]);
    let mut expected: Vec<_> = newest.iter().filter(|id| id.starts_with(start)).collect();
    expected.sort();
    let mut found: Vec<_> = ids.iter().map(|id| id.trim_end()).collect();
    found.sort_unstable();
    assert!(!found.is_empty() && expected.len() <= 200, "{}", expected.len());
    assert_eq!(found, expected);
    assert_eq!(server.sandbox.requests().len(), requests, "the network was used");
    assert!(!Path::new("ran").exists() && !folder.path().join("ran").exists());
}

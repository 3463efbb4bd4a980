//! `ticket export` and `ticket verify`.

use std::fs;

use serde_json::Value;

use crate::harness::run;
use crate::sync::Desk;

#[test]
fn exports_the_same_rows_in_each_format_and_finds_what_differs() {
    let desk = Desk::with_tickets(300);
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    let name = path.to_str().unwrap();
    let arguments = ["export", "feishu", "--to", name, "--format", "csv,ndjson"];
    let run = desk.run(&[&arguments[..], &["--raw-formulas", "--custom-field-columns"]].concat());
    assert_eq!((run.code, &*run.out), (0, ""), "{run:?}");
    assert!(run.err.starts_with("300 tickets exported to "), "{run:?}");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "only the owner may read it");
    }
    let receipt: Value =
        serde_json::from_slice(&fs::read(path.join("data/receipt.json")).unwrap()).unwrap();
    let files = receipt["files"].as_array().unwrap();
    assert_eq!((files.len(), &receipt["tickets"]), (9, &300.into()));
    for file in files {
        let table = file["table"].as_str().unwrap().trim_end_matches('s');
        let table = if table == "people" { "person" } else { table };
        let count = desk.number(&format!("SELECT count(*) AS n FROM {table}"));
        assert_eq!(file["rows"], count, "{file}");
    }
    let text = fs::read_to_string(path.join("data/tickets.ndjson")).unwrap();
    let csv = fs::read_to_string(path.join("data/tickets.csv")).unwrap();
    assert_eq!(text.lines().count(), 300);
    for line in text.lines() {
        let ticket: Value = serde_json::from_str(line).unwrap();
        let id = ticket["id"].as_str().unwrap();
        assert!(csv.contains(&format!("\r\nfeishu,{id},")), "{id}");
    }

    let again = desk.run(&arguments);
    assert_eq!((again.code, &*again.out), (2, ""), "{again:?}");
    assert!(again.err.contains("exists already"), "{again:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no partial folder is left");

    let intact = desk.run(&["verify", name]);
    assert_eq!((intact.code, &*intact.err), (0, ""), "{intact:?}");
    fs::write(path.join("data/tickets.csv"), csv.replacen("feishu", "feishv", 1)).unwrap();
    fs::remove_file(path.join("data/tags.csv")).unwrap();
    fs::write(path.join("data/new.csv"), "").unwrap();
    let differs = desk.run(&["verify", name]);
    assert_eq!(
        (differs.code, &*differs.out),
        (7, "changed  data/tickets.csv\nmissing  data/tags.csv\nadded  data/new.csv\n")
    );
    assert_eq!(differs.err, "error: the export differs in 3 files\n");
    for (name, problem) in
        [("none", "there is no such folder"), ("mirror.db", "it is not a folder")]
    {
        let path = desk.mirror.with_file_name(name);
        let wrong = desk.run(&["verify", path.to_str().unwrap()]);
        let message = format!("error: {} is not an export: {problem}\n", path.display());
        assert!(wrong.code == 2 && wrong.err.starts_with(&message), "{}", wrong.err);
    }
}

#[test]
fn anonymized_export_needs_a_key() {
    let desk = Desk::with_tickets(30);
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    let arguments =
        ["export", "--to", path.to_str().unwrap(), "--format", "csv,ndjson", "--anonymize"];
    let variable = "TICKET_ANONYMIZE_KEY";
    for (key, message) in [
        (None, "error: --anonymize needs a key in TICKET_ANONYMIZE_KEY\n"),
        (
            Some("short"),
            "error: TICKET_ANONYMIZE_KEY: the key of the pseudonyms is shorter than 16 bytes\n",
        ),
    ] {
        let mut command = desk.command(&arguments);
        command.env_remove(variable).envs(key.map(|key| (variable, key)));
        let run = run(&mut command);
        assert_eq!((run.code, path.exists()), (2, false), "{run:?}");
        assert!(run.err.starts_with(message), "{run:?}");
    }
    let run = run(desk.command(&arguments).env(variable, "a key of sixteen bytes"));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("people are pseudonyms"), "{run:?}");
    let people = fs::read_to_string(path.join("data/people.csv")).unwrap();
    assert!(people.contains(",anon-") && !people.contains('@'), "{people}");
    let tickets = fs::read_to_string(path.join("data/tickets.ndjson")).unwrap();
    assert!(tickets.contains("\"name\":\"anon-") && !tickets.contains("@example"), "{tickets}");
}

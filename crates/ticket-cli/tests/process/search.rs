//! `ticket search`, `ticket sql` and `ticket list --offline`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{run_with_input, ticket};
use crate::sync::Desk;

/// Returns a desk whose mirror has these many tickets.
fn synced(count: usize) -> Desk {
    let desk = Desk::with_tickets(count);
    assert_eq!(desk.sync(&["feishu"]).0, 0);
    desk
}

/// Returns the lines of an output, in any order.
fn set(lines: &str) -> BTreeSet<&str> {
    lines.lines().collect()
}

#[test]
fn finds_every_ticket_with_a_word() {
    let desk = synced(300);
    let all = desk.lines(&["list", "feishu"]);
    // A word of two Chinese characters, one that is followed by others, and one in Latin letters.
    for word in ["打印", "会议室", "VPN", "月结报表"] {
        let is_wanted = |ticket: &&Value| ticket.to_string().contains(word);
        let ids =
            all.iter().filter(is_wanted).map(|it| format!("feishu:{}", it["id"].as_str().unwrap()));
        let wanted: BTreeSet<_> = ids.collect();
        let found = desk.run(&["search", word, "--limit", "1000", "--output", "ids"]);
        assert!(!wanted.is_empty(), "{word}");
        assert_eq!((found.code, &*found.err), (0, ""), "{word}");
        assert_eq!(set(&found.out), wanted.iter().map(|id| &**id).collect(), "{word}");
    }
    let open = desk.lines(&[
        "search",
        "VPN",
        "--status",
        "closed",
        "--created-since",
        "60d",
        "--limit",
        "1000",
    ]);
    let is_wanted = |it: &&Value| {
        it.to_string().contains("VPN")
            && it["status"]["value"] == "closed"
            && it["created_at"].as_str().unwrap() >= "2025-12-12"
    };
    assert_eq!(open.len(), all.iter().filter(is_wanted).count());
    assert!(!open.is_empty());
    for row in &open {
        assert_eq!(row["source"], "feishu");
        assert!(row["excerpt"].as_str().unwrap().contains("VPN"), "{row}");
        assert!(all.contains(&row["ticket"]), "{row}");
    }

    let table = desk.run(&["search", "打印", "卡纸", "--limit", "2", "--output", "table"]);
    assert_eq!((table.code, table.out.lines().count()), (0, 3), "{table:?}");
    assert!(table.out.starts_with("TICKET") && table.out.contains("feishu:7"), "{}", table.out);
    assert_eq!(table.err, "These are the first 2; for more, set --limit.\n");
    for (output, err) in [
        ("table", "No ticket has all these words and matches the filters.\n"),
        ("json", ""),
        ("ids", ""),
    ] {
        let none = desk.run(&["search", "打印", "Antarktis", "--output", output]);
        assert_eq!((none.code, &*none.out, &*none.err), (0, "", err), "{output}");
    }
    for (arguments, message) in [
        (&["--", "-,-"][..], "nothing to search for in \"-,-\": a word has letters or digits"),
        (&["VPN", "--source", "rt"], "the mirror has no source rt"),
    ] {
        let wrong = desk.run(&[&["search", "--output", "json"], arguments].concat());
        assert_eq!((wrong.code, &*wrong.out), (2, ""), "{wrong:?}");
        assert_eq!(wrong.error(0)["message"], message);
    }
}

#[test]
fn queries_read_in_each_format_and_never_write() {
    let desk = synced(50);
    let query = "SELECT 1 AS n, 'a,\"b' AS text, NULL AS none, 0.5 AS half, x'00ff' AS bytes";
    for (format, expected) in [
        ("json", "{\"n\":1,\"text\":\"a,\\\"b\",\"none\":null,\"half\":0.5,\"bytes\":\"00ff\"}\n"),
        ("csv", "n,text,none,half,bytes\r\n1,\"a,\"\"b\",,0.5,00ff\r\n"),
        ("table", "N  TEXT  NONE  HALF  BYTES\n1  a,\"b        0.5   00ff\n"),
    ] {
        let printed = desk.run(&["sql", query, "--output", format]);
        assert_eq!((printed.code, &*printed.err), (0, ""), "{format}");
        let mut text = printed.out;
        if format == "table" {
            text = text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
        }
        assert_eq!(text.trim_start_matches('\u{feff}'), expected, "{format}");
    }
    let mut command = desk.command(&["sql", "-", "--output", "json"]);
    let piped = run_with_input(&mut command, b"SELECT count(*) AS n\nFROM ticket");
    assert_eq!((piped.code, &*piped.out), (0, "{\"n\":50}\n"));
    for (query, message) in [
        ("DELETE FROM ticket", "only queries that read are allowed, such as SELECT"),
        ("UPDATE ticket SET json = ''", "only queries that read are allowed, such as SELECT"),
        (
            "INSERT INTO text_index (text_index) VALUES ('optimize')",
            "only queries that read are allowed, such as SELECT",
        ),
        ("PRAGMA user_version = 7", "only queries that read are allowed, such as SELECT"),
        ("SELECT 1; DROP TABLE ticket", "there is more than one statement"),
        ("ATTACH '/etc/passwd' AS other", "ATTACH is not allowed"),
        ("SELECT load_extension('x')", "not authorized"),
        ("SELECT readfile('/etc/passwd')", "no such function: readfile"),
        ("SELECT titel FROM ticket", "no such column: titel"),
        ("", "the query is empty"),
    ] {
        let refused = desk.run(&["sql", query, "--output", "json"]);
        assert_eq!((refused.code, &*refused.out), (2, ""), "{query}: {refused:?}");
        assert_eq!(refused.error(0)["message"], message, "{query}");
    }
    assert_eq!(desk.number("SELECT count(*) AS n FROM ticket WHERE json <> ''"), 50);
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    let longest = u64::MAX.to_string();
    assert_eq!(desk.run(&["sql", "SELECT 1", "--timeout", &longest]).code, 0);
    let stopped = desk.run(&["sql", endless, "--timeout", "1"]);
    assert_eq!(stopped.code, 5, "{stopped:?}");
    let error = stopped.error(0);
    assert_eq!(
        (&error["kind"], &error["message"]),
        (&json!("timeout"), &json!("the query took longer than 1 s"))
    );
}

#[test]
fn lists_the_same_offline() {
    let desk = synced(400);
    let all = desk.lines(&["list", "feishu"]);
    let requester = all[7]["requester"]["id"].as_str().unwrap();
    let tag = all.iter().find_map(|it| it["tags"][0]["name"].as_str());
    let mut filters = vec![
        vec![],
        vec!["--status", "open"],
        vec!["--status", "new", "--status", "on_hold"],
        vec!["--created-since", "2026-01-20", "--created-until", "2026-01-20"],
        vec!["--created-since", "30d", "--status", "closed"],
        vec!["--updated-since", "30d"],
        vec!["--updated-since", "60d", "--updated-until", "30d"],
        vec!["--requester", requester],
    ];
    filters.extend(tag.map(|tag| vec!["--tag", tag]));
    for filter in filters {
        let list = |more: &[&str]| {
            let run = desk.run(&[&["list", "feishu"], &filter[..], more].concat());
            assert_eq!((run.code, &*run.err), (0, ""), "{filter:?} {more:?}");
            run.out
        };
        let online = list(&["-o", "ids"]);
        assert!(!online.is_empty(), "{filter:?}");
        assert_eq!(set(&list(&["--offline", "-o", "ids"])), set(&online), "{filter:?}");
    }
    for format in [
        &["-o", "json"][..],
        &["-o", "csv"],
        &["-o", "table"],
        &["-o", "csv", "--fields", "id,status.value,tags[].name"],
        &["-o", "json", "--fields", "id,custom_fields"],
    ] {
        let list = |more: &[&str]| {
            let run =
                desk.run(&[&["list", "feishu", "--status", "on_hold"], format, more].concat());
            assert_eq!((run.code, &*run.err), (0, ""), "{format:?} {more:?}");
            run.out
        };
        assert_eq!(set(&list(&["--offline"])), set(&list(&[])), "{format:?}");
    }
    // All sources, the newest ticket first.
    let newest = desk.lines(&["list", "--offline", "--limit", "3"]);
    let mut times: Vec<_> = all.iter().map(|it| it["created_at"].as_str().unwrap()).collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    let first: Vec<_> = newest.iter().map(|it| it["created_at"].as_str().unwrap()).collect();
    assert_eq!(first, times[..3]);
    let native = desk.run(&["list", "--offline", "--native", "score=1"]);
    assert_eq!(native.code, 2, "{native:?}");
    assert_eq!(native.error(0)["message"], "the filter score works only online, not in the mirror");
    for more in [&[][..], &["--offline"]] {
        let reversed = ["list", "feishu", "--created-since", "1d", "--created-until", "2d"];
        let reversed = desk.run(&[&reversed, more].concat());
        assert_eq!(reversed.code, 2, "{reversed:?}");
        assert_eq!(reversed.error(0)["hint"], "swap the two ends");
        // An empty table says so.
        let none = ["list", "feishu", "--requester", "nobody", "-o", "table"];
        let none = desk.run(&[&none, more].concat());
        assert_eq!((none.code, &*none.out, &*none.err), (0, "", "No ticket matches.\n"));
    }
}

#[test]
fn says_that_there_is_no_mirror() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let name = file.to_str().unwrap();
    for arguments in [
        &["search", "VPN"][..],
        &["sql", "SELECT 1"],
        &["list", "--offline"],
        &["mirror", "status", "-o", "json"],
        &["mirror", "history", "feishu:1", "-o", "json"],
        &["mirror", "check", "feishu", "-o", "json"],
        &["mirror", "remap", "feishu", "-o", "json"],
    ] {
        let none = crate::harness::run(&mut ticket(&[arguments, &["--mirror", name]].concat()));
        assert_eq!((none.code, &*none.out), (2, ""), "{arguments:?}");
        let error = none.error(0);
        assert_eq!(error["message"], format!("there is no mirror at {name}"), "{arguments:?}");
        let source = if arguments.contains(&"check") { "feishu" } else { "SOURCE" };
        let hint = format!("to create it, run: ticket sync {source} --mirror {name}");
        assert_eq!(error["hint"], hint);
    }
    assert!(!file.exists());
}

#[test]
fn says_that_a_mirror_has_no_tickets() {
    let desk = synced(10);
    assert_eq!(desk.run(&["mirror", "forget", "feishu", "--all"]).code, 0);
    let text = "The mirror has no tickets. To read them, run: ticket sync SOURCE\n";
    for arguments in [&["search", "VPN"][..], &["list", "--offline"]] {
        let none = desk.run(&[arguments, &["--output", "table"]].concat());
        assert_eq!((none.code, &*none.err), (0, text), "{arguments:?}");
    }
}

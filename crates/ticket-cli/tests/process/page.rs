//! The page and the Markdown of a ticket.

use crate::harness::{run, run_with_input, ticket};

fn decode(provider: &str, body: &str, options: &[&str]) -> String {
    let arguments = [&["decode", provider, "-"], options].concat();
    let run = run_with_input(&mut ticket(&arguments), body.as_bytes());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{body}");
    run.out
}

fn engagelab(members: &str) -> String {
    format!(r#"{{"code":0,"data":{{"ticket_id":"tk_1","status":"open"{members}}}}}"#)
}

fn feishu(members: &str) -> String {
    format!(r#"{{"code":0,"data":{{"ticket":{{"ticket_id":"66","status":3{members}}}}}}}"#)
}

#[test]
fn keeps_emoji_and_joined_letters_and_escapes_invisible_characters() {
    for (sent, seen) in [
        ("family 👨\u{200d}👩\u{200d}👧 done", "family 👨\u{200d}👩\u{200d}👧 done"),
        ("🇨🇳 1\u{fe0f}\u{20e3} ❤\u{fe0f} 👍🏽", "🇨🇳 1\u{fe0f}\u{20e3} ❤\u{fe0f} 👍🏽"),
        (
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ),
        ("می\u{200c}روم", "می\u{200c}روم"),
        ("क्\u{200d}ष", "क्\u{200d}ष"),
        ("pass\u{200d}word", r"pass\u{200d}word"),
        ("☀\u{200d}☀", r"☀\u{200d}☀"),
        ("😀\u{e0068}\u{e0069}", r"😀\u{e0068}\u{e0069}"),
        ("a\u{202e}b\u{2066}", r"a\u{202e}b\u{2066}"),
        ("😀\u{fe00}\u{fe01}", r"😀\u{fe00}\u{fe01}"),
    ] {
        let body = engagelab(&format!(r#","title":"{sent}","description":"{sent}""#));
        let page = decode("engagelab", &body, &["-o", "page"]);
        assert!(page.starts_with(&format!("{seen}\n")), "{page}");
        assert!(page.contains(&format!("\n  │ {seen}\n")), "{page}");
        let markdown = decode("engagelab", &body, &["-o", "markdown"]);
        assert!(markdown.contains(&format!("```markdown\n{seen}\n```\n")), "{markdown}");
    }
}

#[test]
fn internal_notes_are_readable_in_any_colour_theme() {
    let note = r#","conversation_list":[{"message_id":"1","content":"secret","is_internal":true}]"#;
    let page = decode("engagelab", &engagelab(note), &["-o", "page", "--color", "always"]);
    // Bold, with the default colours inverted.
    assert!(page.contains("\u{1b}[1m\u{1b}[7mINTERNAL NOTE\u{1b}[0m"), "{page:?}");
    assert!(page.contains("\u{1b}[1m┃\u{1b}[0m secret"), "{page:?}");
    for (status, words) in [("open", "open"), ("on_hold", "other (on_hold)"), ("closed", "closed")]
    {
        let body = engagelab("").replace("open", status);
        let page = decode("engagelab", &body, &["-o", "page", "--color", "always"]);
        assert!(
            page.contains(&format!("\u{1b}[1m {words}\u{1b}[0m"))
                || page.contains(&format!("\u{1b}[1m{words}\u{1b}[0m")),
            "{page:?}"
        );
    }
}

#[test]
fn prints_the_scale_of_a_rating() {
    for (provider, body, score) in [
        ("feishu", feishu(r#","score":1"#), "1 on a scale from 1 (worst) to 3 (best)"),
        (
            "engagelab",
            engagelab(r#","satisfactions":{"rating":4}"#),
            "4 on a scale from 1 (worst) to 5 (best)",
        ),
    ] {
        for output in ["page", "markdown"] {
            let seen = decode(provider, &body, &["-o", output]).replace('\\', "");
            assert!(seen.contains(score), "{seen}");
        }
    }
}

#[test]
fn prints_inconsistencies_in_one_line() {
    let late = r#","closed_at":1616920429000,"created_at":1690970837624,"agent_first_response_time":1616920429000"#;
    for (members, line) in [
        ("", None),
        (
            r#","closed_at":1690970837624"#,
            Some("the status is 3, while there is a time of closing"),
        ),
        (
            late,
            Some(
                "the status is 3, while there is a time of closing; 2 more (ticket mapping explain lists them)",
            ),
        ),
    ] {
        let body = feishu(members);
        let page = decode("feishu", &body, &["-o", "page"]).replace("\n  ", " ");
        let found =
            page.lines().find_map(|line| line.strip_prefix("! the data contradicts itself: "));
        assert_eq!(found, line);
        let markdown = decode("feishu", &body, &["-o", "markdown"]);
        assert_eq!(markdown.contains("\n- Inconsistent: "), line.is_some(), "{markdown}");
    }
}

#[test]
fn shortens_data_uris_in_page_and_markdown() {
    let picture = format!("data:image/png;base64,{}", "A".repeat(16_400));
    let short = "data:image/png, 12.3 kB";
    let body = engagelab(&format!(
        r#","description":"see ![x]({picture})","attachments":[{{"file_url":"{picture}"}}],"new":"{picture}""#
    ));
    for output in ["page", "markdown"] {
        let seen = decode("engagelab", &body, &["-o", output]);
        assert!(seen.contains(&format!("see ![x]({short})")), "{seen}");
        assert!(seen.matches(short).count() >= 2 && !seen.contains("AAAA"), "{seen}");
    }
    assert_eq!(decode("engagelab", &body, &["-o", "raw"]), body);
    assert!(decode("engagelab", &body, &["-o", "json"]).contains(&picture));
}

#[test]
fn takes_the_title_from_the_configured_custom_field() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let body = feishu(
        r#","customized_fields":[{"id":"7","key_name":"subject","display_name":"Subject","value":"The printer is on fire"},{"id":"8","key_name":"list","value":["a"]}]"#,
    );
    for (name, title) in [
        ("subject", Some("The printer is on fire")),
        ("Subject", Some("The printer is on fire")),
        ("7", Some("The printer is on fire")),
        ("list", None),
        ("other", None),
    ] {
        std::fs::write(&config, format!("[profiles.default.feishu]\ntitle_field = \"{name}\"\n"))
            .unwrap();
        let options = |output| ["-o", output, "--config", config.to_str().unwrap()];
        let page = decode("feishu", &body, &options("page"));
        assert!(page.starts_with(title.unwrap_or("feishu:66\n")), "{name}: {page}");
        let read: ticket_model::Ticket =
            serde_json::from_str(&decode("feishu", &body, &options("json"))).unwrap();
        assert_eq!(read.title.as_deref(), title, "{name}");
        assert_eq!(read.custom_fields.len(), 2, "the custom field is kept");
        let arguments =
            [&["mapping", "explain", "feishu", "-", "--field", "title"][..], &options("json")]
                .concat();
        let explained = run_with_input(&mut ticket(&arguments), body.as_bytes());
        let explained: serde_json::Value = serde_json::from_str(&explained.out).unwrap();
        let field = &explained["fields"][0];
        if title.is_some() {
            assert_eq!(field["how"], "overridden");
            assert_eq!(field["sources"][0]["pointer"], "/data/ticket/customized_fields/0/value");
            assert_eq!(field["sources"][0]["native"], "The printer is on fire");
        } else {
            assert_eq!(field["how"], "absent");
            assert_eq!(field["note"], format!("there is no custom field \"{name}\" with text"));
        }
    }
    std::fs::write(&config, "[profiles.default.engagelab]\ntitle_field = \"subject\"\n").unwrap();
    let run = run(&mut ticket(&["get", "engagelab:1", "--config", config.to_str().unwrap()]));
    assert_eq!(run.code, 2);
    let message = run.error(0)["message"].as_str().unwrap().to_owned();
    assert!(
        message
            .ends_with("config.toml:2: title_field has no effect: engagelab tickets have a title"),
        "{message}"
    );
}

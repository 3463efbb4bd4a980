//! `--output csv`: rows for spreadsheets.

use crate::harness::{ENGAGELAB, FEISHU, run, run_with_input, ticket};

#[test]
fn prints_a_header_and_one_row_for_each_ticket() {
    let run = run(&mut ticket(&["get", FEISHU, ENGAGELAB, "--sandbox", "-o", "csv"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out.matches("\r\n").count(), 3, "{:?}", run.out);
    insta::assert_snapshot!("csv", run.out.replace("\r\n", "\n"));
}

#[test]
fn prints_the_header_also_without_rows() {
    let empty = run_with_input(&mut ticket(&["get", "-", "-o", "csv"]), b"");
    assert_eq!((empty.code, empty.err.as_str()), (0, ""));
    assert!(empty.out.starts_with("provider,id,") && empty.out.ends_with("\r\n"), "{empty:?}");
    let failed = ["get", "feishu:1", "--sandbox", "-o", "csv", "--fields", "id,tags[].name"];
    let failed = run(&mut ticket(&failed));
    assert_eq!((failed.code, failed.out.as_str()), (3, "id,tags[].name\r\n"));
    assert!(failed.err.starts_with("error: feishu:1: "), "{failed:?}");
}

#[test]
fn cells_cannot_be_formulas() {
    for (title, cell) in [
        ("=HYPERLINK(\\\"http://x.example\\\",1)", "\"'=HYPERLINK(\"\"http://x.example\"\",1)\""),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\\t=1", "'\t=1"),
        ("\\r=1", "\"'\r=1\""),
        ("\\u0000\\u001b=1", "'=1"),
        ("-12.5", "-12.5"),
        ("1234567890123456789", "1234567890123456789"),
        ("two\\nlines, a \\\"word\\\"", "\"two\nlines, a \"\"word\"\"\""),
        ("打印机卡纸", "打印机卡纸"),
    ] {
        let body = format!(r#"{{"code":0,"data":{{"ticket_id":"1","title":"{title}"}}}}"#);
        let arguments = ["decode", "engagelab", "-o", "csv", "--fields", "id,title"];
        let run = run_with_input(&mut ticket(&arguments), body.as_bytes());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{title}");
        assert_eq!(run.out, format!("id,title\r\n1,{cell}\r\n"), "{title}");
    }
}

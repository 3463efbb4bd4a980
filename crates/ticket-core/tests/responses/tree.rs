//! The tree of several responses, with the pages of a list joined.

use ticket_core::mapping::ResponseTree;
use ticket_core::mapping::tree::pointer;
use ticket_core::{ErrorKind, Response};

use crate::provider::{MESSAGES, Provider, TICKET};

/// A ticket, and pages of messages with these rows.
fn responses(pages: &[&str]) -> Vec<Response> {
    let page = |rows: &&str| {
        Response::saved(MESSAGES, format!(r#"{{"total":9,"data":{{"rows":{rows}}}}}"#))
    };
    let ticket = Response::saved(TICKET, r#"{"id":"1"}"#);
    [ticket].into_iter().chain(pages.iter().map(page)).collect()
}

fn parse(pages: &[&str]) -> ResponseTree {
    ResponseTree::parse(&Provider, &responses(pages)).unwrap()
}

/// Returns the pointers of the leaves, in the responses that were sent, and the leaves.
fn leaves(tree: &ResponseTree) -> Vec<String> {
    let leaves = tree.tree.leaves();
    leaves.iter().map(|(path, leaf)| format!("{} {leaf}", tree.pointer(path))).collect()
}

#[test]
fn pointers_name_their_response() {
    let tree = parse(&[r#"[{"id":"a"}]"#, r#"[{"id":"b"},{"id":"c"}]"#]);
    let expected = [
        "/id \"1\"",
        "list_messages[0]#/total 9",
        "list_messages[0]#/data/rows/0/id \"a\"",
        "list_messages[1]#/total 9",
        "list_messages[1]#/data/rows/0/id \"b\"",
        "list_messages[1]#/data/rows/1/id \"c\"",
    ];
    assert_eq!(leaves(&tree), expected);
}

#[test]
fn joined_pages_have_each_id_once_and_keep_the_pointers_of_the_items() {
    let pages = [r#"[{"id":"a"},{"id":"b"}]"#, r#"[{"id":"b"},{"id":"c"},7]"#, r#"[{"id":"d"}]"#];
    let tree = parse(&pages).joined(&Provider);
    let items: Vec<_> = tree.tree.leaves().iter().map(|(path, _)| pointer(path)).collect();
    assert_eq!(items[2..], (0..5).map(item).collect::<Vec<_>>());
    let expected = [
        "/id \"1\"",
        "list_messages[0]#/total 9",
        "list_messages[0]#/data/rows/0/id \"a\"",
        "list_messages[0]#/data/rows/1/id \"b\"",
        "list_messages[1]#/data/rows/1/id \"c\"",
        "list_messages[1]#/data/rows/2 7",
        "list_messages[2]#/data/rows/0/id \"d\"",
    ];
    assert_eq!(leaves(&tree), expected);
}

/// Returns the pointer of an item of the joined list; the fourth one is no object.
fn item(index: usize) -> String {
    let key = if index == 3 { "" } else { "/id" };
    format!("list_messages[0]#/data/rows/{index}{key}")
}

#[test]
fn items_without_an_id_are_all_kept() {
    let pages = [r#"[{"id":null},{"id":""},{"x":1}]"#, r#"[{"id":null},{"id":""},{"x":1}]"#];
    let tree = parse(&pages).joined(&Provider);
    assert_eq!(tree.tree.leaves().len(), 2 + 6);
    // An id is the same as a text and as an integer.
    let tree = parse(&[r#"[{"id":"7"}]"#, r#"[{"id":7},{"id":8}]"#]).joined(&Provider);
    assert_eq!(
        leaves(&tree)[2..],
        ["list_messages[0]#/data/rows/0/id \"7\"", "list_messages[1]#/data/rows/1/id 8"]
    );
}

#[test]
fn repeated_item_of_a_single_page_is_joined_too() {
    let tree = parse(&[r#"[{"id":"a"},{"id":"a"},{"id":"b"}]"#]).joined(&Provider);
    assert_eq!(
        leaves(&tree)[2..],
        ["list_messages[0]#/data/rows/0/id \"a\"", "list_messages[0]#/data/rows/2/id \"b\""]
    );
}

#[test]
fn tree_becomes_the_responses_again() {
    for pages in [&[][..], &["[]"], &[r#"[{"id":"a"}]"#, "null", "[7]"]] {
        let sent = responses(pages);
        let tree = ResponseTree::parse(&Provider, &sent).unwrap();
        assert_eq!(ResponseTree::responses(&Provider, &tree.tree), sent);
    }
}

#[test]
fn refuses_responses_without_a_ticket_or_without_json() {
    let error = ResponseTree::parse(&Provider, &responses(&["[]"])[1..]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let error = ResponseTree::parse(&Provider, &responses(&["nothing"])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

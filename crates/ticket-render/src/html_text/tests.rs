//! Tests of ordinary and hostile HTML.

use super::to_text;

#[test]
fn turns_elements_into_lines() {
    for (html, text) in [
        ("", ""),
        ("plain words", "plain words"),
        ("  <p>One\n  two</p><p>Three<br>four</p>", "One two\n\nThree\nfour"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<h1>Title</h1>text<hr>end", "Title\n\ntext\n\n---\n\nend"),
        ("<b>bold</b> <i>and</i>\n<u>more</u>", "bold and more"),
        ("Use <code> ticket  get</code>.", "Use `ticket get`."),
        (
            "<pre>\nfn main() {\n\n    run();\n}\n</pre>after",
            "    fn main() {\n\n        run();\n    }\n\nafter",
        ),
        (
            "<ul><li>one<li>two<ol start=9><li>deep</li><li>er<br>line</ol></ul>end",
            "- one\n- two\n  9. deep\n  10. er\n      line\n\nend",
        ),
        (
            "before<blockquote>said<blockquote><p>first</p><p>second</p></blockquote></blockquote>after",
            "before\n\n> said\n>\n> > first\n> >\n> > second\n\nafter",
        ),
        (
            "<table><tr><th>Name<th>Size</tr><tr><td>a.pdf</td><td></td><td>7</td></tr></table>",
            "Name | Size\na.pdf | 7",
        ),
        ("a&nbsp;&lt;b&gt; &amp; &#x4e2d;&eacute;", "a\u{a0}<b> & 中é"),
        ("<!-- no --><!DOCTYPE html><html><head><title>T</title></head><body>yes", "yes"),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn keeps_the_targets_of_links_and_images() {
    for (html, text) in [
        (
            "see <a href='https://w.example/?a=1&amp;b=2'>the <b>guide</b></a>!",
            "see the guide (https://w.example/?a=1&b=2)!",
        ),
        ("<a href=https://w.example>https://w.example</a>", "https://w.example"),
        ("<a href='mailto:ann@x.example'>ann@x.example</a>", "ann@x.example"),
        ("<a href=https://w.example></a>", "https://w.example"),
        ("<a href='#top'>up</a> <a>name</a>", "up name"),
        (
            "<a href=https://evil.example>https://bank.example</a>",
            "https://bank.example (https://evil.example)",
        ),
        ("<a href='java\nscript:alert(1)'>x</a>", "x (javascript:alert(1))"),
        ("<a href=u:1>one<a href=u:2>two", "one (u:1)two (u:2)"),
        (
            "<img src='cid:1' alt='A chart'><img src=https://x.example/p.gif>",
            "[A chart] (cid:1)[image] (https://x.example/p.gif)",
        ),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn leaves_out_scripts_and_styles() {
    for (html, text) in [
        ("a<script>if (1 < 2) { alert('<p>no</p>') }</script>b", "ab"),
        ("a<style>p { color: red }</style>b<noscript><p>no</p></noscript>c", "abc"),
        ("a<SCRIPT src=x></sCript >b", "ab"),
        ("a<script>never closed <p>b</p>", "a"),
        ("<p onclick='alert(1)' style='display:none'>shown", "shown"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn reads_broken_html() {
    for (html, text) in [
        ("<p>open <b>tags <ul><li>everywhere", "open tags\n\n- everywhere"),
        ("</p></ul></blockquote></a></code></pre>x", "x"),
        ("<blockquote><ul><li>a</blockquote>b</ul>c", "> - a\n\nb\n\nc"),
        ("a < b <", "a < b <"),
        ("<li>alone", "alone"),
        ("x<p", "x"),
        ("&#0;&#xd800;&#x110000;&unknown;&#27;", "\u{fffd}\u{fffd}\u{fffd}&unknown;\u{1b}"),
    ] {
        assert_eq!(to_text(html), text, "{html}");
    }
}

#[test]
fn text_grows_with_the_length_and_not_with_the_nesting() {
    for unit in [
        "<div>",
        "<b>",
        "<p>x",
        "<blockquote>x",
        "<ul><li>x",
        "<ol><li>",
        "<table><tr><td>x",
        "<pre>\n\n",
        "<a href=x>y",
        "<code>",
        "</ul></blockquote>",
        "<blockquote><ul>",
        "<svg><math>",
        "<br>",
        "<img>",
        "&",
        "<",
        "<!--",
        "<script>",
        "\0",
        "<blockquote></ul></a>",
    ] {
        let html = unit.repeat(10_000);
        for html in [html.clone(), format!("{html}end</div>")] {
            let text = to_text(&html);
            assert!(text.len() <= 8 * html.len(), "{unit}: {} of {}", text.len(), html.len());
        }
    }
}

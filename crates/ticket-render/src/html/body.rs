//! Renders the Markdown of a message as HTML.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{html_text, push};

/// The schemes of links. Others could run a script or start a program.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// Returns the HTML of Markdown. Raw HTML and images are text.
pub(super) fn body(markdown: &str) -> String {
    let mut out = String::new();
    // Whether each open link has a tag.
    let mut links = Vec::new();
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(words) | Event::Html(words) | Event::InlineHtml(words) => {
                out.push_str(&html_text(&words));
            }
            Event::Code(code) => push(&mut out, format_args!("<code>{}</code>", html_text(&code))),
            // Chats break lines where their writers did.
            Event::SoftBreak | Event::HardBreak => out.push_str("<br>"),
            Event::Rule => out.push_str("<hr>"),
            Event::Start(Tag::Image { .. }) => out.push_str("[image: "),
            Event::End(TagEnd::Image) => out.push(']'),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let target = dest_url.trim();
                let scheme = |it: &&str| {
                    target.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it))
                };
                let is_link = SCHEMES.iter().any(scheme);
                if is_link {
                    let target = html_text(target);
                    push(
                        &mut out,
                        format_args!("<a href=\"{target}\" rel=\"noopener noreferrer\">"),
                    );
                }
                links.push(is_link);
            }
            Event::End(TagEnd::Link) if links.pop() == Some(true) => out.push_str("</a>"),
            Event::Start(Tag::List(Some(start))) => {
                push(&mut out, format_args!("<ol start=\"{start}\">"));
            }
            Event::Start(tag) => open(&mut out, element(tag.to_end())),
            Event::End(tag) => close(&mut out, element(tag)),
            // Only with other options.
            _ => {}
        }
    }
    out
}

fn open(out: &mut String, name: &str) {
    if !name.is_empty() {
        push(out, format_args!("<{name}>"));
    }
}

fn close(out: &mut String, name: &str) {
    if !name.is_empty() {
        push(out, format_args!("</{name}>"));
    }
}

/// Returns the HTML element of a tag; empty if it has none.
fn element(tag: TagEnd) -> &'static str {
    match tag {
        TagEnd::Paragraph => "p",
        // The outline of the page is ours.
        TagEnd::Heading(_) => "h4",
        TagEnd::BlockQuote(_) => "blockquote",
        TagEnd::CodeBlock => "pre",
        TagEnd::List(true) => "ol",
        TagEnd::List(false) => "ul",
        TagEnd::Item => "li",
        TagEnd::Emphasis => "em",
        TagEnd::Strong => "strong",
        TagEnd::Strikethrough => "del",
        TagEnd::Table => "table",
        TagEnd::TableHead | TagEnd::TableRow => "tr",
        TagEnd::TableCell => "td",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn renders_markdown_and_keeps_the_rest_as_text() {
        for (markdown, html) in [
            ("a **b** `c`", "<p>a <strong>b</strong> <code>c</code></p>"),
            ("打印机\n卡纸 👍🏽", "<p>打印机<br>卡纸 👍🏽</p>"),
            ("# a", "<h4>a</h4>"),
            ("3. a", "<ol start=\"3\"><li>a</li></ol>"),
            ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
            ("<script>a()</script>", "&lt;script&gt;a()&lt;/script&gt;"),
            ("![a](https://x.example/p.png)", "<p>[image: a]</p>"),
            (
                "[a](HTTPS://x.example/?a=\"&b)",
                "<p><a href=\"HTTPS://x.example/?a=&quot;&amp;b\" rel=\"noopener noreferrer\">a</a></p>",
            ),
            ("[a](javascript:b)", "<p>a</p>"),
            ("[a](&#106;avascript:b)", "<p>a</p>"),
            ("[a](//x.example)", "<p>a</p>"),
            ("[a](../b)", "<p>a</p>"),
            ("<data:text/html,a>", "<p>data:text/html,a</p>"),
            ("a &#x202e; b", "<p>a \\u{202e} b</p>"),
            ("|a|\n|-|\n|b|", "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"),
        ] {
            assert_eq!(body(markdown).trim_end(), html, "{markdown:?}");
        }
    }
}

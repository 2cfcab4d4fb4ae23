//! The little HTML that is written by hand.

use pulldown_cmark::{Options, Parser};

/// Text as it stands between tags and inside quotation marks.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A sentence in Markdown, without the paragraph around it.
pub(crate) fn inline(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_SMART_PUNCTUATION);
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, parser);
    let html = html.trim();
    let bare =
        html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    one_block(bare.filter(|bare| !bare.contains("<p>")).unwrap_or(html))
}

/// HTML that Markdown takes as one block: a blank line would end it, and a line feed
/// inside `<pre>` is text.
pub(crate) fn one_block(html: &str) -> String {
    html.trim_end().replace('\n', "&#10;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_loses_its_paragraph() {
        assert_eq!(
            inline("a `<b>` *c*"),
            "a <code>&lt;b&gt;</code> <em>c</em>"
        );
    }
}

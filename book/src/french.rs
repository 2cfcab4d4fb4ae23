//! French typography: the spaces that must not break.
//!
//! An author types ordinary spaces. The build puts a narrow no-break space before
//! `; ! ?` and between groups of digits, a no-break space before `:` and inside « »; in
//! the text alone, never in code, HTML or addresses.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

const NARROW: char = '\u{202f}';
const WIDE: char = '\u{a0}';
const SPACES: [char; 3] = [' ', WIDE, NARROW];

/// The spaces of a chapter in Markdown.
pub(crate) fn spaces(markdown: &str) -> String {
    let mut spaced = String::with_capacity(markdown.len() + 64);
    let mut done = 0;
    let mut is_code = false;
    for (event, range) in
        Parser::new_ext(markdown, Options::all()).into_offset_iter()
    {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => {
                is_code = true;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::MetadataBlock(_)) => {
                is_code = false;
            }
            Event::Text(_) if !is_code && range.start >= done => {
                spaced.push_str(&markdown[done..range.start]);
                spaced.push_str(&spaces_of_text(&markdown[range.clone()]));
                done = range.end;
            }
            _ => {}
        }
    }
    spaced.push_str(&markdown[done..]);
    spaced
}

/// The spaces of plain text.
fn spaces_of_text(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.as_str();
        match c {
            ';' | '!' | '?' if spaced.ends_with(SPACES) => {
                trim_end(&mut spaced);
                spaced.extend([NARROW, c]);
            }
            // `::` is Rust.
            ':' if spaced.ends_with(SPACES) && !after.starts_with(':') => {
                trim_end(&mut spaced);
                spaced.extend([WIDE, c]);
            }
            '«' => {
                spaced.extend([c, WIDE]);
                rest = after.trim_start_matches(SPACES).chars();
            }
            '»' => {
                trim_end(&mut spaced);
                spaced.extend([WIDE, c]);
            }
            ' ' if spaced.ends_with(|c: char| c.is_ascii_digit())
                && is_thousands(after) =>
            {
                spaced.push(NARROW);
            }
            c => spaced.push(c),
        }
    }
    spaced
}

fn trim_end(text: &mut String) {
    text.truncate(text.trim_end_matches(SPACES).len());
}

/// Three digits and no more.
fn is_thousands(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    digits == 3 && !text[3..].starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_spaces(typed: &str, built: &str) {
        let shown = built.replace('~', "\u{a0}").replace('_', "\u{202f}");
        assert_eq!(spaces(typed), shown, "{typed:?}");
        assert_eq!(spaces(&shown), shown, "a second time");
    }

    #[test]
    fn before_high_signs_and_inside_quotation_marks() {
        assert_spaces("Qui parle ? Bob !", "Qui parle_? Bob_!");
        assert_spaces(
            "Il dit : « salut » ; c'est tout.",
            "Il dit~: «~salut~»_; c'est tout.",
        );
        assert_spaces("« `recv` » rend :", "«~`recv`~» rend~:");
        assert_spaces("«déjà collés»", "«~déjà collés~»");
    }

    #[test]
    fn between_groups_of_digits() {
        assert_spaces(
            "250 000 envois, 1 100 clients",
            "250_000 envois, 1_100 clients",
        );
        assert_spaces(
            "en 2026 1500 octets, le 3 mai",
            "en 2026 1500 octets, le 3 mai",
        );
    }

    #[test]
    fn neither_in_code_nor_in_html_nor_in_addresses() {
        for text in [
            "`a ? b : c`",
            "```text\na ? b\n```\n",
            "<p title=\"a ? b\">\n",
            "<https://x.y/a?b:c>",
            "Vec ::new",
        ] {
            assert_eq!(spaces(text), text);
        }
        assert_spaces(
            "[un lien : ici](https://x.y/a?b)",
            "[un lien~: ici](https://x.y/a?b)",
        );
    }

    #[test]
    fn in_headings_and_tables() {
        assert_spaces(
            "## Qui dort ? {#who-sleeps}",
            "## Qui dort_? {#who-sleeps}",
        );
        assert_spaces(
            "| a ? |\n| --- |\n| b ! |\n",
            "| a_? |\n| --- |\n| b_! |\n",
        );
    }
}

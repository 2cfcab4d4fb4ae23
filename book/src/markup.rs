//! The author's markup, line by line: what Markdown doesn't know.
//!
//! A chapter is Markdown. Between its paragraphs stand directives, each alone on its
//! line: `{{#film NAME}}`, `{{#solution}}` … `{{/solution}}`. The scanner tells these,
//! the fences and the headings from everything else, and keeps their line numbers: a
//! build expands them, a check compares them between the languages.

/// A line, or the lines of a fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) kind: Kind<'a>,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// Markdown that mdBook reads by itself.
    Text(&'a str),
    Heading {
        level: usize,
        id: Option<&'a str>,
        text: &'a str,
    },
    Fence {
        /// The line that opens it, up to the backticks.
        indent: &'a str,
        info: &'a str,
        body: Vec<&'a str>,
        closed: bool,
    },
    /// `{{#name arguments}}`.
    Directive {
        name: &'a str,
        arguments: Vec<&'a str>,
    },
    /// `{{/name}}`.
    End(&'a str),
    /// `<!-- only fr -->`.
    Only(&'a str),
    /// `<!-- /only -->`.
    EndOnly,
    /// `> [!NOTE]` and the lines of its quotation, without `> `.
    Admonition {
        name: &'a str,
        body: Vec<&'a str>,
    },
}

/// Cuts a chapter into its pieces.
pub(crate) fn scan(chapter: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut lines =
        chapter.lines().enumerate().map(|(i, line)| (i + 1, line)).peekable();
    while let Some((line, text)) = lines.next() {
        let bare = text.trim();
        let kind = if let Some((indent, ticks, info)) = opening(text) {
            let mut body = Vec::new();
            let mut closed = false;
            for (_, inside) in lines.by_ref() {
                closed = closes(inside, ticks);
                if closed {
                    break;
                }
                body.push(inside);
            }
            Kind::Fence { indent, info, body, closed }
        } else if let Some(inside) =
            bare.strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}"))
        {
            let mut words = inside.split_whitespace();
            let name = words.next().unwrap_or_default();
            Kind::Directive { name, arguments: words.collect() }
        } else if let Some(name) =
            bare.strip_prefix("{{/").and_then(|rest| rest.strip_suffix("}}"))
        {
            Kind::End(name.trim())
        } else if let Some(comment) =
            bare.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"))
        {
            match comment.trim() {
                "/only" => Kind::EndOnly,
                comment => match comment.strip_prefix("only ") {
                    Some(lang) => Kind::Only(lang.trim()),
                    None => Kind::Text(text),
                },
            }
        } else if let Some(heading) = heading(text) {
            heading
        } else if let Some(name) =
            quoted(text).and_then(|rest| rest.trim().strip_prefix("[!"))
            && let Some(name) = name.strip_suffix(']')
        {
            let mut body = Vec::new();
            while let Some((_, inside)) = lines.peek()
                && let Some(inside) = quoted(inside)
            {
                body.push(inside);
                lines.next();
            }
            Kind::Admonition { name, body }
        } else {
            Kind::Text(text)
        };
        pieces.push(Piece { line, kind });
    }
    pieces
}

/// The indentation, the backticks and the information of a line that opens a fence.
fn opening(line: &str) -> Option<(&str, &str, &str)> {
    let bare = line.trim_start();
    let mark = bare.chars().next().filter(|mark| "`~".contains(*mark))?;
    let info = bare.trim_start_matches(mark);
    let ticks = &bare[..bare.len() - info.len()];
    let indent = &line[..line.len() - bare.len()];
    (ticks.len() >= 3 && !info.contains('`')).then_some((
        indent,
        ticks,
        info.trim(),
    ))
}

fn closes(line: &str, ticks: &str) -> bool {
    let bare = line.trim();
    bare.len() >= ticks.len()
        && bare.starts_with(ticks)
        && bare.chars().all(|mark| ticks.starts_with(mark))
}

fn quoted(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('>')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

/// `## Text {#id}`.
fn heading(line: &str) -> Option<Kind<'_>> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    if !(1..=6).contains(&level) || !text.starts_with(' ') {
        return None;
    }
    let text = text.trim();
    let (text, id) = match text.rsplit_once("{#") {
        Some((before, id)) => (before.trim(), id.strip_suffix('}')),
        None => (text, None),
    };
    Some(Kind::Heading { level, id, text })
}

/// Which pieces stand between `<!-- only … -->` and `<!-- /only -->`, the marks included:
/// the language of each, if any.
pub(crate) fn only<'a>(pieces: &[Piece<'a>]) -> Vec<Option<&'a str>> {
    let mut inside = None;
    pieces
        .iter()
        .map(|piece| match piece.kind {
            Kind::Only(lang) => {
                inside = Some(lang);
                inside
            }
            Kind::EndOnly => inside.take(),
            _ => inside,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(chapter: &str) -> Vec<Kind<'_>> {
        scan(chapter).into_iter().map(|piece| piece.kind).collect()
    }

    #[test]
    fn a_directive_stands_alone_on_its_line() {
        let found = kinds("{{#films a b}}\n{{/hint}}\nsee {{#film a}}");
        let films =
            Kind::Directive { name: "films", arguments: vec!["a", "b"] };
        let text = Kind::Text("see {{#film a}}");
        assert_eq!(found, [films, Kind::End("hint"), text]);
    }

    #[test]
    fn nothing_is_read_inside_a_fence() {
        let found = kinds("````text\n# no\n```\n{{#film a}}\n````\n# yes {#y}");
        let body = vec!["# no", "```", "{{#film a}}"];
        let fence =
            Kind::Fence { indent: "", info: "text", body, closed: true };
        let id = Some("y");
        let heading = Kind::Heading { level: 1, id, text: "yes" };
        assert_eq!(found, [fence, heading]);
    }

    #[test]
    fn an_admonition_takes_its_quotation() {
        let found = kinds("> [!NOTE]\n> one\n>\n> two\nthree");
        let body = vec!["one", "", "two"];
        let note = Kind::Admonition { name: "NOTE", body };
        assert_eq!(found, [note, Kind::Text("three")]);
    }

    #[test]
    fn lines_are_counted_from_one_through_fences() {
        let lines: Vec<usize> = scan("a\n```text\nb\n```\n## c {#c}")
            .iter()
            .map(|p| p.line)
            .collect();
        assert_eq!(lines, [1, 2, 5]);
    }

    #[test]
    fn a_passage_for_one_language_is_known_by_its_marks() {
        let pieces = scan("a\n<!-- only fr -->\nb\n<!-- /only -->\nc");
        let langs = only(&pieces);
        assert_eq!(langs, [None, Some("fr"), Some("fr"), Some("fr"), None]);
    }
}
